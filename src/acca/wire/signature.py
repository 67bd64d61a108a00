"""Signatures of requests, webhooks and notifications: made exactly, checked tolerantly (spec 1)."""

import hmac
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

import msgspec

from acca.core.numbers import Malformed

VERSIONS = (1, 2)
"""What the server offers in `signature-versions`."""

TOLERATED_BYTES_MAX = 64 * 1024
"""Longer bodies (of the feed) are verified as they came, or not at all."""

_KEYS_KEPT = 1024
_BLANKS = b" \t\r\n"
_SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TIMESTAMP = re.compile(r"[0-9]{1,16}", re.ASCII)
_MILLISECONDS_FROM = 10**11
"""Seconds reach this in the year 5138; a greater number counts milliseconds."""

_STRING = re.compile(rb'("[^"\\]*(?:\\.?[^"\\]*)*(?:"|\Z))', re.DOTALL)
# A string that never ends matches up to the end of the body: giving up there and starting again at
# the next quote would make the search quadratic.

_ITEMS_MAX = 100
"""Longer lists are refused whatever their signature, so none is rebuilt at length."""

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_OBJECTS = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])
_NOT_BUILT = (msgspec.MsgspecError, UnicodeError, RecursionError, Malformed)


class Form(Enum):
    """The readings of "the body with all spaces removed" that verification accepts, in order."""

    RECEIVED = "received"
    """The raw bytes."""
    COMPACT = "compact"
    """Without insignificant whitespace."""
    BLANKLESS = "blankless"
    """Without any space, tab or line break, inside strings too."""
    ORDERED = "ordered"
    """Rebuilt in the documented order, missing nullable members as null."""
    ORDERED_OLDER = "ordered-older"
    """The same, with the newest members left out where they are missing."""


class Order(NamedTuple):
    """The documented order of a request's members, for the forms that are rebuilt.

    `nullable` members stand as null where they are missing, `newest` ones among them only in the
    newer form. All others stand where they were received. `items` are the orders of the objects in
    a list, by the list's name.
    """

    members: tuple[str, ...]
    nullable: Collection[str] = ()
    newest: Collection[str] = ()
    items: Mapping[str, "Order"] = {}


class Fit(NamedTuple):
    """What verified: the form of the body, and the place of the key among those tried."""

    form: Form
    key: int


def message(timestamp: str, body: bytes) -> bytes:
    """Compose what version 1 signs."""
    return timestamp.encode() + body


def message_v2(timestamp: str, method: str, path: str, body: bytes) -> bytes:
    """Compose what version 2 signs; `path` with its query, exactly as on the request line.

    Bytes of the path that are not UTF-8 stand in it as surrogate escapes.
    """
    head = f"v2\n{timestamp}\n{method}\n{path}\n"
    return head.encode("utf-8", "surrogateescape") + body


def sign(key: str, timestamp: str, body: bytes) -> str:
    """Sign a body (empty where there is none) as the documentation says: version 1."""
    return _digest(key, message(timestamp, body))


def sign_v2(key: str, timestamp: str, method: str, path: str, body: bytes) -> str:
    """Sign a request with its method and path: version 2."""
    return _digest(key, message_v2(timestamp, method, path, body))


def verify(
    signature: str,
    keys: Sequence[str],
    timestamp: str,
    body: bytes,
    order: Order | None = None,
) -> Fit | None:
    """Find the first form of the body, and the key, that the signature fits; None if none does.

    A signature is 64 lower-case hex digits: a second spelling of it would be a second request to
    whoever remembers the first. Raises on no bytes whatever.
    """
    if not (timestamp.isascii() and _SIGNATURE.fullmatch(signature)):
        return None
    for form, candidate in candidate_bodies(body, order):
        place = _key_that_signed(signature, keys, message(timestamp, candidate))
        if place is not None:
            return Fit(form, place)
    return None


def verify_exactly(signature: str, keys: Sequence[str], signed: bytes) -> int | None:
    """Find the place of the key that signed a message: of version 2, which has but one form."""
    return _key_that_signed(signature, keys, signed) if _SIGNATURE.fullmatch(signature) else None


