"""What is known of how an event ended, in every sport."""

from enum import Enum
from typing import NamedTuple

from acca.core.numbers import Malformed

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
    finished halves, quarters or sets, each with its own points (not running totals). Of a played
    event it is empty where they are not known; of an abandoned one it names all that were finished,
    so that empty means none was, and in tennis the games of the set that was broken off may follow.
    `first` is the incident of the first goal, None where not known.
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


def sum_periods(score: Score) -> Points:
    """Add up the points of the periods that are known."""
    return sum(home for home, _ in score.periods), sum(away for _, away in score.periods)


def check_points(score: Score, points_max: int, periods_max: int) -> None:
    """Refuse points that no event of the sport can have, or more periods than it has."""
    for points in (score.total, *score.periods):
        if not all(0 <= each <= points_max for each in points):
            message = f"holds points that are not between 0 and {points_max}"
            raise Malformed(message)
    if len(score.periods) > periods_max:
        message = f"holds more than {periods_max} periods"
        raise Malformed(message)


def check_sums(score: Score) -> None:
    """Refuse periods that hold more points than the whole event."""
    home, away = sum_periods(score)
    if home > score.total[0] or away > score.total[1]:
        raise Malformed("holds more points in its periods than in all")
