"""What a smartbet costs to compose, and how close it comes to the best: a generated catalogue."""

import time
from collections.abc import Iterable, Iterator
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca.core.cards.composing_bound import bound
from acca.core.cards.composing_field import Composed, Field, Wanted, make_field, weigh
from acca.core.cards.composing_smartbet import compose, prepare
from acca.core.cards.smartbet import Band, render_band
from acca.core.finance import ExciseFormula, TaxTerms, charge_price
from acca.core.odds import ONE

BANDS = (Band(125, 199), Band(125, 499), Band(200, 999), Band(101, 120), Band(101, 3_000))
_TERMS = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000)
_EVENTS, _BETS, _SEED = 2_000, 40, 7
_ODDS_LEAST, _ODDS_MOST = 1.01, 30.0
_MARGIN_LEAST, _MARGIN_MOST = 1.03, 1.08
_BETS_OF_A_MARKET = 4
_TIMES_LEAST, _TIMES_MOST = 1.1, 1e6
_STAKE_LEAST, _STAKE_MOST = 100, 1_000_000
_EVENTS_MAX = 30
_NEAR_MILLI = 1_050


class Quantiles(NamedTuple):
    """Of some values: half are below `p50`, ninety-nine of a hundred below `p99`."""

    mean: float
    p50: float
    p90: float
    p99: float
    greatest: float


class Smartbets(NamedTuple):
    """Of a band: processor time in ms, and of what was found how close it came to the bound.

    `answered` are the wishes that were not out of reach, `near` those answered near the win. Of the
    shares, the probability near the win by its bound, 99 of 100 exceed `share_p01`.
    """

    band: str
    wishes: int
    answered: int
    near: int
    prepare_ms: Quantiles
    compose_ms: Quantiles
    share_mean: float
    share_p50: float
    share_p10: float
    share_p01: float


class _Outcome(NamedTuple):
    compose_ms: float
    is_answered: bool
    is_near: bool
    limit: float
    probability: float


def measure_smartbets(wishes: int = 400, bands: Iterable[Band] = BANDS) -> list[Smartbets]:
    """Measure so many random wishes in each band."""
    field = make_catalogue(_EVENTS, _BETS, _SEED)
    eligible = np.ones(_EVENTS, dtype=np.bool_)
    return [_measure(field, eligible, band, wishes) for band in bands]


def make_catalogue(events: int, bets: int, seed: int) -> Field:
    """Make a field whose markets have margins of 3 to 8 %, and odds of 1.01 to 30.00."""
    dice = np.random.default_rng(seed)
    field = make_field(events, bets)
    shape = events, -(-bets // _BETS_OF_A_MARKET)
    margins = np.repeat(dice.uniform(_MARGIN_LEAST, _MARGIN_MOST, shape), _BETS_OF_A_MARKET, 1)
    span = log(_ODDS_LEAST), log(_ODDS_MOST)
    odds = np.exp(dice.uniform(*span, (events, bets)))
    field.events[:] = 1 + dice.permutation(events)
    field.starts[:] = dice.integers(0, 7 * 86_400, events) // 900 * 900
    field.bets[:] = np.arange(1, bets + 1)
    field.odds[:] = np.maximum(ONE + 1, np.round(odds * ONE))
    field.chances[:] = np.minimum(ONE / field.odds / margins[:, :bets], 1)
    weigh(field, slice(None))
    return field


def wishes_for(count: int, seed: int) -> Iterator[Wanted]:
    """Draw stakes, wins of 1.1 to a million times the stake, and bounds of the events."""
    dice = np.random.default_rng(seed)
    for _ in range(count):
        price = int(np.exp(dice.uniform(log(_STAKE_LEAST), log(_STAKE_MOST))))
        times = np.exp(dice.uniform(log(_TIMES_LEAST), log(_TIMES_MOST)))
        yield Wanted(
            charge=charge_price(price, _TERMS),
            terms=_TERMS,
            cap_cents=None,
            win_cents=int(price * times),
            events_min=1,
            events_max=int(dice.integers(1, _EVENTS_MAX + 1)),
            odds_max=None,
            gross_max_cents=None,
        )


def _measure(field: Field, eligible: NDArray[np.bool_], band: Band, wishes: int) -> Smartbets:
    # The first call of all pays for what is loaded late.
    _ = compose(prepare(field, eligible, band), next(wishes_for(1, _SEED)))
    preparing: list[float] = []
    outcomes: list[_Outcome] = []
    for wanted in wishes_for(wishes, _SEED):
        begun = time.process_time()
        prepared = prepare(field, eligible, band)
        prepared_at = time.process_time()
        found = compose(prepared, wanted)
        composed_at = time.process_time()
        preparing.append((prepared_at - begun) * 1e3)
        is_answered = isinstance(found, Composed)
        is_near = isinstance(found, Composed) and _is_near(found, wanted)
        outcomes.append(
            _Outcome(
                (composed_at - prepared_at) * 1e3,
                is_answered,
                is_near,
                bound(field, eligible, band, wanted),
                found.probability if isinstance(found, Composed) else 0.0,
            )
        )
    return _summed_up(band, preparing, outcomes)


def _is_near(found: Composed, wanted: Wanted) -> bool:
    return found.payout.net_cents * 1_000 <= wanted.win_cents * _NEAR_MILLI


def _summed_up(band: Band, preparing: list[float], outcomes: list[_Outcome]) -> Smartbets:
    near = [one for one in outcomes if one.is_near]
    shares = np.array([one.probability / one.limit for one in near] or [0.0])
    p50, p10, p01 = (float(each) for each in np.percentile(shares, (50, 10, 1)))
    return Smartbets(
        render_band(band),
        len(outcomes),
        sum(one.is_answered for one in outcomes),
        len(near),
        _quantiles(preparing),
        _quantiles([one.compose_ms for one in outcomes]),
        float(shares.mean()),
        p50,
        p10,
        p01,
    )


def _quantiles(values: list[float]) -> Quantiles:
    p50, p90, p99, greatest = (float(each) for each in np.percentile(values, (50, 90, 99, 100)))
    return Quantiles(sum(values) / len(values), p50, p90, p99, greatest)
