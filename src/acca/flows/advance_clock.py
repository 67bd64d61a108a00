"""Jump ahead in business time: only in a sandbox, only forward."""

from datetime import datetime, timedelta

from acca.store import clock
from acca.store.clock import Clock
from acca.store.connection import Database

AHEAD_MAX = timedelta(hours=876_600)
"""A century, as the table has it: dates beyond the year 9999 have no name in Python."""


class ClockRefused(Exception):
    """The clock was not moved, and the sentence says why."""


class NotASandbox(ClockRefused):
    """The database was not created as a sandbox."""


class NotForward(ClockRefused):
    """The jump leads nowhere or back."""


class TooFar(ClockRefused):
    """The jump leads beyond a century."""


async def advance_by(database: Database, jump: timedelta) -> Clock:
    """Move business time on by a duration, and return it as it is then."""
    async with database.writer() as writer, writer.transaction():
        before = await clock.get_clock_for_update(writer)
        _judge(before, jump)
        return await clock.advance_clock(writer, jump)


async def advance_to(database: Database, instant: datetime) -> Clock:
    """Move business time on to an instant, and return it as it is then."""
    assert instant.tzinfo is not None, "an instant says its time zone"
    async with database.writer() as writer, writer.transaction():
        before = await clock.get_clock_for_update(writer)
        _judge(before, instant - before.now)
        return await clock.advance_clock(writer, instant - before.now)


def _judge(before: Clock, jump: timedelta) -> None:
    if not before.sandbox:
        raise NotASandbox("Only a database that was created as a sandbox has a clock to move.")
    if jump <= timedelta(0):
        raise NotForward(f"The clock moves only forward; it is {before.now:%Y-%m-%d %H:%M:%S} UTC.")
    if jump > AHEAD_MAX - before.ahead:
        raise TooFar("The clock can be ahead by a century at most.")
