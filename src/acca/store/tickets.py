"""Tickets: written once, moved by journal number; whoever comes second changes nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

import asyncpg

from acca.core.finance import Charge, Payout
from acca.core.player_day import DayRule
from acca.core.settling import VoidRefund
from acca.core.ticket import Source, Status, TicketResult, TicketType
from acca.core.ticket_facts import Amounts, Change, Entry, Facts, Key, Sent, State, Telling, Ticket
from acca.core.ticket_id import CODE_REST, ByCode, ById
from acca.store.connection import Reader, Writer
from acca.store.literals import array_literal
from acca.store.queries import load_queries

_QUERIES = load_queries("tickets.sql")
_NONE = (None, None, None)
ANSWER_BYTES_MAX = 2048
"""So much is kept of what a wallet answered."""


class Claim(NamedTuple):
    """What makes a request the same again: the hash that names it, and that of its body."""

    key: bytes
    body: bytes
    lasts: timedelta


class NewTicket(NamedTuple):
    """A ticket that is to be accepted: facts, the call that tells the wallet, and its limits.

    `call_lasts` is machine time after which nobody waits for the wallet any more. `day` is what
    the player's day allows, if that is limited.
    """

    facts: Facts
    approved: bool
    telling: Telling
    claim: Claim
    call_lasts: timedelta
    day: DayRule | None = None


class Acceptance(Enum):
    """What became of a new ticket: written, or why not."""

    TAKEN = "taken"
    MOVED = "moved"
    """Events, odds or the card are not as they were read: read and decide again."""
    CODED = "coded"
    """The code is in use, or rests: draw another."""
    CLAIMED = "claimed"
    """The request was taken before: it has that answer."""
    OVER_DAY = "over day"
    """The player's day has less left than the price."""


class Accepted(NamedTuple):
    """The verdict on a new ticket, and the business time of the statement."""

    acceptance: Acceptance
    at: datetime


async def accept_tickets(writer: Writer, tickets: Sequence[NewTicket]) -> list[Accepted]:
    """Write new tickets that still stand, judged by locked events; answer in their order."""
    events = sorted({event for ticket in tickets for event in ticket.facts.events})
    found = await writer.rows(
        _QUERIES["accept_tickets"],
        b"".join([ticket.facts.key.id for ticket in tickets]),
        [ticket.telling.body for ticket in tickets],
        [ticket.claim.key for ticket in tickets],
        [ticket.claim.body for ticket in tickets],
        *map(array_literal, zip(*map(_spell_new, tickets), strict=True)),
        array_literal(events),
    )
    return [Accepted(Acceptance(row["verdict"]), row["at"]) for row in found]


async def save_changes(
    writer: Writer, changes: Iterable[Change], sent: Sequence[Sent] = ()
) -> dict[Key, datetime]:
    """Move tickets on; answer the time of those that nobody else had moved before.

    What was `sent` is written for all of them, the overtaken too.
    """
    ordered = sorted(changes, key=_key_of)
    entries = [
        _spell_entry(place, step, entry)
        for place, change in enumerate(ordered, 1)
        for step, entry in enumerate(change.entries, 1)
    ]
    rows = await writer.rows(
        _QUERIES["save_changes"],
        *_spell_changes(ordered),
        *_spell_entries(entries),
        CODE_REST,
        *_spell_sendings(sent),
    )
    return {Key(row["operator"], row["id"]): row["at"] for row in rows}


def _key_of(change: Change) -> Key:
    return change.key


def _spell_changes(changes: Sequence[Change]) -> list[object]:
    operators, *columns = map(array_literal, _columns([_spell_change(one) for one in changes], 21))
    return [operators, b"".join([one.key.id for one in changes]), *columns]


def _spell_entries(entries: Sequence[tuple[object, ...]]) -> list[object]:
    """Spell all but the bodies, which are bytes."""
    return [
        column if place == _BODIES else array_literal(column)
        for place, column in enumerate(_columns(entries, 10))
    ]


_BODIES = 6


def _spell_sendings(sent: Sequence[Sent]) -> list[object]:
    operators, ids, *columns, answers = _columns([spell_sent(one) for one in sent], 9)
    return [array_literal(operators), ids, *map(array_literal, columns), answers]


async def hasten_discard(writer: Writer, late: Sent) -> None:
    """Write an answer that came late, and let the discard of its ticket go out at once."""
    await writer.run(_QUERIES["hasten_discard"], *spell_sent(late))


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return list(map(list, zip(*rows, strict=True))) if rows else [[]] * width


