"""Any combination of bets on one football match: exact sums over cells, never products of singles.

Half-time, second-half, quarter-line and first-goal bets mix freely.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import chain, combinations
from typing import NamedTuple

import numpy as np

from acca.core.markets.market import Bet
from acca.core.odds import ONE
from acca.core.outcome import Outcome
from acca.core.probability.cells import (
    OUTCOMES,
    Tables,
    branches,
    held_cells,
    mean_given_final,
    settle_everywhere,
    shares_given_final,
    won_cells,
)
from acca.core.probability.score_matrix import Grid, ScoreMatrix

_FACTORS_AT_ZERO = np.array([outcome.factor(0) for outcome in OUTCOMES]) / (2 * ONE)
_FACTORS_GROW = np.array([each.factor(1) - each.factor(0) for each in OUTCOMES]) / (2 * ONE)
_EVERYWHERE = -1


class Shares(NamedTuple):
    """The probability of each outcome of one bet; they sum to one."""

    won: float
    half_won: float
    void: float
    half_lost: float
    lost: float


class MatchLeg(NamedTuple):
    """A bet of the match and its odds in hundredths."""

    bet: Bet
    odds: int


def bet_probabilities(matrix: ScoreMatrix, bets: Sequence[Bet]) -> list[Shares]:
    """Tell what may become of each bet by itself, in their order."""
    if not bets:
        return []
    rows = np.concatenate([shares_given_final(bet) for bet in bets])
    shares = (rows @ matrix.final.reshape(-1)).reshape(len(bets), len(OUTCOMES))
    return [Shares(*each) for each in shares[:, ::-1].tolist()]


def fair_odds(shares: Shares) -> float | None:
    """Tell at which decimal odds the mean factor of a bet is one, None where it cannot win."""
    gain = shares.won + shares.half_won / 2
    risk = shares.lost + shares.half_lost / 2
    return 1 + risk / gain if gain else None


def win_probability(matrix: ScoreMatrix, bets: Iterable[Bet]) -> float:
    """Tell the probability that every bet wins wholly; its inverse is their fair joint odds."""
    product: Tables = {}
    for bet in bets:
        _multiply(product, settle_everywhere(bet).won)
    return _sum(matrix, product)


def mean_factor(matrix: ScoreMatrix, legs: Iterable[MatchLeg]) -> float:
    """Tell the mean of the product of the legs' factors: the fair value of one unit staked."""
    product: Tables = {}
    scale = 1.0
    for bet, odds in legs:
        settled = settle_everywhere(bet)
        if settled.is_plain:
            scale *= odds / ONE
            _multiply(product, settled.won)
        else:
            ((part, codes),) = settled.parts
            _multiply(product, {part: _factors(odds).take(codes)})
    return scale * _sum(matrix, product)


def joint_outcomes(matrix: ScoreMatrix, bets: Sequence[Bet]) -> dict[tuple[Outcome, ...], float]:
    """Tell the probability of each possible tuple of outcomes, in the order of the bets."""
    found: list[tuple[tuple[Outcome, ...], Tables, float]] = [((), {}, 1.0)]
    for bet in bets:
        found = [
            ((*before, OUTCOMES[code]), tables, chance)
            for before, product, _ in found
            for code, own in branches(bet)
            if (chance := _sum(matrix, tables := _product(product, own))) > 0
        ]
    joint: dict[tuple[Outcome, ...], float] = {}
    for outcomes, _, chance in found:
        joint[outcomes] = joint.get(outcomes, 0.0) + chance
    return joint


def contradiction(bets: Iterable[Bet]) -> tuple[Bet, ...]:
    """Name bets that cannot all escape a total loss, as few as hold the quarrel; none if all can.

    A pair is named before anything larger. No bet of a larger set can be left out of it.
    """
    ordered = sorted(set(bets), key=lambda bet: bet.id)
    if _held(ordered):
        return ()
    for few in chain(combinations(ordered, 1), combinations(ordered, 2)):
        if not _held(few):
            return few
    for bet in tuple(ordered):
        rest = [other for other in ordered if other is not bet]
        if not _held(rest):
            ordered = rest
    return tuple(ordered)


def implied(bets: Sequence[Bet]) -> tuple[Bet, ...]:
    """Name the bets that win wholly wherever none of the others is lost, in their order.

    To drop one of them changes nothing of what the combination covers; to drop several may, since
    two equal bets imply each other. In a contradiction nothing is implied.
    """
    if not bets or not _held(bets):
        return ()
    others = _all_but_one([held_cells(bet) for bet in bets])
    return tuple(bet for bet, rest in zip(bets, others, strict=True) if not rest & ~won_cells(bet))


def _all_but_one(sets: Sequence[int]) -> list[int]:
    before, after = [_EVERYWHERE], [_EVERYWHERE]
    for each in sets[:-1]:
        before.append(before[-1] & each)
    for each in reversed(sets[1:]):
        after.append(after[-1] & each)
    return [left & right for left, right in zip(before, reversed(after), strict=True)]


def _held(bets: Iterable[Bet]) -> int:
    return reduce(int.__and__, map(held_cells, bets), _EVERYWHERE)


def _factors(odds: int) -> Grid:
    return _FACTORS_AT_ZERO + _FACTORS_GROW * odds


def _product(left: Tables, right: Tables) -> Tables:
    product = dict(left)
    _multiply(product, right)
    return product


def _multiply(product: Tables, tables: Tables) -> None:
    for part, table in tables.items():
        before = product.get(part)
        product[part] = table if before is None else before * table


def _sum(matrix: ScoreMatrix, product: Tables) -> float:
    return float(np.vdot(matrix.final, mean_given_final(product)))
