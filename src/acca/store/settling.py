"""What is to be settled: jobs listed into chunks, tickets held, and the facts read after that."""

from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain, repeat
from typing import NamedTuple

import asyncpg

from acca.core.ended_events import EventFacts
from acca.core.settling import Settlement
from acca.core.ticket import TicketResult
from acca.core.ticket_facts import Key, Ticket
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries
from acca.store.results import parse_result
from acca.store.tickets import parse_ticket

_QUERIES = load_queries("settling.sql")
FIRST_CHUNK = 250
"""The first wallet hears of a result before most tickets are listed."""
CHUNK = 2_000
AT_ONCE = timedelta(0)
_KEY_BYTES = 16


class Work(NamedTuple):
    """Whether there is something to be listed, or to be settled."""

    jobs: bool
    chunks: bool


class Job(NamedTuple):
    """Tickets of an event, of one operator or of all, or of a card, that have to be looked at."""

    id: int
    event: int | None
    operator: int | None
    card: str | None
    step: str


class Chunk(NamedTuple):
    """Tickets that are settled together; with a card they are of a jackpot."""

    id: int
    place: int
    operator: int | None
    card: str | None
    step: str
    keys: tuple[Key, ...]


class Late(NamedTuple):
    """What a closed ticket would have ended with; None is undecided."""

    key: Key
    differs: bool
    settlement: Settlement | None


class LateRow(NamedTuple):
    """A late correction as staff sees it."""

    operator: str
    ticket: bytes
    code: str
    type: str
    currency: str
    found: datetime
    was_result: str
    was_net_cents: int
    result: str
    net_cents: int


class Waiting(NamedTuple):
    """A ticket whose settlement waits for staff: held, or not settled for a fault of ours."""

    operator: str
    ticket: bytes
    code: str
    type: str
    currency: str
    since: datetime
    held: bool
    status: str
    struck_net_cents: int


async def look_for_work(reader: Reader) -> Work:
    """Tell whether there is something to do, without holding anything."""
    row = await reader.row(_QUERIES["look_for_work"])
    assert row is not None, "a statement without tables has a row"
    return Work(*row)


async def take_job(writer: Writer) -> Job | None:
    """Hold the oldest job that nobody else holds, until the transaction ends."""
    row = await writer.row(_QUERIES["take_job"])
    return None if row is None else Job(*row)


async def list_tickets(writer: Writer, job: Job) -> AsyncGenerator[list[bytes]]:
    """List the tickets of a held job in chunks, a small one first."""
    sizes = chain([FIRST_CHUNK], repeat(CHUNK))
    if job.card is None:
        pages = writer.pages(sizes, _QUERIES["list_of_event"], job.event, job.operator)
    else:
        pages = writer.pages(sizes, _QUERIES["list_of_card"], job.operator, job.card)
    async for rows in pages:
        yield [row["key"] for row in rows]


async def add_chunk(
    writer: Writer,
    keys: Iterable[bytes],
    place: int,
    of: Job | Chunk,
    after: timedelta = AT_ONCE,
) -> None:
    """Put tickets down to be settled together."""
    operator = None if of.card is None else of.operator
    await writer.run(
        _QUERIES["add_chunk"], place, after, operator, of.card, of.step, b"".join(keys)
    )


async def drop_job(writer: Writer, job: Job) -> None:
    """Forget a held job: all its tickets are in chunks."""
    await writer.run(_QUERIES["drop_job"], job.id)


async def take_chunk(writer: Writer) -> Chunk | None:
    """Hold the chunk that comes first, of those that nobody else holds."""
    row = await writer.row(_QUERIES["take_chunk"])
    if row is None:
        return None
    keys: bytes = row["keys"]
    places = range(0, len(keys), _KEY_BYTES)
    found = tuple(parse_key(keys[at : at + _KEY_BYTES]) for at in places)
    return Chunk(row["id"], row["place"], row["operator"], row["card"], row["step"], found)


async def drop_chunk(writer: Writer, chunk: Chunk) -> None:
    """Forget a held chunk: its tickets are settled as far as they can be."""
    await writer.run(_QUERIES["drop_chunk"], chunk.id)


def spell_key(key: Key) -> bytes:
    """Spell a key as the sixteen bytes that stand in a chunk."""
    return key.operator.to_bytes(4) + key.id


def parse_key(key: bytes) -> Key:
    """Read sixteen bytes of a chunk."""
    return Key(int.from_bytes(key[:4]), key[4:])


async def get_for_update(writer: Writer, keys: Sequence[Key]) -> list[Ticket]:
    """Read tickets and hold them, in the order of their keys."""
    rows = await writer.rows(
        _QUERIES["get_for_update"], [key.operator for key in keys], [key.id for key in keys]
    )
    return [parse_ticket(row) for row in rows]


async def read_facts(
    reader: Reader, events: Collection[int], operators: Collection[int]
) -> dict[int, EventFacts]:
    """Read how events ended; in a statement that begins after the tickets are held."""
    rows = await reader.rows(_QUERIES["read_facts"], sorted(events), sorted(operators))
    return {row["id"]: _parse_facts(row) for row in rows}


def _parse_facts(row: asyncpg.Record) -> EventFacts:
    voids = tuple(zip(row["void_operators"], row["void_before"], strict=True))
    return EventFacts(row["sport"], parse_result(row), voids)


async def note_late(writer: Writer, late: Sequence[Late]) -> None:
    """Keep or forget corrections that came after the close."""
    if late:
        await writer.run(
            _QUERIES["note_late"], *map(list, zip(*map(_spell_late, late), strict=True))
        )


def _spell_late(late: Late) -> tuple[object, ...]:
    if late.settlement is None:
        return (*late.key, late.differs, TicketResult.PENDING.value, 0, 0, 0)
    return (*late.key, late.differs, late.settlement.result.value, *late.settlement[2:5])


async def list_late(reader: Reader, operator: str | None, limit: int) -> list[LateRow]:
    """List late corrections, the newest first."""
    rows = await reader.rows(_QUERIES["list_late"], operator, limit)
    return [LateRow(*row) for row in rows]


async def list_attention(reader: Reader, operator: str | None, limit: int) -> list[Waiting]:
    """List tickets whose settlement waits for staff, the longest waiting first."""
    rows = await reader.rows(_QUERIES["list_attention"], operator, limit)
    return [Waiting(*row) for row in rows]


async def mark_attention(writer: Writer, key: Key) -> None:
    """Let staff look at a ticket that cannot be settled."""
    await writer.run(_QUERIES["mark_attention"], *key)
