"""Tennis: winner, sets and games, and how its scores are read; sets are its points.

A match ended by retirement is abandoned. Sets go to six games with a tie-break; a match tie-break
in place of the last set counts as one game.

Bet ids (append only): 1-199 are markets without lines or with two, twenty for each; from 1000 a
thousand for each market of games.
"""

from collections.abc import Collection
from functools import cache

from acca.core.markets.market import Line, Market, Part, Rule, Selection, Sport
from acca.core.markets.rules import handicaps, holds, single, totals, winners
from acca.core.numbers import Malformed
from acca.core.score import Ending, Points, Result, Score, check_points, sum_periods

GAMES_MAX = 99
_FULL, _FIRST, _GAMES = Part.FULL, Part.FIRST, Part.GAMES

# ---- markets

_SHORT, _LONG = 2, 3
"""Sets that win a match."""
_LENGTHS = ((Part.BEST_OF_3, _SHORT), (Part.BEST_OF_5, _LONG))


def _line_of_length(needed: int, selections: Collection[Selection]) -> Line:
    sets = 2 * needed - 1
    return Line(str(sets), f"Best of {sets}", tuple(selections))


def _set_betting(part: Part, needed: int) -> Line:
    scores = [(needed, lost) for lost in range(needed)]
    scores += [(lost, needed) for lost in reversed(range(needed))]
    return _line_of_length(
        needed,
        [
            Selection(f"{home}-{away}", f"{home}-{away}", single(part, _exactly(home, away)))
            for home, away in scores
        ],
    )


def _exactly(home: int, away: int) -> Rule:
    return holds(lambda h, a: h == home and a == away)


def _numbers_of_sets(part: Part, needed: int) -> Line:
    return _line_of_length(
        needed,
        [
            Selection(str(sets), f"{sets} Sets", single(part, _in_all(sets)))
            for sets in range(needed, 2 * needed)
        ],
    )


def _in_all(sets: int) -> Rule:
    return holds(lambda home, away: home + away == sets)


_MARKETS = (
    Market("MW", "Match Winner", range(1, 20), winners(_FULL)),
    Market("SB", "Set Betting", range(20, 40), tuple(_set_betting(*length) for length in _LENGTHS)),
    Market(
        "NS",
        "Number Of Sets",
        range(40, 60),
        tuple(_numbers_of_sets(*length) for length in _LENGTHS),
    ),
    Market("W1S", "First Set Winner", range(60, 80), winners(_FIRST)),
    Market(
        "OUG",
        "Total Games Over/Under",
        range(1000, 2000),
        totals(_GAMES, range(12 * 4 + 2, 60 * 4 + 3, 2)),
    ),
    Market(
        "HCG",
        "Games Handicap",
        range(2000, 3000),
        handicaps(_GAMES, range(-18 * 4, 18 * 4 + 1, 2)),
    ),
)

# ---- scores


def _points(score: Score, part: Part) -> Points | None:
    if part is _FULL:
        return score.total
    if part is _FIRST:
        return score.periods[0] if score.periods else None
    if part is _GAMES:
        return sum_periods(score) if len(score.periods) == sum(score.total) else None
    return score.total if (part, max(score.total)) in _LENGTHS else None


def _reachable(score: Score, part: Part) -> Collection[Points]:
    if part is _FIRST:
        return score.periods[:1] if any(score.total) else _set_ends(_running(score))
    needed = [sets for length, sets in _LENGTHS if part is length] or (_SHORT, _LONG)
    ends = _games_at_end if part is _GAMES else _sets_at_end
    return {points for each in needed for points in ends(score, each)}


def _running(score: Score) -> Points:
    """Tell the games of the set that was broken off."""
    later = score.periods[sum(score.total) :]
    return later[0] if later else (0, 0)


def _sets_at_end(score: Score, needed: int) -> list[Points]:
    home, away = score.total
    if max(home, away) >= needed:
        return []
    return [(needed, lost) for lost in range(away, needed)] + [
        (lost, needed) for lost in range(home, needed)
    ]


def _games_at_end(score: Score, needed: int) -> list[Points]:
    finished = score.periods[: sum(score.total)]
    if len(finished) < sum(score.total):
        return []
    home, away = sum_periods(Score(score.total, finished))
    to_come = _games_to_come(score.total, _running(score), needed)
    return [(home + h, away + a) for h, a in to_come]


_WON_SETS = (*((6, lost) for lost in range(5)), (7, 5), (7, 6))
_SETS = (*_WON_SETS, *((lost, won) for won, lost in _WON_SETS))
_MATCH_TIE_BREAKS = ((1, 0), (0, 1))


def _set_ends(games: Points, *, is_last: bool = False) -> list[Points]:
    ends = [end for end in _SETS if end[0] >= games[0] and end[1] >= games[1] and end != games]
    return [*ends, *_MATCH_TIE_BREAKS] if is_last and games == (0, 0) else ends


@cache
def _games_to_come(sets: Points, games: Points, needed: int) -> frozenset[Points]:
    """Tell with how many games, those of the running set included, the match may end."""
    if max(sets) >= needed:
        return frozenset()
    is_last = sets == (needed - 1, needed - 1)
    return frozenset(
        (home + h, away + a)
        for home, away in _set_ends(games, is_last=is_last)
        for h, a in _games_after((sets[0] + (home > away), sets[1] + (away > home)), needed)
    )


def _games_after(sets: Points, needed: int) -> frozenset[Points]:
    return frozenset({(0, 0)}) if max(sets) == needed else _games_to_come(sets, (0, 0), needed)


def _check(result: Result) -> None:
    ending, score = result
    if score is None:
        return
    check_points(score, GAMES_MAX, 2 * _LONG - 1)
    _check_sets(score, is_over=ending is Ending.PLAYED)
    if score.periods:
        _check_games(score, is_over=ending is Ending.PLAYED)


def _check_sets(score: Score, *, is_over: bool) -> None:
    most, least = max(score.total), min(score.total)
    if most > _LONG or least == _LONG:
        raise Malformed("holds more sets than a match has")
    if is_over and (most < _SHORT or most == least):
        raise Malformed("holds too few sets for a match that was played")
    if not is_over and most == _LONG:
        raise Malformed("holds all sets of a match that was abandoned")


def _check_games(score: Score, *, is_over: bool) -> None:
    sets = sum(score.total)
    if not 0 <= len(score.periods) - sets <= (not is_over):
        raise Malformed("does not hold the games of each set")
    finished = score.periods[:sets]
    won = sum(home > away for home, away in finished), sum(away > home for home, away in finished)
    if won != score.total:
        raise Malformed("holds games that do not make its sets")


TENNIS = Sport(3, "tennis", "Tennis", _MARKETS, _points, _reachable, _check)
