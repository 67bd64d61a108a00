"""A ticket's facts, state and events as the ticket object that operators read (spec 3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, TypedDict

from acca.core.cards.jackpot import Jackpot
from acca.core.cards.products import Body
from acca.core.cards.superbet import Superbet
from acca.core.event_shown import EventShown, Labelled
from acca.core.finance import ExtType, TaxTerms
from acca.core.markets.market import Bet
from acca.core.markets.settlement import settle
from acca.core.markets.sports import SPORTS
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON, Outcome
from acca.core.settling import multiply_factors
from acca.core.ticket import Source, Status, TicketResult, TicketType
from acca.core.ticket_facts import Facts, State, Ticket
from acca.wire.be_tickets import (
    AccumulatorTicket,
    JackpotTicket,
    LegResult,
    SuperbetBet,
    SuperbetEvent,
    SuperbetTicket,
    TicketLeg,
)
from acca.wire.be_tickets import Ticket as TicketAnswer
from acca.wire.parts import Coded, EventScore, Named, Prize

_LEGS_KEPT = 8192
"""Thousands of tickets hold the same legs: each is made only once."""
_RESULTS: Mapping[Outcome, LegResult] = {
    WON: LegResult.WON,
    HALF_WON: LegResult.HALF_WON,
    VOID: LegResult.VOID,
    HALF_LOST: LegResult.HALF_LOST,
    LOST: LegResult.LOST,
}


class _Head(TypedDict):
    id: str
    code: str
    psp: str | None
    price_cents: int
    stake_cents: int
    currency: str
    gross_payout_cents: int
    net_payout_cents: int
    wht_amount_cents: int
    wht_rate: int
    ext_amount_cents: int
    ext_rate: int
    ext_type: ExtType
    status: Status
    result: TicketResult
    approved: bool
    source: Source
    type: TicketType
    atag: str | None
    rtag: str | None
    aff_instant_comm_amt_cents: int | None
    aff_instant_comm_pct_rate: int | None
    user_id: str
    created: datetime
    updated: datetime


class _Event(TypedDict):
    id: int
    starts: datetime
    sport: Named
    category: Named
    league: Named
    home_team: Named
    away_team: Named


class _Coded(TypedDict):
    market: Coded
    bet: Coded
    line: Coded | None


class Shown(NamedTuple):
    """What a ticket is shown with: the terms of its tax profile, its events, its card's body."""

    terms: TaxTerms
    events: Mapping[int, EventShown]
    card: Body | None


def answer_ticket(ticket: Ticket, shown: Shown) -> TicketAnswer:
    """Make the ticket object of a ticket."""
    facts, state = ticket
    head = _head(facts, state, shown.terms)
    if state.status is Status.OPEN and state.approved and (state.held or _is_certain(facts, shown)):
        head["status"] = Status.CALCULATING
    if facts.type is TicketType.SUPERBET:
        return _answer_superbet(facts, head, shown)
    if facts.type is TicketType.JACKPOT:
        return _answer_jackpot(facts, head, shown)
    assert facts.total_odds is not None, "an accumulator has total odds"
    return AccumulatorTicket(
        **head,
        events=_legs(facts, shown),
        odds=facts.total_odds,
        betcard_code=facts.card,
        settled_odds=state.settled_odds,
    )


def _is_certain(facts: Facts, shown: Shown) -> bool:
    """Tell whether the events leave nothing open; what follows from that is being settled."""
    events = [shown.events[event] for event in facts.events]
    if all(event.result is None for event in events):
        return False
    outcomes = [_outcome(*leg) for leg in zip(events, facts.bets, strict=True)]
    if facts.odds:
        return multiply_factors(facts.odds, outcomes) is not None
    return None not in outcomes


def _answer_superbet(facts: Facts, head: _Head, shown: Shown) -> SuperbetTicket:
    assert isinstance(shown.card, Superbet), "a superbet is taken from its card"
    event = shown.events[facts.events[0]]
    bets = [_bet(event, bet) for bet in facts.bets]
    return SuperbetTicket(
        **head,
        event=SuperbetEvent(**_event(event), score=_score(event)),
        bets=tuple(
            SuperbetBet(**_coded(bet), bet_id=bet.id, result=_result(event, bet)) for bet in bets
        ),
        betcard_code=facts.card,
        prizes=tuple(Prize(correct=c, amount_cents=a) for c, a in shown.card.prizes),
    )


