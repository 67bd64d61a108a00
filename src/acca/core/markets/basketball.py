"""Basketball: markets that count overtime, markets of each quarter, and how its scores are read.

Bet ids (append only): 1-99 winners, ten for each market; from 1000 totals and handicaps, a thousand
for each market.
"""

from collections.abc import Collection

from acca.core.markets.continuing import axes_from
from acca.core.markets.market import Market, Part, Sport
from acca.core.markets.rules import handicaps, results, totals, winners
from acca.core.numbers import Malformed
from acca.core.score import (
    Ending,
    Points,
    Result,
    Score,
    check_points,
    check_sums,
    sum_periods,
)

POINTS_MAX = 399
QUARTERS = 4
_FULL = Part.FULL

# ---- markets

_TOTALS, _HANDICAPS = range(100 * 4, 300 * 4 + 1, 2), range(-50 * 4, 50 * 4 + 1, 2)
_TOTALS_OF_QUARTER = range(20 * 4, 80 * 4 + 1, 2)
_NAMED_QUARTERS = (
    (Part.FIRST, "1", "First"),
    (Part.SECOND, "2", "Second"),
    (Part.THIRD, "3", "Third"),
    (Part.FOURTH, "4", "Fourth"),
)

_MARKETS = (
    Market("MWOT", "Match Winner Including Overtime", range(1, 10), winners(_FULL)),
    Market("OUOT", "Over/Under Including Overtime", range(1000, 2000), totals(_FULL, _TOTALS)),
    Market("HCOT", "Handicap Including Overtime", range(2000, 3000), handicaps(_FULL, _HANDICAPS)),
    *(
        Market(f"MRQ{code}", f"Result {name} Quarter", range(start, start + 10), results(part))
        for start, (part, code, name) in zip(range(10, 50, 10), _NAMED_QUARTERS, strict=True)
    ),
    *(
        Market(
            f"OUQ{code}",
            f"Over/Under {name} Quarter",
            range(start, start + 1000),
            totals(part, _TOTALS_OF_QUARTER),
        )
        for start, (part, code, name) in zip(range(3000, 7000, 1000), _NAMED_QUARTERS, strict=True)
    ),
)

# ---- scores

_BEYOND = 301
"""More points than any line counts."""


def _points(score: Score, part: Part) -> Points | None:
    if part is _FULL:
        return score.total
    place = part.value
    return score.periods[place] if 0 <= place < len(score.periods) else None


def _reachable(score: Score, part: Part) -> Collection[Points]:
    if part is _FULL:
        return axes_from(score.total, _BEYOND)
    place, finished = part.value, len(score.periods)
    if place < finished:
        return (score.periods[place],)
    return axes_from(_running(score) if place == finished else (0, 0), _BEYOND)


def _running(score: Score) -> Points:
    home, away = sum_periods(score)
    return score.total[0] - home, score.total[1] - away


def _check(result: Result) -> None:
    ending, score = result
    if score is None:
        return
    check_points(score, POINTS_MAX, QUARTERS)
    check_sums(score)
    if ending is Ending.PLAYED:
        _check_end(score)


def _check_end(score: Score) -> None:
    if score.total[0] == score.total[1]:
        raise Malformed("is level, which no game is after overtime")
    home, away = sum_periods(score)
    if len(score.periods) == QUARTERS and home != away and (home, away) != score.total:
        raise Malformed("holds four quarters that do not add up, and were not level")


BASKETBALL = Sport(2, "basketball", "Basketball", _MARKETS, _points, _reachable, _check)
