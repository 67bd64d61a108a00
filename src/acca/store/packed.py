"""Arrays as the server packs them, unpacked in one call: the driver decodes number by number."""

import struct
from functools import lru_cache
from typing import cast

_HEADER = struct.Struct(">iiIii")
"""Dimensions, whether there are nulls, the type's oid, the length, the first index."""
_NO_DIMENSION_BYTES = 12
_CODES = {16: "?", 20: "q", 21: "h", 23: "i"}
"""Truths and whole numbers of 8, 2 and 4 bytes, by their oid."""


def unpack_array(packed: bytes) -> tuple[int, ...]:
    """Read what `array_send` wrote of an array of numbers or truths without nulls."""
    layout = _layout(packed[: _HEADER.size])
    return cast("tuple[int, ...]", layout.unpack(packed))


@lru_cache(1024)
def _layout(header: bytes) -> struct.Struct:
    """Make the layout of an array: its header, then each element after its size in four bytes."""
    if len(header) == _NO_DIMENSION_BYTES:
        return struct.Struct(f"{_NO_DIMENSION_BYTES}x")
    dimensions, nulls, oid, length, _ = _HEADER.unpack(header)
    assert (dimensions, nulls) == (1, 0), "an array is a plain list of numbers"
    return struct.Struct(f">{_HEADER.size}x" + f"4x{_CODES[oid]}" * length)
