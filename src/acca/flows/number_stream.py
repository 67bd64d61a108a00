"""Journal entries get their numbers in the operator's stream, each hashed over the one before."""

from acca.core.chain import extend_chain
from acca.store.connection import Database
from acca.store.stream import append_stream, hold_head_for_update, prepare_heads, take_fresh

CHUNK = 5_000
"""Entries in one transaction: long enough to be cheap, and far from the statement's time-out."""


async def number_stream(database: Database) -> int:
    """Give numbers to all fresh entries, a chunk of each operator in turn; return how many."""
    async with database.writer() as writer:
        waiting = await prepare_heads(writer)
    numbered = 0
    while waiting:
        counts = [await number_chunk(database, operator) for operator in waiting]
        numbered += sum(counts)
        waiting = [one for one, count in zip(waiting, counts, strict=True) if count == CHUNK]
    return numbered


async def number_chunk(database: Database, operator: int) -> int:
    """Give numbers to the oldest fresh entries of one operator, none while another process does."""
    async with database.writer() as writer, writer.transaction():
        head = await hold_head_for_update(writer, operator)
        # The lock stands before the reading: what its last holder took is gone for this statement.
        entries = [] if head is None else await take_fresh(writer, operator, CHUNK)
        if head is None or not entries:
            return 0
        await append_stream(writer, operator, entries, extend_chain(head, entries))
        return len(entries)
