"""The score matrix that best explains the odds offered on an event."""

from collections.abc import Sequence
from functools import lru_cache
from math import dist, exp, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca.core.markets.market import Bet
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, WON
from acca.core.probability.cells import OUTCOMES, shares_given_final
from acca.core.probability.devig import devig
from acca.core.probability.score_matrix import (
    GOALS,
    RHO,
    Grid,
    ScoreMatrix,
    correction,
    rho_bounds,
    score_matrix,
)

RATE_MIN, RATE_MAX = 0.02, 8.0
"""Between these lie the goals that a side can be expected to score."""
_LOWEST, _HIGHEST = log(RATE_MIN), log(RATE_MAX)
_START = (log(1.45), log(1.2))
"""Usual goals of home and away; their ratio stays where the odds say nothing of it."""
_STEPS_MAX = 40
_STEP_MAX = 1.0
_STEP_CLOSE = 1e-10
_COST_CLOSE = 1e-12
_DAMPING_START, _DAMPING_MIN, _DAMPING_MAX = 1e-4, 1e-9, 1e9
_DAMPING_TURN = 10.0

Vector = NDArray[np.float64]
Rates = tuple[float, float]
"""Logarithms of the goals expected of home and away."""


class Offer(NamedTuple):
    """One market offered whole: bets of which one wins, or two of a line, and odds (hundredths)."""

    bets: tuple[Bet, ...]
    odds: tuple[int, ...]


class Fit(NamedTuple):
    """A fitted matrix, the root mean square of what it misses of the probabilities, the steps."""

    matrix: ScoreMatrix
    residual: float
    steps: int


class _Aim(NamedTuple):
    """What is to be met: (gain @ p) / (stand @ p) = target, p the probabilities of all scores."""

    gain: Grid
    stand: Grid
    target: Vector
    rho: float


class _View(NamedTuple):
    """How a pair of rates looks: what it misses of the target, and the slopes of that, n by 2."""

    rates: Rates
    missed: Vector
    slopes: Grid
    cost: float


def fit(offers: Sequence[Offer], rho: float = RHO) -> Fit:
    """Fit both sides' goals to the odds of one or more markets, de-vigged by the power method.

    Least squares over the probabilities of all offered bets, each of the same weight. Rates end
    within RATE_MIN and RATE_MAX whatever the odds are.
    """
    bets = tuple(bet for offer in offers for bet in offer.bets)
    chances = [chance for offer in offers for chance in devig(offer.odds).probabilities]
    return fit_probabilities(bets, chances, rho)


def fit_probabilities(bets: Sequence[Bet], chances: Sequence[float], rho: float = RHO) -> Fit:
    """Fit both sides' goals to the probability of each bet, its margin taken out.

    Where a bet can be void in whole or half, the probability is one over its fair odds.
    """
    assert bets, "a fit needs odds"
    low, high = rho_bounds(RATE_MAX, RATE_MAX)
    assert low < rho < high, "rho leaves every score possible at all rates"
    gain, stand = _rows(tuple(bets))
    best, steps = _descend(_Aim(gain, stand, np.array(chances), rho))
    matrix = score_matrix(exp(best.rates[0]), exp(best.rates[1]), rho)
    return Fit(matrix, sqrt(best.cost / len(chances)), steps)


@lru_cache(maxsize=256)
def _rows(bets: tuple[Bet, ...]) -> tuple[Grid, Grid]:
    """Tell what each bet gains and what of it stands, given each final score; n by 256.

    Fair odds o make gain * o + what is given back = 1, so that 1/o = gain / stand.
    """
    shares = np.stack([shares_given_final(bet) for bet in bets])
    code = {outcome: shares[:, place] for place, outcome in enumerate(OUTCOMES)}
    gain = code[WON] + code[HALF_WON] / 2
    return gain, gain + code[LOST] + code[HALF_LOST] / 2


def _descend(aim: _Aim) -> tuple[_View, int]:
    """Go down by damped Gauss-Newton steps (Levenberg and Marquardt), never up, never out."""
    here, damping, steps = _look(aim, _START), _DAMPING_START, 0
    while steps < _STEPS_MAX and damping < _DAMPING_MAX:
        steps += 1
        there = _look(aim, _step(here, damping))
        near = dist(there.rates, here.rates) < _STEP_CLOSE
        gone = abs(here.cost - there.cost) <= _COST_CLOSE * here.cost
        if there.cost <= here.cost:
            here, damping = there, max(_DAMPING_MIN, damping / _DAMPING_TURN)
        else:
            damping *= _DAMPING_TURN
        if near or gone:
            break
    return here, steps


def _look(aim: _Aim, rates: Rates) -> _View:
    home, away = exp(rates[0]), exp(rates[1])
    final = score_matrix(home, away, aim.rho).final.reshape(-1)
    scores = _scores(home, away, aim.rho)
    # d p / d rate = p * (score - mean score): the renormalisation is in the mean.
    changes = final * (scores - (scores @ final)[:, None])
    columns = np.vstack([final, changes]).T
    gain, stand = aim.gain @ columns, aim.stand @ columns
    chances = gain[:, 0] / stand[:, 0]
    slopes = (gain[:, 1:] - chances[:, None] * stand[:, 1:]) / stand[:, :1]
    missed = chances - aim.target
    return _View(rates, missed, slopes, float(missed @ missed))


_GOALS_SCORED = np.indices((GOALS, GOALS), dtype=np.float64)


def _scores(home: float, away: float, rho: float) -> Grid:
    """Tell how the logarithm of each score's weight grows with the rates' logarithms, 2 by 256."""
    scores = _GOALS_SCORED.copy()
    ((goalless, away_one), (home_one, _)) = correction(home, away, rho)
    scores[:, 0, 0] = -home * away * rho / goalless
    scores[0, 0, 1] += home * rho / away_one
    scores[1, 1, 0] += away * rho / home_one
    return scores.reshape(2, -1)


def _step(here: _View, damping: float) -> Rates:
    """Solve the two normal equations; a rate at its bound that would leave it is held there."""
    square = here.slopes.T @ here.slopes
    up_home, up_away = (float(each) for each in here.slopes.T @ here.missed)
    free = [
        not ((rate <= _LOWEST and up > 0) or (rate >= _HIGHEST and up < 0))
        for rate, up in zip(here.rates, (up_home, up_away), strict=True)
    ]
    a, d = (float(square[n, n]) + damping for n in (0, 1))
    b = float(square[0, 1]) if all(free) else 0.0
    det = a * d - b * b
    steps = ((b * up_away - d * up_home) / det, (b * up_home - a * up_away) / det)
    home, away = (
        _bounded(rate, step if may else 0.0)
        for rate, step, may in zip(here.rates, steps, free, strict=True)
    )
    return home, away


def _bounded(rate: float, step: float) -> float:
    return min(_HIGHEST, max(_LOWEST, rate + min(_STEP_MAX, max(-_STEP_MAX, step))))
