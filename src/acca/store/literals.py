"""Lists of different lengths for one statement, each spelled as an array in a text.

PostgreSQL has no ragged arrays, and the driver takes a microsecond for each number of a list, this
spelling a hundredth of it.
"""

from collections.abc import Sequence

import msgspec

_encode = msgspec.json.Encoder().encode


def array_literal(values: Sequence[int]) -> str:
    """Spell whole numbers or truths as an array: `{1,2,3}`, `{true,false}`."""
    return "{" + _encode(values)[1:-1].decode() + "}"
