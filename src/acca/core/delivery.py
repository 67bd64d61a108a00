"""What an answer from outside means, and when a delivery is tried again (spec 4)."""

from datetime import timedelta
from enum import Enum
from http import HTTPStatus
from typing import NamedTuple


class Verdict(Enum):
    """What the other side said: yes, no, or nothing that can be relied on."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNREACHED = "unreached"


_CLIENT_ERRORS = range(400, 500)
_NOT_A_NO = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)


def judge_status(status: int | None) -> Verdict:
    """Judge an HTTP status, None where there was no complete answer."""
    if status == HTTPStatus.OK:
        return Verdict.ACCEPTED
    refused = status in _CLIENT_ERRORS and status not in _NOT_A_NO
    return Verdict.DECLINED if refused else Verdict.UNREACHED


class Ending(Enum):
    """What becomes of a delivery that its schedule gives up."""

    NEVER = "never"
    NEEDS_ATTENTION = "needs attention"
    DROPPED = "dropped"


class Schedule(NamedTuple):
    """Delays before the second, third … attempt; the last one repeats until `give_up_after`."""

    delays: tuple[timedelta, ...]
    give_up_after: timedelta | None
    ending: Ending
    jitter_percent: int
    retry_after_max: timedelta = timedelta(hours=6)


class Again(NamedTuple):
    """Try again after this delay."""

    delay: timedelta


_HALF_HOUR = timedelta(minutes=30)
_CALM = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    _HALF_HOUR,
)

OUTCOMES = Schedule(_CALM, timedelta(days=14), Ending.NEEDS_ATTENTION, jitter_percent=10)
"""Everything queued for the wallet but discards."""
DISCARDS = Schedule((_HALF_HOUR,), None, Ending.NEVER, jitter_percent=0)
"""Every 30 minutes, without end, as documented."""
NEWS = Schedule(_CALM, timedelta(hours=24), Ending.DROPPED, jitter_percent=10)
"""`ticket_status` and `bet_result`: news, not money."""
ONE_TIME_PASSWORDS = Schedule(
    tuple(timedelta(seconds=seconds) for seconds in (1, 2, 5, 10, 20)),
    timedelta(minutes=5),
    Ending.DROPPED,
    jitter_percent=0,
)
"""Sent until the code expires."""


def plan_next(
    schedule: Schedule,
    attempts: int,
    age: timedelta,
    jitter: float,
    retry_after: timedelta | None = None,
) -> Again | Ending:
    """Say what follows the `attempts`-th failed attempt of a delivery that is `age` old.

    `jitter` is drawn from [-1, 1] and moves the delay by at most the schedule's percentage.
    A `retry-after` of the other side lengthens the delay, up to `retry_after_max`.
    """
    assert attempts >= 1, "a delivery is planned again after an attempt"
    assert -1 <= jitter <= 1, "jitter is drawn from [-1, 1]"
    delay = schedule.delays[min(attempts, len(schedule.delays)) - 1]
    delay += delay * (jitter * schedule.jitter_percent / 100)
    if retry_after is not None:
        delay = max(delay, min(retry_after, schedule.retry_after_max))
    if schedule.give_up_after is not None and age + delay > schedule.give_up_after:
        return schedule.ending
    return Again(delay)
