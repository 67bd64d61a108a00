"""A ticket is bought back while its outcome is open: offered, and accepted with its row held (6.8).

Events are held before the ticket, so that no result, start or suspension comes between the price
and the acceptance. What was accepted is final: no result touches the ticket any more.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from acca.core.cashing_out import Offer, accepted, describe, may_be_cashed_out, offer
from acca.core.lifecycle import Message
from acca.core.operator import Feature
from acca.core.refusals import (
    CashOutNotAvailable,
    CashOutValueChanged,
    FeatureOff,
    IdempotencyKeyReused,
    TicketNotFound,
)
from acca.core.resulting import Decision
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Amounts, Change, Ticket
from acca.core.ticket_id import parse_identifier
from acca.store.cashing_out import read_market
from acca.store.claims import ClaimName, find_claims
from acca.store.connection import Database, Reader, Writer
from acca.store.payments import Claiming, claim_requests, lock_for_moving
from acca.store.rules import OperatorRules
from acca.store.tickets import Claim, find_ticket, get_tickets, save_changes
from acca.store.worlds import World, read_world
from acca.wire.endings import Telling, change_of

_LASTS = timedelta(seconds=30)
"""An offer is made anew when it is accepted; so long it is likely to be the same."""
_TELLS = (Message.TICKET_UPDATE, Message.TICKET_WIN)


class Asked(NamedTuple):
    """Whose ticket, by its id or code."""

    rules: OperatorRules
    identifier: str


class Offered(NamedTuple):
    """An offer, and until when it is likely to stand."""

    offer: Offer
    valid_until: datetime


class CashedOut(NamedTuple):
    """The ticket as it was bought back."""

    ticket: Ticket
    is_replay: bool = False


class _Priced(NamedTuple):
    offer: Offer
    world: World
    until: datetime


async def offer_cash_out(database: Database, asked: Asked) -> Offered:
    """Say what a ticket is worth now, or raise the refusal that answers (100, 102, 224)."""
    async with database.reader() as reader:
        ticket = await _find(reader, asked)
        priced = await _price(reader, ticket, asked.rules)
    return Offered(priced.offer, priced.until)


async def accept_cash_out(
    database: Database, asked: Asked, net_cents: int, claim: Claim
) -> CashedOut:
    """Buy a ticket back for what was offered, or raise the refusal that answers (225 too).

    The same request again gets the same answer; who dies before the commit has done nothing.
    """
    async with database.reader() as reader:
        named = await _find(reader, asked)
    async with database.writer() as writer, writer.transaction():
        _ = await lock_for_moving(writer, [named.facts])
        ticket = (await get_tickets(writer, [named.facts.key]))[named.facts.key]
        replayed = await _replay(writer, ticket, claim)
        if replayed is not None:
            return replayed
        priced = await _price(writer, ticket, asked.rules)
        terms = priced.world.terms[ticket.facts.key.operator, ticket.facts.tax_profile]
        amounts = accepted(priced.offer, net_cents, ticket.facts.charge, terms)
        if amounts is None:
            raise CashOutValueChanged
        return await _save(writer, _change(ticket, amounts, priced), claim, ticket)


async def _find(reader: Reader, asked: Asked) -> Ticket:
    operator, rules, _ = asked.rules
    if Feature.CASH_OUT not in rules.settings.features:
        raise FeatureOff(feature="Cash-out")
    ticket = await find_ticket(reader, operator.id, parse_identifier(asked.identifier))
    if ticket is None:
        raise TicketNotFound(identifier=asked.identifier)
    return ticket


async def _price(reader: Reader, ticket: Ticket, rules: OperatorRules) -> _Priced:
    facts, settings = ticket.facts, rules.rules.settings
    if not may_be_cashed_out(ticket, settings):
        raise CashOutNotAvailable
    world = await read_world(reader, [ticket])
    market = await read_market(reader, frozenset(facts.events))
    outcomes = world.outcomes.of(facts)
    terms = world.terms[facts.key.operator, facts.tax_profile]
    found = offer(facts, outcomes, market, terms, settings.cash_out_margin)
    if found is None:
        raise CashOutNotAvailable
    starts = (market.events[event].starts for event in facts.events)
    until = min([market.now + _LASTS, *(each for each in starts if each > market.now)])
    return _Priced(found, world, until)


async def _replay(reader: Reader, ticket: Ticket, claim: Claim) -> CashedOut | None:
    name = ClaimName(ticket.facts.key.operator, claim.key)
    claimed = (await find_claims(reader, [name])).get(name)
    if claimed is None:
        return None
    if claimed.body != claim.body or claimed.ticket != ticket.facts.key:
        raise IdempotencyKeyReused
    assert claimed.deciding is not None, "a cash-out and what decides it are written together"
    # Its amounts stay for ever; only the close came after.
    state = ticket.state._replace(
        n=claimed.n, status=claimed.deciding.status, updated=claimed.deciding.at, closing=False
    )
    return CashedOut(ticket._replace(state=state), is_replay=True)


def _change(ticket: Ticket, amounts: Amounts, priced: _Priced) -> Change:
    facts, state = ticket
    gross, wht, net = amounts
    after = state._replace(
        status=Status.RESULTED,
        result=TicketResult.WON,
        sealed=True,
        gross_cents=gross,
        wht_cents=wht,
        net_cents=net,
        told=amounts,
    )
    told = priced.world.tellers[facts.key.operator]
    telling = Telling(told.teller, told.settings.sms_url is not None)
    terms = priced.world.terms[facts.key.operator, facts.tax_profile]
    decision = Decision("cash out", after, _TELLS, describe(priced.offer, net))
    return change_of(ticket, decision, telling, terms, priced.world.now)


async def _save(writer: Writer, change: Change, claim: Claim, ticket: Ticket) -> CashedOut:
    kept = await claim_requests(writer, [Claiming(claim, change.key, change.n + 1)])
    if not kept:
        raise IdempotencyKeyReused
    moved = await save_changes(writer, [change])
    assert change.key in moved, "who holds a ticket is not overtaken"
    n = change.n + len(change.entries)
    state = change.state._replace(n=n, updated=moved[change.key])
    return CashedOut(ticket._replace(state=state))
