"""Files recognised by their content and read row by row, those with a date typed wrong refused."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from statistics import median_low
from typing import NamedTuple

from acca.core.fixtures import Fixture, RefusedRow
from acca.wire.files.leagues import league_of_file
from acca.wire.files.lines import decode, read_lines
from acca.wire.files.openfootball import MATCHES, read_openfootball
from acca.wire.files.table import split
from acca.wire.files.tables import read_fixtures, read_multimarket, read_season

HEAD_BYTES = 64 * 1024
"""As much of a file tells its format."""


class Format(Enum):
    """The kinds of files that are read."""

    SEASON = "football-data season"
    FIXTURES = "football-data fixtures"
    MULTIMARKET = "multi-market table"
    OPENFOOTBALL = "openfootball"


class Hints(NamedTuple):
    """What is known of a file beside its bytes: its name, and when it was true."""

    name: str
    as_of: datetime


class FileRows(NamedTuple):
    """What a file holds: rows that can be used, rows that cannot, in the order of lines."""

    format: Format
    as_of: datetime
    fixtures: list[Fixture]
    refused: list[RefusedRow]


_TABLES = {
    Format.SEASON: read_season,
    Format.FIXTURES: read_fixtures,
    Format.MULTIMARKET: read_multimarket,
}
_COLUMNS = (
    (Format.SEASON, {"Div", "Date", "HomeTeam", "AwayTeam", "FTHG", "FTAG"}),
    (Format.FIXTURES, {"Div", "Date", "HomeTeam", "AwayTeam"}),
    (Format.MULTIMARKET, {"Date", "Time", "HomeTeam", "AwayTeam", "FTHG", "BTTS_Yes"}),
)
_BOM = b"\xef\xbb\xbf"


def recognise(head: bytes) -> Format | None:
    """Tell the format of a file by its first HEAD_BYTES."""
    text = decode(head[:HEAD_BYTES].removeprefix(_BOM))[0].lstrip()
    if text.startswith("{"):
        return Format.OPENFOOTBALL if MATCHES.search(text) else None
    names = set(split(text.partition("\n")[0].rstrip("\r")) or ())
    return next((each for each, columns in _COLUMNS if columns <= names), None)


def read_file(chunks: Iterable[bytes], found: Format, hints: Hints) -> FileRows:
    """Read all rows of a file that comes in bounded chunks."""
    stamped = stamp_of(hints.name)
    as_of, league = stamped or hints.as_of, league_of_file(hints.name)
    if found is Format.OPENFOOTBALL:
        rows = list(read_openfootball(chunks, league))
    else:
        rows = list(_TABLES[found](read_lines(chunks), league))
    fixtures = [row for row in rows if isinstance(row, Fixture)]
    days = _days_of(found, hints, is_stamped=stamped is not None)
    kept, wrong = _within(fixtures, days or _around_the_middle(found, fixtures))
    refused = [row for row in rows if isinstance(row, RefusedRow)]
    return FileRows(found, as_of, kept, sorted(refused + wrong))


# ---- dates typed wrong

_STAMP = re.compile(r"_([0-9]{8}T[0-9]{4})Z")
_SEASON = re.compile(r"(?:_([0-9]{2})([0-9]{2})|^20([0-9]{2})-([0-9]{2})_)(?![0-9])", re.ASCII)
_LATE_DAYS, _AHEAD_DAYS = 30, 400
_MIDDLE_DAYS, _MIDDLE_ROWS = 300, 3
_CENTURY = 2000


class _Days(NamedTuple):
    first: date
    last: date
    because: str


def stamp_of(name: str) -> datetime | None:
    """Tell the instant in a file's name, `fixtures_20260129T0907Z_….csv`."""
    match = _STAMP.search(name)
    try:
        return datetime.strptime(f"{match[1]}+0000", "%Y%m%dT%H%M%z") if match else None
    except ValueError:
        return None


def _days_of(found: Format, hints: Hints, *, is_stamped: bool) -> _Days | None:
    """Tell between which days the matches of a file lie, where something beside them says so.

    Fixtures are to be played: some have been, days before. A file without an instant in its name
    may lie about for a season.
    """
    if found is Format.FIXTURES:
        as_of = (stamp_of(hints.name) or hints.as_of).astimezone(UTC).date()
        late = timedelta(days=_LATE_DAYS if is_stamped else _AHEAD_DAYS)
        return _Days(as_of - late, as_of + timedelta(days=_AHEAD_DAYS), f"the file is of {as_of}")
    match = _SEASON.search(hints.name)
    if match is None:
        return None
    first, last = (_CENTURY + int(each) for each in match.groups() if each is not None)
    if last != first + 1:
        return None
    return _Days(date(first, 6, 1), date(last, 8, 31), f"the file is of the season {first}-{last}")


def _around_the_middle(found: Format, fixtures: Sequence[Fixture]) -> _Days | None:
    """Tell the days around the middle one of a file of one season."""
    if found is Format.MULTIMARKET or len(fixtures) < _MIDDLE_ROWS:
        return None
    middle = date.fromordinal(median_low(each.starts.toordinal() for each in fixtures))
    around = timedelta(days=_MIDDLE_DAYS)
    return _Days(middle - around, middle + around, f"the middle of the file is {middle}")


def _within(
    fixtures: Sequence[Fixture], days: _Days | None
) -> tuple[list[Fixture], list[RefusedRow]]:
    """Refuse a date that is typed wrong: to correct it would be to guess which digit was meant."""
    if days is None:
        return list(fixtures), []
    kept = [each for each in fixtures if days.first <= each.starts.date() <= days.last]
    refused = [
        RefusedRow(each.line, f"is dated {each.starts.date()}, but {days.because}")
        for each in fixtures
        if not days.first <= each.starts.date() <= days.last
    ]
    return kept, refused
