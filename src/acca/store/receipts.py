"""What receipts are made of, read for many tickets of one operator out of one snapshot."""

from collections.abc import Collection, Sequence
from itertools import groupby
from operator import itemgetter

import asyncpg

from acca.core.cards.jackpot import Jackpot
from acca.core.cards.products import Body
from acca.core.cashing_out import read_description
from acca.core.jackpot_judging import Decided, Refunded, RefundReason
from acca.core.jackpot_settling import Prizes, Tally, TierPrize
from acca.core.receipt import CashOut, Known
from acca.core.receipt_sources import (
    Confirmed,
    EventRecord,
    JackpotRecord,
    NotPlayed,
    RoundRecord,
    Sealing,
    Source,
)
from acca.core.ticket import TicketType
from acca.core.ticket_facts import Ticket
from acca.store.connection import Reader
from acca.store.day_payouts import read_days
from acca.store.jackpots import find_seed, parse_decided, read_drawn
from acca.store.placing import CardName, read_cards, read_events
from acca.store.queries import load_queries
from acca.store.results import parse_result
from acca.store.tax_profiles import read_terms_of

_QUERIES = load_queries("receipts.sql")
_SETTLES = {"settle", "correct"}
_OF_CARDS = {TicketType.SUPERBET, TicketType.JACKPOT}


async def read_sources(reader: Reader, tickets: Sequence[Ticket]) -> list[Source]:
    """Read what the receipts of tickets of one operator are made of, in their order.

    The reader is a snapshot, so that no correction stands in one part and not in another.
    """
    if not tickets:
        return []
    operator = tickets[0].facts.key.operator
    assert all(ticket.facts.key.operator == operator for ticket in tickets), "one operator's"
    name = await reader.value(_QUERIES["read_operator_name"], operator)
    assert isinstance(name, str), "a ticket is of an operator"
    terms = await read_terms_of(reader, operator, tickets)
    sealings = await _read_sealings(reader, operator, tickets)
    events = await _read_events(reader, operator, {id_ for one in tickets for id_ in one[0].events})
    bodies = await _read_bodies(reader, operator, tickets)
    rounds = {
        code: await _read_jackpot(reader, operator, code, body)
        for code, body in bodies.items()
        if isinstance(body, Jackpot)
    }
    return [
        Source(
            name,
            ticket,
            terms[ticket.facts.tax_profile],
            bodies.get(ticket.facts.card or ""),
            events,
            rounds.get(ticket.facts.card or ""),
            sealings.get(ticket.facts.key.id),
        )
        for ticket in tickets
    ]


async def _read_sealings(
    reader: Reader, operator: int, tickets: Sequence[Ticket]
) -> dict[bytes, Sealing]:
    ids = [ticket.facts.key.id for ticket in tickets]
    rows = await reader.rows(_QUERIES["read_sealings"], operator, ids)
    days = await read_days(reader, {}, {}, tickets)
    keys = {ticket.facts.key.id: ticket.facts.key for ticket in tickets}
    found: dict[bytes, Sealing] = {}
    for id_, at, kind, detail in rows:
        cash_out = _parse_cash_out(detail) if kind == "cash out" else None
        taken = days.taken_by(keys[id_]) if kind in _SETTLES else None
        day_cap = None if taken is None else taken.cap_cents
        found[id_] = Sealing(at, kind, cash_out, day_cap)
    return found


def _parse_cash_out(detail: str) -> CashOut:
    offered, net_cents = read_description(detail)
    fair, margin = offered.fair_cents, offered.margin_rate
    return CashOut(offered.worths, margin, fair, offered.amounts.gross_cents, net_cents)


async def _read_bodies(reader: Reader, operator: int, tickets: Sequence[Ticket]) -> dict[str, Body]:
    facts = [ticket.facts for ticket in tickets if ticket.facts.type in _OF_CARDS]
    names = [CardName(operator, code) for code in sorted({one.card or "" for one in facts})]
    if not names:
        return {}
    now = max(ticket.state.updated for ticket in tickets)
    found = await read_cards(reader, names, now)
    return {name.code: card.body for name, card in found.items()}


async def _read_events(
    reader: Reader, operator: int, ids: Collection[int]
) -> dict[int, EventRecord]:
    shown = (await read_events(reader, ids)).events
    wanted = sorted(ids)
    results = _by_event(await reader.rows(_QUERIES["read_confirmed"], wanted))
    voids = _by_event(await reader.rows(_QUERIES["read_not_played"], operator, wanted))
    return {
        id_: EventRecord(
            event.shown.sport_code,
            event.shown.league.name,
            event.shown.home_team.name,
            event.shown.away_team.name,
            event.shown.starts,
            tuple(map(_parse_confirmed, results.get(id_, ()))),
            tuple(NotPlayed(row["told"], row["judged"]) for row in voids.get(id_, ())),
        )
        for id_, event in shown.items()
    }


def _by_event(rows: Sequence[asyncpg.Record]) -> dict[int, list[asyncpg.Record]]:
    return {event: list(found) for event, found in groupby(rows, itemgetter("event"))}


def _parse_confirmed(row: asyncpg.Record) -> Confirmed:
    result = parse_result(row)
    assert result is not None, "a version has an ending"
    total, periods, first = result.score or (None, (), None)
    return Confirmed(Known(row["version"], result.ending, total, periods, first), row["confirmed"])


async def _read_jackpot(reader: Reader, operator: int, code: str, body: Jackpot) -> JackpotRecord:
    rows = await reader.rows(_QUERIES["read_rounds"], operator, code)
    seed = None
    drawn = await read_drawn(reader, operator, code)
    if drawn and body.commitment is not None:
        seed = await find_seed(reader, operator, body.commitment)
    return JackpotRecord(tuple(map(_parse_round, rows)), drawn, seed)


def _parse_round(row: asyncpg.Record) -> RoundRecord:
    outcome: Decided | Refunded
    if row["refund"] is not None:
        outcome = Refunded(RefundReason(row["refund"]))
    else:
        outcome = parse_decided(row)
    columns = ("prize_lines", "put_in", "per_line", "remainder", "carried", "kept")
    tiers = zip(*(row[name] for name in columns), strict=True)
    return RoundRecord(
        row["version"],
        row["at"],
        outcome,
        Tally(row["stake_cents"], tuple(row["lines"])),
        Prizes(tuple(TierPrize(*tier) for tier in tiers)),
    )
