"""The composer of smartbets: the likeliest accumulator that pays what the player wants (spec 2).

Few events are searched through. Of many, a relaxation without whole numbers tells which selections
lose least for the odds they add; the last two of them make way for the likeliest pair that brings
the total into its span. Whatever the search steers by, each answer is judged in exact integers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import inf, log, prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca.core.cards.composing_exact import EXACT_MAX, Aim, Judge, search_all
from acca.core.cards.composing_field import (
    Chosen,
    Composed,
    Field,
    OutOfReach,
    Span,
    Wanted,
    greatest_total,
    last_paying,
    pay,
    shorts_of,
    spans_of,
    total_of,
)
from acca.core.cards.composing_pool import (
    Pool,
    Window,
    best_pair,
    best_single,
    gather,
    longest,
    mark,
    shortest,
    thin,
)
from acca.core.cards.smartbet import Band
from acca.core.numbers import Rounding
from acca.core.odds import ONE

_HALF, _SLACK = 0.5, 1e-9
_BEYOND = np.geomspace(1.1, 64, 16)
"""Prices of odds, beyond those that make any candidate pay, at which longer ones pay more."""
_FEW_OF_EACH = 6
"""Of so many times as many candidates as events may be chosen, enough are of different events."""
_BASES = 3
"""So many beginnings are made whole."""
_LEFT_OUT_PART = 8
"""With an eighth of the candidates gone, others may have become worth a look."""
_TRIED = 6
"""Of each beginning so many ends are judged: a rounding may push the first out of the span."""


class _Found(NamedTuple):
    """A combination, and by what it is better or worse than another: less is better."""

    rank: tuple[float, ...]
    places: tuple[int, ...]
    total: int
    probability: float

    @property
    def is_near(self) -> bool:
        """Tell whether it wins hardly more than is wanted."""
        return self.rank[0] == 0


class Prepared(NamedTuple):
    """What may be chosen from in a band, ready for many wishes; valid until the field changes."""

    field: Field
    pool: Pool
    is_small: bool


def prepare(field: Field, eligible: NDArray[np.bool_], band: Band) -> Prepared:
    """Gather the candidates of the eligible rows of a field, or the best of them if many."""
    inside = mark(field, eligible, band)
    is_small = int(np.count_nonzero(inside)) <= EXACT_MAX
    return Prepared(field, gather(field, inside) if is_small else thin(field, inside), is_small)


def leave_out(prepared: Prepared, left_out: NDArray[np.bool_]) -> Prepared | None:
    """Leave marked rows out; None where so much goes that all has to be prepared anew."""
    pool = prepared.pool
    kept = np.flatnonzero(~left_out[pool.rows])
    is_much = (len(pool.odds) - len(kept)) * _LEFT_OUT_PART > len(pool.odds)
    if is_much and not prepared.is_small:
        return None
    return prepared._replace(pool=pool.at(kept))


def compose(prepared: Prepared, wanted: Wanted) -> Composed | OutOfReach:
    """Compose a smartbet, or tell the nearest win.

    The same field, in whatever order its rows stand, gives the same answer to the same wish.
    """
    return _Search(prepared, wanted).find()


class _Search:
    """One search; places are those of the candidates in `pool`."""

    def __init__(self, prepared: Prepared, wanted: Wanted) -> None:
        self._wanted: Wanted = wanted
        self._field: Field = prepared.field
        self._pool: Pool = prepared.pool
        self._is_small: bool = prepared.is_small

    def find(self) -> Composed | OutOfReach:
        spans = list(spans_of(self._wanted)) if len(self._pool.odds) else []
        best = self._best_of_all(spans) if self._is_small else self._best_of_many(spans)
        return OutOfReach(self._nearest()) if best is None else self._composed(best)

    def _best_of_many(self, spans: Sequence[Span]) -> _Found | None:
        longest_odds = self._first_of_rows(range(len(self._pool.odds) - 1, -1, -1))
        reach = self._length(longest_odds) + _SLACK
        within = [span for span in spans if self._window(span.lowest, span.lowest).low <= reach]
        return self._near(within) or self._above(within)

    def _best_of_all(self, spans: Sequence[Span]) -> _Found | None:
        """Search through all combinations for a better one than is found among many."""
        first = self._best_of_many(spans)
        found = [] if first is None else [first]
        judge = _judging(self._judge, found)
        most = self._wanted.events_max
        for span in spans:
            if span.near >= span.lowest:
                window = self._window(span.lowest, span.near)
                least = min(
                    (self._cost(each.places) for each in found if each.is_near), default=inf
                )
                search_all(self._pool, window, Aim.LIKELY, most, judge, least)
        if any(each.is_near for each in found):
            return min(found)
        for span in spans:
            window = self._window(span.lowest, span.highest)
            search_all(self._pool, window, Aim.SHORT, most, _judging(self._judge, found))
        return self._fewest(min(found, default=None), spans)

    def _fewest(self, best: _Found | None, spans: Iterable[Span]) -> _Found | None:
        """Find fewer selections that win the same: longer odds may pay no more."""
        if best is None:
            return None
        net = pay(self._wanted, best.total).net_cents
        found = [best]
        for span in spans:
            if pay(self._wanted, span.lowest).net_cents <= net:
                window = self._window(span.lowest, last_paying(self._wanted, net, span))
                most = self._wanted.events_max
                search_all(self._pool, window, Aim.FEW, most, _judging(self._judge, found))
        return min(found)

    def _near(self, spans: Iterable[Span]) -> _Found | None:
        """Find a likely combination near the win."""
        found = [each for each in map(self._near_in, spans) if each is not None]
        return min(found, default=None)

    def _near_in(self, span: Span) -> _Found | None:
        if span.near < span.lowest:
            return None
        window = self._window(span.lowest, span.near)
        relaxed = self._relax(window.low)
        least, most = self._wanted.events_min, self._wanted.events_max
        sizes = {min(max(len(relaxed) - less, least - 2, 0), most) for less in range(-1, _BASES)}
        found = [self._completed(relaxed[:size], window) for size in sorted(sizes)]
        return min((each for each in found if each is not None), default=None)

    def _relax(self, low: float) -> list[int]:
        """Choose one candidate of each event for the least loss of probability, by reaching odds.

        The best come first. At a price of odds each event is worth its best candidate; the price
        is the least at which those that pay, and are few enough, reach the odds.
        """
        rates = np.unique(self._pool.costs / self._pool.lengths)
        prices = np.concatenate((rates, rates[-1] * _BEYOND))
        cheap, dear = 0, len(prices) - 1
        while cheap < dear:
            middle = (cheap + dear) // 2
            if self._length(self._worth(prices[middle])) < low:
                cheap = middle + 1
            else:
                dear = middle
        return self._worth(prices[dear])

    def _worth(self, price: float) -> list[int]:
        pool, most = self._pool, self._wanted.events_max
        values = pool.costs - price * pool.lengths
        chosen: list[int] = []
        rows: set[int] = set()
        few = min(_FEW_OF_EACH * most, len(values) - 1)
        first = np.sort(np.argpartition(values, few)[: few + 1])
        for place in first[np.argsort(values[first], kind="stable")].tolist():
            if values[place] > _SLACK or len(chosen) == most:
                break
            row = int(pool.rows[place])
            if row not in rows:
                rows.add(row)
                chosen.append(place)
        return chosen

    def _completed(self, base: Sequence[int], window: Window) -> _Found | None:
        """Complete a base by the likeliest one or two candidates that bring it into a window."""
        pool = self._pool
        length = self._length(base)
        rest = Window(window.low - length, window.high - length)
        if rest.high <= 0:
            return None
        taken = np.zeros(len(self._field.events), dtype=np.bool_)
        taken[pool.rows[list(base)]] = True
        costs = np.where(taken[pool.rows], inf, pool.costs)
        singles = best_single(pool, costs, rest, _TRIED)
        pairs = best_pair(pool, costs, rest, _TRIED)
        found = [self._first((*base, *end) for end in ends) for ends in (singles, pairs)]
        return min((each for each in found if each is not None), default=None)

    def _first(self, ends: Iterable[tuple[int, ...]]) -> _Found | None:
        """Find the first combination that may stand: they come with the best first."""
        return next((each for each in map(self._judge, ends) if each is not None), None)

    def _above(self, spans: Iterable[Span]) -> _Found | None:
        """Find a combination that wins the least above what is wanted."""
        found = [each for span in spans for each in self._least_above(span)]
        return min(found, default=None)

    def _least_above(self, span: Span) -> Iterator[_Found]:
        low = self._window(span.lowest, span.lowest).low
        for base in self._bases_by_odds(low):
            free, places = self._free(base)
            ends = shortest(free, low - self._length(base), _TRIED)
            found = self._first((*base, *(places[place] for place in end)) for end in ends)
            if found is not None:
                yield found

    def _bases_by_odds(self, length: float) -> Iterator[list[int]]:
        """Give beginnings of long, of short and of likely odds, of every size that may do."""
        most = self._wanted.events_max
        pool = self._pool
        up, down = range(len(pool.odds)), range(len(pool.odds) - 1, -1, -1)
        for order in (down, up, self._relax(length)):
            chosen = self._first_of_rows(order)
            total, sizes = 0.0, [0]
            for size, place in enumerate(chosen[:most], 1):
                total += float(pool.lengths[place])
                sizes.append(size)
                if total > length:
                    break
            least = max(self._wanted.events_min - 2, 0)
            for size in sizes[-_BASES:]:
                if least <= size < most:
                    yield chosen[:size]

    def _first_of_rows(self, order: Iterable[int]) -> list[int]:
        rows: dict[int, int] = {}
        for place in order:
            _ = rows.setdefault(int(self._pool.rows[place]), place)
            if len(rows) == self._wanted.events_max:
                break
        return list(rows.values())

    def _nearest(self) -> int:
        """Tell the greatest win below what is wanted that was found, in cents."""
        wins = [0]

        def judge(places: tuple[int, ...]) -> bool:
            win = self._win_below(places)
            if win is not None:
                wins.append(win)
            return win is not None

        for total in shorts_of(self._wanted) if len(self._pool.odds) else ():
            window = Window(-inf, self._window(total, total).high)
            if self._is_small:
                search_all(self._pool, window, Aim.LONG, self._wanted.events_max, judge)
            else:
                for end in self._long_ends(window.high):
                    _ = judge(end)
        return max(wins)

    def _win_below(self, places: tuple[int, ...]) -> int | None:
        total = self._total(places)
        if len(places) < self._wanted.events_min or total > greatest_total(self._wanted):
            return None
        win = pay(self._wanted, total).net_cents
        return win if win < self._wanted.win_cents else None

    def _long_ends(self, high: float) -> Iterator[tuple[int, ...]]:
        every = self._first_of_rows(range(len(self._pool.odds) - 1, -1, -1))
        for size in range(1, len(every) + 1):
            yield tuple(every[:size])
        for base in self._bases_by_odds(high):
            free, places = self._free(base)
            for end in longest(free, high - self._length(base), _TRIED):
                if len(base) + len(end) <= self._wanted.events_max:
                    yield (*base, *(places[place] for place in end))

    def _free(self, base: Sequence[int]) -> tuple[Pool, list[int]]:
        """Tell the candidates of the rows that a base has not taken, and their places."""
        taken = [int(self._pool.rows[place]) for place in base]
        places = np.flatnonzero(~np.isin(self._pool.rows, taken)) if taken else None
        if places is None:
            return self._pool, list(range(len(self._pool.odds)))
        return self._pool.at(places), places.tolist()

    def _window(self, lowest: int, highest: int) -> Window:
        """Tell the logarithms between which products are rounded to totals inside."""
        down = self._wanted.terms.rounding is Rounding.DOWN
        below, above = (0.0, 1 - _SLACK) if down else (_HALF, _HALF)
        return Window(log((lowest - below) / ONE), log((highest + above) / ONE))

    def _cost(self, places: Sequence[int]) -> float:
        return float(self._pool.costs[list(places)].sum())

    def _length(self, places: Sequence[int]) -> float:
        return float(self._pool.lengths[list(places)].sum()) if places else 0.0

    def _total(self, places: Iterable[int]) -> int:
        return total_of(self._wanted, [int(self._pool.odds[place]) for place in places])

    def _judge(self, places: tuple[int, ...]) -> _Found | None:
        """Judge a combination by the rules, in exact integers; None where it is against them."""
        wanted, pool = self._wanted, self._pool
        total = self._total(places)
        payout = pay(wanted, total)
        if not (
            wanted.events_min <= len(places) <= wanted.events_max
            and payout.net_cents >= wanted.win_cents
            and total <= (wanted.odds_max or total)
            and payout.uncapped_cents <= (wanted.gross_max_cents or payout.uncapped_cents)
        ):
            return None
        rows = [int(pool.rows[place]) for place in places]
        starts, ids = self._field.starts, self._field.events
        order = sorted(range(len(rows)), key=lambda one: (starts[rows[one]], ids[rows[one]]))
        probability = prod(
            float(self._field.chances[rows[one], pool.slots[places[one]]]) for one in order
        )
        is_near = payout.net_cents * 1000 <= wanted.win_cents * 1050
        ties = (
            float(len(rows)),
            float(max(starts[rows])),
            *map(float, sorted(int(ids[row]) for row in rows)),
        )
        first = (0.0, -probability) if is_near else (1.0, float(payout.net_cents))
        chosen = tuple(places[one] for one in order)
        return _Found((*first, *ties), chosen, total, probability)

    def _composed(self, best: _Found) -> Composed:
        pool, field = self._pool, self._field
        chosen = tuple(
            Chosen(
                int(field.events[pool.rows[place]]),
                int(field.bets[pool.rows[place], pool.slots[place]]),
                int(pool.odds[place]),
            )
            for place in best.places
        )
        return Composed(chosen, best.total, pay(self._wanted, best.total), best.probability)


def _judging(judge: Callable[[tuple[int, ...]], _Found | None], found: list[_Found]) -> Judge:
    """Make a judge that keeps what may stand, and says so of what is as near as any before."""

    def keep(places: tuple[int, ...]) -> bool:
        judged = judge(places)
        if judged is not None:
            found.append(judged)
        return judged is not None and judged.rank[0] <= min(each.rank[0] for each in found)

    return keep
