"""Jackpots made by themselves: the matches nobody can call, and what their prizes will cost."""

from collections.abc import Sequence
from itertools import accumulate
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca.core.board import Board, BoardEvent
from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier
from acca.core.finance import RATE_ONE
from acca.core.markets.sports import SPORTS

RUNS = 20_000
"""Weekends that a forecast plays through, always the same ones."""
_SEED = 1_1_2026
_SIGNS = "1X2"

Chances = tuple[float, float, float]
"""How likely home, draw and away are."""


class TierForecast(NamedTuple):
    """A tier: how likely one line reaches it, how many of all do, and what it costs in cents.

    `favourite` is the chance of the likeliest line, `line` that of a line like those sold,
    `won` that anybody reaches the tier, `winners` how many lines do on average.
    """

    wrong: int
    favourite: float
    line: float
    won: float
    winners: float
    payout_cents: float


class Forecast(NamedTuple):
    """What a jackpot is expected to pay for a number of sold lines, and of what it takes in."""

    tiers: tuple[TierForecast, ...]
    payout_cents: float
    ratio: float


def choose_matches(board: Board, count: int) -> list[BoardEvent]:
    """Choose the matches with the closest odds, fewer where there are fewer, in order of start.

    The closest are those whose chances of 1, X and 2 have the greatest entropy.
    """
    known = [(event, chances) for event in board.values() if (chances := chances_of_signs(event))]
    ordered = sorted(known, key=lambda each: (-_entropy(each[1]), each[0].starts, each[0].id))
    chosen = [event for event, _ in ordered[:count]]
    return sorted(chosen, key=lambda event: (event.starts, event.id))


def chances_of_signs(event: BoardEvent) -> Chances | None:
    """Tell how likely 1, X and 2 of an event are, if it is offered and its odds tell."""
    if event.is_stopped:
        return None
    bets = [SPORTS[event.sport].bet("MRFT", None, sign) for sign in _SIGNS]
    found = [event.chances.get(bet.id) for bet in bets if bet is not None and event.takes(bet.id)]
    match found:
        case [float(home), float(draw), float(away)]:
            return home, draw, away
        case _:
            return None


def forecast(card: Jackpot, chances: Sequence[Chances], lines: int, weighted: float) -> Forecast:
    """Forecast a jackpot on as many matches as there are chances, reserves left out.

    Of the lines sold a part is `weighted`, each sign picked as likely as it is; the others are
    picked evenly. Lines are taken to be picked apart from each other.
    """
    known = np.array(chances)
    drawn = _draw(known, np.random.default_rng(_SEED))
    even = np.full_like(known, 1 / len(_SIGNS))
    played = weighted * _by_wrong(known, drawn) + (1 - weighted) * _by_wrong(even, drawn)
    favourites = _exactly(known.max(axis=1))
    line = _line_chances(known, weighted)
    if not card.highest_tier_only:
        played, favourites, line = played.cumsum(axis=1), _sums(favourites), _sums(line)
    pool_cents = lines * card.price_cents
    made: list[TierForecast] = []
    for wrong, tier in enumerate(card.tiers):
        won = _won(played[:, wrong], lines)
        winners = line[wrong] * lines
        payout = _payout(tier, won, winners, pool_cents)
        made.append(TierForecast(wrong, favourites[wrong], line[wrong], won, winners, payout))
    payout = sum(tier.payout_cents for tier in made)
    return Forecast(tuple(made), payout, payout / pool_cents if pool_cents else 0.0)


def _sums(chances: Sequence[float]) -> list[float]:
    """Tell the chances of so many wrong or fewer: such lines win the lower tiers as well."""
    return list(accumulate(chances))


def _line_chances(known: NDArray[np.float64], weighted: float) -> list[float]:
    """Tell exactly how likely a line like those sold has 0, 1, 2 … wrong picks."""
    by_weight = _exactly((known**2).sum(axis=1))
    evenly = _exactly(np.full(len(known), 1 / len(_SIGNS)))
    return [
        weighted * one + (1 - weighted) * other
        for one, other in zip(by_weight, evenly, strict=True)
    ]


def _won(per_line: NDArray[np.float64], lines: int) -> float:
    """Tell how likely any line reaches a tier, from how likely one does in each weekend."""
    nobody = np.exp(lines * np.log1p(-np.minimum(per_line, 1 - 1e-12)))
    return float(1 - nobody.mean())


def _payout(tier: Tier, won: float, winners: float, pool_cents: int) -> float:
    match tier.kind:
        case PrizeKind.FIXED_PER_LINE:
            return winners * tier.amount_cents
        case PrizeKind.SHARED_AMOUNT:
            return won * tier.amount_cents
        case PrizeKind.SHARED_PERCENT_OF_POOL:
            return won * pool_cents * (tier.pool_rate or 0) / RATE_ONE


def _draw(known: NDArray[np.float64], dice: np.random.Generator) -> NDArray[np.intp]:
    """Play weekends: which sign each match ends with."""
    bounds = known.cumsum(axis=1)[:, :-1]
    points = dice.random((RUNS, len(known)))
    return (points[:, :, None] > bounds[None, :, :]).sum(axis=2)


def _by_wrong(picked: NDArray[np.float64], drawn: NDArray[np.intp]) -> NDArray[np.float64]:
    """Tell for each weekend how likely a line has 0, 1, 2 … wrong picks."""
    sums = np.ones((len(drawn), 1))
    for match, signs in enumerate(drawn.T):
        right = picked[match][signs][:, None]
        none = np.zeros((len(drawn), 1))
        sums = np.hstack((sums * right, none)) + np.hstack((none, sums * (1 - right)))
    return sums


def _exactly(right: NDArray[np.float64]) -> list[float]:
    """Tell how likely there are 0, 1, 2 … wrong among picks of these chances."""
    sums = np.ones(1)
    for chance in right:
        sums = np.append(sums * chance, 0) + np.append(0, sums * (1 - chance))
    return sums.tolist()


def _entropy(chances: Chances) -> float:
    return -sum(chance * log(chance) for chance in chances if chance > 0)
