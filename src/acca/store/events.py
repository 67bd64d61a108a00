"""Events: what stands of them beside their odds, locked before it is read."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from acca.core.catalogue.standing import Fact, Standing, State, Stop, Suspension
from acca.core.catalogue.told import Head, Name
from acca.store.connection import Reader, Writer
from acca.store.literals import array_literal
from acca.store.queries import load_queries
from acca.store.results import parse_result

_QUERIES = load_queries("events.sql")


class Located(NamedTuple):
    """An event's id and key, and what stands of it."""

    id: int
    key: str
    standing: Standing


class ListedEvent(NamedTuple):
    """An event as a file would name it; slugs without what stands above them."""

    key: str
    country_slug: str
    league_slug: str
    home_slug: str
    away_slug: str
    starts: datetime
    finished: bool


class SeenEvent(NamedTuple):
    """An event as people look it up; `stops` and `closed` say why no bets are taken."""

    id: int
    key: str
    starts: datetime
    state: State
    stops: Sequence[str]
    closed: Sequence[int]
    home: str
    away: str
    league: str


async def list_events(
    reader: Reader, state: State | None, limit: int, *, suspended: bool
) -> list[SeenEvent]:
    """List events of a state, or all that are open; only suspended ones if that is asked."""
    is_open = state in (None, State.SCHEDULED, State.LIVE)
    query = _QUERIES["list_open_events"] if is_open else _QUERIES["list_ended_events"]
    wanted = None if state is None else state.value
    rows = await reader.rows(query, wanted, suspended, limit)
    found = [SeenEvent(*row) for row in rows]
    return [each._replace(state=State(each.state)) for each in found]


async def read_event(reader: Reader, event: int) -> Located | None:
    """Read what stands of an event, which may be another the next moment."""
    rows = await reader.rows(_QUERIES["read_standings"], [event])
    return _parse(rows[0]) if rows else None


async def list_known_events(reader: Reader, provider: int) -> list[ListedEvent]:
    """List all events of a provider."""
    rows = await reader.rows(_QUERIES["list_known_events"], provider)
    return [ListedEvent(*(row[name] for name in ListedEvent._fields)) for row in rows]


async def lock_events(writer: Writer, provider: int, keys: Sequence[str]) -> dict[str, Located]:
    """Lock events by their provider's keys, in the order of their ids; unknown ones are left out.

    They are read in a statement of its own, after the wait for their locks.
    """
    locked = await writer.rows(_QUERIES["lock_events"], provider, keys)
    found = await _read(writer, [row["id"] for row in locked])
    return {each.key: each for each in found}


async def get_event_for_update(writer: Writer, event: int) -> Located | None:
    """Lock one event, and read what stands of it then."""
    if await writer.value(_QUERIES["get_event_for_update"], event) is None:
        return None
    (found,) = await _read(writer, [event])
    return found


async def get_event(reader: Reader, event: int) -> Located | None:
    """Read what stands of one event, and hold nothing."""
    found = await _read(reader, [event])
    return found[0] if found else None


async def _read(reader: Reader, ids: Sequence[int]) -> list[Located]:
    return [_parse(row) for row in await reader.rows(_QUERIES["read_standings"], ids)]


def _parse(row: asyncpg.Record) -> Located:
    result = parse_result(row)
    standing = Standing(
        head=_parse_head(row),
        head_version=row["head_version"],
        stops=frozenset(map(Stop, row["stops"])),
        stop_version=row["stop_version"],
        suspensions=_parse_suspensions(row),
        fact=None if result is None else Fact(result, row["by_person"]),
        result_version=row["result_version"],
        results=row["results"],
    )
    return Located(row["id"], row["key"], standing)


def _parse_head(row: asyncpg.Record) -> Head:
    return Head(
        sport=row["sport"],
        category=Name(row["category_slug"], row["category_name"]),
        league=Name(row["league_slug"], row["league_name"]),
        home_team=Name(row["home_slug"], row["home_name"]),
        away_team=Name(row["away_slug"], row["away_name"]),
        starts=row["starts"],
        live=row["head_live"],
    )


def _parse_suspensions(row: asyncpg.Record) -> dict[int, Suspension]:
    closed = set(row["closed"])
    pairs = zip(row["suspension_bets"], row["suspension_versions"], strict=True)
    return {bet: Suspension(version, bet in closed) for bet, version in pairs}


async def add_events(writer: Writer, provider: int, new: Mapping[str, Standing]) -> dict[str, int]:
    """Add events and return their ids; those that another added meanwhile are left out."""
    given = [(key, *_names(one), one.head_version) for key, one in new.items()]
    columns = map(list, zip(*given, strict=True))
    rows = await writer.rows(_QUERIES["add_events"], provider, *columns)
    return {row["key"]: row["id"] for row in rows}


def _names(standing: Standing) -> tuple[object, ...]:
    head = standing.head
    slugs = (each.slug for each in (head.category, head.league, head.home_team, head.away_team))
    return (head.sport, *slugs, head.starts, head.live)


async def save_standings(writer: Writer, standings: Mapping[int, Standing]) -> None:
    """Write what stands of locked events, by their ids."""
    rows = [(event, *_names(one), *_spell(one)) for event, one in standings.items()]
    await writer.run(_QUERIES["save_standings"], *map(list, zip(*rows, strict=True)))


def _spell(standing: Standing) -> tuple[object, ...]:
    suspensions = sorted(standing.suspensions.items())
    return (
        standing.head_version,
        standing.state.value,
        " ".join(sorted(stop.value for stop in standing.stops)),
        standing.stop_version,
        standing.result_version,
        array_literal(standing.closed),
        array_literal([bet for bet, _ in suspensions]),
        array_literal([suspension.version for _, suspension in suspensions]),
    )


async def stop_silent(writer: Writer, silence: timedelta) -> list[int]:
    """Suspend live events of providers that were not heard of for so long; return their ids."""
    return [row["id"] for row in await writer.rows(_QUERIES["stop_silent"], silence)]


async def lift_silent(writer: Writer, silence: timedelta) -> list[int]:
    """Lift what silence suspended, where the provider is heard of again; return their ids."""
    return [row["id"] for row in await writer.rows(_QUERIES["lift_silent"], silence)]
