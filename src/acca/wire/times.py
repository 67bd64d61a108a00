"""Times on the wire: UTC without a suffix, and beside it the operator's local time (spec 1)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache, partial

from acca.core.numbers import Malformed
from acca.wire.kinds import spelled

_TIMES_KEPT = 8192
"""Thousands of tickets hold the same few starts: each is written only once."""
_YEARS = range(1900, 3000)
"""Years that every zone and PostgreSQL can hold; others are typed wrong."""


@lru_cache(_TIMES_KEPT)
def render_time(value: datetime, zone: tzinfo = UTC) -> str:
    """Write a time in a zone with six digits of its second and no suffix."""
    return value.astimezone(zone).isoformat(timespec="microseconds")[:26]


def render_seconds(value: datetime) -> str:
    """Write a time in UTC without a fraction and without a suffix."""
    return value.astimezone(UTC).isoformat(timespec="seconds")[:19]


def parse_instant(text: str) -> datetime:
    """Read a time as senders spell it: ISO 8601, in UTC where it names no zone."""
    try:
        value = datetime.fromisoformat(text)
        value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Malformed("has to be a time such as 2024-07-17T17:00:00") from None
    if value.year not in _YEARS:
        raise Malformed(f"has to be between the years {_YEARS[0]} and {_YEARS[-1]}")
    return value


def _parse_written(render: Callable[[datetime], str], text: str) -> datetime:
    value = parse_instant(text)
    if render(value) != text:
        raise Malformed(f"has to be a time such as {render(datetime(2024, 7, 17, 17, tzinfo=UTC))}")
    return value


TIME = spelled(
    "time",
    partial(_parse_written, render_time),
    {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$"},
    render_time,
)
"""A time in UTC, `YYYY-MM-DDTHH:MM:SS.ffffff`."""
LOCAL_TIME = replace(TIME, local=True)
"""The same, with its sibling `operator_time_…` after it."""
SECONDS_TIME = spelled(
    "time",
    partial(_parse_written, render_seconds),
    {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"},
    render_seconds,
)
"""A time in UTC without a fraction: a card bet's `updated`."""
INSTANT = spelled("time", parse_instant, {"format": "date-time"}, render_time)
"""A time in any ISO 8601 spelling: filters and feeds."""