async def find_ticket(reader: Reader, operator: int, named: ById | ByCode) -> Ticket | None:
    """Find a ticket of an operator by id or code."""
    if isinstance(named, ById):
        id_ = named.id
    else:
        row = await reader.row(_QUERIES["find_code"], operator, named.code)
        if row is None:
            return None
        id_ = row["ticket"]
    return (await get_tickets(reader, [Key(operator, id_)])).get(Key(operator, id_))


async def get_tickets(reader: Reader, keys: Sequence[Key]) -> dict[Key, Ticket]:
    """Read tickets by their keys; unknown ones are left out."""
    rows = await reader.rows(
        _QUERIES["get_tickets"], [key.operator for key in keys], [key.id for key in keys]
    )
    tickets = [parse_ticket(row) for row in rows]
    return {ticket.facts.key: ticket for ticket in tickets}


def _spell_new(ticket: NewTicket) -> tuple[object, ...]:
    """Spell all but what is bytes."""
    facts = ticket.facts
    return (
        facts.key.operator,
        facts.code,
        facts.type,
        facts.source,
        *facts[4:10],
        *facts.charge,
        *facts.payout,
        facts.cap_cents,
        facts.tax_profile,
        facts.void_refund,
        facts.affiliate_cents,
        facts.affiliate_rate,
        facts.total_odds,
        array_literal(facts.events),
        array_literal(facts.bets),
        array_literal(facts.odds),
        facts.card,
        facts.lines,
        facts.is_reservation,
        ticket.approved,
        ticket.telling.action,
        ticket.claim.lasts.total_seconds(),
        ticket.call_lasts.total_seconds(),
    )


def _spell_change(change: Change) -> tuple[object, ...]:
    key, n, state, entries, waiting, ends = change
    return (
        key.operator,
        n,
        len(entries),
        state.status,
        state.result,
        state.approved,
        state.sealed,
        state.gross_cents,
        state.wht_cents,
        state.net_cents,
        state.settled_odds,
        state.expires,
        state.held,
        state.closing,
        *(state.told or _NONE),
        *(waiting or _NONE),
        ends,
    )


def _spell_entry(place: int, step: int, entry: Entry) -> tuple[object, ...]:
    kind, telling, actor, refusal, detail = entry
    lane, action, body, delay = telling or (None, None, None, None)
    return place, step, kind, actor, lane, action, body, delay, refusal, detail


def spell_sent(sent: Sent) -> tuple[object, ...]:
    """Spell a sending as its row."""
    return (*sent.key, *sent[1:-1], sent.answer[:ANSWER_BYTES_MAX])


# Members of an Enum are found slowly by their value, and tickets are read by the thousand.
_TYPES = {each.value: each for each in TicketType}
_SOURCES = {each.value: each for each in Source}
_REFUNDS = {each.value: each for each in VoidRefund}
_STATUSES = {each.value: each for each in Status}
_RESULTS = {each.value: each for each in TicketResult}


def parse_ticket(row: asyncpg.Record) -> Ticket:
    """Read a ticket out of a row that has its facts and then its state, in the order of tables."""
    (
        operator, id_, code, type_, source, currency, player, psp, atag, rtag, msisdn,
        price, stake, ext, gross, wht, net, uncapped, cap, tax_profile, void_refund,
        affiliate_cents, affiliate_rate, total_odds, events, bets, odds, card, lines,
        is_reservation, created, *state,
    ) = row  # fmt: skip
    facts = Facts(
        Key(operator, id_),
        code,
        _TYPES[type_],
        _SOURCES[source],
        currency,
        player,
        psp,
        atag,
        rtag,
        msisdn,
        Charge(price, stake, ext),
        Payout(gross, wht, net, uncapped),
        cap,
        tax_profile,
        _REFUNDS[void_refund],
        affiliate_cents,
        affiliate_rate,
        total_odds,
        tuple(events),
        tuple(bets),
        tuple(odds),
        card,
        lines,
        is_reservation,
        created,
    )
    return Ticket(facts, _parse_state(state))


def _parse_state(row: Sequence[Any]) -> State:
    (
        n, status, result, approved, sealed, gross, wht, net, settled_odds, updated, expires,
        held, closing, told_gross, told_wht, told_net,
    ) = row  # fmt: skip
    told = None if told_gross is None else Amounts(told_gross, told_wht, told_net)
    status, result = _STATUSES[status], _RESULTS[result]
    amounts = gross, wht, net
    return State(
        n, status, result, approved, *amounts, updated, settled_odds, sealed, expires,
        held, closing, told,
    )  # fmt: skip
