"""The candidates of a smartbet as columns, and how a selection of them is made whole."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca.core.cards.composing_field import CLASSES, Field
from acca.core.cards.smartbet import Band
from acca.core.odds import ONE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_EVENTS_WHOLE, _EVENTS_ONCE = 16, 150
"""Of so many events all candidates are kept, and the best one of so many more."""
_STEPS = 3
"""So many neighbours are looked at for one of another event."""
NEVER = np.inf


class Pool(NamedTuple):
    """Candidates in order of their odds; `rows` and `slots` say where they stand in the field.

    `lengths` are the logarithms of the odds, `costs` those of the inverse of the chances: what
    adds up to a total of odds, and to the improbability of a ticket.
    """

    rows: Ints
    slots: Ints
    odds: Ints
    lengths: Floats
    costs: Floats

    def at(self, places: Ints) -> "Pool":
        """Take candidates by their places, in that order."""
        rows, slots, odds, lengths, costs = self
        return Pool(rows[places], slots[places], odds[places], lengths[places], costs[places])


def mark(field: Field, eligible: NDArray[np.bool_], band: Band) -> NDArray[np.bool_]:
    """Mark all that may be chosen."""
    lowest = max(band.lowest, ONE + 1)
    inside = (field.odds >= lowest) & (field.odds <= band.highest)
    inside[~eligible] = False
    return inside


def gather(field: Field, inside: NDArray[np.bool_]) -> Pool:
    """Gather what is marked, in order of odds, then of events and bets."""
    return _ordered(field, *np.nonzero(inside))


def thin(field: Field, inside: NDArray[np.bool_]) -> Pool:
    """Gather what is worth a look, in order of odds, then of events and bets.

    These are the bets of the events that lose least of the probability for their odds, and the
    best of each class of odds: a combination that is short of some odds finds what fits.
    """
    flat = np.flatnonzero(inside.ravel())
    lengths, costs = field.lengths.ravel()[flat], field.costs.ravel()[flat]
    losses = costs - lengths
    width = field.odds.shape[1]
    keep = _best_by_event(losses / lengths, flat // width, len(field.events))
    keep |= _best_by_class(losses, field.classes.ravel()[flat])
    rows, slots = np.divmod(flat[np.flatnonzero(keep)], width)
    return _ordered(field, rows, slots)


def _ordered(field: Field, rows: Ints, slots: Ints) -> Pool:
    odds, events = field.odds[rows, slots], field.events[rows]
    # One key of 64 bits is sorted faster than three columns.
    keys = odds.astype(np.uint64) << np.uint64(40)
    keys |= events.astype(np.uint64) << np.uint64(9)
    order = np.argsort(keys | field.bets[rows, slots].astype(np.uint64))
    rows, slots = rows[order], slots[order]
    told = odds[order].astype(np.int64)
    return Pool(rows, slots, told, field.lengths[rows, slots], field.costs[rows, slots])


def _best_by_event(rates: Floats, rows: Ints, count: int) -> NDArray[np.bool_]:
    """Mark all candidates of the events with the best one, and the best of more events."""
    starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
    best = np.full(count, NEVER)
    best[rows[starts]] = np.minimum.reduceat(rates, starts)
    ordered = np.sort(best)
    whole = ordered[min(_EVENTS_WHOLE, count - 1)]
    once = ordered[min(_EVENTS_ONCE, count - 1)]
    of_row = best[rows]
    return (of_row <= whole) | ((of_row <= once) & (rates == of_row))


def _best_by_class(losses: Floats, classes: NDArray[np.int16]) -> NDArray[np.bool_]:
    best = np.full(CLASSES, NEVER)
    np.minimum.at(best, classes, losses)
    return losses == best[classes]


class Window(NamedTuple):
    """Between which logarithms the odds that are still missing have to lie."""

    low: float
    high: float


def best_single(pool: Pool, costs: Floats, window: Window, count: int) -> list[tuple[int, ...]]:
    """Find the likeliest candidates inside a window, the best first, by their costs."""
    first, last = np.searchsorted(pool.lengths, window)
    inside = costs[first:last]
    order = np.argsort(inside, kind="stable")[:count]
    return [(int(first + place),) for place in order if inside[place] < NEVER]


def best_pair(pool: Pool, costs: Floats, window: Window, count: int) -> list[tuple[int, ...]]:
    """Find the likeliest pairs of different rows inside a window, the best first.

    Each candidate is paired with the likeliest of all that fit it: a least value of a range.
    """
    size = len(pool.odds)
    first = np.searchsorted(pool.lengths, window.low - pool.lengths, side="left")
    last = np.searchsorted(pool.lengths, window.high - pool.lengths, side="right")
    some = np.flatnonzero((last > first) & (costs < NEVER))
    if not len(some):
        return []
    partner = np.zeros(size, dtype=np.int64)
    partner[some] = _least_of_ranges(costs, first[some], last[some])
    sums = np.full(size, NEVER)
    sums[some] = costs[some] + costs[partner[some]]
    sums[pool.rows == pool.rows[partner]] = NEVER
    order = np.argsort(sums, kind="stable")[: 2 * count]
    return [(int(one), int(partner[one])) for one in order if sums[one] < NEVER]


def _least_of_ranges(values: Floats, first: Ints, last: Ints) -> Ints:
    """Find where the least value of each range is, by tables of ranges of powers of two."""
    width = last - first
    powers = np.frexp(width.astype(np.float64))[1] - 1
    tables = [np.arange(len(values))]
    for power in range(int(powers.max())):
        before, step = tables[-1], 1 << power
        left, right = before[:-step], before[step:]
        table = before.copy()
        table[:-step] = np.where(values[left] <= values[right], left, right)
        tables.append(table)
    stacked = np.stack(tables)
    left, right = stacked[powers, first], stacked[powers, last - (1 << powers)]
    return np.where(values[left] <= values[right], left, right)


def shortest(pool: Pool, low: float, count: int) -> list[tuple[int, ...]]:
    """Find the singles and pairs of the shortest odds above a bound, the shortest first."""
    size = len(pool.odds)
    first = int(np.searchsorted(pool.lengths, low))
    found = [(place,) for place in range(first, min(size, first + count))]
    partner = np.searchsorted(pool.lengths, low - pool.lengths)
    return found + _nearest(pool, partner, 1, count)


def longest(pool: Pool, high: float, count: int) -> list[tuple[int, ...]]:
    """Find the singles and pairs of the longest odds below a bound, the longest first."""
    last = int(np.searchsorted(pool.lengths, high, side="right")) - 1
    found = [(place,) for place in range(last, max(-1, last - count), -1)]
    partner = np.searchsorted(pool.lengths, high - pool.lengths, side="right") - 1
    return found + _nearest(pool, partner, -1, count)


def _nearest(pool: Pool, partner: Ints, step: int, count: int) -> list[tuple[int, ...]]:
    """Pair each candidate with its partner, or the next one that is of another row."""
    size = len(pool.odds)
    for _ in range(_STEPS):
        inside = (partner >= 0) & (partner < size)
        here = np.flatnonzero(inside)
        clash = here[pool.rows[here] == pool.rows[partner[here]]]
        partner = partner.copy()
        partner[clash] += step
    here = np.flatnonzero((partner >= 0) & (partner < size))
    here = here[pool.rows[here] != pool.rows[partner[here]]]
    lengths = step * (pool.lengths[here] + pool.lengths[partner[here]])
    order = here[np.argsort(lengths, kind="stable")[: 2 * count]]
    return [(int(one), int(partner[one])) for one in order]
