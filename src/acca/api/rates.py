"""How many requests an operator may make in a second, in this process."""

import math
from collections.abc import Callable


class TooManyRequests(Exception):
    """The operator is over its rate (429); `wait_seconds` says when to come again."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"Too many requests; try again in {wait_seconds} s")
        self.wait_seconds: int = wait_seconds


class Rates:
    """A bucket for each operator, full at first, that fills again at its rate.

    Each process has its own, so a limit is shared out among `processes`.
    """

    def __init__(self, monotonic: Callable[[], float], processes: int = 1) -> None:
        self._monotonic: Callable[[], float] = monotonic
        self._processes: int = processes
        self._buckets: dict[int, tuple[float, float]] = {}

    def require(self, operator: int, per_second_max: int) -> None:
        """Take one request out of an operator's bucket, or raise TooManyRequests."""
        rate = per_second_max / self._processes
        # A share below one still has to let a whole request through, only more rarely.
        size = max(rate, 1.0)
        now = self._monotonic()
        left, at = self._buckets.get(operator, (size, now))
        left = min(left + (now - at) * rate, size)
        if left < 1:
            self._buckets[operator] = left, now
            raise TooManyRequests(math.ceil((1 - left) / rate))
        self._buckets[operator] = left - 1, now
