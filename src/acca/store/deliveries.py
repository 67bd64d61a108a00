"""Lanes of tickets that have something to tell: leased, stepped through, given back, replayed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from acca.core.delivering import Course, Step
from acca.core.lifecycle import Message
from acca.core.ticket_facts import Key, Lane, Sent
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries
from acca.store.tickets import spell_sent

_QUERIES = load_queries("deliveries.sql")


class Due(NamedTuple):
    """One entry of a lane that is to be sent."""

    n: int
    action: Message
    body: bytes
    at: datetime


class LeasedLane(NamedTuple):
    """A ticket's lane that is ours until the lease ends; `now` is business time at the lease."""

    key: Key
    lane: Lane
    lease: datetime
    last_n: int
    attempts: int
    now: datetime
    entries: tuple[Due, ...] = ()


class Stepped(NamedTuple):
    """What became of one entry of a leased lane; `is_over` where it was the lane's last."""

    leased: LeasedLane
    n: int
    step: Step
    is_over: bool
    ends: bool
    sent: Sent | None


class WaitingLane(NamedTuple):
    """A lane as staff sees it."""

    operator: str
    ticket: bytes
    lane: str
    due: datetime
    next_n: int
    last_n: int
    attempts: int
    attention: datetime | None


async def list_due_operators(reader: Reader, lane: Lane) -> list[int]:
    """List operators that have something to be delivered in a lane now."""
    return [row["id"] for row in await reader.rows(_QUERIES["list_due_operators"], lane.value)]


async def lease_lanes(
    writer: Writer, lane: Lane, free: Mapping[int, int], lasts: timedelta
) -> list[LeasedLane]:
    """Lease due lanes with their entries, of each operator at most as many as are free."""
    rows = await writer.rows(
        _QUERIES["lease_lanes"], lane.value, list(free), list(free.values()), lasts
    )
    if not rows:
        return []
    columns = [[row[name] for row in rows] for name in ("operator", "ticket", "next_n", "last_n")]
    found = await writer.rows(_QUERIES["read_entries"], lane.value, *columns)
    entries: dict[Key, list[Due]] = {}
    for row in found:
        due = Due(row["n"], Message(row["action"]), row["body"], row["at"])
        entries.setdefault(Key(row["operator"], row["ticket"]), []).append(due)
    leased = [_parse(row, lane) for row in rows]
    return [one._replace(entries=tuple(entries.get(one.key, ()))) for one in leased]


async def save_steps(writer: Writer, steps: Sequence[Stepped]) -> list[bool]:
    """Save steps, in the order of their keys; tell of each whether its lane is still ours."""
    ordered = sorted(steps, key=lambda step: (step.leased.key, step.leased.lane.value))
    sent = [spell_sent(step.sent) for step in ordered if step.sent is not None]
    rows = await writer.rows(
        _QUERIES["save_steps"],
        *map(list, zip(*map(_spell, ordered), strict=True)),
        *(map(list, zip(*sent, strict=True)) if sent else [[]] * 9),
    )
    ours = {(Key(row["operator"], row["ticket"]), row["lane"]) for row in rows}
    return [(step.leased.key, step.leased.lane.value) in ours for step in steps]


async def give_back(writer: Writer, leased: LeasedLane, delay: timedelta) -> None:
    """Give a lease back, and let the lane wait for a while."""
    await writer.run(_QUERIES["give_back"], *leased.key, leased.lane.value, leased.lease, delay)


async def list_waiting(
    reader: Reader, operator: str | None, limit: int, *, attention: bool
) -> list[WaitingLane]:
    """List what waits to be delivered; with `attention` only what waits for staff."""
    rows = await reader.rows(_QUERIES["list_waiting"], operator, attention, limit)
    return [WaitingLane(*row) for row in rows]


async def replay(writer: Writer, operator: int, ticket: bytes | None) -> int:
    """Let the lanes of a ticket, or of all, be tried at once; tell how many there were."""
    return len(await writer.rows(_QUERIES["replay"], operator, ticket))


def _parse(row: asyncpg.Record, lane: Lane) -> LeasedLane:
    return LeasedLane(
        Key(row["operator"], row["ticket"]),
        lane,
        row["lease"],
        row["last_n"],
        row["attempts"],
        row["now"],
    )


def _spell(stepped: Stepped) -> tuple[object, ...]:
    leased, step = stepped.leased, stepped.step
    return (
        *leased.key,
        leased.lane.value,
        leased.lease,
        stepped.n,
        leased.last_n,
        step.course.value,
        step.delay,
        stepped.is_over and step.course is Course.NEXT,
        stepped.ends and step.course is Course.NEXT,
    )
