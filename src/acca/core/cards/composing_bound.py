"""How likely a smartbet can be at best: by a relaxation that may take parts of selections."""

from math import exp, inf, log

import numpy as np
from numpy.typing import NDArray

from acca.core.cards.composing_field import Field, Wanted, spans_of
from acca.core.cards.composing_pool import gather, mark
from acca.core.cards.smartbet import Band
from acca.core.odds import ONE

_PRICE_MAX = 64.0
_CUTS = 60
"""Each takes away a third of the prices."""


def bound(field: Field, eligible: NDArray[np.bool_], band: Band, wanted: Wanted) -> float:
    """Tell a probability that no combination near the win can exceed, 0 where none is near.

    At each price of odds the relaxation may take the best of every event, and is a bound; the
    price of the lowest one is between others, as what a relaxation costs is a concave function.
    """
    pool = gather(field, mark(field, eligible, band))
    spans = [span for span in spans_of(wanted) if span.near >= span.lowest]
    if not len(pool.odds) or not spans:
        return 0.0
    low = log((min(span.lowest for span in spans) - 1) / ONE)

    def least_cost(price: float) -> float:
        values = np.full(len(field.events), inf)
        np.minimum.at(values, pool.rows, pool.costs - price * pool.lengths)
        values = np.sort(values)
        forced, free = values[: wanted.events_min], values[wanted.events_min : wanted.events_max]
        return float(price * low + forced.sum() + np.minimum(free, 0).sum())

    cheap, dear = 0.0, _PRICE_MAX
    for _ in range(_CUTS):
        third = (dear - cheap) / 3
        if least_cost(cheap + third) < least_cost(dear - third):
            cheap += third
        else:
            dear -= third
    return min(1.0, exp(-least_cost((cheap + dear) / 2)))
