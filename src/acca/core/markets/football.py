"""Football: every market of the platform, and how its scores are read.

Bet ids (append only): 1-99 and 140-199 are markets without lines, ten for each; those that are a
matter of yes or no stand side by side, their first bets from 101, their second ones from 111; from
200 a hundred for each market with lines or a grid. The next are free from 20, 108, 150 and 1100.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise, product

from acca.core.markets.continuing import grid_from
from acca.core.markets.market import Condition, Line, Market, Part, Rule, Selection, Sport
from acca.core.markets.rules import (
    AWAY,
    AWAY_ALONE,
    HALF,
    HOME,
    HOME_ALONE,
    NOT_AWAY,
    NOT_HOME,
    RESULT,
    handicaps,
    holds,
    leads,
    line_code,
    results,
    signed,
    single,
    totals,
    unlined,
    winners,
    yes_or_no,
)
from acca.core.numbers import Malformed
from acca.core.outcome import LOST, VOID, WON, Outcome
from acca.core.score import Points, Result, Score, Side, check_points, check_sums, sum_periods

POINTS_MAX = 99
_FULL, _FIRST, _SECOND, _OPENING = Part.FULL, Part.FIRST, Part.SECOND, Part.OPENING

# ---- markets


def _double_chances(part: Part) -> tuple[Line, ...]:
    return unlined(
        Selection("1X", "Home or Draw", single(part, leads(HOME, -4))),
        Selection("12", "Home or Away", single(part, holds(lambda home, away: home != away))),
        Selection("X2", "Draw or Away", single(part, leads(AWAY, -4))),
    )


def _half_time_full_time() -> tuple[Line, ...]:
    return unlined(
        *(
            Selection(
                f"{early}/{late}",
                f"{early_name}/{late_name}",
                ((Condition(_FIRST, early_rule), Condition(_FULL, late_rule)),),
            )
            for (early, early_name, early_rule), (late, late_name, late_rule) in product(
                RESULT, RESULT
            )
        )
    )


CORRECT_SCORE_MAX = 5
"""Goals of one side up to which each score is a bet of its own."""


def _correct_scores() -> tuple[Line, ...]:
    sides = range(CORRECT_SCORE_MAX + 1)
    grid = [
        Selection(f"{home}-{away}", f"{home}-{away}", single(_FULL, _exactly(home, away)))
        for home, away in product(sides, sides)
    ]
    others = [
        Selection(f"other {code}", f"Any Other {name}", single(_FULL, _beyond_grid(rule)))
        for code, name, rule in RESULT
    ]
    return unlined(*grid, *others)


def _exactly(home: int, away: int) -> Rule:
    return holds(lambda h, a: h == home and a == away)


def _beyond_grid(rule: Rule) -> Rule:
    return lambda home, away: rule(home, away) if max(home, away) > CORRECT_SCORE_MAX else LOST


def _three_way_handicap(line: int) -> Line:
    home, away = signed(line), signed(-line)
    level = -line // 4
    return Line(
        line_code(line),
        home,
        (
            Selection("1", f"Home ({home})", single(_FULL, leads(HOME, -line))),
            Selection("X", f"Draw ({home})", single(_FULL, holds(lambda h, a: h - a == level))),
            Selection("2", f"Away ({away})", single(_FULL, leads(AWAY, line))),
        ),
    )


_TOTAL_SETS = (
    ("5+", "Exact to 5+", range(6)),
    ("6+", "Exact to 6+", range(7)),
    ("7+", "Exact to 7+", range(8)),
    ("0-1/2-3/4+", "0-1, 2-3, 4+", (0, 2, 4)),
    ("0-1/2-3/4-6/7+", "0-1, 2-3, 4-6, 7+", (0, 2, 4, 7)),
)
"""Sets of total goals: code and name of each, and with how many goals its selections begin."""


def _totals_in_ranges(code: str, name: str, starts: Sequence[int]) -> Line:
    closed = [_total_from(low, high - 1) for low, high in pairwise(starts)]
    last = starts[-1]
    more = single(_FULL, holds(lambda home, away: home + away >= last))
    return Line(code, name, (*closed, Selection(f"{last}+", f"{last}+ Goals", more)))


def _total_from(low: int, high: int) -> Selection:
    code = str(low) if low == high else f"{low}-{high}"
    rule = holds(lambda home, away: low <= home + away <= high)
    return Selection(code, f"{code} Goal" if code == "1" else f"{code} Goals", single(_FULL, rule))


def _first_to_score() -> tuple[Line, ...]:
    return unlined(
        Selection("1", "Home", single(_OPENING, _scored_first((1, 0)))),
        Selection("none", "No Goal", single(_OPENING, holds(lambda home, away: home == away == 0))),
        Selection("2", "Away", single(_OPENING, _scored_first((0, 1)))),
    )


def _scored_first(wanted: Points) -> Rule:
    def rule(home: int, away: int) -> Outcome:
        return VOID if home and away else WON if (home, away) == wanted else LOST

    return rule


def _pair(first: int) -> range:
    """Give the ids of a market of two bets."""
    return range(first, first + 11, 10)


_GOALS = range(HALF, 27)
"""Lines of the whole match, 0.5 to 6.5 by quarters; those of a half or of one team are halves."""
_GOALS_OF_HALF, _GOALS_OF_TEAM = range(HALF, 19, 4), range(HALF, 23, 4)
_HANDICAPS, _WHOLE_HANDICAPS = range(-12, 13), (-12, -8, -4, 4, 8, 12)

_MARKETS = (
    Market("MRFT", "Match Result Full Time", range(1, 10), results(_FULL)),
    Market(
        "DCFT",
        "Double Chance Full Time",
        range(10, 20),
        _double_chances(_FULL),
        is_exhaustive=False,
    ),
    Market("DNBFT", "Draw No Bet Full Time", _pair(102), winners(_FULL)),
    Market("OUFT", "Over/Under Full Time", range(200, 300), totals(_FULL, _GOALS)),
    Market(
        "BTTSFT",
        "Both Teams To Score Full Time",
        _pair(101),
        yes_or_no(_FULL, lambda home, away: home > 0 < away),
    ),
    Market("AHFT", "Asian Handicap Full Time", range(800, 900), handicaps(_FULL, _HANDICAPS)),
    Market(
        "EHFT",
        "European Handicap Full Time",
        range(900, 1000),
        tuple(_three_way_handicap(line) for line in _WHOLE_HANDICAPS),
    ),
    Market("MRHT", "Match Result Half Time", range(50, 60), results(_FIRST)),
    Market(
        "DCHT",
        "Double Chance Half Time",
        range(60, 70),
        _double_chances(_FIRST),
        is_exhaustive=False,
    ),
    Market("OUHT", "Over/Under Half Time", range(300, 400), totals(_FIRST, _GOALS_OF_HALF)),
    Market("HTFT", "Half Time/Full Time", range(80, 90), _half_time_full_time()),
    Market("MR2H", "Match Result Second Half", range(70, 80), results(_SECOND)),
    Market("OU2H", "Over/Under Second Half", range(400, 500), totals(_SECOND, _GOALS_OF_HALF)),
    Market("CSFT", "Correct Score Full Time", range(1000, 1100), _correct_scores()),
    Market(
        "TGFT",
        "Total Goals Full Time",
        range(700, 800),
        tuple(_totals_in_ranges(*each) for each in _TOTAL_SETS),
    ),
    Market(
        "OEFT",
        "Odd/Even Full Time",
        _pair(103),
        unlined(
            Selection("odd", "Odd", single(_FULL, holds(lambda home, away: (home + away) % 2 > 0))),
            Selection(
                "even", "Even", single(_FULL, holds(lambda home, away: (home + away) % 2 < 1))
            ),
        ),
    ),
    Market(
        "HTOU",
        "Home Team Over/Under Full Time",
        range(500, 600),
        totals(_FULL, _GOALS_OF_TEAM, HOME_ALONE, NOT_HOME),
    ),
    Market(
        "ATOU",
        "Away Team Over/Under Full Time",
        range(600, 700),
        totals(_FULL, _GOALS_OF_TEAM, AWAY_ALONE, NOT_AWAY),
    ),
    Market(
        "HWTN",
        "Home Team To Win To Nil",
        _pair(104),
        yes_or_no(_FULL, lambda home, away: home > away == 0),
    ),
    Market(
        "AWTN",
        "Away Team To Win To Nil",
        _pair(105),
        yes_or_no(_FULL, lambda home, away: away > home == 0),
    ),
    Market(
        "HCS",
        "Home Team Clean Sheet",
        _pair(106),
        yes_or_no(_FULL, lambda _, away: away == 0),
    ),
    Market(
        "ACS",
        "Away Team Clean Sheet",
        _pair(107),
        yes_or_no(_FULL, lambda home, _: home == 0),
    ),
    Market("FTSFT", "First Team To Score", range(140, 150), _first_to_score()),
)

# ---- scores

_OPENINGS = {Side.HOME: (1, 0), Side.AWAY: (0, 1), Side.NONE: (0, 0)}
_BOTH_SCORED = (1, 1)
_BEYOND = 8
"""More goals than any rule counts: over 6.5, a total of 7+, a lead of 3 to be exceeded."""


def _points(score: Score, part: Part) -> Points | None:
    if part is _FULL:
        return score.total
    if part is _OPENING:
        return _opening(score)
    if not score.periods:
        return None
    home, away = score.periods[0]
    return (home, away) if part is _FIRST else (score.total[0] - home, score.total[1] - away)


def _opening(score: Score) -> Points:
    return _first_seen(score) if score.first is None else _OPENINGS[score.first]


def _first_seen(score: Score) -> Points:
    """Tell who scored first from the goals alone: those of the first half if it had any."""
    had_early = score.periods and any(score.periods[0])
    home, away = score.periods[0] if had_early else score.total
    return min(home, 1), min(away, 1)


def _reachable(score: Score, part: Part) -> Collection[Points]:
    if _is_fixed(score, part):
        points = _points(score, part)
        assert points is not None, "a part that is over has a score"
        return (points,)
    if part is _OPENING:
        return _OPENINGS.values()
    if part is _SECOND:
        return grid_from(_points(score, _SECOND) or (0, 0), _BEYOND)
    return grid_from(score.total, _BEYOND)


def _is_fixed(score: Score, part: Part) -> bool:
    """Tell whether a part was over when play stopped; after two halves, in extra time, all are."""
    halves = len(score.periods)
    return halves > 1 or (part is _FIRST and halves > 0) or (part is _OPENING and any(score.total))


def _check(result: Result) -> None:
    score = result.score
    if score is None:
        return
    check_points(score, POINTS_MAX, 2)
    check_sums(score)
    if len(score.periods) > 1 and sum_periods(score) != score.total:
        raise Malformed("holds two halves that do not add up to full time")
    seen, told = _first_seen(score), _opening(score)
    if told != seen and not (seen == _BOTH_SCORED and any(told)):
        raise Malformed("holds a first goal that its score does not")


FOOTBALL = Sport(1, "football", "Football", _MARKETS, _points, _reachable, _check)
BETS = FOOTBALL.bets
bet = FOOTBALL.bet
