"""Results of events: versions that are added and never rewritten."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple

import asyncpg

from acca.core.score import Ending, Points, Result, Score, Side
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("results.sql")


class Source(Enum):
    """Where a result came from."""

    FEED = "feed"
    IMPORT = "import"
    PERSON = "person"


class ResultVersion(NamedTuple):
    """One version of the result of an event; a person's counts once it is confirmed."""

    version: int
    result: Result
    source: Source
    entered: datetime
    entered_by: str | None
    confirmed: datetime | None
    confirmed_by: str | None


class ResultRow(NamedTuple):
    """A version that is to be written."""

    event: int
    version: int
    result: Result


async def add_results(
    writer: Writer, rows: Sequence[ResultRow], source: Source, now: datetime
) -> None:
    """Add a provider's versions to locked events; they are facts at once."""
    await _add(writer, rows, source, now, None, confirmed=True)


async def add_entered(
    writer: Writer, row: ResultRow, person: str, now: datetime, *, confirmed: bool
) -> None:
    """Add what a person entered for a locked event."""
    await _add(writer, [row], Source.PERSON, now, person, confirmed=confirmed)


async def _add(
    writer: Writer,
    rows: Sequence[ResultRow],
    source: Source,
    now: datetime,
    person: str | None,
    *,
    confirmed: bool,
) -> None:
    columns = zip(*((row.event, row.version, *_spell(row.result)) for row in rows), strict=True)
    await writer.run(
        _QUERIES["add_results"], *map(list, columns), source.value, now, person, confirmed
    )


async def confirm_result(
    writer: Writer, event: int, version: int, now: datetime, person: str
) -> None:
    """Confirm a version whose event is locked."""
    await writer.run(_QUERIES["confirm_result"], event, version, now, person)


async def read_results(reader: Reader, event: int) -> list[ResultVersion]:
    """Read all versions of the result of an event, the first one first."""
    return [_parse_version(row) for row in await reader.rows(_QUERIES["read_results"], event)]


def _parse_version(row: asyncpg.Record) -> ResultVersion:
    result = parse_result(row)
    assert result is not None, "a version has an ending"
    return ResultVersion(
        version=row["version"],
        result=result,
        source=Source(row["source"]),
        entered=row["entered"],
        entered_by=row["entered_by"],
        confirmed=row["confirmed"],
        confirmed_by=row["confirmed_by"],
    )


def parse_result(row: asyncpg.Record) -> Result | None:
    """Read the result out of a row, None where it has none."""
    if row["ending"] is None:
        return None
    return make_result(row["ending"], row["total"], row["periods"], row["first"])


def make_result(
    ending: str, total: Sequence[int] | None, periods: Sequence[int], first: str | None
) -> Result:
    """Make a result of its columns; points of home and away stand one after the other."""
    if total is None:
        return Result(Ending(ending))
    side = None if first is None else Side(first)
    return Result(Ending(ending), Score(_pair(total), _pairs(periods), side))


def _pair(values: Sequence[int]) -> Points:
    home, away = values
    return home, away


def _pairs(values: Sequence[int]) -> tuple[Points, ...]:
    return tuple(zip(values[::2], values[1::2], strict=True))


def _spell(result: Result) -> tuple[str | None, ...]:
    """Spell the ending, and the score as texts, as arrays of arrays have one length."""
    ending, score = result.ending.value, result.score
    if score is None:
        return ending, None, "", None
    periods = " ".join(f"{home} {away}" for home, away in score.periods)
    first = None if score.first is None else score.first.value
    return ending, f"{score.total[0]} {score.total[1]}", periods, first
