"""What is on offer, for those who hold it in memory: events by their version, and their cards."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from acca.core.board import BoardEvent, Label
from acca.core.cards.products import Body
from acca.core.probability.chances import Quoted, chances_of
from acca.core.ticket import TicketType
from acca.store.connection import Reader
from acca.store.queries import load_queries
from acca.wire.card_files import CardFile, body_of, parse_card_file

_QUERIES = load_queries("board.sql")

Version = tuple[int, int]
"""Which transactions wrote an event and its odds last."""


class CardName(NamedTuple):
    """A card by its operator's number and its code."""

    operator: int
    code: str


class OfferedCard(NamedTuple):
    """A published card as it stands; what is on it never changes."""

    operator: int
    operator_name: str
    code: str
    type: TicketType
    events: tuple[int, ...]
    file: CardFile
    body: Body
    opens: datetime
    published: datetime
    closed: datetime | None
    settled: datetime | None


async def list_board_versions(reader: Reader) -> dict[int, Version]:
    """List the versions of all events that players may bet on."""
    return _versions(await reader.rows(_QUERIES["list_board_versions"]))


async def list_versions(reader: Reader, ids: Collection[int]) -> dict[int, Version]:
    """List the versions of events."""
    return _versions(await reader.rows(_QUERIES["list_versions"], list(ids)))


async def read_board_events(
    reader: Reader, ids: Collection[int]
) -> dict[int, tuple[Version, BoardEvent]]:
    """Read events with their odds and what these make probable, each with its version."""
    rows = await reader.rows(_QUERIES["read_board_events"], list(ids))
    odds = [dict(zip(row["bets"], row["odds"], strict=True)) for row in rows]
    quoted = [Quoted(row["sport"], each) for row, each in zip(rows, odds, strict=True)]
    return {
        row["id"]: ((row["written"], row["offered"]), _parse_event(row, each, chances))
        for row, each, chances in zip(rows, odds, chances_of(quoted), strict=True)
    }


async def list_offered_codes(
    reader: Reader, events: Collection[int]
) -> dict[CardName, tuple[int, ...]]:
    """List the cards on offer that stand on some of these events, each with all its events."""
    rows = await reader.rows(_QUERIES["list_offered_codes"], list(events))
    return {CardName(row["operator"], row["code"]): tuple(row["events"]) for row in rows}


async def read_offered_cards(reader: Reader, names: Sequence[CardName]) -> list[OfferedCard]:
    """Read published cards by their names."""
    columns = zip(*names, strict=True) if names else ((), ())
    rows = await reader.rows(_QUERIES["read_offered_cards"], *map(list, columns))
    return [_parse_card(row) for row in rows]


async def find_published_card(reader: Reader, code: str) -> OfferedCard | None:
    """Find a published card by its code, which is unique on the platform."""
    row = await reader.row(_QUERIES["find_published_card"], code)
    return None if row is None else _parse_card(row)


def _versions(rows: Iterable[asyncpg.Record]) -> dict[int, Version]:
    return {row["id"]: (row["written"], row["offered"]) for row in rows}


def _parse_event(
    row: asyncpg.Record, odds: Mapping[int, int], chances: Mapping[int, float]
) -> BoardEvent:
    return BoardEvent(
        id=row["id"],
        starts=row["starts"],
        sport=row["sport"],
        country=Label(row["country_id"], row["country_slug"], row["country_name"]),
        league=Label(row["league_id"], row["league_slug"], row["league_name"]),
        home=Label(row["home_id"], row["home_slug"], row["home_name"]),
        away=Label(row["away_id"], row["away_slug"], row["away_name"]),
        is_stopped=row["is_stopped"],
        closed=frozenset(row["closed"]),
        odds=odds,
        chances=chances,
        updated=row["updated"],
    )


def _parse_card(row: asyncpg.Record) -> OfferedCard:
    file = parse_card_file(row["body"])
    return OfferedCard(
        row["operator"],
        row["operator_name"],
        row["code"],
        TicketType(row["type"]),
        tuple(row["events"]),
        file,
        body_of(file),
        row["opens"],
        row["published"],
        row["closed"],
        row["settled"],
    )
