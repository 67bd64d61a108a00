import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tickets_made import CREATED, new_ticket

from acca.core.confirming import state_when_new
from acca.core.operator import OperatorSettings
from acca.core.paying import (
    Because,
    Hindered,
    NotReserved,
    Present,
    has_started,
    judge_payment,
    waiting_when_open,
)
from acca.core.placing import EventSeen
from acca.core.ticket import Status
from acca.core.ticket_facts import Task, Ticket, Waiting

NOW = CREATED + dt.timedelta(minutes=10)
HOUR, TICK = dt.timedelta(hours=1), dt.timedelta(microseconds=1)
SETTINGS = OperatorSettings()
DRIFT = OperatorSettings({"reserve_drift": 100_000})


def event(odds=150, **changes):
    seen = EventSeen(
        "football", NOW + HOUR, "scheduled", is_stopped=False, closed=(), odds={1: odds}
    )
    return seen._replace(**changes)


def present(*events, **changes):
    return Present(NOW, dict(enumerate(events, 1)), **changes)


def reserved(number=1, *, expires=NOW + TICK, status=Status.RESERVED, **changes):
    facts = new_ticket(1, range(1, number + 1), **changes).facts
    state = state_when_new(facts, approved=True)._replace(status=status, expires=expires)
    return Ticket(facts, state)


def because(ticket, now, settings=SETTINGS):
    judged = judge_payment(ticket, now, settings)
    return judged.because if isinstance(judged, Hindered) else judged


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.RESERVED])
def test_only_a_reserved_ticket_is_paid(status):
    assert NotReserved() == because(reserved(status=status), present(event()))


def test_a_reservation_expires_at_its_instant():
    assert because(reserved(expires=NOW + TICK), present(event())) is None
    assert Because.RESERVATION_EXPIRED is because(reserved(expires=NOW), present(event()))


def test_a_reservation_ends_with_its_card():
    closed = present(event(), is_card_open=False)
    assert Because.RESERVATION_EXPIRED is because(reserved(), closed)


@pytest.mark.parametrize(
    ("changes", "started"),
    [
        ({}, False),
        ({"starts": NOW + TICK}, False),
        ({"starts": NOW}, True),
        ({"state": "live"}, True),
        ({"state": "finished"}, True),
        ({"state": "abandoned"}, True),
        ({"state": "postponed"}, False),
        ({"state": "cancelled"}, False),
        ({"is_stopped": True}, False),
        ({"closed": (1,)}, False),
    ],
)
def test_what_has_started_hinders_and_a_suspension_does_not(changes, started):
    second = event(**changes)
    assert started == has_started(second, NOW)
    expected = Because.EVENT_STARTED if started else None
    assert expected is because(reserved(2), present(event(), second))


def test_odds_may_fall_as_far_as_the_operator_says():
    ticket = reserved(2, odds=(200, 200), total_odds=400)
    assert because(ticket, present(event(180), event(200)), DRIFT) is None
    dropped = present(event(180), event(199))
    assert Because.ODDS_DROPPED is because(ticket, dropped, DRIFT)
    assert because(ticket, dropped) is None


def test_odds_that_are_gone_or_fixed_prizes_do_not_hinder():
    gone = event(odds=100)._replace(odds={})
    assert because(reserved(), present(gone), DRIFT) is None
    prized = reserved(odds=(), total_odds=None)
    assert because(prized, present(event(100)), DRIFT) is None


def test_the_end_of_the_reservation_answers_before_the_rest():
    everything = present(event(100, state="live"))
    assert Because.RESERVATION_EXPIRED is because(reserved(expires=NOW), everything, DRIFT)
    assert Because.EVENT_STARTED is because(reserved(), everything, DRIFT)


@given(st.integers(100, 10_000), st.integers(100, 10_000), st.integers(0, 1_000_000))
def test_a_total_hinders_just_when_it_fell_by_more_than_the_drift(was, now, drift):
    ticket = reserved(odds=(was,), total_odds=was)
    settings = OperatorSettings({"reserve_drift": drift})
    fell_too_far = (was - now) * 1_000_000 > was * drift
    expected = Because.ODDS_DROPPED if fell_too_far else None
    assert expected is because(ticket, present(event(now)), settings)


def test_an_open_ticket_waits_for_a_trader_before_a_result():
    state = reserved().state
    first = NOW + HOUR
    waits = {
        (approved, has_result): waiting_when_open(
            state._replace(approved=approved), NOW, first, has_result=has_result
        )
        for approved in (True, False)
        for has_result in (True, False)
    }
    assert waits == {
        (True, True): Waiting(Task.SETTLE, NOW),
        (True, False): None,
        (False, True): Waiting(Task.DECLINE, first),
        (False, False): Waiting(Task.DECLINE, first),
    }
