"""Whether a reserved ticket may be paid, and what waits for a ticket that is open (spec 3, 6)."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from math import prod
from typing import NamedTuple

from acca.core.finance import RATE_ONE
from acca.core.operator import OperatorSettings
from acca.core.placing import EventSeen
from acca.core.ticket import Status
from acca.core.ticket_facts import Facts, State, Task, Ticket, Waiting

_STARTED = frozenset({"live", "finished", "abandoned"})


class Because(Enum):
    """Why a reserved ticket is not paid; the words of the header `refused-because`."""

    RESERVATION_EXPIRED = "reservation-expired"
    EVENT_STARTED = "event-started"
    ODDS_DROPPED = "odds-dropped"


CANCELS = frozenset({Because.RESERVATION_EXPIRED, Because.EVENT_STARTED})
"""With these the ticket ends; with the others it stays reserved."""


class Present(NamedTuple):
    """What stands now: business time, the events of a ticket, and whether its card takes it."""

    now: datetime
    events: Mapping[int, EventSeen]
    is_card_open: bool = True


class NotReserved(NamedTuple):
    """The ticket is in another status, and nothing happens."""


class Hindered(NamedTuple):
    """The ticket is reserved and cannot be paid."""

    because: Because


def judge_payment(
    ticket: Ticket, present: Present, settings: OperatorSettings
) -> NotReserved | Hindered | None:
    """Say what is in the way of a payment, None where nothing is.

    A selection that is suspended, or has no odds any more, is not in the way.
    """
    facts, state = ticket
    if state.status is not Status.RESERVED:
        return NotReserved()
    assert state.expires is not None, "a reservation expires"
    if state.expires <= present.now or not present.is_card_open:
        return Hindered(Because.RESERVATION_EXPIRED)
    if any(has_started(present.events[event], present.now) for event in facts.events):
        return Hindered(Because.EVENT_STARTED)
    if _has_dropped(facts, present.events, settings.reserve_drift):
        return Hindered(Because.ODDS_DROPPED)
    return None


def has_started(event: EventSeen, now: datetime) -> bool:
    """Tell whether an event has started, by its time or by what is told of it."""
    return event.starts <= now or event.state in _STARTED


def _has_dropped(facts: Facts, events: Mapping[int, EventSeen], drift: int | None) -> bool:
    """Compare exact products: of both, the rounded total may hide or invent a drop."""
    if drift is None or facts.total_odds is None:
        return False
    present = [
        events[event].odds.get(bet, odds)
        for event, bet, odds in zip(facts.events, facts.bets, facts.odds, strict=True)
    ]
    return prod(present) * RATE_ONE < prod(facts.odds) * (RATE_ONE - drift)


def waiting_when_open(
    state: State, now: datetime, first_start: datetime, *, has_result: bool
) -> Waiting | None:
    """Tell what an open ticket waits for: a trader's word, or a result that is there already."""
    if not state.approved:
        return Waiting(Task.DECLINE, first_start)
    return Waiting(Task.SETTLE, now) if has_result else None
