import datetime as dt
import math
from collections import Counter
from itertools import pairwise

import pytest
from known_answers import known_answers

from acca_sandbox.simulator.bets import BETS, ODDS_MAX, ODDS_MIN, odds_of, probability, steps
from acca_sandbox.simulator.match import play_match
from acca_sandbox.simulator.scores import (
    CELLS,
    Played,
    draw_match,
    expected,
    half_time_weights,
    points_of,
    score_matrix,
)
from acca_sandbox.simulator.world import Fate, dice_of, draw_fate, make_world

START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
MATRIX = score_matrix(1.5, 1.1, -0.05)
CHANCES = {(bet.market, bet.line, bet.code): probability(bet, MATRIX) for bet in BETS}
SIGMAS = 4


def held(truth):
    return [truth(*points_of(cell)) for cell in range(CELLS)]


def home(h, a):
    return h > a


def draw(h, a):
    return h == a


@pytest.mark.parametrize(
    ("bet", "chance"),
    [
        (("MRFT", None, "1"), 0.458116615580),
        (("MRFT", None, "X"), 0.269922355184),
        (("MRFT", None, "2"), 0.271961029237),
        (("DCFT", None, "X2"), 1 - 0.458116615580),
        (("DNBFT", None, "1"), 0.458116615580 / (0.458116615580 + 0.271961029237)),
        (("OUFT", "2.5", "O"), 0.481570424060),
        (("BTTSFT", None, "Y"), 0.524399904569),
        (("MRHT", None, "1"), 0.343681114260),
        (("MRHT", None, "X"), 0.427187982699),
        (("OUHT", "0.5", "O"), 0.685978386958),
    ],
)
def test_the_known_answers_come_out(bet, chance):
    assert pytest.approx(chance, abs=5e-12) == CHANCES[bet]


def test_the_known_answers_of_joint_bets_come_out():
    truth = held(lambda h, a: h > a > 0 and h + a > 2)
    assert pytest.approx(0.205646680300, abs=5e-12) == expected(MATRIX, truth)
    pairs = [(held(home), 0.2759879832), (held(draw), 0.1576220568)]
    for early, chance in pairs:
        weights = half_time_weights(early)
        both = [weight * won for weight, won in zip(weights, held(home), strict=True)]
        assert pytest.approx(chance, abs=5e-11) == expected(MATRIX, both)


def test_the_matrices_are_those_of_the_vectors():
    for vector in known_answers("score_matrix")["vectors"]:
        rates = [float(vector[name]) for name in ("lambda_home", "lambda_away", "rho")]
        matrix = score_matrix(*rates)
        for market, truth in (
            ("home", home),
            ("draw", draw),
            ("odd_total", lambda h, a: h + a & 1),
        ):
            known = float(vector["markets"][market])
            assert pytest.approx(known, abs=1e-12) == expected(matrix, held(truth))


def test_the_bets_of_a_question_share_out_all_probability():
    for market, line in {(bet.market, bet.line) for bet in BETS} - {("CSFT", None)}:
        whole = 2 if market == "DCFT" else 1
        total = sum(p for names, p in CHANCES.items() if names[:2] == (market, line))
        assert pytest.approx(whole, abs=1e-12) == total


def test_odds_hold_a_margin_and_stay_in_their_bounds():
    bet = BETS[0]
    assert 190 == odds_of(bet, 0.5)
    assert (ODDS_MIN, ODDS_MAX, ODDS_MAX) == tuple(odds_of(bet, p) for p in (1.0, 1e-9, 0.0))


@pytest.mark.parametrize("known", [101, 150, 999, 25_000])
@pytest.mark.parametrize("odds", [101, 1_009, 1_010, 25_000])
def test_no_step_of_odds_is_a_jump(known, odds):
    way = [known, *steps(known, odds)]
    assert odds == way[-1]
    assert all(max(pair) < 10 * min(pair) for pair in pairwise(way))


def within(count, chance, trials):
    return abs(count - trials * chance) < SIGMAS * math.sqrt(trials * chance * (1 - chance))


def test_drawn_scores_fit_the_matrix():
    rng, trials = dice_of(11), 6_000
    drawn = Counter(draw_match(rng, MATRIX).points() for _ in range(trials))
    seen = [(drawn[points_of(cell)], trials * p) for cell, p in enumerate(MATRIX)]
    often = [pair for pair in seen if pair[1] >= 5]
    chi_square = sum((count - mean) ** 2 / mean for count, mean in often)
    freedom = len(often) - 1
    assert chi_square < freedom + SIGMAS * math.sqrt(2 * freedom)


def test_drawn_half_times_fit_the_matrix():
    rng, trials = dice_of(12), 6_000
    early = [draw_match(rng, MATRIX).points(45) for _ in range(trials)]
    assert within(sum(h > a for h, a in early), CHANCES["MRHT", None, "1"], trials)
    assert within(sum(h + a > 0 for h, a in early), CHANCES["OUHT", "0.5", "O"], trials)


def test_results_of_a_season_fit_the_true_rates_of_its_matches():
    world = make_world(3, START, leagues=8, teams=20)
    won = mean = variance = 0.0
    for fixture in world.fixtures:
        chance = probability(BETS[0], score_matrix(fixture.home_rate, fixture.away_rate))
        played = play_match(fixture, dice_of(world.seed, fixture.key))
        won += home(*played.points())
        mean += chance
        variance += chance * (1 - chance)
    assert abs(won - mean) < SIGMAS * math.sqrt(variance)


def test_matches_are_postponed_and_corrected_as_often_as_in_life():
    rng, trials = dice_of(13), 40_000
    fates = Counter(draw_fate(rng) for _ in range(trials))
    assert within(fates[Fate.MOVED] + fates[Fate.NEVER], 0.01, trials)
    assert within(fates[Fate.CORRECTED], 0.01, trials)
    assert set(Fate) == set(fates)


def test_a_played_match_tells_who_scored_first():
    assert ["none", "away", "home"] == [
        Played(*goals).first() for goals in (((), ()), ((7,), (3, 9)), ((3,), (60,)))
    ]
    assert "none" == Played((50,), ()).first(45)
