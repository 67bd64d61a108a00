"""Lanes of tickets that have something to tell: leased, stepped through, given back, replayed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import asyncpg

from acca.core.delivering import Step
from acca.core.lifecycle import Message
from acca.core.ticket_facts import Key, Lane, Sent
from acca.store.connection import Reader, Writer
from acca.store.literals import array_literal
from acca.store.queries import load_queries
from acca.store.tickets import ANSWER_BYTES_MAX

_QUERIES = load_queries("deliveries.sql")
_LANE_OF = itemgetter("operator", "ticket", "lane")
_NOT_SENT = (None,) * 6
# Members of an Enum are found slowly by their value, and lanes are leased by the thousand.
_LANES = {lane.value: lane for lane in Lane}
_MESSAGES = {message.value: message for message in Message}


class Due(NamedTuple):
    """One entry of a lane that is to be sent; `tried` is the number of its last attempt."""

    n: int
    action: Message
    body: bytes
    at: datetime
    tried: int


class LeasedLane(NamedTuple):
    """A ticket's lane that is ours until the lease ends; `now` is business time at the lease.

    `attempts` counts the one that the lease is for. `entries` are those that may be sent.
    """

    key: Key
    lane: Lane
    lease: datetime
    attempts: int
    now: datetime
    entries: tuple[Due, ...]


class Stepped(NamedTuple):
    """What became of one entry of a leased lane, and when its ticket is then to be closed."""

    leased: LeasedLane
    n: int
    step: Step
    closes_in: timedelta | None
    sent: Sent | None


class Speaking(NamedTuple):
    """A lane of an operator: one wallet, or one SMS receiver."""

    operator: int
    lane: Lane


class Bearing(NamedTuple):
    """How many tickets' lanes of an operator may be leased, and for how long."""

    free: int
    lasts: timedelta


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


async def list_due_lanes(reader: Reader) -> list[Speaking]:
    """List which lanes of which operators have something to be delivered now."""
    rows = await reader.rows(_QUERIES["list_due_lanes"])
    return [Speaking(row["id"], Lane(row["name"])) for row in rows]


async def lease_lanes(writer: Writer, bearing: Mapping[Speaking, Bearing]) -> list[LeasedLane]:
    """Lease due lanes with their entries, of each operator at most as many as are free."""
    rows = await writer.rows(
        _QUERIES["lease_lanes"],
        [speaking.operator for speaking in bearing],
        [speaking.lane.value for speaking in bearing],
        [one.free for one in bearing.values()],
        [one.lasts for one in bearing.values()],
    )
    by_lane = groupby(rows, key=_LANE_OF)
    return [_parse(list(group)) for _, group in by_lane]


async def save_steps(writer: Writer, steps: Sequence[Stepped]) -> list[bool]:
    """Save steps, in the order of their keys; tell of each whether its lane is still ours."""
    ordered = sorted(steps, key=lambda step: (step.leased.key, step.leased.lane.value))
    operators, *columns, answers = zip(*map(_spell, ordered), strict=True)
    rows = await writer.rows(
        _QUERIES["save_steps"],
        array_literal(operators),
        b"".join([step.leased.key.id for step in ordered]),
        *map(array_literal, columns),
        answers,
    )
    ours = {(row["operator"], row["ticket"], row["lane"], row["lease"]) for row in rows}
    return [bool(ours) and _lease_of(step.leased) in ours for step in steps]


async def give_back(writer: Writer, leased: Sequence[LeasedLane], delay: timedelta) -> None:
    """Give leases back, and let the lanes wait for a while."""
    columns = zip(*map(_lease_of, leased), strict=True)
    await writer.run(_QUERIES["give_back"], *columns, delay)


async def list_waiting(
    reader: Reader, operator: str | None, limit: int, *, attention: bool
) -> list[WaitingLane]:
    """List what waits to be delivered; with `attention` only what waits for staff."""
    rows = await reader.rows(_QUERIES["list_waiting"], operator, attention, limit)
    return [WaitingLane(*row) for row in rows]


async def replay(writer: Writer, operator: int, ticket: bytes | None) -> int:
    """Let the lanes of a ticket, or of all, be tried at once; tell how many there were."""
    return len(await writer.rows(_QUERIES["replay"], operator, ticket))


async def send_again(writer: Writer, key: Key, first: int) -> int:
    """Let a wallet be told again, from entry `first` on, what it has acknowledged.

    Tells 1, or 0 where nothing was told from there on, or is being told just now.
    """
    return len(await writer.rows(_QUERIES["send_again"], *key, first))


def _lease_of(leased: LeasedLane) -> tuple[int, bytes, str, datetime]:
    return leased.key.operator, leased.key.id, leased.lane.value, leased.lease


def _parse(rows: Sequence[asyncpg.Record]) -> LeasedLane:
    operator, ticket, lane, lease, attempts, now, *_ = rows[0]
    entries = tuple(_parse_entry(row) for row in rows if row["n"] is not None)
    return LeasedLane(Key(operator, ticket), _LANES[lane], lease, attempts, now, entries)


def _parse_entry(row: asyncpg.Record) -> Due:
    *_, n, action, body, at, tried = row
    return Due(n, _MESSAGES[action], body, at, tried or 0)


def _spell(stepped: Stepped) -> tuple[object, ...]:
    """Spell a step as its row: of whose ticket it is, all but the id, and what was sent."""
    leased, step, sent = stepped.leased, stepped.step, stepped.sent
    told = _NOT_SENT if sent is None else (*sent[2:-1], sent.answer[:ANSWER_BYTES_MAX])
    return (
        leased.key.operator,
        leased.lane.value,
        leased.lease,
        stepped.n,
        step.course.value,
        step.delay,
        stepped.closes_in,
        *told,
    )
