"""The feed's trace is kept for a week of machine time, in which a batch may come again."""

from datetime import timedelta

from acca.store import feed
from acca.store.connection import Database

KEPT = timedelta(days=7)
CHUNK = 10_000


async def forget_batches(database: Database) -> int:
    """Forget batches that are older, a chunk at a time; return how many: a duty of every hour."""
    forgotten, last = 0, CHUNK
    while last == CHUNK:
        async with database.writer() as writer:
            last = await feed.forget_batches(writer, KEPT, CHUNK)
        forgotten += last
    return forgotten
