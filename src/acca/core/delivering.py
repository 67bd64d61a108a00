"""What becomes of a delivery once it was tried (spec 4, delivery rules; spec 5)."""

from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from acca.core.delivery import (
    DISCARDS,
    NEWS,
    OUTCOMES,
    Again,
    Ending,
    Schedule,
    Verdict,
    plan_next,
)
from acca.core.lifecycle import Message

_NOT_FOUND = 404
_NEWS = {Message.TICKET_STATUS, Message.BET_RESULT}
_OUTCOMES = frozenset(
    {Message.TICKET_WIN, Message.TICKET_LOST, Message.TICKET_VOID, Message.TICKET_REFUND}
)
UNTIL_CLOSE, _AT_ONCE = timedelta(hours=24), timedelta(0)


class Course(Enum):
    """How a lane goes on after an entry was tried."""

    NEXT = "next"
    """The entry is done with: the lane's next one is sent, or the lane is empty."""
    AGAIN = "again"
    ATTENTION = "attention"


class Tried(NamedTuple):
    """An entry as it was tried: how often in all, how old it is, and what came back."""

    action: Message
    attempts: int
    age: timedelta
    verdict: Verdict
    http_status: int | None
    retry_after_seconds: int | None


class Step(NamedTuple):
    """What is saved of a try: the course, and the wait before the next one."""

    course: Course
    delay: timedelta = timedelta(0)


def closes_in(action: Message) -> timedelta | None:
    """Tell when a ticket whose lane an acknowledged action has drained goes on to its close.

    From an outcome 24 hours run, and the player may be told; after the close itself all is done.
    """
    if action in _OUTCOMES:
        return UNTIL_CLOSE
    return _AT_ONCE if action is Message.TICKET_CLOSED else None


def schedule_of(action: Message) -> Schedule:
    """Tell by which schedule an action is repeated."""
    if action is Message.TICKET_DISCARD:
        return DISCARDS
    return NEWS if action in _NEWS else OUTCOMES


def is_done(tried: Tried, *, discard_404_is_done: bool) -> bool:
    """Tell whether the other side has it, or has nothing that it would have to undo."""
    unknown = tried.verdict is Verdict.DECLINED and tried.http_status == _NOT_FOUND
    has_none = unknown and tried.action is Message.TICKET_DISCARD
    return tried.verdict is Verdict.ACCEPTED or (discard_404_is_done and has_none)


def plan_step(tried: Tried, jitter_permille: int, *, discard_404_is_done: bool) -> Step:
    """Say how a lane goes on; the jitter is drawn from -1000 to 1000."""
    if is_done(tried, discard_404_is_done=discard_404_is_done):
        return Step(Course.NEXT)
    wait = tried.retry_after_seconds
    planned = plan_next(
        schedule_of(tried.action),
        tried.attempts,
        tried.age,
        jitter_permille / 1000,
        None if wait is None else timedelta(seconds=wait),
    )
    if isinstance(planned, Again):
        return Step(Course.AGAIN, planned.delay)
    return Step(Course.NEXT if planned is Ending.DROPPED else Course.ATTENTION)
