"""What measurements need of the database, and nothing else does."""

from collections.abc import Sequence

from acca.store.connection import Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("measuring.sql")


async def fill_history(writer: Writer, events: Sequence[int], first: int, last: int) -> None:
    """Add made-up changes of odds with these numbers."""
    await writer.run(_QUERIES["fill_history"], events, first, last)


async def read_for_share(writer: Writer, events: Sequence[int]) -> int:
    """Hold events as acceptance does, read their odds, and return how many there are."""
    return len(await writer.rows(_QUERIES["read_for_share"], events))
