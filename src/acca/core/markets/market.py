"""What a market is made of, in every sport: bets, each one or two halves of conditions."""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from acca.core.outcome import Outcome


class Part(Enum):
    """The part of an event that a condition looks at; the value is its place among the periods."""

    FULL = -1
    FIRST = 0
    SECOND = 1
    THIRD = 2
    FOURTH = 3
    FIFTH = 4
    OPENING = -2
    """Who scored first; its points are (1, 0), (0, 1) or (0, 0)."""


Rule = Callable[[int, int], Outcome]
"""Points of (home, away) in a part, to WON, LOST or VOID."""


class Condition(NamedTuple):
    """One rule over one part of the event."""

    part: Part
    rule: Rule


class Bet(NamedTuple):
    """One selection of the platform: its id is for ever the same in every event of its sport.

    `halves` holds one entry, or two for a quarter line (each half of the stake is a bet of its
    own); a half wins when all its conditions do.
    """

    id: int
    market: str
    market_name: str
    line: str | None
    line_name: str | None
    code: str
    name: str
    halves: tuple[tuple[Condition, ...], ...]
