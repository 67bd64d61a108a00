"""The catalogue as a whole: names that events share, and one reading of all that is open."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from acca.core.catalogue.told import Head
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("catalogue.sql")


class OpenEvent(NamedTuple):
    """An event on which bets may be taken, with parallel columns of bet ids and odds.

    `stops` names why the whole of it is suspended, `closed` the bets that are suspended one by one.
    """

    id: int
    sport: int
    league: int
    home_team: int
    away_team: int
    starts: datetime
    state: str
    stops: Sequence[str]
    closed: Sequence[int]
    bets: Sequence[int]
    odds: Sequence[int]
    updated: datetime | None


async def add_names(writer: Writer, heads: Iterable[Head]) -> None:
    """Add the categories, leagues and teams of events that are not there yet."""
    countries: set[tuple[str, ...]] = set()
    leagues: set[tuple[str, ...]] = set()
    teams: set[tuple[str, ...]] = set()
    for head in heads:
        countries.add(head.category)
        leagues.add((head.sport, head.category.slug, *head.league))
        teams.update((head.sport, *team) for team in (head.home_team, head.away_team))
    if countries:
        await writer.run(_QUERIES["add_countries"], *_columns(countries))
        await writer.run(_QUERIES["add_leagues"], *_columns(leagues))
        await writer.run(_QUERIES["add_teams"], *_columns(teams))


def _columns(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return list(zip(*rows, strict=True))


async def read_open_events(reader: Reader) -> list[OpenEvent]:
    """Read all open events with their odds, as one snapshot."""
    rows = await reader.rows(_QUERIES["read_open_events"])
    return [OpenEvent(*row) for row in rows]
