"""Tables that have just begun to fill: a new month, or a whole new database."""

from acca.store.connection import Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("young_tables.sql")


async def analyse_young(writer: Writer) -> None:
    """Tell the planner of tables that fill, while they grow faster than the server looks."""
    await writer.run(_QUERIES["analyse_young"])
