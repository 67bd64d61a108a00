from hypothesis import given
from hypothesis import strategies as st

from acca.core.breaker import Breaker, Position, after_call, after_ping
from acca.core.delivery import Verdict

UNREACHED, DECLINED, ACCEPTED = Verdict.UNREACHED, Verdict.DECLINED, Verdict.ACCEPTED


def run(*verdicts, failures_max=3):
    breaker = Breaker()
    for now, verdict in enumerate(verdicts):
        breaker = after_call(breaker, verdict, failures_max, now)
    return breaker


def test_so_many_unreached_calls_in_a_row_open_it():
    assert Position.CLOSED is run(UNREACHED, UNREACHED).position
    assert Breaker(Position.OPEN, 3, 2) == run(UNREACHED, UNREACHED, UNREACHED)


@given(st.lists(st.sampled_from([ACCEPTED, DECLINED])))
def test_answers_never_open_it(verdicts):
    assert Breaker() == run(*verdicts)


def test_an_answer_between_begins_the_count_anew():
    assert Position.CLOSED is run(UNREACHED, UNREACHED, DECLINED, UNREACHED, UNREACHED).position


def test_a_late_failure_does_not_open_it_again_from_later():
    opened = run(UNREACHED, UNREACHED, UNREACHED)
    assert opened == after_call(opened, UNREACHED, 3, 99)


def test_an_answered_ping_lets_one_call_try():
    opened = Breaker(Position.OPEN, 3, 0)
    assert opened == after_ping(opened, 60_000, 5_000, is_alive=False)
    assert Position.TRIAL is after_ping(opened, 60_000, 5_000, is_alive=True).position
    assert Position.TRIAL is after_ping(opened, 60_000, 60_000, is_alive=False).position


def test_the_trial_decides():
    trial = Breaker(Position.TRIAL, 3, 0)
    assert Breaker() == after_call(trial, DECLINED, 3, 7)
    assert Breaker(Position.OPEN, 4, 7) == after_call(trial, UNREACHED, 3, 7)


def test_a_ping_changes_nothing_of_a_breaker_that_is_not_open():
    for breaker in (Breaker(), Breaker(Position.TRIAL, 3, 0)):
        assert breaker == after_ping(breaker, 0, 99, is_alive=True)
