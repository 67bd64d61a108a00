"""The margin removed from one market's odds: what the bookmaker thinks, as probabilities."""

from collections.abc import Callable, Sequence
from enum import Enum
from math import exp, log, sqrt
from typing import NamedTuple

from acca.core.odds import ONE

_STEPS_MAX = 100
_CLOSE = 1e-15


class Method(Enum):
    """How the margin is thought to be spread over the outcomes."""

    POWER = "power"
    MULTIPLICATIVE = "multiplicative"
    ADDITIVE = "additive"
    SHIN = "shin"


class Fair(NamedTuple):
    """Probabilities in the order of the odds, the margin taken out, and the method's parameter.

    `margin` is the sum of 1/odds less one, below zero where the market is under-round. `parameter`
    is the exponent k of `power`, the insider share z of `shin`, None otherwise.
    """

    probabilities: tuple[float, ...]
    margin: float
    parameter: float | None = None


def devig(odds: Sequence[int], method: Method = Method.POWER) -> Fair:
    """Take the margin out of the odds (hundredths) of all outcomes of one market, two or more."""
    assert len(odds) > 1, "a market has at least two outcomes"
    raw = [ONE / each for each in odds]
    probabilities, parameter = _METHODS[method](raw)
    return Fair(tuple(probabilities), sum(raw) - 1, parameter)


def _multiplicative(raw: list[float]) -> tuple[list[float], None]:
    return _scaled(raw), None


def _additive(raw: list[float]) -> tuple[list[float], None]:
    """Take the same from each; who falls below zero has none, and the others share the rest.

    That is the point nearest to the raw probabilities among all that sum to one.
    """
    taken, seen = 0.0, 0.0
    for count, each in enumerate(sorted(raw, reverse=True), start=1):
        seen += each
        share = (seen - 1) / count
        if each <= share:
            break
        taken = share
    return [max(0.0, each - taken) for each in raw], None


def _power(raw: list[float]) -> tuple[list[float], float]:
    """Find k with sum(raw ** k) = 1.

    The logarithm of the sum falls and is convex in k, so that Newton's steps arrive from anywhere.
    """
    logs = [log(each) for each in raw]
    k = 1.0
    for _ in range(_STEPS_MAX):
        powers = [exp(k * each) for each in logs]
        total = sum(powers)
        slope = sum(map(float.__mul__, powers, logs))
        if not slope:
            break
        step = log(total) * total / slope
        k -= step
        if abs(step) <= _CLOSE * k:
            break
    return _scaled([exp(k * each) for each in logs]), k


def _shin(raw: list[float]) -> tuple[list[float], float]:
    """Find z with (1-z) p**2 + z p = raw**2 / sum(raw) for every p, and sum(p) = 1 (Shin 1993).

    The sum falls in z; its root lies between -1/(n-1), where it is one for equal outcomes at
    endless odds, and one.
    """
    total = sum(raw)
    squares = [each * each / total for each in raw]
    low, high, z = -1 / (len(raw) - 1), 1.0, 0.0
    for _ in range(_STEPS_MAX):
        roots, p = _shin_shares(squares, z)
        excess = sum(p) - 1
        low, high = (z, high) if excess > 0 else (low, z)
        slope = sum((each * each - each) / root for each, root in zip(p, roots, strict=True))
        after = z - excess / slope if slope else z
        if not low <= after <= high:
            after = (low + high) / 2
        z, step = after, abs(after - z)
        if step <= _CLOSE:
            break
    return _scaled(_shin_shares(squares, z)[1]), z


def _shin_shares(squares: list[float], z: float) -> tuple[list[float], list[float]]:
    roots = [sqrt(z * z + 4 * (1 - z) * each) for each in squares]
    # Two spellings of one root: each keeps its digits on its side of zero.
    if z < 0:
        return roots, [(root - z) / (2 - 2 * z) for root in roots]
    return roots, [2 * each / (root + z) for each, root in zip(squares, roots, strict=True)]


def _scaled(weights: list[float]) -> list[float]:
    total = sum(weights)
    return [each / total for each in weights]


_METHODS: dict[Method, Callable[[list[float]], tuple[list[float], float | None]]] = {
    Method.POWER: _power,
    Method.MULTIPLICATIVE: _multiplicative,
    Method.ADDITIVE: _additive,
    Method.SHIN: _shin,
}
