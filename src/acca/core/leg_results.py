"""How single legs of tickets ended, for operators that tell their players of each (spec 5).

A leg is told once it is decided, and again where a correction made it end otherwise while its
ticket is open or is moved by it. Picks of jackpots are no bets that won or lost.
"""

from collections.abc import Mapping, Sequence

from acca.core.outcome import VOID, Outcome
from acca.core.resulting import Decision, TooLate
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import Facts, Leg, LegResult, Ticket

TELL_LEGS = "tell legs"
"""The move of an open ticket of which nothing but legs is told."""
_TELLING = frozenset({"settle", "correct", "hold", "resume"})


def result_of(outcome: Outcome) -> TicketResult:
    """Tell the result of a leg: void only where all of it is."""
    if outcome == VOID:
        return TicketResult.VOID
    return TicketResult.WON if outcome.won else TicketResult.LOST


def find_news(
    facts: Facts, outcomes: Sequence[Outcome | None], told: Mapping[Leg, TicketResult]
) -> tuple[LegResult, ...]:
    """Find the legs whose result is not the one that was told last; None is undecided."""
    legs = map(Leg, facts.events, facts.bets)
    decided = (
        LegResult(leg, result_of(outcome))
        for leg, outcome in zip(legs, outcomes, strict=True)
        if outcome is not None
    )
    return tuple(one for one in decided if told.get(one.leg) is not one.result)


def may_tell(ticket: Ticket) -> bool:
    """Tell whether legs of a ticket are news to anybody."""
    facts, state = ticket
    is_settled_by_legs = facts.type is not TicketType.JACKPOT
    is_decidable = state.status in {Status.OPEN, Status.RESULTED} and not state.closing
    return is_settled_by_legs and is_decidable and state.approved and not state.sealed


def with_legs(
    ticket: Ticket, decision: Decision | TooLate | None, legs: Sequence[LegResult]
) -> Decision | TooLate | None:
    """Let the player be told of legs with what moves a ticket, or by a move of their own."""
    if not legs:
        return decision
    state = ticket.state
    if decision is None and state.status is Status.OPEN and not state.held:
        return Decision(TELL_LEGS, state, legs=tuple(legs))
    return add_legs(decision, legs) if isinstance(decision, Decision) else decision


def add_legs(decision: Decision, legs: Sequence[LegResult]) -> Decision:
    """Let the player be told of legs with a move, if that is one at which they are news."""
    return decision._replace(legs=tuple(legs)) if decision.kind in _TELLING else decision