def candidate_bodies(body: bytes, order: Order | None = None) -> Iterator[tuple[Form, bytes]]:
    """Tell every form of a body that may have been signed; none twice, none that cannot be built.

    Numbers and strings stay as they are spelled. Lazy: the later forms cost more. A body above
    TOLERATED_BYTES_MAX has but the first: nobody may have us read megabytes in five ways.
    """
    yield Form.RECEIVED, body
    if len(body) > TOLERATED_BYTES_MAX:
        return
    seen = {body}
    for form, candidate in _other_forms(body, order):
        if candidate not in seen:
            seen.add(candidate)
            yield form, candidate


def without_blanks(body: bytes) -> bytes:
    """Remove every space, tab and line break, inside strings too."""
    return body.translate(None, _BLANKS)


def compact(body: bytes) -> bytes:
    """Remove the whitespace between JSON tokens; any bytes will do."""
    parts = _STRING.split(body)
    parts[::2] = [without_blanks(part) for part in parts[::2]]
    return b"".join(parts)


def parse_timestamp(text: str) -> int:
    """Read a `timestamp` header: unix seconds in decimal digits."""
    if _TIMESTAMP.fullmatch(text) is None:
        raise Malformed("timestamp has to be unix seconds in decimal digits")
    seconds = int(text)
    if seconds >= _MILLISECONDS_FROM:
        raise Malformed("timestamp is in milliseconds; unix seconds are needed")
    return seconds


def check_clock(timestamp: int, now: int, window_seconds: int) -> None:
    """Raise Malformed with the difference if a timestamp is further from now than the window."""
    ahead = timestamp - now
    if abs(ahead) > window_seconds:
        side = "ahead" if ahead > 0 else "behind"
        raise Malformed(f"timestamp is {abs(ahead)} s {side}; {window_seconds} s are allowed")


def _digest(key: str, signed: bytes) -> str:
    made = _keyed(key).copy()
    made.update(signed)
    return made.hexdigest()


@lru_cache(_KEYS_KEPT)
def _keyed(key: str) -> hmac.HMAC:
    """Begin a digest by a key: a copy costs a quarter of a beginning."""
    return hmac.new(key.encode(), digestmod="sha256")


def _key_that_signed(signature: str, keys: Sequence[str], signed: bytes) -> int | None:
    for place, key in enumerate(keys):
        if hmac.compare_digest(_digest(key, signed), signature):
            return place
    return None


def _other_forms(body: bytes, order: Order | None) -> Iterator[tuple[Form, bytes]]:
    blankless = without_blanks(body)
    if blankless != body:
        yield Form.COMPACT, compact(body)
        yield Form.BLANKLESS, blankless
    if order is None:
        return
    for form, left_out in ((Form.ORDERED, ()), (Form.ORDERED_OLDER, order.newest)):
        rebuilt = _rebuild(body, order, left_out)
        if rebuilt is not None:
            yield form, rebuilt


def _rebuild(body: bytes, order: Order, left_out: Collection[str]) -> bytes | None:
    try:
        return _in_order(_OBJECT.decode(body), order, left_out)
    except _NOT_BUILT:
        return None


def _in_order(
    received: dict[str, msgspec.Raw], order: Order, left_out: Collection[str] = ()
) -> bytes:
    if not received.keys() <= set(order.members):
        # Leaving such a member out would let anyone add it to a signed request.
        raise Malformed("a member without a documented place")
    members: list[bytes] = []
    for name in order.members:
        if name in received:
            members.append(b'"%b":%b' % (name.encode(), _token(received[name], order, name)))
        elif name in order.nullable and name not in left_out:
            members.append(b'"%b":null' % name.encode())
    return b"{%b}" % b",".join(members)


def _token(raw: msgspec.Raw, order: Order, name: str) -> bytes:
    token = bytes(raw)
    inner = order.items.get(name)
    if inner is None or token == b"null":
        return compact(token)
    items = _OBJECTS.decode(token)
    if len(items) > _ITEMS_MAX:
        raise Malformed("more items than any request may have")
    return b"[%b]" % b",".join(_in_order(item, inner) for item in items)
