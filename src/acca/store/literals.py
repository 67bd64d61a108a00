"""Lists for one statement, each spelled as an array in a text.

PostgreSQL has no ragged arrays, and the driver takes a microsecond for each member of a list, this
spelling a hundredth of it.
"""

from collections.abc import Sequence

import msgspec

_encode = msgspec.json.Encoder().encode


def array_literal(values: Sequence[object]) -> str:
    """Spell numbers, truths, times, durations, words and texts as an array: `{1,null,"won"}`."""
    spelled = _encode(values)
    if b"\\" in spelled:
        # JSON escapes what PostgreSQL does not: a quote and a backslash alone are alike.
        spelled = b",".join(map(_spell, values)).join((b"[", b"]"))
    return "{" + spelled[1:-1].decode() + "}"


def _spell(value: object) -> bytes:
    if not isinstance(value, str):
        return _encode(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.encode()
