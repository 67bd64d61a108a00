"""The operator's stream of journal entries, and the timeline of one ticket."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

import asyncpg

from acca.core.chain import START, Link, Linked
from acca.core.delivery import Verdict
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Key
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries
from acca.wire.be_answers import Attempt, EventsPage, Lane, StreamEvent, StreamHead, TimelineEntry

_QUERIES = load_queries("stream.sql")
_NUMBER_MAX = 2**63 - 1

_SECRET = re.compile(r'("(?:token|code)"\s*:\s*)"(?:[^"\\]|\\.)*+(?:"|\\?$)')
"""A token, or the code of a one-time password; codes of tickets and cards have longer names."""
_TOKEN = re.compile(r'("token"\s*:\s*)"(?:[^"\\]|\\.)*+(?:"|\\?$)')
"""What an answer may repeat; a `code` in it tells why the answer was no."""


async def prepare_heads(writer: Writer) -> list[int]:
    """Tell which operators have entries without a number; each has a head from now on."""
    rows = await writer.rows(_QUERIES["prepare_heads"], START.hash)
    return [row["id"] for row in rows]


async def hold_head_for_update(writer: Writer, operator: int) -> Link | None:
    """Lock and read the head of a stream, None while another numbers it."""
    row = await writer.row(_QUERIES["hold_head_for_update"], operator)
    return None if row is None else Link(row["number"], row["hash"])


async def take_fresh(writer: Writer, operator: int, limit: int) -> list[Linked]:
    """Take the oldest entries that have no number yet, in the order of their writing."""
    rows = await writer.rows(_QUERIES["take_fresh"], operator, limit)
    return [Linked(*row) for row in rows]


async def append_stream(
    writer: Writer, operator: int, entries: Sequence[Linked], links: Sequence[Link]
) -> None:
    """Write entries with their links, one of each or more, and the last link as the head."""
    await writer.run(
        _QUERIES["append_stream"],
        operator,
        [link.number for link in links],
        [link.hash for link in links],
        [entry.ticket for entry in entries],
        [entry.n for entry in entries],
        *links[-1],
    )


async def read_page(reader: Reader, operator: int, after: int, limit: int) -> EventsPage:
    """Read a page of the stream, and the head as it is at the same moment."""
    rows = await reader.rows(_QUERIES["read_page"], operator, min(after, _NUMBER_MAX), limit)
    head = START
    if rows[0]["head_number"] is not None:
        head = Link(rows[0]["head_number"], rows[0]["head_hash"])
    events = tuple(_parse_event(row) for row in rows if row["number"] is not None)
    return EventsPage(
        events=events,
        next=events[-1].number if events else after,
        head=StreamHead(number=head.number, hash=head.hash.hex()),
    )


async def read_timeline(reader: Reader, key: Key) -> tuple[TimelineEntry, ...]:
    """Read every journal entry of a ticket with its attempts, without secrets."""
    # Attempts come first, so that each finds its entry in what is read a moment later.
    rows = await reader.rows(_QUERIES["list_attempts"], *key)
    attempts = {
        n: tuple(map(_parse_attempt, found)) for n, found in groupby(rows, lambda row: row["n"])
    }
    entries = await reader.rows(_QUERIES["list_entries"], *key)
    return tuple(_parse_entry(row, attempts) for row in entries)


def _parse_event(row: asyncpg.Record) -> StreamEvent:
    ticket = row["ticket"].hex()
    return StreamEvent(
        number=row["number"],
        hash=row["hash"].hex(),
        at=row["at"],
        ticket_id=ticket,
        delivery_id=f"{ticket}-{row['n']}",
        kind=row["kind"],
        status=Status(row["status"]),
        result=TicketResult(row["result"]),
        lane=None if row["lane"] is None else Lane(row["lane"]),
        action=row["action"],
        body=None if row["body"] is None else row["body"].decode(),
    )


def _parse_entry(row: asyncpg.Record, attempts: Mapping[int, tuple[Attempt, ...]]) -> TimelineEntry:
    return TimelineEntry(
        n=row["n"],
        at=row["at"],
        kind=row["kind"],
        status=Status(row["status"]),
        result=TicketResult(row["result"]),
        actor=row["actor"],
        lane=None if row["lane"] is None else Lane(row["lane"]),
        action=row["action"],
        body=None if row["body"] is None else _mask(_SECRET, row["body"]),
        attempts=attempts.get(row["n"], ()),
    )


def _parse_attempt(row: asyncpg.Record) -> Attempt:
    has_answer = row["http_status"] is not None or row["answer"]
    return Attempt(
        attempt=row["number"],
        is_late=row["is_late"],
        at=row["at"],
        verdict=Verdict(row["verdict"]),
        http_status=row["http_status"],
        duration_ms=row["duration_ms"],
        answer=_mask(_TOKEN, row["answer"]) if has_answer else None,
    )


def _mask(secret: re.Pattern[str], told: bytes) -> str:
    # An answer is cut at some byte and may be of any kind: what is no text is shown as such.
    return secret.sub(r'\1"***"', told.decode(errors="replace"))
