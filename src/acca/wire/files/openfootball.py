"""Matches of an openfootball JSON file: fixtures and results, no odds.

Times are local to the league's country. Matches are read one by one, so that one that is broken, or
the cut end of a file, leaves the others.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

from acca.core.fixtures import Fixture, League, RefusedRow
from acca.core.numbers import Malformed
from acca.core.score import Ending, Result
from acca.wire.files.cells import HALF_A_SCORE, read_points, read_sides, read_start, result_of
from acca.wire.files.leagues import country_of, league_of_title
from acca.wire.files.lines import decode

BYTES_MAX = 16 * 1024 * 1024
"""A season has a tenth of a megabyte."""
MATCHES = re.compile(r'"matches"\s*:\s*\[')
_TITLE = re.compile(r'"name"\s*:\s*("(?:[^"\\]|\\.){0,200}")')
_BETWEEN = re.compile(r"[\s,]*")
_PAIR = 2
_ENDINGS = {
    "postponed": Ending.POSTPONED,
    "cancelled": Ending.CANCELLED,
    "canceled": Ending.CANCELLED,
}
_DECODER = json.JSONDecoder(parse_float=str, parse_constant=str)

Object = Mapping[str, object]
Parts = tuple[Result | None, tuple[str, ...]]


class _Match(NamedTuple):
    line: int
    fields: object


def read_openfootball(
    chunks: Iterable[bytes], league: League | None = None
) -> Iterator[Fixture | RefusedRow]:
    """Read the matches; the title of the file tells the league, or else its name."""
    raw = _gather(chunks)
    if raw is None:
        yield RefusedRow(1, f"begins a file of more than {BYTES_MAX} bytes; nothing of it is read")
        return
    text, encoding = decode(raw.removeprefix(b"\xef\xbb\xbf"))
    found = _league(text) or league
    for match in _matches(text):
        if isinstance(match, RefusedRow):
            yield match
        else:
            yield _read(match, found, encoding)


def _gather(chunks: Iterable[bytes]) -> bytes | None:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) > BYTES_MAX:
            return None
    return bytes(held)


def _league(text: str) -> League | None:
    match = _TITLE.search(text)
    return None if match is None else league_of_title(match[1].strip('"'))


def _matches(text: str) -> Iterator[_Match | RefusedRow]:
    opened = MATCHES.search(text)
    if opened is None:
        yield RefusedRow(1, "begins a file without a list of matches")
        return
    place, line, counted = opened.end(), 1, 0
    while True:
        place = _end_of_blanks(text, place)
        line, counted = line + text.count("\n", counted, place), place
        if text[place : place + 1] == "]":
            return
        try:
            fields, place = cast("tuple[object, int]", _DECODER.raw_decode(text, place))
        except (ValueError, RecursionError):
            yield RefusedRow(line, "is cut off or no JSON; nothing is read from here on")
            return
        yield _Match(line, fields)


def _end_of_blanks(text: str, place: int) -> int:
    match = _BETWEEN.match(text, place)
    assert match is not None, "nothing at all is between any two matches"
    return match.end()


def _read(match: _Match, found: League | None, encoding: str) -> Fixture | RefusedRow:
    try:
        league, fields = _known(found), _object(match.fields)
        sides = _text(fields, "team1"), _text(fields, "team2")
        home, away = read_sides(country_of(league), *sides)
        day, clock = _text(fields, "date"), _text(fields, "time")
        starts, has_time = read_start(day, clock, ZoneInfo(league.zone))
        result, skipped = _result(fields)
    except Malformed as malformed:
        return RefusedRow(match.line, str(malformed))
    return Fixture(match.line, league, home, away, starts, has_time, result, {}, skipped, encoding)


def _known(league: League | None) -> League:
    if league is None:
        raise Malformed("has no league: neither the title nor the name of the file tells it")
    return league


def _object(value: object) -> Object:
    if not isinstance(value, dict):
        raise Malformed("is no match")
    return cast("Object", value)


def _text(fields: Object, name: str) -> str:
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _result(fields: Object) -> Parts:
    score = fields.get("score")
    total, half_time = _goals(score, "ft"), _goals(score, "ht")
    try:
        points = read_points(*total)
    except Malformed:
        return None, (HALF_A_SCORE,)
    if points is None:
        ending = _ENDINGS.get(_text(fields, "status").casefold())
        return (None if ending is None else Result(ending)), ()
    return result_of(points, *half_time)


def _goals(score: object, part: str) -> tuple[str, str]:
    """Tell the goals of both sides as texts; a score may be a plain pair."""
    pair = cast("Object", score).get(part) if isinstance(score, dict) else None
    if isinstance(score, list) and part == "ft":
        pair = cast("object", score)
    if not isinstance(pair, list):
        return "", ""
    goals = cast("list[object]", pair)
    if len(goals) != _PAIR or not all(type(each) is int for each in goals):
        return "?", "?"
    return str(goals[0]), str(goals[1])
