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


def test_a_lost_call_halves_it():
    assert START // 2 == run(Limit(), (Verdict.UNREACHED, 0)).calls


def test_calls_that_become_slow_lower_it():
    used = run(Limit(), *[(Verdict.ACCEPTED, 10)] * 10)
    slowed = run(used, *[(Verdict.DECLINED, 100)] * 5)
    assert slowed.running < used.running


def test_a_wallet_that_is_always_slow_is_not_punished_for_it():
    assert START < run(Limit(), *[(Verdict.ACCEPTED, 2000)] * 100).calls


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.integers(0, 60_000))))
def test_it_stays_within_its_bounds(calls):
    assert LEAST <= run(Limit(), *calls).calls <= MOST
