"""The virtual clock as the pages show it: what time it is, and how far it is to be moved."""

import asyncio
import datetime as dt
import re
from typing import NamedTuple

from acca_sandbox.clock import VirtualClock
from acca_sandbox.storm.processes import StormFailed
from acca_sandbox.wallet.asked import Wrong

_DAY = dt.timedelta(days=1)
_STEP_MAX = dt.timedelta(days=366)
_STEP = re.compile(r"(\d{1,6}) ?([smhd])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_HOW = "Write a duration (90s, 30m, 2h, 1d) or an instant in UTC (2026-05-02 15:00)."


class Shown(NamedTuple):
    """What time it is, or why nobody can tell."""

    now: dt.datetime | None
    trouble: str


class ClockBar:
    """Reads the clock and moves it, one at a time."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock: VirtualClock = clock
        self._one: asyncio.Lock = asyncio.Lock()

    async def show(self) -> Shown:
        """Tell what time it is; a clock that cannot be read does not spoil the page."""
        try:
            async with self._one:
                return Shown(await self._clock.glance(), "")
        except (StormFailed, ValueError, OSError) as failure:
            return Shown(None, f"The clock cannot be read: {failure}")

    async def move(self, how: str, text: str) -> dt.datetime:
        """Move it forward as a button or the field says; tell what time it is then."""
        try:
            async with self._one:
                now = await self._clock.now()
                return await self._move(_aim(how, text.strip(), now), now)
        except (StormFailed, OSError) as failure:
            raise Wrong(f"The clock was not moved: {failure}", 502) from failure

    async def _move(self, to: dt.datetime, now: dt.datetime) -> dt.datetime:
        if to <= now:
            raise Wrong("The clock goes forward only.")
        if to - now > _STEP_MAX:
            raise Wrong("The clock goes forward by a year at most.")
        return await self._clock.advance_to(to)


def _aim(how: str, text: str, now: dt.datetime) -> dt.datetime:
    match how:
        case "hour":
            return now + dt.timedelta(hours=1)
        case "midnight":
            return now.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
        case "day":
            return now + _DAY
        case _:
            return _read(text, now)


def _read(text: str, now: dt.datetime) -> dt.datetime:
    """Read a duration or an instant; one without a zone is in UTC."""
    try:
        if (step := _STEP.fullmatch(text)) is not None:
            return now + dt.timedelta(**{_UNITS[step[2]]: int(step[1])})
        instant = dt.datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Wrong(_HOW) from None
