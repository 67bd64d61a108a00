"""Lists for one statement, each spelled as an array in a text.

PostgreSQL has no ragged arrays, and the driver takes a microsecond for each number of a list, this
spelling a hundredth of it.
"""

from collections.abc import Sequence

import msgspec

_encode = msgspec.json.Encoder().encode


def array_literal(values: Sequence[object]) -> str:
    """Spell numbers, truths, times, durations or words of ours as an array: `{1,null,"won"}`.

    Not for texts from outside: what JSON and PostgreSQL escape is not the same.
    """
    return "{" + _encode(values)[1:-1].decode() + "}"
