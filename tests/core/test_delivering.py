from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.delivering import Course, Step, Tried, closes_in, plan_step, schedule_of
from acca.core.delivery import DISCARDS, NEWS, OUTCOMES, Verdict
from acca.core.lifecycle import Message

HALF_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)


def tried(action, **changes):
    one = Tried(action, 1, timedelta(0), Verdict.UNREACHED, None, None)
    return one._replace(**changes)


def plan(one, jitter=0, *, discard_404_is_done=False):
    return plan_step(one, jitter, discard_404_is_done=discard_404_is_done)


@pytest.mark.parametrize("action", Message)
def test_what_was_accepted_is_done_with(action):
    assert Step(Course.NEXT) == plan(tried(action, verdict=Verdict.ACCEPTED, http_status=200))


@pytest.mark.parametrize("action", Message)
def test_each_action_has_its_schedule(action):
    news = {Message.TICKET_STATUS, Message.BET_RESULT}
    usual = NEWS if action in news else OUTCOMES
    assert (DISCARDS if action is Message.TICKET_DISCARD else usual) is schedule_of(action)


@pytest.mark.parametrize("verdict", [Verdict.DECLINED, Verdict.UNREACHED])
def test_a_no_and_a_silence_are_tried_again_alike(verdict):
    delays = [5, 30, 120, 600, 1800, 1800]
    assert delays == [
        plan(tried(Message.TICKET_WIN, attempts=attempts, verdict=verdict)).delay.total_seconds()
        for attempts in range(1, 7)
    ]


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=3650)])
def test_a_discard_is_repeated_every_half_hour_without_end(age):
    one = tried(Message.TICKET_DISCARD, attempts=99, age=age)
    assert Step(Course.AGAIN, HALF_HOUR) == plan(one, 1000)


TOLD_ENDS = [Message.TICKET_WIN, Message.TICKET_LOST, Message.TICKET_VOID, Message.TICKET_REFUND]


@pytest.mark.parametrize("action", TOLD_ENDS)
def test_an_outcome_needs_attention_after_14_days_and_is_never_dropped(action):
    one = tried(action, attempts=50, age=14 * DAY - HALF_HOUR)
    assert Course.AGAIN is plan(one).course
    assert Step(Course.ATTENTION) == plan(one._replace(age=14 * DAY))


@pytest.mark.parametrize("action", [Message.TICKET_STATUS, Message.BET_RESULT])
def test_news_is_dropped_after_a_day_and_the_next_goes_on(action):
    assert Step(Course.NEXT) == plan(tried(action, attempts=9, age=DAY))


def test_a_404_is_done_only_for_a_discard_and_where_the_operator_says_so():
    unknown = tried(Message.TICKET_DISCARD, verdict=Verdict.DECLINED, http_status=404)
    assert Step(Course.NEXT) == plan(unknown, discard_404_is_done=True)
    assert Course.AGAIN is plan(unknown).course
    others = (
        unknown._replace(action=Message.TICKET_WIN),
        unknown._replace(http_status=400),
        unknown._replace(verdict=Verdict.UNREACHED),
    )
    for other in others:
        assert Course.AGAIN is plan(other, discard_404_is_done=True).course


def test_a_wait_that_is_asked_for_lengthens_the_delay_and_never_shortens_it():
    asked = tried(Message.TICKET_WIN, retry_after_seconds=90)
    assert Step(Course.AGAIN, timedelta(seconds=90)) == plan(asked)
    assert Step(Course.AGAIN, timedelta(seconds=5)) == plan(asked._replace(retry_after_seconds=1))


@given(st.sampled_from(Message), st.integers(1, 10**4), st.integers(-1000, 1000))
def test_jitter_moves_a_delay_by_a_tenth_at_most(action, attempts, jitter):
    plain = plan(tried(action, attempts=attempts)).delay
    moved = plan(tried(action, attempts=attempts), jitter).delay
    assert abs(moved - plain) <= plain / 10


@pytest.mark.parametrize("action", Message)
def test_a_day_after_an_outcome_a_ticket_is_closed_and_after_the_close_at_once(action):
    expected = DAY if action in TOLD_ENDS else None
    assert closes_in(action) == (timedelta(0) if action is Message.TICKET_CLOSED else expected)
