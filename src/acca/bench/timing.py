"""What one call costs: the median of many rounds, since these machines have other guests."""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

_ROUNDS = 15
_ROUND_SECONDS = 0.05


class Figure(NamedTuple):
    """Microseconds of one call: the median and the best round; and the most that is aimed at."""

    name: str
    median_us: float
    best_us: float
    target_us: float


def measure(name: str, call: Callable[[], object], target_us: float) -> Figure:
    """Measure a call that has no effect, after a round that warms it up."""
    _ = _seconds(call, 1)
    calls = max(1, int(_ROUND_SECONDS / max(_seconds(call, 1), 1e-9)))
    rounds = [_seconds(call, calls) / calls * 1e6 for _ in range(_ROUNDS)]
    return Figure(name, median(rounds), min(rounds), target_us)


def _seconds(call: Callable[[], object], calls: int) -> float:
    begun = time.perf_counter()
    for _ in range(calls):
        _ = call()
    return time.perf_counter() - begun
