"""Tickets with all that they are explained by, as tests of explanations make them."""

import datetime as dt
from typing import NamedTuple

from jackpots_seen import REDUCE
from tickets_made import CREATED, new_ticket

from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier
from acca.core.cards.superbet import Prize, Superbet
from acca.core.ended_events import EventFacts, Outcomes
from acca.core.event_shown import EventShown, Labelled
from acca.core.explaining import Known, explain
from acca.core.finance import ExciseFormula, Payout, TaxTerms, charge_price, pay_out
from acca.core.jackpot_judging import Decided
from acca.core.jackpot_settling import count_lines, settle_jackpot
from acca.core.odds import total_odds
from acca.core.score import Ending, Result, Score
from acca.core.settling import Settlement, Terms, refund, settle_accumulator
from acca.core.superbet_settling import settle_superbet
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import State, Ticket

KENYA = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000)
FREE = TaxTerms()
STARTS = CREATED + dt.timedelta(hours=5)
AFTER = CREATED + dt.timedelta(hours=9)
NAIROBI = dt.timezone(dt.timedelta(hours=3))
TEAMS = [("Gor Mahia", "AFC Leopards"), ("Bandari", "Tusker"), ("Sofapaka", "Kariobangi Sharks")]
LINE = Tier(PrizeKind.FIXED_PER_LINE, 5_000_000), Tier(PrizeKind.FIXED_PER_LINE, 20_000)
JACKPOT = Jackpot(2_000, 8, LINE, (1, 2), (REDUCE,))
SUPERBET = Superbet(
    1, 5_000, ((1, 2, 3), (101, 111), (216, 217)), (Prize(3, 20_000), Prize(2, 2_000))
)


def played(home, away, *periods):
    return Result(Ending.PLAYED, Score((home, away), periods))


def abandoned(home, away):
    return Result(Ending.ABANDONED, Score((home, away), ((home, away),)))


CANCELLED, POSTPONED = Result(Ending.CANCELLED), Result(Ending.POSTPONED)


def shown(id_, result=None, teams=None, sport="football"):
    home, away = teams or TEAMS[id_ - 1]
    named = Labelled(1, "x")
    sides = Labelled(2, home), Labelled(3, away)
    return EventShown(id_, STARTS, sport, named, named, named, *sides, result)


class Told(NamedTuple):
    """A ticket, and what is known of it."""

    ticket: Ticket
    known: Known

    def explained(self):
        return explain(self.ticket, self.known)

    def settled(self):
        """Let the ticket have ended as its facts say."""
        end = self.known.settlement
        return self.at(Status.RESULTED, end)

    def at(self, status, end=None, *kinds, **changes):
        """Bring the ticket to a status, ended in a way."""
        state = self.ticket.state._replace(status=status)
        if end is not None:
            odds, amounts = end.settled_odds, end[2:5]
            state = state._replace(result=end.result, settled_odds=odds)
            named = dict(zip(("gross_cents", "wht_cents", "net_cents"), amounts, strict=True))
            state = state._replace(**named)
        state = state._replace(**changes)
        known = self.known._replace(kinds=[*self.known.kinds, *kinds])
        return Told(Ticket(self.ticket.facts, state), known)


def _ticket(facts, payout):
    amounts = payout[:3]
    state = State(2, Status.OPEN, TicketResult.PENDING, True, *amounts, CREATED)  # noqa: FBT003
    return Ticket(facts, state)


def _facts(events, bets, odds, terms, price, **changes):
    charge = charge_price(price, terms)
    payout = pay_out(charge, total_odds(odds), terms, changes.get("cap_cents"))
    made = new_ticket(1, events, charge=charge, payout=payout, bets=bets, odds=odds)
    total = total_odds(odds)
    return made.facts._replace(total_odds=total, code="E36E20", tax_profile=3, **changes)


def accumulator(*legs, terms=KENYA, price=10_000, now=AFTER, overdue=(), **changes):
    """Make an open ticket of legs (bet, odds, result), in their order on events 1, 2, 3."""
    ids = tuple(range(1, len(legs) + 1))
    bets, odds = tuple(leg[0] for leg in legs), tuple(leg[1] for leg in legs)
    facts = _facts(ids, bets, odds, terms, price, **changes)
    events = {id_: shown(id_, leg[2], *leg[3:]) for id_, leg in zip(ids, legs, strict=True)}
    outcomes = _outcomes(events, facts, overdue)
    frozen = Terms(facts.charge, terms, facts.cap_cents, facts.void_refund)
    settlement = settle_accumulator(odds, outcomes, frozen)
    known = Known(now, terms, events, None, outcomes, settlement, ["new", "confirm"])
    return Told(_ticket(facts, facts.payout), known)


def _outcomes(events, facts, overdue=()):
    voids = ((1, AFTER),)
    told = {
        id_: EventFacts(event.sport_code, event.result, voids if id_ in overdue else ())
        for id_, event in events.items()
    }
    return Outcomes(told).of(facts)


def superbet(result=None, bets=(1, 101, 216), card=SUPERBET, terms=KENYA, **changes):
    """Make an open superbet of three answers."""
    events = {1: shown(1, result)}
    facts = _prized(TicketType.SUPERBET, (1,) * len(bets), bets, terms, **changes)
    outcomes = _outcomes(events, facts)
    settlement = settle_superbet(card, bets, outcomes, Terms(facts.charge, terms))
    known = Known(AFTER, terms, events, card, outcomes, settlement, ["new", "confirm"])
    return Told(_ticket(facts, facts.payout), known)


def jackpot(results, picks, outcome=None, prizes=None, card=JACKPOT, **changes):
    """Make an open jackpot of picks (event, bet); what it is judged by may be given."""
    events = {id_: shown(id_, result) for id_, result in enumerate(results, 1)}
    ids, bets = zip(*picks, strict=True)
    facts = _prized(TicketType.JACKPOT, ids, bets, KENYA, **changes)
    terms, settlement = Terms(facts.charge, KENYA), None
    if isinstance(outcome, Decided):
        lines = count_lines(outcome, ids, bets)
        settlement = settle_jackpot(card, prizes, lines, terms)
    elif outcome is not None:
        settlement = refund(terms)
    judged = None if outcome is None else (outcome, prizes)
    outcomes = [None] * len(ids)
    kinds = ["new", "confirm"]
    known = Known(AFTER, KENYA, events, card, outcomes, settlement, kinds, judged)
    return Told(_ticket(facts, facts.payout), known)


def _prized(type_, ids, bets, terms, lines=None, price=5_000):
    made = new_ticket(1, ids, bets=tuple(bets), odds=(), total_odds=None, type=type_, lines=lines)
    nothing = Payout(0, 0, 0, 0)
    kept = made.facts._replace(code="E36E20", tax_profile=3, payout=nothing, card="A1B2C3")
    return kept._replace(charge=charge_price(price, terms))


def declined(charge):
    """Make the end of a ticket that was declined: the whole price goes back."""
    price = charge.price_cents
    return Settlement(TicketResult.VOID, 100, price, 0, price, price)
