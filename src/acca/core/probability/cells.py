"""Football bets settled on every cell, by the rules of their markets, once per process.

A cell is a course of the match: goals of each side in each half, and who scored first. Cells do
not depend on the event; only their probabilities do.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from math import factorial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca.core.markets.market import Bet, Condition, Part, Rule
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON
from acca.core.probability.score_matrix import (
    FIRST_HALF,
    FIRST_HALF_SHARE,
    GOALS,
    SECOND_HALF,
    Grid,
)

Codes = NDArray[np.intp]
"""The place in OUTCOMES of a bet's outcome, for each score of a part, or each of OPENINGS."""
Tables = dict[Part, Grid]
"""A factor for each score of the halves and of the whole match, 16 by 16, or each of OPENINGS."""

OUTCOMES = (LOST, HALF_LOST, VOID, HALF_WON, WON)
LOST_CODE, WON_CODE = 0, 4
OPENINGS = ((1, 0), (0, 1), (0, 0))
"""Who scored first: home, away, nobody."""

_RANKS = {LOST: 0, VOID: 1, WON: 2}


class SettledBet(NamedTuple):
    """The outcome codes of a bet, and where it wins wholly, for each part that it looks at.

    One part holds the outcome itself. Where there are several the codes are LOST or WON, and the
    bet wins where all of them do. A plain bet can only be LOST or WON, by one part or several.
    """

    parts: tuple[tuple[Part, Codes], ...]
    won: Tables
    is_plain: bool


@cache
def settle_everywhere(bet: Bet) -> SettledBet:
    """Settle a bet on every score of the parts that it looks at."""
    halves = [_settle_half(half) for half in bet.halves]
    parts = sorted({part for half in halves for part in half}, key=lambda part: part.value)
    assert len(parts) == 1 or len(halves) == 1, "a quarter line looks at one part"
    codes = [(part, _sum_of_halves([half[part] for half in halves])) for part in parts]
    is_plain = all(np.isin(own, (LOST_CODE, WON_CODE)).all() for _, own in codes)
    assert len(parts) == 1 or is_plain, "no bet is void by one of several parts"
    return SettledBet(tuple(codes), {part: _chosen(own, WON_CODE) for part, own in codes}, is_plain)


def _chosen(codes: Codes, code: int) -> Grid:
    return (codes == code).astype(np.float64)


def _settle_half(conditions: Sequence[Condition]) -> dict[Part, Codes]:
    # The lower rank of two conditions holds: lost before void before won.
    ranks: dict[Part, Codes] = {}
    for part, rule in conditions:
        own = _settle_rule(part, rule)
        ranks[part] = np.minimum(ranks[part], own) if part in ranks else own
    return ranks


def _settle_rule(part: Part, rule: Rule) -> Codes:
    if part is Part.OPENING:
        return np.array([_RANKS[rule(*points)] for points in OPENINGS], dtype=np.intp)
    ranks = [[_RANKS[rule(home, away)] for away in range(GOALS)] for home in range(GOALS)]
    return np.array(ranks, dtype=np.intp)


def _sum_of_halves(ranks: Sequence[Codes]) -> Codes:
    first, *rest = ranks
    if not rest:
        return 2 * first
    (second,) = rest
    assert (np.abs(first - second) <= 1).all(), "the halves of a line lie side by side"
    return first + second


# ---- shares: what becomes of a bet, given the final score

_FACTORIALS = np.array([float(factorial(n)) for n in range(GOALS)])
_ORDERS = np.multiply.outer(_FACTORIALS, _FACTORIALS)
_EARLY = FIRST_HALF_SHARE ** np.arange(GOALS) / _FACTORIALS
_LATE = (1 - FIRST_HALF_SHARE) ** np.arange(GOALS) / _FACTORIALS
_EARLY_SCORES = np.multiply.outer(_EARLY, _EARLY)
_LATE_SCORES = np.multiply.outer(_LATE, _LATE)
_GOALLESS_START = np.multiply.outer(FIRST_HALF[0], FIRST_HALF[0])
_ONES = np.ones((GOALS, GOALS))


def _first_goals() -> Grid:
    home, away = np.indices((GOALS, GOALS), dtype=np.float64)
    goals = np.maximum(home + away, 1)
    shares = np.stack([home / goals, away / goals, 1.0 * (home + away == 0)])
    return shares.reshape(len(OPENINGS), -1)


_FIRST_GOALS = _first_goals()
"""Probability of each of OPENINGS given a score, every order of its goals as likely, 3 by 256."""
_TOEPLITZ = (
    np.arange(GOALS)[:, None, None] * -1
    + np.arange(GOALS)[:, None] * (2 * GOALS - 1)
    + np.arange(GOALS)
    + (GOALS - 1)
).reshape(GOALS, GOALS * GOALS)
"""Where (c, j - b) stands in rows padded on the left: [b, (c, j)], b away goals before half-time,
c home goals after it, j away goals at the end."""
_HOME_SUMS = np.hstack([np.eye(GOALS, k=-early) for early in range(GOALS)])
"""One where home goals before and after half-time make those at the end: [end, (before, after)]."""


