"""Rows of the two providers that send tables: football-data and the wide multi-market CSV."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta, timezone, tzinfo
from functools import partial
from zoneinfo import ZoneInfo

from acca.core.fixtures import Fixture, League, RefusedRow
from acca.core.numbers import Malformed
from acca.wire.files.cells import read_result, read_sides, read_start
from acca.wire.files.columns import (
    FIXTURE_SETS,
    MULTIMARKET_SETS,
    SEASON_SETS,
    OfferedSet,
    read_offered,
)
from acca.wire.files.leagues import country_of, league_of
from acca.wire.files.lines import Line
from acca.wire.files.table import Row, read_table

_UNITED_KINGDOM = ZoneInfo("Europe/London")
_MULTIMARKET_ZONE = timezone(timedelta(hours=-3))
BEYOND = "cell beyond the columns that have a name"

Lines = Iterable[Line | RefusedRow]
Rows = Iterator[Fixture | RefusedRow]
LeagueOf = Callable[[Row], League]


def _read(lines: Lines, league: LeagueOf, zone: tzinfo, sets: tuple[OfferedSet, ...]) -> Rows:
    for row in read_table(lines):
        if isinstance(row, RefusedRow):
            yield row
            continue
        try:
            yield _fixture(row, league(row), zone, sets)
        except Malformed as malformed:
            yield RefusedRow(row.number, str(malformed))


def _fixture(row: Row, league: League, zone: tzinfo, sets: tuple[OfferedSet, ...]) -> Fixture:
    cells = row.cells
    starts, has_time = read_start(cells.get("Date", ""), cells.get("Time", ""), zone)
    sides = cells.get("HomeTeam", ""), cells.get("AwayTeam", "")
    home, away = read_sides(country_of(league), *sides)
    result, no_score = read_result(cells)
    odds, no_odds = read_offered(cells, sets)
    skipped = no_score + no_odds + (BEYOND,) * row.beyond
    return Fixture(
        row.number, league, home, away, starts, has_time, result, odds, skipped, row.encoding
    )


def _league_of_row(row: Row) -> League:
    return league_of(row.cells.get("Div", ""))


def read_season(lines: Lines, _league: League | None = None) -> Rows:
    """Read a football-data season: UK time, closing odds, results."""
    return _read(lines, _league_of_row, _UNITED_KINGDOM, SEASON_SETS)


def read_fixtures(lines: Lines, _league: League | None = None) -> Rows:
    """Read a football-data snapshot of what is to be played: UK time, odds of that moment."""
    return _read(lines, _league_of_row, _UNITED_KINGDOM, FIXTURE_SETS)


def read_multimarket(lines: Lines, league: League | None = None) -> Rows:
    """Read the wide CSV, three hours behind UTC; only the name of the file tells its league."""
    return _read(lines, partial(_the_league, league), _MULTIMARKET_ZONE, MULTIMARKET_SETS)


def _the_league(league: League | None, _row: Row) -> League:
    if league is None:
        raise Malformed("has no league: neither the row nor the name of the file tells it")
    return league
