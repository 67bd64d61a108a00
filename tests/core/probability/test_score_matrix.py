import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from known_answers import known_answers

from acca.core.probability.score_matrix import (
    GOALS,
    first_half,
    half_time_and_final,
    rho_bounds,
    score_matrix,
    second_half,
)

RATES = st.floats(0.02, 8)
SAMPLE = score_matrix(1.5, 1.1, -0.05)


@st.composite
def matrices(draw):
    home, away = draw(RATES), draw(RATES)
    low, high = rho_bounds(home, away)
    rho = draw(st.floats(max(low, -1), high, exclude_min=True, exclude_max=True))
    assume(low < rho < high)
    return score_matrix(home, away, rho)


def results(scores):
    return np.tril(scores, -1).sum(), np.trace(scores), np.triu(scores, 1).sum()


@pytest.mark.parametrize("known", known_answers("score_matrix")["vectors"])
def test_known_scores(known):
    made = score_matrix(*(float(known[name]) for name in ("lambda_home", "lambda_away", "rho")))
    home, draw, away = results(made.final)
    markets = {name: float(chance) for name, chance in known["markets"].items()}
    assert markets["home"] == pytest.approx(home, abs=1e-12)
    assert markets["draw"] == pytest.approx(draw, abs=1e-12)
    assert markets["away"] == pytest.approx(away, abs=1e-12)
    assert markets["cs_2_1"] == pytest.approx(made.final[2, 1], abs=1e-12)
    assert markets["cs_0_0"] == pytest.approx(made.final[0, 0], abs=1e-12)


def test_known_half_time_scores():
    home, draw, _ = results(first_half(SAMPLE))
    assert 0.343681114260 == pytest.approx(home, abs=1e-12)
    assert 0.427187982699 == pytest.approx(draw, abs=1e-12)
    assert 0.685978386958 == pytest.approx(1 - first_half(SAMPLE)[0, 0], abs=1e-12)


def test_rho_moves_the_score_of_each_side_by_the_goals_of_the_other():
    plain, moved = score_matrix(2.0, 1.0, 0.0).final, score_matrix(2.0, 1.0, -0.1).final
    assert 1 - 2.0 * 0.1 == pytest.approx(moved[0, 1] / plain[0, 1])
    assert 1 - 1.0 * 0.1 == pytest.approx(moved[1, 0] / plain[1, 0])


@given(matrices())
def test_scores_at_any_time_sum_to_one(matrix):
    for scores in (matrix.final, first_half(matrix), second_half(matrix)):
        assert 1 == pytest.approx(scores.sum(), abs=1e-12)
        assert (scores > 0).all()


@given(matrices())
def test_halves_and_final_scores_agree(matrix):
    courses = half_time_and_final(matrix)
    assert (GOALS,) * 4 == courses.shape
    assert matrix.final == pytest.approx(courses.sum(axis=(0, 1)), abs=1e-13)
    assert first_half(matrix) == pytest.approx(courses.sum(axis=(2, 3)), abs=1e-13)
    second = np.zeros((GOALS, GOALS))
    for home, away in np.ndindex(GOALS, GOALS):
        second[: GOALS - home, : GOALS - away] += courses[home, away, home:, away:]
    assert second == pytest.approx(second_half(matrix), abs=1e-13)


@given(matrices())
def test_exchanging_the_sides_exchanges_the_scores(matrix):
    exchanged = score_matrix(matrix.away_rate, matrix.home_rate, matrix.rho)
    assert matrix.final == pytest.approx(exchanged.final.T, abs=1e-14)


@pytest.mark.parametrize("rho", [-0.67, 0.61, -1.0, 1.0, float("nan")])
def test_a_rho_that_makes_a_score_impossible_is_a_bug(rho):
    with pytest.raises(AssertionError, match="rho"):
        score_matrix(1.5, 1.1, rho)
