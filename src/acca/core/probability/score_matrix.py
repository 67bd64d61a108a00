"""Probabilities of every score of a football match, at the end and at half-time (spec 7).

Dixon and Coles (1997): independent Poisson goals, the four lowest scores corrected.
"""

from math import comb, factorial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float64]
"""A number for each score, [home goals, away goals], 16 by 16."""

GOALS_MAX = 15
GOALS = GOALS_MAX + 1
"""How many goals are told apart, none included: the side of every grid."""
FIRST_HALF_SHARE = 0.447
"""Part of all goals that fall before half-time, each by its own throw."""
RHO = -0.06
"""The usual rho: of all hundredths it leaves the least residual of the fit to closing 1X2 and
over/under odds, and the best likelihood of the scores (7,600 matches of 22 leagues, 2025/26)."""

_COUNTS = np.arange(GOALS, dtype=np.float64)
_FACTORIALS = np.array([float(factorial(n)) for n in range(GOALS)])


def _binomials(share: float) -> Grid:
    return np.array([[_binomial(k, n, share) for n in range(GOALS)] for k in range(GOALS)])


def _binomial(k: int, n: int, share: float) -> float:
    return comb(n, k) * share**k * (1 - share) ** max(0, n - k)


FIRST_HALF = _binomials(FIRST_HALF_SHARE)
"""Probability of k goals before half-time, given n at the end; [k, n]."""
SECOND_HALF = _binomials(1 - FIRST_HALF_SHARE)
"""Probability of k goals after half-time, given n at the end; [k, n]."""


class ScoreMatrix(NamedTuple):
    """Goals that each side is expected to score, rho, and the probability of each final score."""

    home_rate: float
    away_rate: float
    rho: float
    final: Grid


def score_matrix(home_rate: float, away_rate: float, rho: float = RHO) -> ScoreMatrix:
    """Make the matrix of final scores of 0 to 15 goals each, renormalised to sum to one."""
    low, high = rho_bounds(home_rate, away_rate)
    assert low < rho < high, "rho leaves every score possible"
    final = np.multiply.outer(_poisson(home_rate), _poisson(away_rate))
    final[:2, :2] *= correction(home_rate, away_rate, rho)
    final /= final.sum()
    final.setflags(write=False)
    return ScoreMatrix(home_rate, away_rate, rho, final)


def rho_bounds(home_rate: float, away_rate: float) -> tuple[float, float]:
    """Tell between which values, themselves left out, rho leaves every score possible."""
    assert home_rate > 0 < away_rate, "a side that cannot score has no odds"
    return max(-1 / home_rate, -1 / away_rate), min(1 / (home_rate * away_rate), 1.0)


def correction(home_rate: float, away_rate: float, rho: float) -> list[list[float]]:
    """Tell the factors of the four lowest scores, [home goals, away goals]."""
    return [
        [1 - home_rate * away_rate * rho, 1 + home_rate * rho],
        [1 + away_rate * rho, 1 - rho],
    ]


def first_half(matrix: ScoreMatrix) -> Grid:
    """Tell the probability of each score at half-time."""
    return FIRST_HALF @ matrix.final @ FIRST_HALF.T


def second_half(matrix: ScoreMatrix) -> Grid:
    """Tell the probability of each score of the second half alone."""
    return SECOND_HALF @ matrix.final @ SECOND_HALF.T


def half_time_and_final(matrix: ScoreMatrix) -> NDArray[np.float64]:
    """Tell the probability of each course, [home at half-time, away, home at the end, away]."""
    home = FIRST_HALF[:, None, :, None]
    away = FIRST_HALF[None, :, None, :]
    return home * away * matrix.final


def _poisson(rate: float) -> Grid:
    # e ** -rate falls out in the renormalisation.
    return rate**_COUNTS / _FACTORIALS
