"""What a ticket's explanation tells, as values without words: its legs, its money, its story.

Legs tell the facts as they are known now, money the amounts that are in force; where these do not
fit each other yet, or never will, a note says so.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from acca.core.cards.jackpot import Jackpot, Tier
from acca.core.cards.products import Body
from acca.core.cards.superbet import Prize, Superbet
from acca.core.event_shown import EventShown
from acca.core.finance import Payout, TaxTerms, find_taxable
from acca.core.jackpot_judging import Decided, Place, Refunded
from acca.core.jackpot_settling import Prizes, count_lines, winning_lines
from acca.core.markets.market import Bet
from acca.core.markets.settlement import settle
from acca.core.markets.sports import SPORTS
from acca.core.outcome import LOST, VOID, WON, Outcome
from acca.core.public_draw import Sign
from acca.core.resulting import Decision, TooLate, Ways, decide
from acca.core.score import Ending
from acca.core.settling import Settlement, Terms, multiply_factors, settle_accumulator
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import Facts, State, Ticket


class Happened(Enum):
    """What is known of the event of a leg; `overdue` is held as not played: it waited too long."""

    AWAITED = "awaited"
    RUNNING = "running"
    PLAYED = "played"
    ABANDONED = "abandoned"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    OVERDUE = "overdue"


class Leg(NamedTuple):
    """One bet of an accumulator or one answer of a superbet, which has no odds."""

    event: EventShown
    happened: Happened
    bet: Bet
    odds: int | None
    outcome: Outcome | None


class Guess(NamedTuple):
    """The picks of one event of a jackpot; `place` None: the card does not count it, or not yet."""

    event: EventShown
    happened: Happened
    signs: tuple[Sign, ...]
    is_reserve: bool = False
    place: Place | None = None
    reserve: EventShown | None = None


class Case(Enum):
    """Where a ticket stands, as far as it makes a sentence of its own."""

    NEW = "new"
    RESERVED = "reserved"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    WAITING = "waiting"
    OPEN = "open"
    CALCULATING = "calculating"
    HELD = "held"
    WON = "won"
    LOST = "lost"
    VOID = "void"
    DECLINED = "declined"
    CASHED_OUT = "cashed_out"


class Note(Enum):
    """What else a reader has to know."""

    REOPENED = "reopened"
    CORRECTED = "corrected"
    CORRECTING = "correcting"
    LATE = "late"
    CLOSED = "closed"


class Answers(NamedTuple):
    """How the answers of a superbet stand, and its first prize."""

    right: int
    voids: int
    questions: int
    first: Prize


class LinesWon(NamedTuple):
    """The lines of a jackpot ticket that win one tier."""

    wrong: int
    lines: int
    per_line_cents: int


class Lines(NamedTuple):
    """How the lines of a jackpot stand; `best_wrong` is None before its events are judged."""

    lines: int
    first: Tier
    best_wrong: int | None = None
    won: tuple[LinesWon, ...] = ()


class Steps(NamedTuple):
    """The computation of a payout: `product` is exact, a numerator over a denominator.

    Prizes have neither factors nor odds.
    """

    factors: tuple[tuple[int, int], ...]
    product: tuple[int, int] | None
    odds: int
    payout: Payout
    base_cents: int
    taxable_cents: int


class Explained(NamedTuple):
    """All that sentences about a ticket are made of; `steps` None: nothing is computed, or more."""

    ticket: Ticket
    terms: TaxTerms
    case: Case
    legs: tuple[Leg | Guess, ...]
    notes: tuple[Note, ...]
    odds: int
    payout: Payout | None
    steps: Steps | None
    tally: Answers | Lines | None
    day_left_cents: int | None = None
    """What its player's day had left for a ticket that won."""


class Known(NamedTuple):
    """What a ticket is explained by, all of one moment; `kinds` are those of its journal.

    `outcomes` and `settlement` are what the facts of now give and its player's day allows, `judged`
    is how its jackpot counts.
    """

    now: datetime
    terms: TaxTerms
    events: Mapping[int, EventShown]
    card: Body | None
    outcomes: Sequence[Outcome | None]
    settlement: Settlement | None
    kinds: Sequence[str]
    judged: tuple[Decided | Refunded, Prizes] | None = None
    day_left_cents: int | None = None


