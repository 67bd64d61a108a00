"""Live events of a provider that fell silent are suspended until it is heard of again.

Odds before the match stay: nobody cashes out by what a silent provider said of a match under way.
"""

from datetime import timedelta
from typing import NamedTuple

from acca.store import events
from acca.store.connection import Database

SILENCE_MAX = timedelta(seconds=20)
"""Machine time without `alive`, after which a provider's live events are suspended."""


class Silence(NamedTuple):
    """Ids of the events that were suspended, and of those that were opened again."""

    stopped: list[int]
    lifted: list[int]


async def suspend_silent(database: Database) -> Silence:
    """Suspend what silence makes unsafe, and lift what is safe again; a duty of every second."""
    async with database.writer() as writer, writer.transaction():
        stopped = await events.stop_silent(writer, SILENCE_MAX)
        lifted = await events.lift_silent(writer, SILENCE_MAX)
    return Silence(stopped, lifted)
