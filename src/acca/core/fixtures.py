"""Which event a row of a file tells of: one that is known, perhaps moved in time, or a new one.

Two teams alone never name an event: clubs meet twice at one ground. Dates alone never do: matches
are moved by months. Pairs of one league are matched by the nearest start that the rules allow, each
row and each event once; `_distance` holds the rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import groupby, product
from typing import NamedTuple

from acca.core.score import Ending, Result

NEAR = timedelta(days=2)
"""No ground sees the same two clubs twice within this time: nearer tellings are of one match."""
MOVED_BACK_MAX, MOVED_ON_MAX = timedelta(days=14), timedelta(days=60)
"""How far an event may move where the clubs meet more than once at a ground in a season."""
_SAME_DAY = timedelta(hours=13)
"""From noon, which stands for a time that is not told, no part of the day is further away."""
_SEASON_BEGINS = 7
_KEY_LENGTH_MAX = 64
_DIGEST_BYTES = 4

BetCodes = tuple[str, str | None, str]
"""Market, line and code of a bet."""
Pair = tuple[str, str, str]
"""League code, home slug and away slug."""


class Team(NamedTuple):
    """A team, known again by its slug."""

    slug: str
    name: str


class League(NamedTuple):
    """A league; `meetings` tells how often two clubs meet at one ground in a season."""

    code: str
    country: Team
    slug: str
    name: str
    zone: str
    meetings: int = 1


class Fixture(NamedTuple):
    """One row: what a file tells of a match. Without a time of day it starts at noon UTC."""

    line: int
    league: League
    home: Team
    away: Team
    starts: datetime
    has_time: bool
    result: Result | None
    odds: Mapping[BetCodes, int]
    skipped: tuple[str, ...] = ()
    encoding: str = "utf-8"

    @property
    def pair(self) -> Pair:
        """Tell who meets whom in which league."""
        return self.league.code, self.home.slug, self.away.slug

    @property
    def is_open(self) -> bool:
        """Tell whether the match is still to be played, as far as the row knows."""
        return self.result is None or self.result.ending is Ending.POSTPONED


class RefusedRow(NamedTuple):
    """A line that was not taken, and why."""

    line: int
    reason: str


class KnownEvent(NamedTuple):
    """An event as the catalogue holds it."""

    key: str
    pair: Pair
    starts: datetime
    is_finished: bool


class Identified(NamedTuple):
    """A row with the key of its event; `moved_from` is the start that it replaces.

    A stale row tells of an event before it was moved or finished: its odds and date are old.
    """

    fixture: Fixture
    key: str
    event: KnownEvent | None
    moved_from: datetime | None = None
    is_stale: bool = False


class Identification(NamedTuple):
    """Rows with their events in the order of the file, and rows that repeat another."""

    rows: list[Identified]
    refused: list[RefusedRow]


def season_of(starts: datetime) -> int:
    """Tell the year in which the season of a day began."""
    return starts.year - (starts.month < _SEASON_BEGINS)


def identify(
    fixtures: Iterable[Fixture], known: Iterable[KnownEvent], as_of: datetime
) -> Identification:
    """Decide of each row of one file, written as of an instant, which event it tells of."""
    events: dict[Pair, list[KnownEvent]] = {}
    for event in known:
        events.setdefault(event.pair, []).append(event)
    rows: list[Identified] = []
    refused: list[RefusedRow] = []
    in_order = sorted(fixtures, key=lambda each: (each.pair, each.starts, each.line))
    for pair, group in groupby(in_order, key=lambda each: each.pair):
        kept = _told_once(group, refused)
        rows += _identify_pair(kept, events.get(pair, []), as_of)
    rows.sort(key=lambda each: each.fixture.line)
    return Identification(rows, sorted(refused))


def remember(known: Iterable[KnownEvent], rows: Iterable[Identified]) -> list[KnownEvent]:
    """Tell what is known once the rows are applied."""
    after = {event.key: event for event in known}
    for row in rows:
        after[row.key] = _as_known(row)
    return list(after.values())


def _as_known(row: Identified) -> KnownEvent:
    fixture, event = row.fixture, row.event
    if event is None:
        return KnownEvent(row.key, fixture.pair, fixture.starts, not fixture.is_open)
    starts = event.starts if row.moved_from is None else fixture.starts
    return event._replace(starts=starts, is_finished=event.is_finished or not fixture.is_open)


def _told_once(fixtures: Iterable[Fixture], refused: list[RefusedRow]) -> list[Fixture]:
    """Keep the fuller of two rows that tell of one match: a slip of the source has no odds."""
    kept: list[Fixture] = []
    for fixture in fixtures:
        if not kept or fixture.starts - kept[-1].starts > NEAR:
            kept.append(fixture)
            continue
        fuller, other = sorted((kept[-1], fixture), key=_fullness, reverse=True)
        kept[-1] = fuller
        refused.append(RefusedRow(other.line, f"tells of the same match as line {fuller.line}"))
    return kept


def _fullness(fixture: Fixture) -> tuple[int, bool, int]:
    return len(fixture.odds), fixture.result is not None, -fixture.line


def _identify_pair(
    fixtures: Sequence[Fixture], events: Sequence[KnownEvent], as_of: datetime
) -> list[Identified]:
    matched = _match(fixtures, events, as_of)
    taken = {event.key for event in events}
    rows: list[Identified] = []
    for fixture in fixtures:
        event = matched.get(fixture.line)
        key = _new_key(fixture, taken) if event is None else event.key
        taken.add(key)
        rows.append(_placed(fixture, key, event, as_of))
    return rows


def _match(
    fixtures: Sequence[Fixture], events: Sequence[KnownEvent], as_of: datetime
) -> dict[int, KnownEvent]:
    """Pair rows with events, the nearest first, none twice; equal distances by date."""
    if not events:
        return {}
    near = sorted(
        (distance, event.starts, event.key, place)
        for (place, fixture), event in product(enumerate(fixtures), events)
        if (distance := _distance(fixture, event, as_of)) is not None
    )
    by_key = {event.key: event for event in events}
    matched: dict[int, KnownEvent] = {}
    for _, _, key, place in near:
        line = fixtures[place].line
        if line not in matched and key in by_key:
            matched[line] = by_key.pop(key)
    return matched


def _distance(fixture: Fixture, event: KnownEvent, as_of: datetime) -> timedelta | None:
    """Tell how far a row is from an event in time, None where they cannot be the same.

    What is finished stays where it was: only an old telling of it may be further away. Clubs that
    meet once at a ground in a season may be moved anywhere in it; others as far as MOVED_BACK_MAX
    and MOVED_ON_MAX, since nothing but time tells a late match from a second one.
    """
    gap = fixture.starts - event.starts
    distance = abs(gap)
    if distance <= NEAR:
        return distance
    if event.is_finished and not _is_old_telling(fixture, event, as_of):
        return None
    if fixture.league.meetings == 1:
        return distance if season_of(fixture.starts) == season_of(event.starts) else None
    moved = -gap if event.is_finished else gap
    return distance if -MOVED_BACK_MAX <= moved <= MOVED_ON_MAX else None


def _is_old_telling(fixture: Fixture, event: KnownEvent, as_of: datetime) -> bool:
    """Tell whether a row without a result is of the time before a finished event was moved.

    It is if its date lies before the event, or is over without a result, or if the file was written
    before the event. Otherwise the clubs are to meet again.
    """
    is_before = min(fixture.starts, as_of) < event.starts
    return fixture.is_open and (is_before or fixture.starts < as_of - NEAR)


def _placed(fixture: Fixture, key: str, event: KnownEvent | None, as_of: datetime) -> Identified:
    if event is None:
        return Identified(fixture, key, None)
    gap = fixture.starts - event.starts
    is_past = fixture.starts < as_of - NEAR and gap < timedelta()
    if event.is_finished or (fixture.is_open and is_past):
        return Identified(fixture, key, event, is_stale=fixture.is_open)
    moves = bool(gap) if fixture.has_time else abs(gap) > _SAME_DAY
    return Identified(fixture, key, event, event.starts if moves else None)


def _new_key(fixture: Fixture, taken: set[str]) -> str:
    """Make the first free of `E0-2025-arsenal-chelsea-1`, `…-2`; a digest ends one too long."""
    code, home, away = fixture.pair
    stem = f"{code}-{season_of(fixture.starts)}-{home}-{away}"
    number = 1
    while (key := _short(f"{stem}-{number}")) in taken:
        number += 1
    return key


def _short(key: str) -> str:
    if len(key) <= _KEY_LENGTH_MAX:
        return key
    digest = blake2b(key.encode(), digest_size=_DIGEST_BYTES).hexdigest()
    return f"{key[: _KEY_LENGTH_MAX - len(digest) - 1]}-{digest}"
