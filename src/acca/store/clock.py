"""Business time: the database's own, plus what a sandbox has jumped ahead."""

from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("clock.sql")


class Clock(NamedTuple):
    """Business time as read once; only a sandbox is ever ahead."""

    sandbox: bool
    ahead: timedelta
    now: datetime


async def read_clock(reader: Reader) -> Clock:
    """Read business time."""
    return _parse(await reader.row(_QUERIES["read_clock"]))


async def get_clock_for_update(writer: Writer) -> Clock:
    """Read business time and lock the clock until the transaction ends."""
    return _parse(await writer.row(_QUERIES["get_clock_for_update"]))


async def advance_clock(writer: Writer, jump: timedelta) -> Clock:
    """Move business time on; the database refuses what is no sandbox and no step forward."""
    return _parse(await writer.row(_QUERIES["advance_clock"], jump))


def _parse(row: asyncpg.Record | None) -> Clock:
    assert row is not None, "the clock has one row, which cannot be deleted"
    return Clock(row["sandbox"], row["ahead"], row["now"])
