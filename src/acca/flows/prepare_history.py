"""Room for the history of odds: the partitions of this month and of the two after it."""

from acca.store import odds
from acca.store.connection import Database


async def prepare_history(database: Database) -> int:
    """Make what is missing, and return how many months had no room; a duty of every day.

    What came before its month was made, as after a jump of a sandbox, moves there.
    """
    async with database.writer() as writer, writer.transaction():
        return await odds.prepare_history(writer)
