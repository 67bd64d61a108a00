"""Entries of the feed that tell what the rows of a file tell, with versions by the file's time."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from acca.core.derived_odds import derive
from acca.core.fixtures import BetCodes, Fixture, Identified, League, Team
from acca.core.score import Ending
from acca.wire.feed import (
    EntryKind,
    EventEntry,
    FeedName,
    FeedPrice,
    OddsEntry,
    ResultEntry,
)
from acca.wire.files.leagues import SPORT

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Rank(IntEnum):
    """Entries of one event of one file grow in this order."""

    EVENT = 0
    ODDS = 1
    DERIVED = 2
    RESULT = 3


class EventPlan(NamedTuple):
    """What one row asks of the catalogue, in the order in which it has to be applied.

    `derived` are odds that no source offered: they are marked so when they are saved.
    """

    row: Identified
    event: EventEntry | None
    offered: OddsEntry | None
    derived: OddsEntry | None
    result: ResultEntry | None

    def entries(self) -> list[EventEntry | OddsEntry | ResultEntry]:
        """Tell the entries that there are."""
        parts = (self.event, self.offered, self.derived, self.result)
        return [part for part in parts if part is not None]


def version_of(as_of: datetime, rank: int) -> int:
    """Tell the version of an entry of a file that was true at an instant."""
    return (as_of - _EPOCH) // timedelta(seconds=1) * len(_Rank) + rank


def plan(rows: Iterable[Identified], as_of: datetime, margin_rate: int) -> list[EventPlan]:
    """Make the entries of each row; odds and dates of a stale row are left out."""
    return [_plan_row(row, as_of, margin_rate) for row in rows]


def _plan_row(row: Identified, as_of: datetime, margin_rate: int) -> EventPlan:
    fixture = row.fixture
    is_told = row.event is None or row.moved_from is not None
    odds: Mapping[BetCodes, int] = {} if row.is_stale else fixture.odds
    return EventPlan(
        row,
        _event(row, as_of) if is_told else None,
        _odds(row.key, version_of(as_of, _Rank.ODDS), _prices(odds)),
        _odds(row.key, version_of(as_of, _Rank.DERIVED), _derived(odds, margin_rate)),
        None if row.is_stale else _result(row.key, fixture, as_of),
    )


def _event(row: Identified, as_of: datetime) -> EventEntry:
    fixture = row.fixture
    league: League = fixture.league
    return EventEntry(
        kind=EntryKind.EVENT,
        event=row.key,
        version=version_of(as_of, _Rank.EVENT),
        starts=fixture.starts,
        sport=_name(SPORT),
        category=_name(league.country),
        league=_name(Team(league.slug, league.name)),
        home_team=_name(fixture.home),
        away_team=_name(fixture.away),
    )


def _name(named: Team) -> FeedName:
    return FeedName(slug=named.slug, name=named.name)


def _prices(odds: Mapping[BetCodes, int]) -> tuple[FeedPrice, ...]:
    return tuple(
        FeedPrice(market=market, line=line, code=code, odds=each)
        for (market, line, code), each in odds.items()
    )


def _derived(odds: Mapping[BetCodes, int], margin_rate: int) -> tuple[FeedPrice, ...]:
    return tuple(FeedPrice(bet=bet.id, odds=each) for bet, each in derive(odds, margin_rate))


def _odds(key: str, version: int, prices: tuple[FeedPrice, ...]) -> OddsEntry | None:
    if not prices:
        return None
    return OddsEntry(kind=EntryKind.ODDS, event=key, version=version, prices=prices)


def _result(key: str, fixture: Fixture, as_of: datetime) -> ResultEntry | None:
    if fixture.result is None:
        return None
    ending, score = fixture.result
    assert ending is not Ending.PLAYED or score is not None, "what was played has a score"
    return ResultEntry(
        kind=EntryKind.RESULT,
        event=key,
        version=version_of(as_of, _Rank.RESULT),
        ending=ending,
        score=score,
    )
