"""The best of all combinations of a few candidates, by branching and cutting off."""

from collections.abc import Callable, Sequence
from enum import Enum
from math import inf
from typing import NamedTuple

import numpy as np

from acca.core.cards.composing_pool import Floats, Pool, Window

EXACT_MAX = 64
"""So many candidates are searched through; a search ends after NODES_MAX branches."""
NODES_MAX = 5_000
_SLACK = 1e-9
"""Combinations that differ by less are all judged: sums of logarithms end a hair apart."""

Judge = Callable[[tuple[int, ...]], bool]
"""Judges a combination in exact integers, and tells whether it may stand."""


class Aim(Enum):
    """What is to be least: the improbability, the odds, the events; or greatest: the odds."""

    LIKELY = "likely"
    SHORT = "short"
    FEW = "few"
    LONG = "long"


class _Option(NamedTuple):
    place: int
    length: float
    value: float


def search_all(
    pool: Pool,
    window: Window,
    aim: Aim,
    events_max: int,
    judge: Judge,
    least: float = inf,
) -> None:
    """Show the judge every combination inside a window that may be the best by an aim.

    `least` is the value of one that is known already.
    """
    search = _Branching(pool, window, aim, events_max, judge)
    search.best = least
    search.branch(0, 0.0, 0.0, ())


class _Branching:
    """One search: rows in their order, each left out or taken with one of its candidates."""

    def __init__(self, pool: Pool, window: Window, aim: Aim, events_max: int, judge: Judge) -> None:
        values = _values(pool, aim)
        self._rows: list[list[_Option]] = [
            [
                _Option(place, float(pool.lengths[place]), float(values[place]))
                for place in np.flatnonzero(pool.rows == row).tolist()
            ]
            for row in np.unique(pool.rows).tolist()
        ]
        self._window: Window = Window(window.low - _SLACK, window.high + _SLACK)
        self._most: int = events_max
        self._judge: Judge = judge
        self._aim: Aim = aim
        self.best: float = inf
        self._nodes: int = 0
        self._tails: list[float] = _from_the_end(
            [max(option.length for option in options) for options in self._rows]
        )
        self._rates: list[float] = _least_from_the_end(
            [min(option.value / option.length for option in options) for options in self._rows]
        )

    def branch(self, row: int, length: float, value: float, places: tuple[int, ...]) -> None:
        self._nodes += 1
        is_end = places and self._window.low <= length and value <= self.best + _SLACK
        if is_end and self._judge(places):
            self.best = min(self.best, value)
        if row == len(self._rows) or len(places) == self._most or self._nodes > NODES_MAX:
            return
        if value + self._least_more(row, length) > self.best + _SLACK:
            return
        if length + self._tails[row] < self._window.low:
            return
        for option in self._rows[row]:
            longer = length + option.length
            if longer <= self._window.high:
                self.branch(row + 1, longer, value + option.value, (*places, option.place))
        self.branch(row + 1, length, value, places)

    def _least_more(self, row: int, length: float) -> float:
        """Tell what the rest adds at least to the value."""
        if self._aim is Aim.LONG:
            return -min(self._tails[row], self._window.high - length)
        return max(0.0, self._window.low - length) * self._rates[row]


def _values(pool: Pool, aim: Aim) -> Floats:
    match aim:
        case Aim.LIKELY:
            return pool.costs
        case Aim.SHORT:
            return pool.lengths
        case Aim.FEW:
            return np.ones(len(pool.lengths))
        case Aim.LONG:
            return -pool.lengths


def _from_the_end(values: Sequence[float]) -> list[float]:
    sums = [0.0]
    for value in reversed(values):
        sums.append(sums[-1] + value)
    return sums[::-1]


def _least_from_the_end(values: Sequence[float]) -> list[float]:
    least = [inf]
    for value in reversed(values):
        least.append(min(least[-1], value))
    return least[::-1]