def explain(ticket: Ticket, known: Known) -> Explained:
    """Say what happened to a ticket and its money."""
    facts, state = ticket
    case = _case_of(ticket, known)
    odds, payout = _payout_of(facts, state, case, known)
    notes = _notes_of(ticket, known)
    is_computed = payout is not None and case in {Case.RESERVED, Case.OPEN, Case.WON}
    has_moved = Note.CORRECTING in notes or Note.LATE in notes
    return Explained(
        ticket,
        known.terms,
        case,
        _legs_of(facts, known),
        notes,
        odds,
        payout,
        _steps_of(facts, case, odds, payout, known) if is_computed and not has_moved else None,
        _tally_of(facts, known),
        known.day_left_cents if case is Case.WON else None,
    )


_ENDED = {
    TicketResult.WON: Case.WON,
    TicketResult.LOST: Case.LOST,
    TicketResult.VOID: Case.VOID,
}


def _case_of(ticket: Ticket, known: Known) -> Case:
    state = ticket.state
    match state.status:
        case Status.NEW:
            return Case.NEW
        case Status.RESERVED:
            return Case.RESERVED
        case Status.CANCELLED:
            return Case.EXPIRED if "expire" in known.kinds else Case.CANCELLED
        case Status.RESULTED | Status.CLOSED:
            if "decline" in known.kinds:
                return Case.DECLINED
            return Case.CASHED_OUT if "cash out" in known.kinds else _ENDED[state.result]
        case _:
            return _open_case(state, known)


def _open_case(state: State, known: Known) -> Case:
    if not state.approved:
        return Case.WAITING
    if state.held:
        return Case.HELD
    return Case.OPEN if known.settlement is None else Case.CALCULATING


def _notes_of(ticket: Ticket, known: Known) -> tuple[Note, ...]:
    state = ticket.state
    if state.status not in {Status.OPEN, Status.RESULTED, Status.CLOSED}:
        return ()
    notes: list[Note] = []
    if state.status is Status.OPEN:
        return (Note.REOPENED,) if "reopen" in known.kinds else ()
    if "correct" in known.kinds or "reopen" in known.kinds:
        notes.append(Note.CORRECTED)
    due = decide(ticket, known.settlement, Ways())
    if isinstance(due, Decision):
        notes.append(Note.CORRECTING)
    if isinstance(due, TooLate) and due.differs:
        notes.append(Note.LATE)
    if state.status is Status.CLOSED:
        notes.append(Note.CLOSED)
    return tuple(notes)


def _legs_of(facts: Facts, known: Known) -> tuple[Leg | Guess, ...]:
    if facts.type is TicketType.JACKPOT:
        return tuple(_guesses_of(facts, known))
    odds = facts.odds or (None,) * len(facts.bets)
    rows = zip(facts.events, facts.bets, odds, known.outcomes, strict=True)
    return tuple(_leg(known, *row) for row in rows)


def _leg(known: Known, id_: int, bet_id: int, odds: int | None, outcome: Outcome | None) -> Leg:
    event = known.events[id_]
    sport = SPORTS[event.sport_code]
    bet = sport.bets[bet_id]
    by_result = None if event.result is None else settle(sport, bet, event.result)
    is_overdue = outcome == VOID and by_result != VOID
    happened = Happened.OVERDUE if is_overdue else _happened(event, known.now)
    return Leg(event, happened, bet, odds, outcome)


_ENDINGS = {
    Ending.PLAYED: Happened.PLAYED,
    Ending.ABANDONED: Happened.ABANDONED,
    Ending.CANCELLED: Happened.CANCELLED,
    Ending.POSTPONED: Happened.POSTPONED,
}


def _happened(event: EventShown, now: datetime) -> Happened:
    if event.result is not None:
        return _ENDINGS[event.result.ending]
    return Happened.AWAITED if now < event.starts else Happened.RUNNING


def _guesses_of(facts: Facts, known: Known) -> list[Guess]:
    assert isinstance(known.card, Jackpot), "a jackpot is taken from its card"
    picked: dict[int, list[Sign]] = {}
    for id_, bet_id in zip(facts.events, facts.bets, strict=True):
        bet = SPORTS[known.events[id_].sport_code].bets[bet_id]
        picked.setdefault(id_, []).append(Sign(bet.code))
    outcome = None if known.judged is None else known.judged[0]
    places = {one.event: one for one in outcome.places} if isinstance(outcome, Decided) else {}
    guesses: list[Guess] = []
    for id_, signs in picked.items():
        event, place = known.events[id_], places.get(id_)
        reserve = None if place is None or place.reserve is None else known.events[place.reserve]
        is_reserve = id_ in known.card.reserves
        happened = _happened(event, known.now)
        guesses.append(Guess(event, happened, tuple(signs), is_reserve, place, reserve))
    return guesses


