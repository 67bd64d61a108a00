import csv
import os
import pathlib
from math import sqrt
from statistics import mean, median
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acca.core.markets import football
from acca.core.odds import ODDS_MAX
from acca.core.probability.fit import RATE_MAX, RATE_MIN, Offer, fit, fit_probabilities
from acca.core.probability.same_match import bet_probabilities, fair_odds
from acca.core.probability.score_matrix import score_matrix

WINNER = tuple(football.bet("MRFT", None, code) for code in "1X2")
TOTALS = {
    line: tuple(football.bet("OUFT", line, code) for code in "OU")
    for line in ("0.5", "1.5", "2", "2.25", "2.5", "2.75", "3.5", "4.5")
}
HANDICAP = (football.bet("AHFT", "-0.25", "1"), football.bet("AHFT", "-0.25", "2"))
RATES = st.floats(0.1, 4.5)
LARGEST = st.integers(101, ODDS_MAX)


def fair_chances(matrix, bets):
    return [1 / fair_odds(shares) for shares in bet_probabilities(matrix, bets)]


def fair_offer(matrix, bets):
    odds = [fair_odds(shares) for shares in bet_probabilities(matrix, bets)]
    return Offer(bets, tuple(round(100 * each) for each in odds))


@given(RATES, RATES)
def test_the_rates_of_a_matrix_are_found_again(home, away):
    bets = WINNER + TOTALS["1.5"] + TOTALS["2.5"] + TOTALS["4.5"]
    found = fit_probabilities(bets, fair_chances(score_matrix(home, away), bets))
    assert (home, away) == pytest.approx(found.matrix[:2], rel=1e-6)
    assert found.residual < 1e-8


@settings(max_examples=30)
@given(st.floats(0.4, 3), st.floats(0.4, 3), st.sampled_from(list(TOTALS)))
def test_a_winner_market_and_one_line_of_any_kind_are_enough(home, away, line):
    bets = WINNER + TOTALS[line]
    found = fit_probabilities(bets, fair_chances(score_matrix(home, away), bets))
    assert (home, away) == pytest.approx(found.matrix[:2], rel=1e-5)


@settings(max_examples=30)
@given(st.floats(0.4, 3), st.floats(0.4, 3))
def test_the_winner_market_alone_is_enough(home, away):
    found = fit_probabilities(WINNER, fair_chances(score_matrix(home, away), WINNER))
    assert (home, away) == pytest.approx(found.matrix[:2], rel=1e-4)


def test_a_handicap_and_a_total_do_without_the_winner_market():
    bets = HANDICAP + TOTALS["2.25"]
    found = fit_probabilities(bets, fair_chances(score_matrix(1.8, 0.9), bets))
    assert (1.8, 0.9) == pytest.approx(found.matrix[:2], rel=1e-6)


def test_a_total_alone_leaves_the_usual_balance_of_the_sides():
    found = fit([fair_offer(score_matrix(1.7, 1.7), TOTALS["2.5"])])
    assert 3.4 == pytest.approx(sum(found.matrix[:2]), abs=0.05)
    assert 1 < found.matrix.home_rate / found.matrix.away_rate < 1.5


def test_offered_odds_with_a_margin_are_met_closely():
    found = fit([Offer(WINNER, (195, 350, 420)), Offer(TOTALS["2.5"], (190, 190))])
    assert found.residual < 0.01
    assert found.matrix.home_rate > found.matrix.away_rate


def test_the_same_odds_give_the_same_matrix():
    offers = [Offer(WINNER, (195, 350, 420)), Offer(TOTALS["2.5"], (190, 190))]
    first, second = fit(offers), fit(offers)
    assert first[1:] == second[1:]
    assert first.matrix[:3] == second.matrix[:3]


@given(st.tuples(LARGEST, LARGEST, LARGEST), st.none() | st.tuples(LARGEST, LARGEST))
def test_absurd_odds_end_within_the_bounds(winner, total):
    offers = [Offer(WINNER, winner)] + ([Offer(TOTALS["2.5"], total)] if total else [])
    found = fit(offers)
    home, away = found.matrix[:2]
    assert RATE_MIN * 0.999 < home < RATE_MAX * 1.001
    assert RATE_MIN * 0.999 < away < RATE_MAX * 1.001
    assert 1 == pytest.approx(found.matrix.final.sum())
    assert 0 <= found.residual < 1


