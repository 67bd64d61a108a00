"""Bodies of requests, read up to a limit of bytes and of time."""

import asyncio
import contextlib

from acca.api.calls import Call, CallerGone
from acca.wire.defects import Defect, Defective
from acca.wire.document import BODY_BYTES_MAX, check_size

BODY_SECONDS_MAX = 10.0
"""A caller that has not sent its whole body by then is not waited for."""

_FLOW_SECONDS_MAX = 2.0
_FLOW_BYTES_MAX = 16 * 1024 * 1024
_JSON = "application/json"
_DIGITS_MAX = 20


class BodyTooSlow(Exception):
    """The body did not come in time (408)."""


async def read_body(
    call: Call, bytes_max: int = BODY_BYTES_MAX, *, seconds_max: float = BODY_SECONDS_MAX
) -> bytes:
    """Read a body; TooLarge above its limit, and at once where `content-length` tells."""
    for told in call.values(b"content-length"):
        if told.isdecimal():
            check_size(int(told[:_DIGITS_MAX]), bytes_max)
    try:
        async with asyncio.timeout(seconds_max):
            return await _read_all(call, bytes_max)
    except TimeoutError:
        raise BodyTooSlow(f"body did not come in {seconds_max:.0f} s") from None


def require_json(call: Call) -> None:
    """Raise Defective if a body is not said to be JSON."""
    told = call.values(b"content-type")
    if len(told) != 1 or told[0].partition(";")[0].strip().lower() != _JSON:
        raise Defective([Defect(("header", "content-type"), f"has to be {_JSON}", "media")])


async def let_flow_by(call: Call) -> None:
    """Take in what is still coming and forget it, for a while.

    A connection that is closed while its caller still sends loses the answer on its way there.
    """
    length = 0
    with contextlib.suppress(TimeoutError, CallerGone):
        async with asyncio.timeout(_FLOW_SECONDS_MAX):
            while not call.body.whole and length < _FLOW_BYTES_MAX:
                length += len(await call.body.next_part())


async def _read_all(call: Call, bytes_max: int) -> bytes:
    parts: list[bytes] = []
    length = 0
    while not call.body.whole:
        part = await call.body.next_part()
        length += len(part)
        check_size(length, bytes_max)
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
