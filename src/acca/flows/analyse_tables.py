"""Tables that begin to fill are analysed at once, so that plans of when they were empty end.

Such a plan stays for as long as nobody analyses: of several indexes that cost the same on nothing
it may hold one that is read from end to end for each ticket. The server's own analysis comes up to
a minute later.
"""

from acca.store.connection import Database
from acca.store.young_tables import analyse_young


async def analyse_tables(database: Database) -> None:
    """Analyse what the planner takes for empty, or for far smaller; a duty of every second."""
    async with database.writer() as writer:
        await analyse_young(writer)
