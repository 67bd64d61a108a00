"""How probable the bets of many events are by their own odds, computed for all of them at once.

The power method of `devig`, over every set of bets that share out all scores. A set counts where
all its bets are offered and each can only be won or lost; double chances add up two of a set.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca.core.markets.football import FOOTBALL
from acca.core.markets.market import Bet, Part, Sport
from acca.core.markets.sports import SPORTS
from acca.core.odds import ONE
from acca.core.probability.cells import settle_everywhere

Vector = NDArray[np.float64]

_STEPS_MAX = 60
_CLOSE = 1e-13
_UNKNOWABLE = {Part.OPENING, Part.BEST_OF_3, Part.BEST_OF_5}
"""Parts that a result need not tell: bets on them are void then, whatever the score."""
_HALF_LINE = ".5"


class Quoted(NamedTuple):
    """An event's sport, and its odds in hundredths by bet id."""

    sport: str
    odds: Mapping[int, int]


class _Sets(NamedTuple):
    """The sets of a sport, and which bets are two of a set's added up."""

    members: tuple[tuple[int, ...], ...]
    sums: Mapping[int, tuple[int, int]]


def chances_of(events: Sequence[Quoted]) -> list[dict[int, float]]:
    """Tell the probability of each bet of each event that can be told, in the events' order."""
    found: list[dict[int, float]] = [{} for _ in events]
    whole = list(_whole_sets(events))
    if whole:
        sizes = np.array([len(bets) for _, bets in whole], dtype=np.intp)
        raw = [ONE / events[place].odds[bet] for place, bets in whole for bet in bets]
        fair = iter(_powers(np.array(raw), sizes).tolist())
        for place, bets in whole:
            # The sum of what came out is one but for the last digits.
            found[place].update((bet, next(fair)) for bet in bets)
    for event, chances in zip(events, found, strict=True):
        for bet, (one, other) in _sets(event.sport).sums.items():
            if bet in event.odds and one in chances and other in chances:
                chances[bet] = chances[one] + chances[other]
    return found


def _whole_sets(events: Sequence[Quoted]) -> Iterator[tuple[int, tuple[int, ...]]]:
    for place, (sport, odds) in enumerate(events):
        for bets in _sets(sport).members:
            if all(odds.get(bet, ONE) > ONE for bet in bets):
                yield place, bets


def _powers(raw: Vector, sizes: NDArray[np.intp]) -> Vector:
    """Find the exponent of each set with which its powers sum to one, and give the powers.

    The logarithm of the sum falls and is convex in it, so that Newton's steps arrive from anywhere.
    """
    logs = np.log(raw)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    exponents = np.ones(len(sizes))
    powers = raw
    for _ in range(_STEPS_MAX):
        powers = np.exp(np.repeat(exponents, sizes) * logs)
        total = np.add.reduceat(powers, starts)
        step = np.log(total) * total / np.add.reduceat(powers * logs, starts)
        exponents = exponents - step
        if np.all(np.abs(step) <= _CLOSE * np.abs(exponents)):
            break
    return powers / np.repeat(np.add.reduceat(powers, starts), sizes)


@cache
def _sets(sport: str) -> _Sets:
    found = SPORTS[sport]
    sets = tuple(
        tuple(bet.id for bet in line)
        for line in found.sets
        if all(_is_certain(found, bet) for bet in line)
    )
    return _Sets(sets, dict(_double_chances()) if found is FOOTBALL else {})


def _is_certain(sport: Sport, bet: Bet) -> bool:
    """Tell whether a bet on an event that was played can only be won or lost."""
    if len(bet.halves) > 1 or any(each.part in _UNKNOWABLE for half in bet.halves for each in half):
        return False
    if sport is FOOTBALL:
        return settle_everywhere(bet).is_plain
    return bet.line is None or bet.line.endswith(_HALF_LINE)


def _double_chances() -> Iterator[tuple[int, tuple[int, int]]]:
    for double, single in (("DCFT", "MRFT"), ("DCHT", "MRHT")):
        for code in ("1X", "12", "X2"):
            sides = [FOOTBALL.bet(single, None, side) for side in code]
            both = FOOTBALL.bet(double, None, code)
            assert both is not None, "a double chance is a bet"
            one, other = (bet.id for bet in sides if bet is not None)
            yield both.id, (one, other)
