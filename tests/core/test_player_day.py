import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from acca.core.limits import Limits
from acca.core.player_day import DayRule, Judged, day_of, day_rule, judge_day, refuse_price

NAIROBI = ZoneInfo("Africa/Nairobi")
MORNING = dt.datetime(2026, 5, 1, 22, 30, tzinfo=dt.UTC)
"""Half past one of the next day in Nairobi."""
BEGAN = dt.datetime(2026, 5, 2, tzinfo=NAIROBI)


def test_a_day_begins_at_the_operators_midnight():
    assert BEGAN == day_of(MORNING, NAIROBI)
    assert dt.datetime(2026, 5, 1, tzinfo=dt.UTC) == day_of(MORNING, ZoneInfo("UTC"))


def test_without_limits_of_the_day_there_is_no_rule():
    assert None is day_rule(Limits(), MORNING, NAIROBI)
    limited = Limits({"day_stake_cents_max": 5000, "price_cents_min": 100})
    assert DayRule(BEGAN, 100, 5000, None) == day_rule(limited, MORNING, NAIROBI)
    watched = Limits({"approval_day_stake_cents": 3000})
    assert DayRule(BEGAN, 1, None, 3000) == day_rule(watched, MORNING, NAIROBI)


def test_a_price_fits_up_to_what_is_left():
    rule = DayRule(BEGAN, 100, 5000, None)
    assert Judged(1000, fits=True, approved=True) == judge_day(rule, 4000, 1000)
    assert Judged(1000, fits=False, approved=True) == judge_day(rule, 4000, 1001)
    assert Judged(0, fits=False, approved=True) == judge_day(rule, 6000, 1)


def test_from_a_sum_on_a_trader_approves():
    rule = DayRule(BEGAN, 100, None, 3000)
    assert judge_day(rule, 1000, 1999).approved
    assert not judge_day(rule, 1000, 2000).approved


def test_the_refusal_names_what_is_left():
    assert (
        "Price has to be between 100 and 40"
        == refuse_price(DayRule(BEGAN, 100, 5000, None), 40).message
    )


@given(st.integers(1, 10_000), st.lists(st.integers(1, 4000), max_size=20))
def test_whatever_fits_one_after_another_never_exceeds_the_day(most, prices):
    rule, staked = DayRule(BEGAN, 1, most, None), 0
    for price in prices:
        if judge_day(rule, staked, price).fits:
            staked += price
    assert staked <= most
