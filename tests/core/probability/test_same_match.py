from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_answers import known_answers

from acca.core.markets import football
from acca.core.markets.market import Part
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON
from acca.core.probability.same_match import (
    MatchLeg,
    bet_probabilities,
    contradiction,
    fair_odds,
    implied,
    joint_outcomes,
    mean_factor,
    win_probability,
)
from acca.core.probability.score_matrix import half_time_and_final, score_matrix

SAMPLE = score_matrix(1.5, 1.1, -0.05)
ALL_BETS = list(football.BETS.values())
BETS = st.sampled_from(ALL_BETS)
COMBINATIONS = st.lists(BETS, min_size=1, max_size=6)
MATRICES = st.builds(score_matrix, st.floats(0.1, 5), st.floats(0.1, 5), st.just(-0.06))
LEGS = st.lists(st.builds(MatchLeg, BETS, st.integers(101, 2000)), min_size=1, max_size=4)

HOME, DRAW, AWAY = (football.bet("MRFT", None, code) for code in "1X2")
HOME_OR_DRAW, HOME_OR_AWAY = (football.bet("DCFT", None, code) for code in ("1X", "12"))
BOTH_SCORE, NOT_BOTH = (football.bet("BTTSFT", None, code) for code in "YN")
ODD = football.bet("OEFT", None, "odd")
HOME_TO_NIL = football.bet("HWTN", None, "Y")
AWAY_TO_NIL = football.bet("AWTN", None, "Y")
HOME_BACK_IF_DRAWN = football.bet("DNBFT", None, "1")
HOME_AT_HALF_TIME, DRAW_AT_HALF_TIME = (football.bet("MRHT", None, code) for code in "1X")
HOME_AT_BOTH = football.bet("HTFT", None, "1/1")
HOME_FIRST, NOBODY_FIRST, AWAY_FIRST = (
    football.bet("FTSFT", None, code) for code in ("1", "none", "2")
)


def over(line, market="OUFT"):
    return football.bet(market, line, "O")


def under(line, market="OUFT"):
    return football.bet(market, line, "U")


BY_NAME = {
    "home": HOME,
    "draw": DRAW,
    "away": AWAY,
    "1X": HOME_OR_DRAW,
    "12": HOME_OR_AWAY,
    "X2": football.bet("DCFT", None, "X2"),
    "btts_yes": BOTH_SCORE,
    "odd_total": ODD,
    "home_win_to_nil": HOME_TO_NIL,
    "away_win_to_nil": AWAY_TO_NIL,
    "cs_2_1": football.bet("CSFT", None, "2-1"),
    "cs_0_0": football.bet("CSFT", None, "0-0"),
} | {f"over_{line}": over(line) for line in ("0.5", "1.5", "2.5", "3.5", "4.5")}


KNOWN = [
    (known, score_matrix(*(float(known[name]) for name in ("lambda_home", "lambda_away", "rho"))))
    for known in known_answers("score_matrix")["vectors"]
]


def shares_of(matrix, bet):
    return bet_probabilities(matrix, [bet])[0]


@pytest.mark.parametrize(("known", "matrix"), KNOWN)
def test_known_markets(known, matrix):
    for name, chance in known["markets"].items():
        assert float(chance) == pytest.approx(shares_of(matrix, BY_NAME[name]).won, abs=1e-12)


@pytest.mark.parametrize(("known", "matrix"), KNOWN)
def test_known_handicaps(known, matrix):
    for line, answers in known["asian_handicap_home"].items():
        shares = shares_of(matrix, football.bet("AHFT", line, "1"))
        names = ("win", "half_win", "push", "half_lose", "lose")
        known_shares = [float(answers.get(name, 0)) for name in names]
        assert known_shares == pytest.approx(list(shares), abs=1e-12)
        assert float(answers["fair_odds"]) == pytest.approx(fair_odds(shares), abs=1e-10)


@pytest.mark.parametrize(("known", "matrix"), KNOWN)
def test_known_combinations(known, matrix):
    for answers in known["same_game"]:
        bets = [BY_NAME[name] for name in answers["legs"]]
        joint = win_probability(matrix, bets)
        assert float(answers["joint"]) == pytest.approx(joint, abs=1e-12)
        assert (answers["fair_odds"] is None) == (joint == 0) == bool(contradiction(bets))


def test_known_half_time_markets():
    assert 0.343681114260 == pytest.approx(shares_of(SAMPLE, HOME_AT_HALF_TIME).won, abs=1e-12)
    assert 0.427187982699 == pytest.approx(shares_of(SAMPLE, DRAW_AT_HALF_TIME).won, abs=1e-12)
    over_half = shares_of(SAMPLE, over("0.5", "OUHT"))
    assert 0.685978386958 == pytest.approx(over_half.won, abs=1e-12)
    home_home = shares_of(SAMPLE, HOME_AT_BOTH)
    assert 0.2759879832 == pytest.approx(home_home.won, abs=1e-10)
    assert 0.1576220568 == pytest.approx(
        shares_of(SAMPLE, football.bet("HTFT", None, "X/1")).won, abs=1e-10
    )
    assert 0.205646680300 == pytest.approx(
        win_probability(SAMPLE, [HOME, over("2.5"), BOTH_SCORE]), abs=1e-12
    )


