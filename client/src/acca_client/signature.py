"""Signatures on the operator's side: requests are signed, webhooks are verified.

The signature is the lower-case hex HMAC-SHA256 under the operator's secret key, as text, of the
timestamp followed by the body. Send exactly the bytes that were signed, and verify exactly the
bytes that came: a body that a framework has parsed and written again is another body.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

WINDOW_SECONDS = 300
"""How far the timestamp of a webhook may be from now."""

_SECONDS = re.compile(r"[0-9]{1,16}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)


class WebhookRefused(Exception):
    """A webhook that is not to be believed; the sentence says why, and is fit for a log."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The operator's name, and the secret key that signs its requests."""

    operator_name: str
    key: str = field(repr=False)


def sign(key: str, timestamp: int, body: bytes = b"") -> str:
    """Sign a body, or the timestamp alone where there is none: version 1."""
    return _digest(key, str(timestamp).encode() + body)


def sign_v2(key: str, timestamp: int, method: str, path: str, body: bytes = b"") -> str:
    """Sign a body together with its method and path (with the query, as it will be sent)."""
    return _digest(key, "\n".join(("v2", str(timestamp), method, path, "")).encode() + body)


def request_headers(credentials: Credentials, timestamp: int, body: bytes = b"") -> dict[str, str]:
    """Make the headers of a request, signed with version 1."""
    return {
        "timestamp": str(timestamp),
        "operator-name": credentials.operator_name,
        "signature": sign(credentials.key, timestamp, body),
    }


def request_headers_v2(
    credentials: Credentials, timestamp: int, method: str, path: str, body: bytes = b""
) -> dict[str, str]:
    """Make the headers of a request, signed with version 2.

    Servers offer it by `signature-versions: 1, 2`. A caught signature fits no other request then.
    """
    return {
        "timestamp": str(timestamp),
        "operator-name": credentials.operator_name,
        "signature-version": "2",
        "signature": sign_v2(credentials.key, timestamp, method, path, body),
    }


def offers_version_2(headers: Mapping[str, str]) -> bool:
    """Tell from an answer's headers whether the server verifies version 2."""
    offered = _lower_names(headers).get("signature-versions", "")
    return "2" in {version.strip() for version in offered.split(",")}


def verify_webhook(
    headers: Mapping[str, str],
    body: bytes,
    keys: Sequence[str],
    now: int,
    window_seconds: int = WINDOW_SECONDS,
) -> None:
    """Check a webhook's `timestamp` and `signature`; WebhookRefused if it is not to be believed.

    Give every key that is valid now: two, while a key is being replaced. `now` is in unix seconds.
    Every attempt is signed anew, so a late retry has a fresh timestamp. `ping` is not signed.
    """
    given = _lower_names(headers)
    timestamp, signature = given.get("timestamp", ""), given.get("signature", "")
    if _SECONDS.fullmatch(timestamp) is None:
        raise WebhookRefused("the timestamp is missing, or is not unix seconds")
    if _SIGNATURE.fullmatch(signature) is None:
        raise WebhookRefused("the signature is missing, or is not 64 lower-case hex digits")
    if abs(int(timestamp) - now) > window_seconds:
        raise WebhookRefused(f"the timestamp is more than {window_seconds} s from now")
    signed = timestamp.encode() + body
    if not any(hmac.compare_digest(_digest(key, signed), signature) for key in keys):
        raise WebhookRefused("the signature does not fit the body")


def _digest(key: str, signed: bytes) -> str:
    return hmac.digest(key.encode(), signed, "sha256").hex()


def _lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
