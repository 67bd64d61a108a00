"""The virtual clock of a sandbox: business time, moved forward by the command `acca clock`."""

import datetime as dt
import re
import time
from collections.abc import Awaitable, Callable

Run = Callable[..., Awaitable[str]]
"""Runs one command of `acca` to its end and returns what it printed; raises where it fails."""

_FRESH_SECONDS = 30.0
_SHOWN = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC, ")


class VirtualClock:
    """Shows and moves the business time of the sandbox that `run` speaks to."""

    def __init__(self, run: Run, seconds: Callable[[], float] = time.monotonic) -> None:
        self._run: Run = run
        self._seconds: Callable[[], float] = seconds
        self._seen: tuple[float, dt.datetime] | None = None

    async def now(self) -> dt.datetime:
        """Tell what time it is there."""
        return await self._ask("show")

    async def glance(self) -> dt.datetime:
        """Tell what time it is there by the last look, as long as that is fresh."""
        if self._seen is None or self._seconds() - self._seen[0] > _FRESH_SECONDS:
            return await self.now()
        at, instant = self._seen
        return instant + dt.timedelta(seconds=self._seconds() - at)

    async def advance(self, by: dt.timedelta) -> dt.datetime:
        """Move it forward by a whole number of seconds; tell what time it is then."""
        return await self._ask("advance", f"{int(by.total_seconds())}s")

    async def advance_to(self, instant: dt.datetime) -> dt.datetime:
        """Move it forward to an instant; tell what time it is then."""
        return await self._ask("advance", f"{instant.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}")

    async def _ask(self, *arguments: str) -> dt.datetime:
        instant = read_shown(await self._run("clock", *arguments))
        self._seen = self._seconds(), instant
        return instant


def read_shown(printed: str) -> dt.datetime:
    """Read the time that a command of the clock printed."""
    shown = _SHOWN.match(printed)
    if shown is None:
        raise ValueError(f"no time is shown: {printed[:100]!r}")
    return dt.datetime.fromisoformat(f"{shown[1]}+00:00")
