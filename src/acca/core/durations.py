"""Durations as people write them: `300s`, `90m`, `2d12h`, `500ms`."""

import re
from datetime import timedelta

from acca.core.numbers import Malformed

_DURATION = re.compile(
    r"(?:(\d{1,5})d)?(?:(\d{1,7})h)?(?:(\d{1,8})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?", re.ASCII
)
_MILLISECOND = timedelta(milliseconds=1)
_UNITS = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
    "ms": _MILLISECOND,
}


def parse_duration(text: str) -> timedelta:
    """Read a duration, its greatest unit first."""
    found = _DURATION.fullmatch(text) if text else None
    if found is None:
        raise Malformed("is not a duration such as 300s, 90m, 2d12h or 500ms")
    parts = zip(found.groups(default="0"), _UNITS.values(), strict=True)
    return sum((int(count) * unit for count, unit in parts), timedelta())


def render_duration(duration: timedelta) -> str:
    """Write a duration in its shortest form: 90 minutes are `1h30m`."""
    assert duration >= timedelta() == duration % _MILLISECOND, "whole milliseconds, not below zero"
    parts: list[str] = []
    for unit, length in _UNITS.items():
        count, duration = divmod(duration, length)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"
