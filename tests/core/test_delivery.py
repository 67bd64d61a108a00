from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.delivery import (
    DISCARDS,
    NEWS,
    ONE_TIME_PASSWORDS,
    OUTCOMES,
    Again,
    Ending,
    Verdict,
    judge_status,
    plan_next,
)

NEW = timedelta(0)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.ACCEPTED),
        *[(status, Verdict.DECLINED) for status in (400, 401, 403, 404, 409, 422, 499)],
        *[(status, Verdict.UNREACHED) for status in (None, 201, 204, 302, 408, 425, 429, 500, 503)],
    ],
)
def test_an_answer_is_a_yes_a_no_or_nothing(status, verdict):
    assert verdict is judge_status(status)


def test_outcomes_wait_longer_and_longer():
    delays = [plan_next(OUTCOMES, n, NEW, 0.0).delay.total_seconds() for n in range(1, 8)]
    assert [5, 30, 120, 600, 1800, 1800, 1800] == delays


def test_jitter_moves_a_delay_by_a_tenth():
    assert timedelta(seconds=5.5) == plan_next(OUTCOMES, 1, NEW, 1.0).delay
    assert timedelta(seconds=27) == plan_next(OUTCOMES, 2, NEW, -1.0).delay


def test_discards_are_repeated_every_half_hour_without_end():
    again = plan_next(DISCARDS, 100_000, timedelta(days=2000), 1.0)
    assert Again(timedelta(minutes=30)) == again


@pytest.mark.parametrize(
    ("schedule", "age", "ending"),
    [
        (OUTCOMES, timedelta(days=14), Ending.NEEDS_ATTENTION),
        (NEWS, timedelta(hours=24), Ending.DROPPED),
        (ONE_TIME_PASSWORDS, timedelta(minutes=5), Ending.DROPPED),
    ],
)
def test_what_is_given_up_says_how(schedule, age, ending):
    assert ending is plan_next(schedule, 9, age, 0.0)


def test_one_time_passwords_are_hurried():
    delays = [plan_next(ONE_TIME_PASSWORDS, n, NEW, 0.0).delay.seconds for n in range(1, 7)]
    assert [1, 2, 5, 10, 20, 20] == delays


def test_a_longer_wish_of_the_other_side_is_honoured_within_reason():
    wish = timedelta(minutes=20)
    assert wish == plan_next(OUTCOMES, 1, NEW, 0.0, wish).delay
    assert timedelta(hours=6) == plan_next(OUTCOMES, 1, NEW, 0.0, timedelta(days=400)).delay
    assert timedelta(minutes=30) == plan_next(OUTCOMES, 5, NEW, 0.0, timedelta(seconds=1)).delay


@given(
    st.sampled_from([OUTCOMES, NEWS, DISCARDS, ONE_TIME_PASSWORDS]),
    st.integers(1, 10_000),
    st.timedeltas(NEW, timedelta(days=30)),
    st.floats(-1, 1),
)
def test_no_delay_is_shorter_than_nine_tenths_of_the_first(schedule, attempts, age, jitter):
    planned = plan_next(schedule, attempts, age, jitter)
    if isinstance(planned, Again):
        assert planned.delay >= schedule.delays[0] * 0.9
    else:
        assert schedule.ending is planned
