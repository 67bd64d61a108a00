"""Probabilities of the scores of a match, and results drawn from them.

Dixon and Coles (1997): independent Poisson goals, the four lowest scores corrected. Only the four
basic operations and exact sums are used, because those give the same bits on every machine and
Python; powers, logarithms and the built-in sum do not.
"""

from collections.abc import Sequence
from itertools import accumulate
from math import comb, fsum
from operator import mul
from random import Random
from typing import NamedTuple

GOALS_MAX = 15
GOALS = GOALS_MAX + 1
"""How many goals of a side are told apart, none included."""
CELLS = GOALS * GOALS
"""Scores as one row of numbers: home goals times GOALS, and away goals."""
FIRST_HALF_SHARE = 0.447
"""Part of all goals that fall before half-time, each by its own throw."""
RHO = -0.06

Matrix = Sequence[float]
"""The probability of each score."""
Points = tuple[int, int]
"""Goals of (home, away)."""


def points_of(cell: int) -> Points:
    """Tell which score a cell stands for."""
    return cell // GOALS, cell % GOALS


def score_matrix(home_rate: float, away_rate: float, rho: float = RHO) -> Matrix:
    """Make the matrix of 0 to 15 goals of each side, renormalised to sum to one."""
    assert home_rate >= 0 <= away_rate, "no side is expected to score less than nothing"
    home, away = _poisson(home_rate), _poisson(away_rate)
    cells = [h * a for h in home for a in away]
    cells[0] *= 1 - home_rate * away_rate * rho
    cells[1] *= 1 + home_rate * rho
    cells[GOALS] *= 1 + away_rate * rho
    cells[GOALS + 1] *= 1 - rho
    total = fsum(cells)
    return [cell / total for cell in cells]


def _poisson(rate: float) -> list[float]:
    # The factor that makes these probabilities falls out in the renormalisation.
    terms = [1.0]
    for n in range(1, GOALS):
        terms.append(terms[-1] * rate / n)
    return terms


def _binomial(k: int, n: int) -> float:
    term = float(comb(n, k))
    for _ in range(k):
        term *= FIRST_HALF_SHARE
    for _ in range(n - k):
        term *= 1 - FIRST_HALF_SHARE
    return term


_FIRST_HALF = [[_binomial(k, n) for k in range(n + 1)] for n in range(GOALS)]
"""Probability of k goals before half-time, given n at the end; [n][k]."""


def half_time_weights(holds: Sequence[bool]) -> list[float]:
    """Tell how probable something that holds of the half-time score is, given each final score."""
    return [
        fsum(
            by_home * by_away
            for k, by_home in enumerate(_FIRST_HALF[home])
            for m, by_away in enumerate(_FIRST_HALF[away])
            if holds[k * GOALS + m]
        )
        for home, away in map(points_of, range(CELLS))
    ]


def expected(matrix: Matrix, weights: Sequence[float]) -> float:
    """Tell the probability of something that has a weight in each cell."""
    return fsum(map(mul, matrix, weights))


class Played(NamedTuple):
    """The minute of each goal in 1 to 90, by side; the first half ends after minute 45."""

    home: tuple[int, ...]
    away: tuple[int, ...]

    def points(self, minute: int = 90) -> Points:
        """Tell the score after a minute."""
        home, away = (sum(goal <= minute for goal in goals) for goals in self)
        return home, away

    def first(self, minute: int = 90) -> str:
        """Tell which side had scored first after a minute, as the feed spells it."""
        if not any(self.points(minute)):
            return "none"
        return "home" if min(self.home, default=91) < min(self.away, default=91) else "away"


def draw_match(rng: Random, matrix: Matrix) -> Played:
    """Draw a final score and when its goals fell; no two goals share a minute."""
    at = rng.random()
    passed = (cell for cell, until in enumerate(accumulate(matrix)) if at < until)
    home, away = points_of(next(passed, CELLS - 1))
    early = [sum(rng.random() < FIRST_HALF_SHARE for _ in range(n)) for n in (home, away)]
    first = rng.sample(range(1, 46), sum(early))
    second = rng.sample(range(46, 91), home + away - sum(early))
    late_home = home - early[0]
    return Played(
        tuple(sorted(first[: early[0]] + second[:late_home])),
        tuple(sorted(first[early[0] :] + second[late_home:])),
    )
