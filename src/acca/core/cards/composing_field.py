"""What a smartbet is composed of, what is wanted of it, and what comes out (spec 2)."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca.core.finance import Charge, Payout, TaxTerms, pay_out
from acca.core.odds import ODDS_MAX, ONE, total_odds

NEAR_MILLI = 1_050
"""A win may be missed upwards by 5 % for the sake of a higher probability."""
_THOUSAND = 1_000
_TOTAL_MAX = ODDS_MAX**3


class Field(NamedTuple):
    """What may be chosen from, an event in each row; a slot without a bet has odds 0.

    `events` [n] are ids and `starts` [n] unix seconds. Of shape [n, w] are `bets`, `odds` in
    hundredths, and `chances`, the probabilities to win, above 0 where there are odds; what follows
    from them is worked out by `weigh`: `lengths` and `costs`, the logarithms of the odds and of
    the inverse of the chances, and the `classes` of about the same odds.
    """

    events: NDArray[np.int32]
    starts: NDArray[np.int64]
    bets: NDArray[np.int16]
    odds: NDArray[np.int32]
    chances: NDArray[np.float64]
    lengths: NDArray[np.float64]
    costs: NDArray[np.float64]
    classes: NDArray[np.int16]


CLASSES = 2_400
_CLASSES_OF_A_UNIT = 200
"""A class is half a percent wide, and the last one holds all odds above 160,000.00."""


def make_field(count: int, width: int) -> Field:
    """Make a field of so many rows and slots without any bets."""
    shape = count, width
    return Field(
        np.zeros(count, dtype=np.int32),
        np.zeros(count, dtype=np.int64),
        np.zeros(shape, dtype=np.int16),
        np.zeros(shape, dtype=np.int32),
        np.zeros(shape, dtype=np.float64),
        np.zeros(shape, dtype=np.float64),
        np.zeros(shape, dtype=np.float64),
        np.zeros(shape, dtype=np.int16),
    )


def weigh(field: Field, rows: slice) -> None:
    """Work out what follows from the odds and chances of some rows."""
    odds = np.maximum(field.odds[rows], ONE)
    field.lengths[rows] = np.log(odds / ONE)
    field.costs[rows] = -np.log(np.where(field.chances[rows] > 0, field.chances[rows], 1))
    classes = field.lengths[rows] * _CLASSES_OF_A_UNIT
    field.classes[rows] = np.minimum(classes, CLASSES - 1).astype(np.int16)


class Wanted(NamedTuple):
    """The win in cents, what it is paid by, and the limits that have to hold.

    `odds_max` is of the total odds in hundredths, `gross_max_cents` of the payout before a cap.
    """

    charge: Charge
    terms: TaxTerms
    cap_cents: int | None
    win_cents: int
    events_min: int
    events_max: int
    odds_max: int | None
    gross_max_cents: int | None


class Chosen(NamedTuple):
    """One selection; odds in hundredths."""

    event: int
    bet: int
    odds: int


class Composed(NamedTuple):
    """A smartbet, its selections in order of start, then id."""

    chosen: tuple[Chosen, ...]
    total_odds: int
    payout: Payout
    probability: float


class OutOfReach(NamedTuple):
    """Nothing reaches the win; `nearest_cents` is the greatest net below it that was found."""

    nearest_cents: int


class Span(NamedTuple):
    """Total odds, in hundredths, that win enough: from `lowest` on, up to `near` not too much.

    There is nothing near where `near` is below `lowest`; beyond `highest` no ticket may go.
    """

    lowest: int
    near: int
    highest: int


def pay(wanted: Wanted, total: int) -> Payout:
    """Tell what total odds would pay."""
    return pay_out(wanted.charge, total, wanted.terms, wanted.cap_cents)


def total_of(wanted: Wanted, odds: list[int]) -> int:
    """Multiply odds as a ticket does."""
    return total_odds(odds, wanted.terms.rounding)


def greatest_total(wanted: Wanted) -> int:
    """Tell the greatest total odds that the limits allow, 0 where they allow none."""
    top = _TOTAL_MAX if wanted.odds_max is None else wanted.odds_max
    limit = wanted.gross_max_cents
    if limit is None:
        return top
    return _last(wanted, lambda payout: payout.uncapped_cents, limit, (0, top))


def spans_of(wanted: Wanted) -> Iterator[Span]:
    """Find the total odds that win enough: one span, or two where a tax begins at a threshold."""
    for first, last in _pieces(wanted):
        if pay(wanted, last).net_cents >= wanted.win_cents:
            near = wanted.win_cents * NEAR_MILLI // _THOUSAND
            yield Span(
                _last(wanted, _net, wanted.win_cents - 1, (first - 1, last)) + 1,
                _last(wanted, _net, near, (first - 1, last)),
                last,
            )


def shorts_of(wanted: Wanted) -> Iterator[int]:
    """Find the greatest total odds that win too little: one, or two as the spans."""
    for first, last in _pieces(wanted):
        if pay(wanted, first).net_cents < wanted.win_cents:
            yield _last(wanted, _net, wanted.win_cents - 1, (first, last))


def last_paying(wanted: Wanted, net_cents: int, span: Span) -> int:
    """Find the greatest total odds of a span that pay no more than so much."""
    return _last(wanted, _net, net_cents, (span.lowest, span.highest))


def _pieces(wanted: Wanted) -> Iterator[tuple[int, int]]:
    """Cut all possible total odds where more odds might pay less: at the threshold of a tax."""
    top = greatest_total(wanted)
    if top < ONE:
        return
    edge = top
    terms = wanted.terms
    if terms.wht_rate and terms.wht_threshold_cents and not terms.wht_on_excess:
        edge = _last(wanted, lambda payout: payout.wht_cents, 0, (ONE, top))
    yield ONE, edge
    if edge < top:
        yield edge + 1, top


def _net(payout: Payout) -> int:
    return payout.net_cents


def _last(
    wanted: Wanted, amount: Callable[[Payout], int], most: int, within: tuple[int, int]
) -> int:
    """Find the last total odds that pay an amount of at most so much.

    The amount never falls within the bounds; of the lower one it is taken to be low enough. As
    payouts mostly grow in proportion, it is looked for around the proportional place first.
    """
    low, high = within
    least, greatest = (amount(pay(wanted, total)) for total in (max(low, 0), high))
    if greatest <= most:
        return high
    guess = low + max(0, most - least) * (high - low) // max(1, greatest - least)
    reach = 4 * (1 + ONE // max(1, wanted.charge.stake_cents))
    for total in (guess - reach, guess + reach):
        if low < total < high:
            is_low = amount(pay(wanted, total)) <= most
            low, high = (total, high) if is_low else (low, total - 1)
    while low < high:
        middle = (low + high + 1) // 2
        is_low = amount(pay(wanted, middle)) <= most
        low, high = (middle, high) if is_low else (low, middle - 1)
    return low