def _answer_jackpot(facts: Facts, head: _Head, shown: Shown) -> JackpotTicket:
    assert isinstance(shown.card, Jackpot), "a jackpot is taken from its card"
    assert facts.card is not None, "a jackpot is taken from its card"
    assert facts.lines is not None, "a jackpot has lines"
    prize, *bonus = (tier.amount_cents for tier in shown.card.tiers)
    return JackpotTicket(
        **head,
        events=_legs(facts, shown),
        betcard_code=facts.card,
        prize_cents=prize,
        bonus_prizes=tuple(bonus),
        lines=facts.lines,
    )


def _head(facts: Facts, state: State, terms: TaxTerms) -> _Head:
    return {
        "id": facts.key.id.hex(),
        "code": facts.code,
        "psp": facts.psp,
        "price_cents": facts.charge.price_cents,
        "stake_cents": facts.charge.stake_cents,
        "currency": facts.currency,
        "gross_payout_cents": state.gross_cents,
        "net_payout_cents": state.net_cents,
        "wht_amount_cents": state.wht_cents,
        "wht_rate": terms.wht_rate,
        "ext_amount_cents": facts.charge.ext_cents,
        "ext_rate": terms.ext_rate,
        "ext_type": terms.ext_formula.ext_type,
        "status": state.status,
        "result": state.result,
        "approved": state.approved,
        "source": facts.source,
        "type": facts.type,
        "atag": facts.atag,
        "rtag": facts.rtag,
        "aff_instant_comm_amt_cents": facts.affiliate_cents,
        "aff_instant_comm_pct_rate": facts.affiliate_rate,
        "user_id": facts.player,
        "created": facts.created,
        "updated": state.updated,
    }


def _legs(facts: Facts, shown: Shown) -> tuple[TicketLeg, ...]:
    picked = zip(facts.events, facts.bets, facts.odds, strict=True)
    return tuple(_leg(shown.events[event], bet, odds) for event, bet, odds in picked)


@lru_cache(_LEGS_KEPT)
def _leg(event: EventShown, bet_id: int, odds: int) -> TicketLeg:
    bet = _bet(event, bet_id)
    return TicketLeg(
        **_event(event),
        **_coded(bet),
        bet_id=bet_id,
        odds=odds,
        result=_result(event, bet),
        score=_score(event),
    )


def _event(event: EventShown) -> _Event:
    return {
        "id": event.id,
        "starts": event.starts,
        "sport": _named(event.sport),
        "category": _named(event.category),
        "league": _named(event.league),
        "home_team": _named(event.home_team),
        "away_team": _named(event.away_team),
    }


def _coded(bet: Bet) -> _Coded:
    line = None
    if bet.line is not None:
        line = Coded(code=bet.line, name=bet.line_name or bet.line)
    return {
        "market": Coded(code=bet.market, name=bet.market_name),
        "bet": Coded(code=bet.code, name=bet.name),
        "line": line,
    }


def _named(labelled: Labelled) -> Named:
    return Named(id=labelled.id, name=labelled.name)


def _bet(event: EventShown, bet_id: int) -> Bet:
    return SPORTS[event.sport_code].bets[bet_id]


def _result(event: EventShown, bet: Bet) -> LegResult:
    outcome = _outcome(event, bet.id)
    if outcome is None:
        return LegResult.PENDING
    return _RESULTS.get(outcome, LegResult.WON)


def _outcome(event: EventShown, bet_id: int) -> Outcome | None:
    if event.result is None:
        return None
    return settle(SPORTS[event.sport_code], _bet(event, bet_id), event.result)


def _score(event: EventShown) -> EventScore | None:
    score = None if event.result is None else event.result.score
    if score is None:
        return None
    half: Sequence[tuple[int, int]] = score.periods[:1]
    return EventScore(ht=half[0] if half else None, ft=score.total)
