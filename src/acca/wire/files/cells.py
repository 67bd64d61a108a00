"""Cells of a table: goals, odds, handicap lines, dates. A text that is none is Malformed."""

import re
from datetime import UTC, date, datetime, time, tzinfo

from acca.core.fixtures import Team
from acca.core.markets.football import FOOTBALL
from acca.core.numbers import Malformed, parse_scaled, render_scaled
from acca.core.odds import ODDS_MAX, ONE
from acca.core.score import Ending, Points, Result, Score
from acca.wire.files.table import Cells
from acca.wire.files.teams import team_of

_GOALS = re.compile(r"([0-9]{1,2})(?:\.0*)?", re.ASCII)
_ODDS = re.compile(r"([0-9]{0,9})(?:\.([0-9]{0,20}))?", re.ASCII)
_DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", re.ASCII)
_CENTURY = 2000
_YEARS = range(1990, 2100)
_NOON = time(12, tzinfo=UTC)
_LINE_PLACES = 9

BLANK_ODDS = "odds are blank"
NO_ODDS = "odds are not a number"
ZERO_ODDS = "odds are 0"
LOW_ODDS = "odds are 1.00 or less: nothing to win"
HIGH_ODDS = f"odds are above {ODDS_MAX // ONE}"
NO_LINE = "odds on a line that is not ours"
HALF_A_SCORE = "score of one side only, or no number"
NO_SCORE = "score contradicts its result letter"
NO_HALF_TIME = "half-time score that cannot be"


def read_odds(text: str) -> int:
    """Read odds into hundredths; more decimals are rounded down, so that no source is outbid."""
    match = _ODDS.fullmatch(text)
    if match is None or text in {"", "."}:
        raise Malformed(BLANK_ODDS if not text else NO_ODDS)
    whole, fraction = match.groups(default="")
    hundredths = int(whole or "0") * ONE + int(f"{fraction}00"[:2])
    if hundredths <= ONE:
        raise Malformed(LOW_ODDS if int(f"0{whole}{fraction}") else ZERO_ODDS)
    if hundredths > ODDS_MAX:
        raise Malformed(HIGH_ODDS)
    return hundredths


def read_handicap(text: str) -> str:
    """Read a handicap line into the code of ours."""
    try:
        scaled = parse_scaled(text.removeprefix("+"), _LINE_PLACES)
    except Malformed:
        raise Malformed(NO_LINE) from None
    code = render_scaled(scaled, _LINE_PLACES)
    if FOOTBALL.bet("AHFT", code, "1") is None:
        raise Malformed(NO_LINE)
    return code


def read_day(text: str) -> date:
    """Read `25/04/2026`, `25/04/26` or `2026-04-25`."""
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(each) for each in match.groups())
        year += _CENTURY if len(match[3]) == len("26") else 0
    elif match := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(each) for each in match.groups())
    else:
        raise Malformed(f"has no date: {text[:40]!r}" if text else "has no date")
    try:
        found = date(year, month, day)
    except ValueError:
        raise Malformed(f"has a date that no calendar holds: {text}") from None
    if year not in _YEARS:
        raise Malformed(f"has a year typed wrong: {text}")
    return found


def read_start(day: str, clock: str, zone: tzinfo) -> tuple[datetime, bool]:
    """Read the local date and time of a zone into UTC; noon UTC, and False, where no time is."""
    if not clock and " " in day:
        day, _, clock = day.partition(" ")
    found = read_day(day)
    if not clock.strip():
        return datetime.combine(found, _NOON), False
    return datetime.combine(found, _read_clock(clock.strip()), zone).astimezone(UTC), True


def _read_clock(text: str) -> time:
    match = _TIME.fullmatch(text)
    try:
        hour, minute, second = (int(each) for each in match.groups("0")) if match else (-1, 0, 0)
        return time(hour, minute, second)
    except ValueError:
        raise Malformed(f"has a time that no clock shows: {text[:40]!r}") from None


def read_sides(country: str, home: str, away: str) -> tuple[Team, Team]:
    """Read the two teams of a row."""
    teams = team_of(country, home), team_of(country, away)
    if teams[0].slug == teams[1].slug:
        raise Malformed(f"has {home} play itself")
    return teams


def read_points(home: str, away: str) -> Points | None:
    """Read the goals of both sides, `2` or `2.0`; None where both are blank."""
    if not home and not away:
        return None
    matches = _GOALS.fullmatch(home), _GOALS.fullmatch(away)
    if matches[0] is None or matches[1] is None:
        raise Malformed(HALF_A_SCORE)
    return int(matches[0][1]), int(matches[1][1])


def read_result(cells: Cells) -> tuple[Result | None, tuple[str, ...]]:
    """Read the score of a row, and why a part of it was left out."""
    try:
        total = read_points(cells.get("FTHG", ""), cells.get("FTAG", ""))
    except Malformed as malformed:
        return None, (str(malformed),)
    if total is None:
        return None, ()
    letter = cells.get("FTR", "")
    if letter and letter != _letter(total):
        return None, (NO_SCORE,)
    return result_of(total, cells.get("HTHG", ""), cells.get("HTAG", ""))


def result_of(total: Points, *half_time: str) -> tuple[Result | None, tuple[str, ...]]:
    """Make a result; a half-time score that is none, or that total does not allow, is left out."""
    try:
        early = read_points(*half_time)
        result = Result(Ending.PLAYED, Score(total, () if early is None else (early,)))
        FOOTBALL.check(result)
    except Malformed:
        return Result(Ending.PLAYED, Score(total)), (NO_HALF_TIME,)
    return result, ()


def _letter(total: Points) -> str:
    home, away = total
    return "D" if home == away else "H" if home > away else "A"