@given(MATRICES)
def test_all_outcomes_of_a_bet_sum_to_one(matrix):
    for shares in bet_probabilities(matrix, ALL_BETS):
        assert 1 == pytest.approx(sum(shares), abs=1e-12)
        assert min(shares) >= 0


@settings(max_examples=20)
@given(MATRICES)
def test_of_exhaustive_bets_one_wins(matrix):
    for market in ("MRFT", "MRHT", "MR2H", "HTFT", "FTSFT", "OEFT", "CSFT"):
        bets = [bet for bet in ALL_BETS if bet.market == market]
        shares = bet_probabilities(matrix, bets)
        assert 1 == pytest.approx(sum(each.won for each in shares), abs=1e-9)


def test_no_bets_have_no_probabilities():
    assert [] == bet_probabilities(SAMPLE, [])


@given(MATRICES, BETS)
def test_one_leg_is_its_bet(matrix, bet):
    shares = shares_of(matrix, bet)
    assert shares.won == pytest.approx(win_probability(matrix, [bet]), abs=1e-13)
    outcomes = joint_outcomes(matrix, [bet])
    expected = dict(zip([(WON,), (HALF_WON,), (VOID,), (HALF_LOST,), (LOST,)], shares, strict=True))
    assert {key: chance for key, chance in expected.items() if chance} == pytest.approx(
        outcomes, abs=1e-13
    )


@given(MATRICES, BETS)
def test_at_fair_odds_the_mean_factor_is_one(matrix, bet):
    hundredths = 100 * fair_odds(shares_of(matrix, bet))
    assert 1 == pytest.approx(mean_factor(matrix, [MatchLeg(bet, hundredths)]), abs=1e-9)


@given(MATRICES, COMBINATIONS)
def test_a_combination_wins_no_more_often_than_its_least_likely_bet(matrix, bets):
    least = min(shares.won for shares in bet_probabilities(matrix, bets))
    assert win_probability(matrix, bets) <= least + 1e-13


@given(MATRICES, COMBINATIONS, st.randoms())
def test_the_order_of_legs_is_irrelevant(matrix, bets, dice):
    shuffled = bets.copy()
    dice.shuffle(shuffled)
    assert win_probability(matrix, bets) == pytest.approx(
        win_probability(matrix, shuffled), rel=1e-9
    )
    assert contradiction(bets) == contradiction(shuffled)
    assert sorted(bet.id for bet in implied(bets)) == sorted(bet.id for bet in implied(shuffled))


@settings(max_examples=30)
@given(MATRICES, LEGS)
def test_joint_outcomes_hold_the_whole_truth(matrix, legs):
    bets = [leg.bet for leg in legs]
    joint = joint_outcomes(matrix, bets)
    assert 1 == pytest.approx(sum(joint.values()), abs=1e-12)
    won = joint.get((WON,) * len(legs), 0.0)
    assert won == pytest.approx(win_probability(matrix, bets), abs=1e-13)
    mean = sum(
        chance * prod(each.factor(leg.odds) / 200 for each, leg in zip(outcomes, legs, strict=True))
        for outcomes, chance in joint.items()
    )
    assert mean == pytest.approx(mean_factor(matrix, legs), rel=1e-9, abs=1e-12)


@given(COMBINATIONS)
def test_a_contradiction_is_what_has_no_joint_outcome_without_a_loss(bets):
    joint = joint_outcomes(SAMPLE, bets)
    can_hold = any(LOST not in outcomes for outcomes in joint)
    named = contradiction(bets)
    assert can_hold == (not named)
    for left_out in named:
        assert () == contradiction([bet for bet in named if bet != left_out])


@given(COMBINATIONS)
def test_an_implied_bet_is_won_whenever_the_others_are_not_lost(bets):
    joint = joint_outcomes(SAMPLE, bets)
    held = [outcomes for outcomes in joint if LOST not in outcomes]
    found = implied(bets)
    for place, bet in enumerate(bets):
        others_hold = [key for key in joint if LOST not in key[:place] + key[place + 1 :]]
        is_won = all(outcomes[place] == WON for outcomes in others_hold)
        assert (bet in found) == (bool(held) and len(bets) > 1 and is_won)


