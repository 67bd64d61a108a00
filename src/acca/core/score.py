"""What is known of how an event ended, in every sport."""

from enum import Enum
from typing import NamedTuple

Points = tuple[int, int]
"""Points of (home, away)."""


class Side(Enum):
    """One of the two, or neither: who scored first."""

    HOME = "home"
    AWAY = "away"
    NONE = "none"


class Score(NamedTuple):
    """Points at the end of the time that counts, and those of each finished period.

    `total` is regular time in football, with overtime in basketball, sets in tennis. `periods` are
    finished halves, quarters or sets, each with its own points (not running totals), and is empty
    where they are not known. `first` is the incident of the first goal, None where not known.
    """

    total: Points
    periods: tuple[Points, ...] = ()
    first: Side | None = None


class Ending(Enum):
    """How an event ended, or that it has not."""

    PLAYED = "played"
    ABANDONED = "abandoned"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


class Result(NamedTuple):
    """An ending with its score: final where played, as it stood where abandoned, else None."""

    ending: Ending
    score: Score | None = None