def mean_given_final(factors: Tables) -> Grid:
    """Tell the mean of the product of the parts' factors given each final score, 16 by 16."""
    full = factors.get(Part.FULL)
    if len(factors) == (full is not None):
        return _ONES if full is None else full
    mean = _given_final(
        factors.get(Part.FIRST), factors.get(Part.SECOND), factors.get(Part.OPENING)
    )
    return mean if full is None else mean * full


def _given_final(first: Grid | None, second: Grid | None, opening: Grid | None) -> Grid:
    if opening is None:
        return _over_halves(first, second)
    # The first goal falls before half-time if any does, and is then a matter of that half alone.
    by_score = (opening @ _FIRST_GOALS).reshape(GOALS, GOALS)
    early = by_score.copy() if first is None else first * by_score
    early[0, 0] = 0.0
    late = by_score * _GOALLESS_START * (1.0 if first is None else first[0, 0])
    return _over_halves(early, second) + (late if second is None else late * second)


def _over_halves(first: Grid | None, second: Grid | None) -> Grid:
    if second is None:
        return _ONES if first is None else FIRST_HALF.T @ first @ FIRST_HALF
    return SECOND_HALF.T @ second @ SECOND_HALF if first is None else _convolved(first, second)


def _convolved(first: Grid, second: Grid) -> Grid:
    """Sum over all half-time scores, each with the second half that leads to the final score.

    A binomial is n! times one factor for each half; so this is a convolution in both scores.
    """
    padded = np.zeros((GOALS, 2 * GOALS - 1))
    padded[:, GOALS - 1 :] = second * _LATE_SCORES
    products = (first * _EARLY_SCORES) @ padded.take(_TOEPLITZ)
    return _HOME_SUMS @ products.reshape(GOALS * GOALS, GOALS) * _ORDERS


def branches(bet: Bet) -> list[tuple[int, Tables]]:
    """Divide all cells among the outcomes of a bet: codes, each with a product of ones and zeros.

    A code may come more than once: a bet of two parts is lost by the first, or by the second alone.
    """
    parts = settle_everywhere(bet).parts
    if len(parts) == 1:
        ((part, codes),) = parts
        return [(int(code), {part: _chosen(codes, code)}) for code in np.unique(codes)]
    won: Tables = {}
    lost: list[tuple[int, Tables]] = []
    for part, codes in parts:
        lost.append((LOST_CODE, {**won, part: _chosen(codes, LOST_CODE)}))
        won[part] = _chosen(codes, WON_CODE)
    return [*lost, (WON_CODE, won)]


@cache
def shares_given_final(bet: Bet) -> Grid:
    """Tell the probability of each of OUTCOMES given each final score, 5 by 256."""
    shares = np.zeros((len(OUTCOMES), GOALS, GOALS))
    for code, tables in branches(bet):
        shares[code] += mean_given_final(tables)
    flat = shares.reshape(len(OUTCOMES), -1)
    flat.setflags(write=False)
    return flat


# ---- sets: the cells themselves, as bits of one integer


@cache
def _all_cells() -> dict[Part, NDArray[np.int32]]:
    """List every cell of positive probability, as the place of its score in each part's tables."""
    halves = np.indices((GOALS,) * 4, dtype=np.int32).reshape(4, -1)
    halves = halves[:, (halves[0] + halves[2] < GOALS) & (halves[1] + halves[3] < GOALS)]
    goals = np.where(halves[:2].any(axis=0), halves[:2], halves[2:])
    scorers = np.vstack([goals > 0, ~goals.any(axis=0)])
    opening, cell = np.nonzero(scorers)
    home, away, home_late, away_late = halves[:, cell]
    return {
        Part.FULL: (home + home_late) * GOALS + away + away_late,
        Part.FIRST: home * GOALS + away,
        Part.SECOND: home_late * GOALS + away_late,
        Part.OPENING: opening.astype(np.int32),
    }


@cache
def won_cells(bet: Bet) -> int:
    """Tell where a bet wins wholly, one bit for each cell."""
    return _bits((part, codes == WON_CODE) for part, codes in settle_everywhere(bet).parts)


@cache
def held_cells(bet: Bet) -> int:
    """Tell where a bet is not wholly lost, one bit for each cell."""
    return _bits((part, codes != LOST_CODE) for part, codes in settle_everywhere(bet).parts)


def _bits(parts: Iterable[tuple[Part, NDArray[np.bool_]]]) -> int:
    chosen = [table.take(_all_cells()[part]) for part, table in parts]
    return int.from_bytes(np.packbits(np.all(chosen, axis=0)).tobytes(), "big")
