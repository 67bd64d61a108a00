"""When calls to a wallet that does not answer are spared, and when one is tried again (spec 4).

Times are milliseconds of one process's monotonic clock.
"""

from enum import Enum
from typing import NamedTuple

from acca.core.delivery import Verdict


class Position(Enum):
    """Whether calls pass: all, none, or the one whose verdict decides."""

    CLOSED = "closed"
    OPEN = "open"
    TRIAL = "trial"


class Breaker(NamedTuple):
    """The breaker of one operator; `failures` are unreached calls in a row."""

    position: Position = Position.CLOSED
    failures: int = 0
    opened_at_ms: int = 0


def after_call(breaker: Breaker, verdict: Verdict, failures_max: int, now_ms: int) -> Breaker:
    """Judge by a call that was made; a no is an answer, and counts as one."""
    if verdict is not Verdict.UNREACHED:
        return Breaker()
    failures = breaker.failures + 1
    if breaker.position is Position.CLOSED and failures < failures_max:
        return breaker._replace(failures=failures)
    if breaker.position is Position.OPEN:
        return breaker
    return Breaker(Position.OPEN, failures, now_ms)


def after_ping(breaker: Breaker, patience_ms: int, now_ms: int, *, is_alive: bool) -> Breaker:
    """Let one call through once a ping is answered, or after patience with pings that are not."""
    if breaker.position is Position.OPEN and (
        is_alive or now_ms - breaker.opened_at_ms >= patience_ms
    ):
        return breaker._replace(position=Position.TRIAL)
    return breaker
