import time
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.derived_odds import derive
from acca.core.markets.football import FOOTBALL
from acca.core.odds import ODDS_MAX
from acca.core.probability.margin import priced
from acca.core.probability.same_match import bet_probabilities, fair_odds
from acca.core.probability.score_matrix import score_matrix

MARGIN = 80_000
OFFERED = {
    ("MRFT", None, "1"): 195,
    ("MRFT", None, "X"): 350,
    ("MRFT", None, "2"): 390,
    ("OUFT", "2.5", "O"): 190,
    ("OUFT", "2.5", "U"): 192,
}
HANDICAP = {("AHFT", "-0.5", "1"): 190, ("AHFT", "-0.5", "2"): 195}
ANY_ODDS = st.integers(1, ODDS_MAX) | st.integers(101, 2000)


def codes(price):
    return price.bet.market, price.bet.line, price.bet.code


def odds_of(prices):
    return {codes(price): price.odds for price in prices}


def test_every_market_that_is_not_offered_is_derived():
    derived = odds_of(derive(OFFERED, MARGIN))
    markets = {market.code for market in FOOTBALL.markets}
    assert markets - {"MRFT"} == {market for market, _, _ in derived}
    assert derived.keys().isdisjoint(OFFERED)


def test_known_answers():
    derived = odds_of(derive(OFFERED, MARGIN))
    assert (124, 127, 173) == tuple(derived["DCFT", None, code] for code in ("1X", "12", "X2"))
    assert (141, 267) == tuple(derived["DNBFT", None, code] for code in "12")
    assert (175, 196) == tuple(derived["BTTSFT", None, code] for code in "YN")


def test_what_is_missing_in_an_offered_set_is_derived():
    offered = OFFERED | {("DCFT", None, "1X"): 120}
    derived = odds_of(derive(offered, MARGIN))
    assert ("DCFT", None, "1X") not in derived
    assert ("DCFT", None, "12") in derived


@pytest.mark.parametrize(
    ("taken", "is_enough"),
    [
        (("MRFT",), True),
        (("MRFT", "OUFT"), True),
        (("AHFT", "OUFT"), True),
        (("OUFT",), False),
        (("AHFT",), False),
        ((), False),
    ],
)
def test_a_result_or_a_handicap_with_a_total_is_enough(taken, is_enough):
    offered = {key: odds for key, odds in (OFFERED | HANDICAP).items() if key[0] in taken}
    assert is_enough == bool(derive(offered, MARGIN))


def test_a_set_that_is_not_whole_is_not_fitted():
    assert [] == derive({("MRFT", None, "1"): 195, ("MRFT", None, "X"): 350}, MARGIN)


def test_odds_that_contradict_each_other_give_nothing():
    absurd = {("MRFT", None, "1"): 5000, ("MRFT", None, "X"): 101, ("MRFT", None, "2"): 5000}
    assert [] == derive(absurd | {("OUFT", "2.5", "O"): 102, ("OUFT", "2.5", "U"): 2000}, MARGIN)


@given(st.tuples(ANY_ODDS, ANY_ODDS, ANY_ODDS), st.none() | st.tuples(ANY_ODDS, ANY_ODDS))
def test_any_odds_give_odds_within_the_bounds_or_none(winner, total):
    offered = dict(zip(list(OFFERED)[:3], winner, strict=True))
    if total:
        offered |= dict(zip(list(OFFERED)[3:], total, strict=True))
    derived = derive(offered, MARGIN)
    assert all(101 <= price.odds <= ODDS_MAX for price in derived)
    assert odds_of(derived).keys().isdisjoint(offered)


RATES = st.floats(0.3, 3.5)


@given(RATES, RATES, st.sampled_from([0, 50_000, 80_000, 150_000]))
def test_each_set_that_shares_out_the_scores_sums_to_one_and_the_margin(home, away, margin):
    odds = iter(priced(score_matrix(home, away), FOOTBALL.sets, margin))
    for bets in FOOTBALL.sets:
        found = [next(odds) for _ in bets]
        if all(found):
            # Rounding down by less than one hundredth raises the sum a little, never lowers it.
            target, total = 1 + margin / 10**6, sum(100 / each for each in found)
            most = sum(100 / each * (1 / (each)) for each in found)
            assert target - 1e-6 <= total <= target + most + 1e-6


@given(RATES, RATES)
def test_odds_without_a_margin_are_fair_and_with_one_never_more(home, away):
    matrix = score_matrix(home, away)
    bets = [bet for line in FOOTBALL.sets for bet in line]
    fair = map(fair_odds, bet_probabilities(matrix, bets))
    without, with_margin = (priced(matrix, FOOTBALL.sets, each) for each in (0, MARGIN))
    for exact, plain, less in zip(fair, without, with_margin, strict=True):
        if plain is not None:
            assert plain == pytest.approx(100 * exact, abs=1.001)
            assert less is None or less <= plain


@given(RATES, RATES)
def test_over_a_higher_line_pays_no_less(home, away):
    lines = [line for line in FOOTBALL.sets if line[0].market == "OUFT"]
    odds = priced(score_matrix(home, away), tuple(lines), MARGIN)
    overs = [each for each, _ in groupby(odds[::2]) if each is not None]
    assert sorted(overs) == overs


def test_an_event_is_derived_in_milliseconds(record_property):
    _ = derive(OFFERED, MARGIN)
    began = time.perf_counter()
    for _ in range(50):
        _ = derive(OFFERED, MARGIN)
    milliseconds = (time.perf_counter() - began) * 1000 / 50
    record_property("milliseconds", milliseconds)
    assert milliseconds < 20