@pytest.mark.parametrize("rho", [-0.13, 0.02, 1.0])
def test_a_rho_that_some_rates_do_not_allow_is_a_bug(rho):
    with pytest.raises(AssertionError, match="rho"):
        fit([Offer(WINNER, (195, 350, 420))], rho)


# ---- real matches: closing odds and results, where the folder is there

DATA = pathlib.Path(
    os.environ.get("ACCA_DATA", pathlib.Path(__file__).parents[4] / "shared" / "data")
)
CLOSING = ("AvgCH", "AvgCD", "AvgCA", "AvgC>2.5", "AvgC<2.5")
GOALS_OF_TESTS = range(16)


class Match(NamedTuple):
    odds: tuple[int, ...]
    final: tuple[int, int]
    half_time: tuple[int, int] | None


def parse_match(row):
    """Return the match of a row, None where its result or any of the odds is missing."""
    try:
        odds = tuple(round(100 * float(row[column])) for column in CLOSING)
        final = int(row["FTHG"]), int(row["FTAG"])
    except (KeyError, ValueError):
        return None
    half_time = (row.get("HTHG") or "", row.get("HTAG") or "")
    known = all(goals.isdecimal() for goals in half_time)
    return Match(odds, final, tuple(map(int, half_time)) if known else None)


@pytest.fixture(scope="module")
def matches():
    folder = DATA / "football-data.co.uk"
    if not folder.is_dir():
        pytest.skip(f"no real odds: {folder} is not there (ACCA_DATA names its parent)")
    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", errors="replace") as rows:
            found += [match for row in csv.DictReader(rows) if (match := parse_match(row))]
    return [match for match in found if min(match.odds) > 100]


@pytest.fixture(scope="module")
def fits(matches):
    return [
        fit([Offer(WINNER, match.odds[:3]), Offer(TOTALS["2.5"], match.odds[3:])])
        for match in matches
    ]


def strays(chances, happened):
    """Tell by how many standard errors what happened strays from its probabilities."""
    missed = sum(happened) - sum(chances)
    return missed / sqrt(sum(chance * (1 - chance) for chance in chances))


def test_real_odds_are_fitted_closely(fits, record_property):
    residuals = sorted(each.residual for each in fits)
    record_property("matches", len(residuals))
    record_property("mean residual", mean(residuals))
    assert len(residuals) > 5000
    assert median(residuals) < 0.003
    assert mean(residuals) < 0.004
    assert residuals[len(residuals) * 99 // 100] < 0.012
    assert residuals[-1] < 0.05


def test_real_rates_are_those_of_football(fits):
    home = [each.matrix.home_rate for each in fits]
    away = [each.matrix.away_rate for each in fits]
    assert 1.3 < mean(home) < 1.7
    assert 1.0 < mean(away) < 1.4
    assert 0.15 < min(home + away) < max(home + away) < 5


CALIBRATED = {
    "home wins": (WINNER[0], lambda match: match.final[0] > match.final[1]),
    "a draw": (WINNER[1], lambda match: match.final[0] == match.final[1]),
    "over 2.5": (TOTALS["2.5"][0], lambda match: sum(match.final) > 2),
    "over 3.5": (TOTALS["3.5"][0], lambda match: sum(match.final) > 3),
    "a half-time draw": (
        football.bet("MRHT", None, "X"),
        lambda match: match.half_time[0] == match.half_time[1],
    ),
    "a goal before half-time": (
        football.bet("OUHT", "0.5", "O"),
        lambda match: sum(match.half_time) > 0,
    ),
}


@pytest.mark.parametrize("name", CALIBRATED)
def test_what_is_fitted_happens_as_often_as_it_says(matches, fits, name):
    bet, happens = CALIBRATED[name]
    known = [place for place, match in enumerate(matches) if match.half_time]
    chances = [bet_probabilities(fits[place].matrix, [bet])[0].won for place in known]
    assert abs(strays(chances, [happens(matches[place]) for place in known])) < 3
