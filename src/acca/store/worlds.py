"""What tickets that are held are settled by, read at once and after they are held."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from acca.core.cards.jackpot import Jackpot
from acca.core.cards.products import Body
from acca.core.cards.superbet import Superbet
from acca.core.day_paying import Allowed
from acca.core.ended_events import Outcomes
from acca.core.finance import TaxTerms
from acca.core.jackpot_judging import Refunded
from acca.core.jackpot_settling import count_lines, settle_jackpot
from acca.core.player_day import day_of
from acca.core.resulting import Ways, ways_of
from acca.core.score import Result
from acca.core.settling import Settlement, Terms, refund, settle_accumulator
from acca.core.superbet_settling import settle_superbet
from acca.core.ticket import TicketResult, TicketType
from acca.core.ticket_facts import Facts, Ticket
from acca.store.clock import read_clock
from acca.store.connection import Reader, Writer
from acca.store.day_payouts import DayPayouts, hold_days, read_days, read_limits
from acca.store.jackpots import Round, read_round
from acca.store.placing import CardName, read_cards
from acca.store.settling import read_facts
from acca.store.tax_profiles import read_terms
from acca.store.tellers import OperatorTold, read_tellers

_SUPERBET, _JACKPOT = TicketType.SUPERBET, TicketType.JACKPOT


class World(NamedTuple):
    """What tickets are settled by, read while they are held."""

    now: datetime
    outcomes: Outcomes
    terms: Mapping[tuple[int, int], TaxTerms]
    cards: Mapping[CardName, Body]
    rounds: Mapping[str, Round]
    """Jackpots by their code, which no other card has."""
    tellers: Mapping[int, OperatorTold]
    ways: dict[tuple[int, TicketType], Ways]

    def terms_of(self, facts: Facts) -> Terms:
        """Tell what was frozen into a ticket that decides its money."""
        tax = self.terms[facts.key.operator, facts.tax_profile]
        return Terms(facts.charge, tax, facts.cap_cents, facts.void_refund)

    def settle(self, facts: Facts) -> Settlement | None:
        """Settle a ticket by the facts; None while its end is not certain."""
        terms = self.terms_of(facts)
        if facts.type is _JACKPOT:
            return _settle_jackpot(facts, self.rounds.get(facts.card or ""), terms)
        outcomes = self.outcomes.of(facts)
        if facts.type is not _SUPERBET:
            return settle_accumulator(facts.odds, outcomes, terms)
        card = self.cards[CardName(facts.key.operator, facts.card or "")]
        assert isinstance(card, Superbet), "a superbet is taken from a card of superbets"
        return settle_superbet(card, facts.bets, outcomes, terms)


def _settle_jackpot(facts: Facts, round_: Round | None, terms: Terms) -> Settlement | None:
    if round_ is None:
        return None
    body, outcome, prizes = round_
    if isinstance(outcome, Refunded):
        return refund(terms)
    return settle_jackpot(body, prizes, count_lines(outcome, facts.events, facts.bets), terms)


async def read_jackpot(reader: Reader, name: CardName) -> Jackpot:
    """Read the body of a jackpot."""
    now = (await read_clock(reader)).now
    body = (await read_cards(reader, [name], now))[name].body
    assert isinstance(body, Jackpot), "a jackpot is taken from a card of jackpots"
    return body


async def _read_rounds(reader: Reader, tickets: Sequence[Ticket]) -> dict[str, Round]:
    rounds: dict[str, Round] = {}
    names = {
        CardName(ticket.facts.key.operator, ticket.facts.card)
        for ticket in tickets
        if ticket.facts.type is _JACKPOT and ticket.facts.card is not None
    }
    for name in sorted(names):
        round_ = await read_round(reader, *name, await read_jackpot(reader, name))
        if round_ is not None:
            rounds[name.code] = round_
    return rounds


async def read_world(
    reader: Reader,
    tickets: Sequence[Ticket],
    *,
    with_jackpots: bool = True,
    supposed: tuple[int, Result] | None = None,
) -> World:
    """Read what tickets that are held are settled by, or would be if an event had ended so."""
    now = (await read_clock(reader)).now
    operators = {ticket.facts.key.operator for ticket in tickets}
    events = {event for ticket in tickets for event in ticket.facts.events}
    facts = await read_facts(reader, events, operators)
    if supposed is not None and supposed[0] in facts:
        facts[supposed[0]] = facts[supposed[0]]._replace(result=supposed[1])
    profiles = {(ticket.facts.key.operator, ticket.facts.tax_profile) for ticket in tickets}
    cards = {
        CardName(ticket.facts.key.operator, ticket.facts.card)
        for ticket in tickets
        if ticket.facts.card is not None and ticket.facts.type is TicketType.SUPERBET
    }
    seen = await read_cards(reader, sorted(cards), now) if cards else {}
    tellers = await read_tellers(reader, operators)
    return World(
        now,
        Outcomes(facts),
        await _read_terms(reader, profiles),
        {name: card.body for name, card in seen.items()},
        await _read_rounds(reader, tickets) if with_jackpots else {},
        tellers,
        {
            (operator, each): ways_of(told.settings, each)
            for operator, told in tellers.items()
            for each in TicketType
        },
    )


async def read_days_of(reader: Reader, tickets: Sequence[Ticket], world: World) -> DayPayouts:
    """Read what the days of tickets' players allow; what was paid on these is not held yet."""
    limits = {
        name: most
        for name, most in (await read_limits(reader, world.tellers)).items()
        if world.ways[name[:2]].changed is None
    }
    today = {
        operator: day_of(world.now, told.settings.time_zone).date()
        for operator, told in world.tellers.items()
    }
    return await read_days(reader, limits, today, tickets)


async def hold_days_of(
    writer: Writer, tickets: Sequence[Ticket], world: World
) -> DayPayouts | None:
    """Hold the days of players that are limited; None where no operator limits any."""
    days = await read_days_of(writer, tickets, world)
    if not days.matter:
        return None
    await hold_days(writer, days, [one for one in tickets if _touches_a_day(one, world)])
    return days


def _touches_a_day(ticket: Ticket, world: World) -> bool:
    if ticket.state.result is TicketResult.WON:
        return True
    settlement = world.settle(ticket.facts)
    return settlement is not None and settlement.result is TicketResult.WON


def allowed_by(days: DayPayouts | None, ticket: Ticket, world: World) -> Allowed:
    """Settle a ticket by the facts, and by what its player's day allows."""
    settlement = world.settle(ticket.facts)
    if days is None:
        return Allowed(settlement, None)
    return days.allow(ticket, settlement, world.terms_of(ticket.facts))


async def _read_terms(
    reader: Reader, profiles: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], TaxTerms]:
    by_operator: dict[int, list[int]] = {}
    for operator, number in profiles:
        by_operator.setdefault(operator, []).append(number)
    return {
        (operator, number): terms
        for operator, numbers in by_operator.items()
        for number, terms in (await read_terms(reader, operator, numbers)).items()
    }
