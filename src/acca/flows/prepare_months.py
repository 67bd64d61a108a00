"""Room for tickets: the partitions of this month and of the two after it."""

from acca.store import months
from acca.store.connection import Database


async def prepare_months(database: Database) -> int:
    """Make what is missing, and return how many partitions; a duty of every day.

    What came before its month was made, as after a jump of a sandbox, moves there.
    """
    async with database.writer() as writer:
        return await months.prepare_tickets(writer)