@pytest.mark.parametrize(
    "bets",
    [
        (HOME, AWAY),
        (over("2.5"), under("2.5")),
        (BOTH_SCORE, HOME_TO_NIL),
        (under("1.5"), BOTH_SCORE),
        (ODD, DRAW),
        (over("0.5"), NOBODY_FIRST),
        (over("2.5", "OUHT"), under("2.5")),
        (football.bet("HTFT", None, "1/X"), HOME),
    ],
)
def test_a_bet_and_its_contrary_are_a_contradiction(bets):
    assert sorted(bets, key=lambda bet: bet.id) == list(contradiction((*bets, HOME_OR_DRAW)))
    assert 0 == win_probability(SAMPLE, bets)


def test_three_bets_may_quarrel_where_no_two_do():
    bets = [HOME_OR_DRAW, DRAW, over("0.5"), NOT_BOTH]
    assert {DRAW, over("0.5"), NOT_BOTH} == set(contradiction(bets))


def test_the_first_goal_of_a_half_with_goals_falls_in_that_half():
    away_leads_unanswered = football.bet("HTFT", None, "2/1")
    bets = [away_leads_unanswered, under("1.5", "OUHT"), HOME_FIRST]
    assert set(bets) == set(contradiction(bets))
    assert () == contradiction([away_leads_unanswered, HOME_FIRST])


@pytest.mark.parametrize(
    ("bets", "found"),
    [
        ((BOTH_SCORE, over("0.5")), (over("0.5"),)),
        ((BOTH_SCORE, over("1.5"), HOME), (over("1.5"),)),
        ((HOME, HOME_OR_DRAW), (HOME_OR_DRAW,)),
        ((HOME, HOME), (HOME, HOME)),
        ((HOME, HOME_BACK_IF_DRAWN), (HOME_BACK_IF_DRAWN,)),
        ((HOME_FIRST, over("0.5")), (over("0.5"),)),
        ((over("1.5", "OUHT"), over("1.5")), (over("1.5"),)),
        ((HOME_AT_BOTH, HOME, BOTH_SCORE), (HOME,)),
        ((HOME_AT_BOTH, HOME, HOME_AT_HALF_TIME), (HOME_AT_BOTH, HOME, HOME_AT_HALF_TIME)),
        ((HOME, over("2.5")), ()),
        ((HOME, AWAY), ()),
        ((HOME,), ()),
        ((), ()),
    ],
)
def test_implied_bets_are_named(bets, found):
    assert found == implied(bets)


def test_no_bets_win_for_certain():
    assert 1 == pytest.approx(win_probability(SAMPLE, []))
    assert 1 == pytest.approx(mean_factor(SAMPLE, []))
    assert () == contradiction([])


# ---- written out: every course of the match, every bet settled on it by its own rules


def opening_chances(early, late):
    """Tell (who scored first, how likely) where every order of a half's goals is as likely."""
    home, away = early if sum(early) else late
    if not home + away:
        return [((0, 0), 1.0)]
    return [((1, 0), home / (home + away)), ((0, 1), away / (home + away))]


def factor_of(bet, points, odds):
    """Settle both halves of a stake by the rules of the market, and add what they bring."""
    brought = []
    for half in bet.halves:
        outcomes = [rule(*points[part]) for part, rule in half]
        brought.append(min(outcome.factor(odds) for outcome in outcomes) / 200)
    return sum(brought) / len(brought)


def written_out(matrix, legs):
    total = 0.0
    for (a, b, i, j), chance in np.ndenumerate(half_time_and_final(matrix)):
        if a > i or b > j:
            continue
        early, late = (a, b), (i - a, j - b)
        for first, share in opening_chances(early, late):
            points = {Part.FULL: (i, j), Part.FIRST: early, Part.SECOND: late, Part.OPENING: first}
            product = chance * share
            for bet, odds in legs:
                if not product:
                    break
                product *= factor_of(bet, points, odds)
            total += product
    return total


@settings(max_examples=8)
@given(MATRICES, LEGS)
def test_the_mean_factor_agrees_with_writing_every_course_out(matrix, legs):
    assert written_out(matrix, legs) == pytest.approx(
        mean_factor(matrix, legs), rel=1e-9, abs=1e-14
    )


@pytest.mark.parametrize(
    "bets",
    [
        (HOME_FIRST, football.bet("MRHT", None, "X"), football.bet("MR2H", None, "1")),
        (AWAY_FIRST, HOME, over("2.25")),
        (football.bet("HTFT", None, "2/1"), HOME_FIRST, over("1.5", "OU2H")),
        (football.bet("AHFT", "-0.75", "1"), over("2.75"), HOME_BACK_IF_DRAWN),
    ],
)
def test_mixed_combinations_agree_with_writing_every_course_out(bets):
    legs = [MatchLeg(bet, 150 + 31 * place) for place, bet in enumerate(bets)]
    assert written_out(SAMPLE, legs) == pytest.approx(mean_factor(SAMPLE, legs), rel=1e-12)
