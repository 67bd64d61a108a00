"""Is a request genuine? Its three headers are checked as Acca does, and the no names the fault."""

import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from acca_client.errors import NotAuthentic
from acca_client.signature import WINDOW_SECONDS, sign, sign_v2

_SECONDS = re.compile(r"[0-9]{1,16}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MILLISECONDS_MIN = 10**11
_INSIDE_OR_BLANK = re.compile(rb'("(?:[^"\\]|\\.)*")|[ \t\r\n]+')
_BLANKS = re.compile(rb"[ \t\r\n]+")


class Asked(NamedTuple):
    """A request as it came; the names of the headers in lower case, `target` with its query."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Gate:
    """Who may call, and by which key."""

    operator: str
    key: str = field(repr=False)

    def check(self, asked: Asked, now: int) -> None:
        """Let a genuine request pass; NotAuthentic for any other."""
        timestamp, name, signature = (
            _given(asked, header) for header in ("timestamp", "operator-name", "signature")
        )
        if _SIGNATURE.fullmatch(signature) is None:
            raise _refuse("signature has to be 64 lower-case hex digits")
        _check_clock(timestamp, now)
        if name != self.operator:
            raise _refuse("operator-name is not known")
        fitting = (
            hmac.compare_digest(good, signature) for good in self._good(asked, int(timestamp))
        )
        if not any(fitting):
            raise _refuse("signature does not fit the request")

    def _good(self, asked: Asked, timestamp: int) -> Iterator[str]:
        match asked.headers.get("signature-version", "1"):
            case "1":
                for body in _forms(asked.body):
                    yield sign(self.key, timestamp, body)
            case "2":
                yield sign_v2(self.key, timestamp, asked.method, asked.target, asked.body)
            case _:
                raise _refuse("signature-version has to be 1 or 2")


def _forms(body: bytes) -> Iterator[bytes]:
    """Tell the bytes that may have been signed: as received, compact, without any blank.

    Acca tolerates a document rebuilt in the documented order, too; the double is stricter there.
    """
    yield body
    yield _INSIDE_OR_BLANK.sub(rb"\1", body)
    yield _BLANKS.sub(b"", body)


def _given(asked: Asked, name: str) -> str:
    value = asked.headers.get(name, "")
    if not value:
        raise _refuse(f"{name} is missing")
    return value


def _check_clock(timestamp: str, now: int) -> None:
    if _SECONDS.fullmatch(timestamp) is None:
        raise _refuse("timestamp has to be unix seconds")
    if int(timestamp) >= _MILLISECONDS_MIN:
        raise _refuse("timestamp is in milliseconds; unix seconds are asked for")
    late = now - int(timestamp)
    if abs(late) > WINDOW_SECONDS:
        side = "behind" if late > 0 else "ahead"
        raise _refuse(f"timestamp is {abs(late)} s {side}; {WINDOW_SECONDS} s are allowed")


def _refuse(reason: str) -> NotAuthentic:
    return NotAuthentic(1, reason)
