"""The months by which all that belongs to tickets is divided."""

from typing import cast

from acca.store.connection import Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("months.sql")


async def prepare_tickets(writer: Writer) -> int:
    """Make room for this month and the two after it; return how many partitions were missing."""
    return cast("int", await writer.value(_QUERIES["prepare_tickets"]))
