"""Whether a postponed event counts as not played for an operator's tickets (spec 7)."""

from datetime import datetime, timedelta

from acca.core.catalogue.standing import State

_OVER = frozenset({State.LIVE, State.FINISHED, State.ABANDONED, State.CANCELLED})


def is_void(
    planned: datetime, window: timedelta, now: datetime, starts: datetime, state: State
) -> bool | None:
    """Judge once the window after the planned start is over, before that None.

    An event that is under way or has ended has a result of its own; one that is to start later
    than the window allows is void, and so is one of which nobody knows when.
    """
    deadline = planned + window
    if now < deadline:
        return None
    if state in _OVER:
        return False
    return state is State.POSTPONED or starts > deadline
