"""Odds made of probabilities: a margin put into every set of bets that share out the scores.

The inverse of the power method of `devig`: each probability p becomes p ** k, with k such that the
set sums to one plus the margin. It leaves favourites nearly fair and takes more of long shots, as
the bookmakers do whose odds the matrix was fitted to.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca.core.finance import RATE_ONE
from acca.core.markets.market import Bet
from acca.core.odds import ODDS_MAX, ONE
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, WON
from acca.core.probability.cells import OUTCOMES, shares_given_final
from acca.core.probability.score_matrix import Grid, ScoreMatrix

Vector = NDArray[np.float64]
Sets = tuple[tuple[Bet, ...], ...]
"""Bets that are offered together, set by set."""

PROBABILITY_MIN = 1e-4
"""Of a bet that is less probable the matrix knows too little to offer it."""
ODDS_MIN = ONE + 1
_TINY = 1e-300
_STEPS_MAX = 60
_CLOSE = 1e-12


class _Rows(NamedTuple):
    """What each bet gains and what of it stands, given each final score; where each set begins."""

    gain: Grid
    stand: Grid
    starts: NDArray[np.intp]
    sizes: NDArray[np.intp]


def priced(matrix: ScoreMatrix, sets: Sets, margin_rate: int) -> list[int | None]:
    """Tell the odds of every bet in hundredths, rounded down; the margin in millionths.

    None where a bet is less probable than PROBABILITY_MIN or its odds are beyond the bounds. A bet
    that may be void or half won counts with the part of it that stands, as in `fair_odds`.
    """
    assert 0 <= margin_rate <= RATE_ONE, "a margin is between none and all"
    rows = _rows(sets)
    final = matrix.final.reshape(-1)
    gain, stand = rows.gain @ final, rows.stand @ final
    fair = np.clip(gain / np.maximum(stand, _TINY), _TINY, 1.0)
    odds = ONE / _with_margin(fair, rows, margin_rate / RATE_ONE)
    hundredths = np.floor(np.minimum(odds, 2.0 * ODDS_MAX)).astype(np.int64)
    offered = (gain >= PROBABILITY_MIN) & (hundredths >= ODDS_MIN) & (hundredths <= ODDS_MAX)
    return [
        each if fits else None
        for each, fits in zip(hundredths.tolist(), offered.tolist(), strict=True)
    ]


def _with_margin(fair: Vector, rows: _Rows, margin: float) -> Vector:
    """Find k of each set with sum(p ** k) = (1 + margin) * sum(p).

    The logarithm of the sum falls and is convex in k, so that Newton's steps arrive from below.
    """
    logs = np.log(fair)
    target = np.log((1 + margin) * np.add.reduceat(fair, rows.starts))
    # No sum of powers exceeds the number of bets; where the target does, all stay at evens or less.
    target = np.minimum(target, np.log(rows.sizes * (1 - _CLOSE)))
    exponents = np.zeros(len(rows.starts))
    powers = fair
    for _ in range(_STEPS_MAX):
        powers = np.exp(np.repeat(exponents, rows.sizes) * logs)
        total = np.add.reduceat(powers, rows.starts)
        slope = np.add.reduceat(powers * logs, rows.starts)
        step = (np.log(total) - target) * total / np.minimum(slope, -_TINY)
        exponents = exponents - np.where(slope < 0, step, 0.0)
        if np.all(np.abs(step) <= _CLOSE * np.maximum(exponents, 1.0)):
            break
    return powers


@cache
def _rows(sets: Sets) -> _Rows:
    bets = [bet for one in sets for bet in one]
    shares = np.stack([shares_given_final(bet) for bet in bets])
    code = {outcome: shares[:, place] for place, outcome in enumerate(OUTCOMES)}
    gain = code[WON] + code[HALF_WON] / 2
    stand = gain + code[LOST] + code[HALF_LOST] / 2
    sizes = np.array([len(one) for one in sets], dtype=np.intp)
    return _Rows(gain, stand, np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
