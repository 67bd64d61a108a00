"""Events that were postponed for longer than an operator's tickets wait are void for them."""

from acca.core.postponing import is_void
from acca.store.connection import Database
from acca.store.postponements import add_judgements, list_unjudged
from acca.store.tellers import read_tellers


async def judge_postponements(database: Database) -> int:
    """Judge what is due, by the window that an operator has set now; tell how many were judged."""
    async with database.reader() as reader:
        postponed = await list_unjudged(reader)
        told = await read_tellers(reader, {one.operator for one in postponed})
    judged = {
        one: void
        for one in postponed
        if (
            void := is_void(
                one.planned,
                told[one.operator].settings.postponement_window,
                one.now,
                one.starts,
                one.state,
            )
        )
        is not None
    }
    async with database.writer() as writer:
        await add_judgements(writer, judged)
    return len(judged)