def _payout_of(facts: Facts, state: State, case: Case, known: Known) -> tuple[int, Payout | None]:
    """Tell what a ticket pays or may pay, and its odds; no payout where none is known yet."""
    amounts = state.gross_cents, state.wht_cents, state.net_cents
    settled = known.settlement
    if case in {Case.RESERVED, Case.OPEN}:
        return _may_pay(facts, known)
    if case is Case.WON:
        is_same = settled is not None and settled.gross_cents == state.gross_cents
        uncapped = settled.uncapped_cents if settled and is_same else state.gross_cents
        return state.settled_odds or 0, Payout(*amounts, uncapped)
    if case in {Case.VOID, Case.DECLINED, Case.CASHED_OUT}:
        return 0, Payout(*amounts, state.gross_cents)
    return 0, None


def _may_pay(facts: Facts, known: Known) -> tuple[int, Payout | None]:
    """Tell what an accumulator pays if all that is open is won: as struck, or less by its legs."""
    if facts.total_odds is None:
        return 0, None
    if not any(known.outcomes):
        return facts.total_odds, facts.payout
    terms = Terms(facts.charge, known.terms, facts.cap_cents, facts.void_refund)
    best = settle_accumulator(facts.odds, [one or WON for one in known.outcomes], terms)
    assert best is not None, "with every leg decided a ticket is"
    return best.settled_odds, Payout(*best[2:])


def _steps_of(
    facts: Facts, case: Case, odds: int, payout: Payout | None, known: Known
) -> Steps | None:
    assert payout is not None, "what is computed has amounts"
    taxed = find_taxable(payout.gross_cents, facts.charge, known.terms)
    if facts.total_odds is None:
        return Steps((), None, 0, payout, *taxed)
    outcomes = list(known.outcomes) if case is Case.WON else [one or WON for one in known.outcomes]
    product = multiply_factors(facts.odds, outcomes)
    if product is None:
        return None
    legs = zip(facts.odds, outcomes, strict=True)
    factors = tuple(multiply_factors([each], [outcome]) for each, outcome in legs)
    exact = tuple(one[:2] for one in factors if one is not None)
    return Steps(exact, product[:2], odds, payout, *taxed)


def _tally_of(facts: Facts, known: Known) -> Answers | Lines | None:
    card = known.card
    if facts.type is TicketType.SUPERBET:
        assert isinstance(card, Superbet), "a superbet is taken from its card"
        right = sum(bool(one.won) for one in known.outcomes if one is not None)
        voids = sum(one == VOID for one in known.outcomes)
        return Answers(right, voids, len(card.questions), card.prizes[0])
    if facts.type is not TicketType.JACKPOT:
        return None
    assert isinstance(card, Jackpot), "a jackpot is taken from its card"
    tally = Lines(facts.lines or 1, card.tiers[0])
    if known.judged is None or isinstance(known.judged[0], Refunded):
        return tally
    return _count(facts, card, tally, *known.judged)


def _count(
    facts: Facts, card: Jackpot, tally: Lines, decided: Decided | Refunded, prizes: Prizes
) -> Lines:
    assert isinstance(decided, Decided), "lines are counted by events that are judged"
    by_wrong = count_lines(decided, facts.events, facts.bets)
    best = next(wrong for wrong, lines in enumerate(by_wrong) if lines)
    winning = zip(winning_lines(card, by_wrong), prizes.tiers, strict=True)
    won = [
        LinesWon(wrong, lines, tier.per_line_cents)
        for wrong, (lines, tier) in enumerate(winning)
        if lines
    ]
    return tally._replace(best_wrong=best, won=tuple(won))


def losing_legs(explained: Explained) -> list[Leg]:
    """List the legs that lost a ticket."""
    legs = explained.legs
    return [leg for leg in legs if isinstance(leg, Leg) and leg.outcome == LOST]
