"""Is this request genuine? Its three headers are checked, and every no names the one at fault.

The message never tells what the right signature would be.
"""

import re
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from acca.api.bodies import read_body
from acca.api.calls import Call
from acca.api.parties import PROVIDER_WINDOW_SECONDS, Parties, Party
from acca.core.numbers import Malformed
from acca.core.refusals import NotSigned
from acca.wire.document import BODY_BYTES_MAX
from acca.wire.signature import (
    VERSIONS,
    Order,
    check_clock,
    message_v2,
    parse_timestamp,
    verify,
    verify_exactly,
)

OFFER = (b"signature-versions", ", ".join(map(str, VERSIONS)).encode())
"""The header that offers version 2, on every answer to a signed path."""

_NOBODYS_SECRETS = ("0" * 64,)
_SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)

Known = TypeVar("Known")


class Headers(NamedTuple):
    """What a request says of itself, well formed and not believed yet."""

    timestamp: str
    name: str
    signature: str
    version: int


@dataclass(frozen=True, slots=True)
class Signed(Generic[Known]):
    """Who signed a request, and how; timestamp and signature know it again when it is repeated."""

    party_id: int
    party_name: str
    settings: Known
    version: int
    timestamp: str
    signature: str
    secret: str = field(repr=False)
    """Its newest key, which signs what is sent to it."""


async def read_signed(
    call: Call,
    parties: Parties[Known],
    now: int,
    bytes_max: int = BODY_BYTES_MAX,
    order: Order | None = None,
) -> tuple[Signed[Known], bytes]:
    """Read the body of a genuine request, or raise NotSigned; the headers are judged before it."""
    headers = read_headers(call)
    party = await parties.find(headers.name)
    _check_terms(headers, party, now)
    body = await read_body(call, bytes_max)
    return check_signature(call, headers, party, body, order), body


def read_headers(call: Call) -> Headers:
    """Read the headers that sign a request, or raise NotSigned."""
    timestamp = _single(call, "timestamp")
    try:
        _ = parse_timestamp(timestamp)
    except Malformed as malformed:
        raise NotSigned(reason=str(malformed)) from None
    name, signature = _single(call, "operator-name"), _single(call, "signature")
    if _SIGNATURE.fullmatch(signature) is None:
        raise NotSigned(reason="signature has to be 64 lower-case hex digits")
    return Headers(timestamp, name, signature, _version(call))


def check_signature(
    call: Call,
    headers: Headers,
    party: Party[Known] | None,
    body: bytes,
    order: Order | None = None,
) -> Signed[Known]:
    """Believe a request whose signature fits, or raise NotSigned.

    A name that nobody has takes as long as one whose signature is wrong.
    """
    secrets = _NOBODYS_SECRETS if party is None else party.secrets
    fits = _fits(call, headers, secrets, body, order)
    if party is None:
        raise NotSigned(reason="operator-name is not known")
    if not fits:
        raise NotSigned(reason="signature does not fit the request")
    return Signed(
        party_id=party.id,
        party_name=party.name,
        settings=party.settings,
        version=headers.version,
        timestamp=headers.timestamp,
        signature=headers.signature,
        secret=party.secrets[0],
    )


def _fits(
    call: Call, headers: Headers, secrets: tuple[str, ...], body: bytes, order: Order | None
) -> bool:
    timestamp, signature = headers.timestamp, headers.signature
    if headers.version == 1:
        return verify(signature, secrets, timestamp, body, order) is not None
    # No query and an empty one come alike from the server; the line has a mark for the second.
    ends = ("",) if call.scope["query_string"] else ("", "?")
    messages = (message_v2(timestamp, call.method, call.target + end, body) for end in ends)
    return any(verify_exactly(signature, secrets, each) is not None for each in messages)


def _check_terms(headers: Headers, party: Party[Known] | None, now: int) -> None:
    window = PROVIDER_WINDOW_SECONDS if party is None else party.window_seconds
    try:
        check_clock(int(headers.timestamp), now, window)
    except Malformed as malformed:
        raise NotSigned(reason=str(malformed)) from None
    if party is not None and headers.version not in party.versions:
        accepted = " or ".join(map(str, sorted(party.versions)))
        raise NotSigned(reason=f"signature-version has to be {accepted}")


def _single(call: Call, name: str) -> str:
    found = call.values(name.encode())
    if len(found) > 1:
        raise NotSigned(reason=f"{name} is given more than once")
    if not found or not found[0]:
        raise NotSigned(reason=f"{name} is missing")
    return found[0]


def _version(call: Call) -> int:
    found = call.values(b"signature-version") or ["1"]
    version = next((each for each in VERSIONS if found == [str(each)]), None)
    if version is None:
        raise NotSigned(reason="signature-version has to be 1 or 2")
    return version
