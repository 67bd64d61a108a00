"""Tickets, journals and streams as an audit reads them: page by page, whatever their number."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

import asyncpg

from acca.core.audit import (
    Chained,
    Entry,
    Fingerprint,
    Invariant,
    Report,
    Standing,
    check_chain,
    check_end,
    check_head,
    check_held,
    check_ticket,
    check_unknown,
)
from acca.core.chain import START, Link, Linked
from acca.core.holding import Held
from acca.core.lifecycle import Message
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import Key, Ticket
from acca.store.connection import Reader
from acca.store.day_payouts import DayPayouts, read_days
from acca.store.operators import Operator
from acca.store.queries import load_queries
from acca.store.settling import look_for_work
from acca.store.tickets import get_tickets
from acca.store.worlds import World, read_world
from acca.wire.pam import read_told_cents

_QUERIES = load_queries("audit.sql")
PAGE = 1_000
_SETTLED = {Status.OPEN, Status.RESULTED, Status.CLOSED}


_Name = tuple[bytes, int]
"""An entry by its ticket and its number there."""


class _Head(NamedTuple):
    """The end of a stream, None where it has not begun, and the business time of the look."""

    link: Link | None
    now: datetime


async def audit_operator(
    reader: Reader,
    operator: Operator,
    report: Report,
    young: timedelta,
    held: Mapping[bytes, Held] | None = None,
) -> None:
    """Check every ticket of an operator and its stream, and what a wallet `held` where it is given.

    Entries that are `young` may still be on their way into the stream.
    """
    old = (await _read_head(reader, operator.id)).now - young
    # First who waits, then the stream: what is given its number meanwhile is seen there.
    waiting = await _list_waiting(reader, operator.id)
    streamed = await _audit_stream(reader, operator, report, waiting, old)
    written, seen = Fingerprint(), set[bytes]()
    async for page in _page_tickets(reader, operator.id):
        await _audit_ends(reader, operator, report, page)
        for standing in page:
            check_ticket(report, operator.name, standing)
            for entry in standing.journal:
                if entry.at < old:
                    written = written.added(standing.id, entry.n)
            if held is not None:
                found = held.get(standing.id)
                seen |= {standing.id} & held.keys()
                sentences = check_held(standing, found or Held())
                report.note(Invariant.I6, operator.name, standing.id.hex(), sentences)
    for id_ in sorted((held or {}).keys() - seen):
        sentences = check_unknown((held or {})[id_])
        report.note(Invariant.I6, operator.name, id_.hex(), sentences)
    report.note(Invariant.I1, operator.name, "", _compare(written, streamed))


async def _audit_ends(
    reader: Reader, operator: Operator, report: Report, page: Sequence[Standing]
) -> None:
    """Settle tickets once more by the facts of now, unless some wait to be settled just then."""
    keys = [Key(operator.id, one.id) for one in page if one.status in _SETTLED]
    if not keys or any(await look_for_work(reader)):
        return
    tickets = list((await get_tickets(reader, keys)).values())
    world = await read_world(reader, tickets)
    days = await read_days(reader, {}, {}, tickets)
    if any(await look_for_work(reader)):
        return
    for ticket in tickets:
        facts = ticket.facts
        if facts.type is TicketType.JACKPOT and facts.card not in world.rounds:
            continue
        sentences = _judge_end(ticket, world, days)
        report.note(Invariant.I5, operator.name, facts.key.id.hex(), sentences)


def _judge_end(ticket: Ticket, world: World, days: DayPayouts) -> Iterator[str]:
    facts = ticket.facts
    operator = facts.key.operator
    if (operator, facts.tax_profile) not in world.terms:
        yield f"its tax profile {facts.tax_profile} is not known"
        return
    settlement, _ = days.allow(ticket, world.settle(facts), world.terms_of(facts))
    yield from check_end(ticket, settlement, world.ways[operator, facts.type])


def _compare(written: Fingerprint, streamed: Fingerprint) -> Iterator[str]:
    if written != streamed:
        yield f"{written.entries} entries are in journals, {streamed.entries} others in the stream"


async def _audit_stream(
    reader: Reader,
    operator: Operator,
    report: Report,
    waiting: dict[_Name, datetime],
    old: datetime,
) -> Fingerprint:
    """Check the chain of a stream; tell all old entries that it has, or that wait for it."""
    head = await _read_head(reader, operator.id)
    found, last = Fingerprint(), START
    until = START.number if head.link is None else head.link.number
    async for page in _page_stream(reader, operator.id, until):
        report.note(Invariant.I1, operator.name, "", check_chain(last, page))
        last = page[-1].link
        for entry in page:
            _ = waiting.pop((entry.ticket, entry.n), None)
            if entry.said is not None and entry.said.at < old:
                found = found.added(entry.ticket, entry.n)
    report.note(Invariant.I1, operator.name, "", check_head(head.link, last))
    for (ticket, n), at in waiting.items():
        if at < old:
            found = found.added(ticket, n)
            late = [f"entry {n} has waited for its number since {at:%Y-%m-%d %H:%M:%S}"]
            report.note(Invariant.I1, operator.name, ticket.hex(), late)
    return found


async def _page_tickets(reader: Reader, operator: int) -> AsyncGenerator[list[Standing]]:
    """Read all tickets of an operator, a page at a time, with their journals.

    Journals are read after the states: what was added meanwhile is left out.
    """
    last = b""
    while rows := await reader.rows(_QUERIES["page_tickets"], operator, last, PAGE):
        last = rows[-1]["id"]
        journals = await _read_journals(reader, operator, [row["id"] for row in rows])
        yield [_parse_standing(row, journals.get(row["id"], ())) for row in rows]


async def _read_journals(
    reader: Reader, operator: int, ids: Sequence[bytes]
) -> dict[bytes, tuple[Entry, ...]]:
    rows = await reader.rows(_QUERIES["read_journals"], operator, ids)
    grouped = groupby(rows, lambda row: row["ticket"])
    return {ticket: tuple(map(_parse_entry, found)) for ticket, found in grouped}


async def _read_head(reader: Reader, operator: int) -> _Head:
    """Read where the stream of an operator ends now."""
    row = await reader.row(_QUERIES["read_head"], operator)
    assert row is not None, "the statement answers for every operator"
    link = None if row["hash"] is None else Link(row["number"], row["hash"])
    return _Head(link, row["now"])


async def _page_stream(reader: Reader, operator: int, until: int) -> AsyncGenerator[list[Chained]]:
    """Read the stream of an operator up to a number, a page at a time."""
    last = 0
    while rows := await reader.rows(_QUERIES["page_stream"], operator, last, until, PAGE):
        last = rows[-1]["number"]
        yield [_parse_streamed(row) for row in rows]


async def _list_waiting(reader: Reader, operator: int) -> dict[_Name, datetime]:
    """Tell when the entries were written that have no number yet."""
    rows = await reader.rows(_QUERIES["list_waiting"], operator)
    return {(row["ticket"], row["n"]): row["at"] for row in rows if row["at"] is not None}


def _parse_standing(row: asyncpg.Record, journal: tuple[Entry, ...]) -> Standing:
    n = row["n"]
    return Standing(
        id=row["id"],
        type=TicketType(row["type"]),
        charge=(row["price_cents"], row["stake_cents"], row["ext_cents"]),
        struck=(row["gross_cents"], row["wht_cents"], row["net_cents"]),
        cap_cents=row["cap_cents"],
        is_reservation=row["is_reservation"],
        created=row["created"],
        started=row["started"],
        n=n or 0,
        status=None if n is None else Status(row["status"]),
        result=None if n is None else TicketResult(row["result"]),
        approved=bool(row["approved"]),
        now=(row["now_gross_cents"] or 0, row["now_wht_cents"] or 0, row["now_net_cents"] or 0),
        journal=journal[: n or 0],
        waits_from=row["next_n"][0] if row["next_n"] else None,
    )


def _parse_entry(row: asyncpg.Record) -> Entry:
    return Entry(
        n=row["n"],
        at=row["at"],
        kind=row["kind"],
        status=Status(row["status"]),
        result=TicketResult(row["result"]),
        approved=row["approved"],
        action=Message(row["action"]) if row["lane"] == "pam" else None,
        told_cents=None if row["body"] is None else read_told_cents(row["body"]),
    )


def _parse_streamed(row: asyncpg.Record) -> Chained:
    said = None
    if row["at"] is not None:
        said = Linked(
            row["ticket"],
            row["n"],
            row["at"],
            row["kind"],
            row["status"],
            row["result"],
            row["lane"],
            row["action"],
            row["body"],
        )
    return Chained(Link(row["number"], row["hash"]), row["ticket"], row["n"], said)
