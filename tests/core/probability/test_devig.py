from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_answers import known_answers

from acca.core.odds import ODDS_MAX
from acca.core.probability.devig import Method, devig

ODDS = st.lists(st.integers(101, ODDS_MAX), min_size=2, max_size=30)
USUAL_ODDS = st.lists(st.integers(105, 5000), min_size=2, max_size=8)
METHODS = st.sampled_from(Method)


@pytest.mark.parametrize("known", known_answers("devig")["vectors"])
def test_known_answers(known):
    fair = devig([round(odds * 100) for odds in known["odds"]], Method(known["method"]))
    assert known["p"] == pytest.approx(fair.probabilities, abs=1e-12)
    assert known["margin"] == pytest.approx(fair.margin, abs=1e-12)
    (parameter,) = (known["param"] or {"none": None}).values()
    assert fair.parameter == (None if parameter is None else pytest.approx(parameter, abs=2e-12))


@given(ODDS, METHODS)
def test_probabilities_sum_to_one_whatever_the_odds(odds, method):
    fair = devig(odds, method)
    assert 1 == pytest.approx(sum(fair.probabilities), abs=1e-12)
    assert all(0 <= chance <= 1 for chance in fair.probabilities)


@given(ODDS, METHODS)
def test_shorter_odds_are_never_less_likely(odds, method):
    pairs = sorted(zip(odds, devig(odds, method).probabilities, strict=True))
    chances = [chance for _, chance in pairs]
    assert all(left >= right - 1e-15 for left, right in pairwise(chances))


@given(USUAL_ODDS, METHODS, st.integers(1, 500))
def test_longer_odds_of_one_outcome_make_it_less_likely(odds, method, more):
    longer = [odds[0] + more, *odds[1:]]
    shorter = devig(odds, method).probabilities[0]
    assert shorter >= devig(longer, method).probabilities[0] - 1e-12


@given(USUAL_ODDS, METHODS)
def test_the_order_of_outcomes_is_irrelevant(odds, method):
    turned = devig(odds[::-1], method).probabilities[::-1]
    assert turned == pytest.approx(devig(odds, method).probabilities, abs=1e-12)


@given(st.integers(2, 20), METHODS)
def test_fair_odds_are_left_as_they_are(outcomes, method):
    fair = devig([outcomes * 100] * outcomes, method)
    assert [1 / outcomes] * outcomes == pytest.approx(fair.probabilities, abs=1e-12)
    assert 0 == pytest.approx(fair.margin, abs=1e-12)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("odds", [[300, 310, 320], [110, 100_000], [ODDS_MAX] * 2])
def test_an_under_round_market_is_made_whole(odds, method):
    fair = devig(odds, method)
    assert fair.margin < 0
    assert 1 == pytest.approx(sum(fair.probabilities), abs=1e-12)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("odds", [[100, 100], [100, 300, 400], [100, ODDS_MAX]])
def test_odds_of_one_are_no_fault(odds, method):
    assert 1 == pytest.approx(sum(devig(odds, method).probabilities), abs=1e-12)


def test_the_additive_method_gives_none_to_who_would_fall_below_zero():
    assert (0.5, 0.5, 0.0) == devig([150, 150, 5000], Method.ADDITIVE).probabilities


def test_the_power_method_is_the_usual_one():
    assert devig([270, 230, 440], Method.POWER) == devig([270, 230, 440])
