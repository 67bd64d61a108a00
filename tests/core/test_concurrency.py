from hypothesis import given
from hypothesis import strategies as st

from acca.core.concurrency import LEAST, MOST, START, Limit, after_call
from acca.core.delivery import Verdict


def run(limit, *calls):
    for verdict, duration_ms in calls:
        limit = after_call(limit, verdict, duration_ms)
    return limit


def test_good_calls_raise_it_by_one_a_round():
    risen = run(Limit(), *[(Verdict.ACCEPTED, 10)] * (START + 1))
    assert START + 1 == risen.calls


def test_a_call_that_is_lost_at_once_lowers_it_by_half_a_call():
    used = run(Limit(), (Verdict.ACCEPTED, 10))
    lost = run(used, *[(Verdict.UNREACHED, 5)] * 4)
    assert used.calls - 2 == lost.calls


def test_a_call_that_is_lost_after_long_lowers_it_by_a_quarter():
    used = run(Limit(), (Verdict.ACCEPTED, 10))
    assert START * 3 // 4 == run(used, (Verdict.UNREACHED, 9_000)).calls


def test_a_wallet_that_fails_now_and_then_keeps_its_places():
    often = [(Verdict.ACCEPTED, 10)] * 15 + [(Verdict.UNREACHED, 5)]
    assert 24 <= run(Limit(), *often * 200).calls


def test_calls_that_become_slow_lower_it():
    used = run(Limit(), *[(Verdict.ACCEPTED, 10)] * 10)
    slowed = run(used, *[(Verdict.DECLINED, 100)] * 5)
    assert slowed.running < used.running


def test_a_wallet_that_is_always_slow_is_not_punished_for_it():
    assert START < run(Limit(), *[(Verdict.ACCEPTED, 2000)] * 100).calls


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.integers(0, 60_000))))
def test_it_stays_within_its_bounds(calls):
    assert LEAST <= run(Limit(), *calls).calls <= MOST
