"""What waits for tickets to be done: leased for a while, put off, or marked for staff."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from acca.core.ticket_facts import Change, Key, Task, Waiting
from acca.store.connection import BAD_ROWS, Reader, Writer
from acca.store.queries import load_queries
from acca.store.tickets import save_changes

_QUERIES = load_queries("agenda.sql")


class Leased(NamedTuple):
    """A ticket that is ours until the lease ends, and since when it was due."""

    key: Key
    due: datetime


async def lease_due(writer: Writer, task: Task, limit: int) -> list[Leased]:
    """Lease what is due of a task, at most `limit` of each operator; who comes later gets others.

    A lease lasts 30 s of machine time, then the ticket is anybody's again.
    """
    rows = await writer.rows(_QUERIES["lease_due"], task.value, limit)
    leased = (Leased(Key(row["operator"], row["ticket"]), row["due"]) for row in rows)
    return sorted(leased, key=lambda one: one.key)


async def list_lost(reader: Reader, keys: Sequence[Key]) -> list[Key]:
    """Choose the tickets whose `call_until` has passed, in machine time."""
    rows = await reader.rows(_QUERIES["list_lost"], *_columns(keys))
    return sorted(Key(row["operator"], row["id"]) for row in rows)


async def put_off(writer: Writer, key: Key, waiting: Waiting) -> None:
    """Let a leased ticket wait for a later time."""
    await writer.run(_QUERIES["put_off"], *key, waiting.task.value, waiting.due)


async def list_sending(reader: Reader, keys: Sequence[Key]) -> set[Key]:
    """Choose the tickets of which the wallet has not acknowledged everything yet."""
    rows = await reader.rows(_QUERIES["list_sending"], *_columns(keys))
    return {Key(row["operator"], row["ticket"]) for row in rows}


async def drop_tasks(writer: Writer, task: Task, keys: Sequence[Key]) -> None:
    """Forget a task of tickets that have nothing to do there, unless staff has to look at it."""
    if keys:
        await writer.run(_QUERIES["drop_tasks"], *_columns(keys), task.value)


def _columns(keys: Sequence[Key]) -> tuple[list[int], list[bytes]]:
    return [key.operator for key in keys], [key.id for key in keys]


async def save_leased(writer: Writer, changes: Sequence[Change]) -> int:
    """Move leased tickets on, and tell how many; those that others moved before are theirs.

    Where a row is bad all are tried one by one: the guilty one is marked for staff and, once the
    others are saved, its fault is raised.
    """
    if not changes:
        return 0
    try:
        return len(await save_changes(writer, changes))
    except BAD_ROWS:
        return await _save_each(writer, changes)


async def _save_each(writer: Writer, changes: Sequence[Change]) -> int:
    moved, fault = 0, None
    for change in changes:
        try:
            moved += len(await save_changes(writer, [change]))
        except BAD_ROWS as bad:
            await writer.run(_QUERIES["mark_attention"], *change.key)
            fault = bad
    if fault is not None:
        raise fault
    return moved
