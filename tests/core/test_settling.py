from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from known_answers import known_answers

from acca.core.finance import TaxTerms, WithholdingBase, charge_price, pay_out
from acca.core.odds import parse_odds, render_odds, total_odds
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON, Outcome, dead_heat
from acca.core.settling import Settlement, Terms, VoidRefund, settle_accumulator
from acca.core.ticket import TicketResult


class Leg(NamedTuple):
    odds: int
    outcome: Outcome | None


def settle(legs, its_terms):
    return settle_accumulator([leg.odds for leg in legs], [leg.outcome for leg in legs], its_terms)


WORDS = {
    "won": WON,
    "lost": LOST,
    "void": VOID,
    "half_won": HALF_WON,
    "half_lost": HALF_LOST,
    "dead_heat_2": dead_heat(2),
}
ODDS = st.integers(100, 100_000)
OUTCOMES = st.sampled_from([*WORDS.values(), dead_heat(3)])
LEGS = st.lists(st.builds(Leg, ODDS, OUTCOMES), min_size=1, max_size=15)
TAXED = TaxTerms(wht_rate=200_000, wht_base=WithholdingBase.NET)


def terms(price=1000, tax=TAXED, **more):
    return Terms(charge_price(price, tax), tax, **more)


@pytest.mark.parametrize(
    "vector", known_answers("accumulators")["vectors"], ids=lambda vector: vector["name"]
)
def test_accumulators_give_the_known_answers(vector):
    legs = [Leg(parse_odds(leg["odds"]), WORDS[leg["outcome"]]) for leg in vector["legs"]]
    settled = settle(legs, terms(vector["stake"], TaxTerms()))
    expected_gross = vector["stake"] if vector["gross_payout"] is None else vector["gross_payout"]
    assert vector["result"] == settled.result.value
    assert expected_gross == settled.gross_cents
    assert parse_odds_or_zero(vector["settled_odds"]) == settled.settled_odds


def parse_odds_or_zero(text):
    return round(float(text) * 100)


@given(LEGS, st.data())
def test_settlement_does_not_depend_on_the_order_of_legs(legs, data):
    shuffled = data.draw(st.permutations(legs))
    assert settle(legs, terms()) == settle(shuffled, terms())


@given(LEGS, ODDS)
def test_a_void_leg_counts_as_odds_of_one(legs, odds):
    assume(any(leg.outcome is not VOID for leg in legs))
    without = settle(legs, terms())
    assert without == settle([*legs, Leg(odds, VOID)], terms())


@given(st.lists(ODDS, min_size=1, max_size=15), st.integers(1, 10**9))
def test_all_legs_won_pay_what_the_player_was_shown(odds, price):
    legs = [Leg(each, WON) for each in odds]
    shown = pay_out(charge_price(price, TAXED), total_odds(odds), TAXED)
    assert shown == settle(legs, terms(price))[2:]


@given(LEGS)
def test_an_open_leg_waits_unless_another_is_lost(legs):
    settled = settle([*legs, Leg(200, None)], terms())
    if any(leg.outcome is LOST for leg in legs):
        assert TicketResult.LOST is settled.result
    else:
        assert settled is None


@given(LEGS, st.integers(1, 10**9), st.none() | st.integers(1, 10**6))
def test_amounts_add_up_and_never_pass_the_cap(legs, price, cap):
    settled = settle(legs, terms(price, cap_cents=cap))
    assert settled.net_cents == settled.gross_cents - settled.wht_cents
    assert min(settled[1:]) >= 0
    if settled.result is TicketResult.WON:
        assert 1 <= settled.gross_cents <= (cap or settled.gross_cents)


@pytest.mark.parametrize(("rule", "back"), [(VoidRefund.PRICE, 1000), (VoidRefund.STAKE, 889)])
def test_a_full_void_gives_back_what_the_operator_says(rule, back):
    charged = charge_price(1000, TaxTerms())._replace(stake_cents=889, ext_cents=111)
    settled = settle([Leg(300, VOID)], Terms(charged, TAXED, None, rule))
    assert Settlement(TicketResult.VOID, 100, back, 0, back, back) == settled


def test_eight_half_lost_legs_are_lost():
    assert TicketResult.LOST is settle([Leg(150, HALF_LOST)] * 8, terms()).result


def test_a_payout_of_less_than_half_a_cent_is_lost():
    assert TicketResult.LOST is settle([Leg(150, HALF_LOST)] * 2, terms(1)).result


def test_a_dead_heat_of_three_pays_a_third():
    settled = settle([Leg(900, dead_heat(3))], terms())
    assert ("3", 3000) == (render_odds(settled.settled_odds), settled.gross_cents)
