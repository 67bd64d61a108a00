"""The rows of bet cards; what is on a card is the document of `wire/card_files.py`."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from acca.core.cards.card import CardEvent, Events
from acca.core.markets.sports import SPORTS
from acca.core.ticket import TicketType
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries
from acca.wire.card_files import CardFile, JackpotFile, parse_card_file
from acca.wire.document import render

_QUERIES = load_queries("cards.sql")


class NewCard(NamedTuple):
    """A card that is to be written; `opens` None is now."""

    operator: int
    code: str
    file: CardFile
    price_cents: int | None
    events: tuple[int, ...]


class StoredCard(NamedTuple):
    """A card as it stands; its times in business time."""

    operator: int
    code: str
    type: TicketType
    price_cents: int | None
    events: tuple[int, ...]
    file: CardFile
    opens: datetime
    created: datetime
    published: datetime | None
    closed: datetime | None
    settled: datetime | None


async def insert_card(writer: Writer, card: NewCard, who: str) -> StoredCard | None:
    """Add a card as a draft, or none where its code is taken on the platform."""
    row = await writer.row(
        _QUERIES["insert_card"],
        card.operator,
        card.code,
        card.file.type.value,
        card.file.currency,
        card.price_cents,
        card.events,
        render(card.file),
        card.file.opens,
        who,
    )
    return None if row is None else _parse(row)


async def get_card(reader: Reader, operator: int, code: str) -> StoredCard | None:
    """Find a card of an operator."""
    row = await reader.row(_QUERIES["get_card"], operator, code)
    return None if row is None else _parse(row)


async def get_card_for_update(writer: Writer, operator: int, code: str) -> StoredCard | None:
    """Find a card of an operator and hold it until the transaction ends."""
    row = await writer.row(_QUERIES["get_card_for_update"], operator, code)
    return None if row is None else _parse(row)


async def list_cards(reader: Reader, operator: int, limit: int) -> list[StoredCard]:
    """List an operator's cards, the newest first."""
    return [_parse(row) for row in await reader.rows(_QUERIES["list_cards"], operator, limit)]


async def list_live_superbets(
    reader: Reader, operator: int, event: int, price_cents: int
) -> list[StoredCard]:
    """List an operator's published superbets on an event at a price that nobody has closed."""
    rows = await reader.rows(_QUERIES["list_live_superbets"], operator, event, price_cents)
    return [_parse(row) for row in rows]


async def list_card_events(reader: Reader, ids: Sequence[int]) -> Events:
    """Read the events of a card; unknown ones are left out."""
    rows = await reader.rows(_QUERIES["list_card_events"], ids)
    return {row["id"]: CardEvent(row["starts"], SPORTS[row["sport"]].bets) for row in rows}


async def publish_card(writer: Writer, card: StoredCard, who: str) -> None:
    """Publish a draft that is held."""
    commitment = card.file.commitment if isinstance(card.file, JackpotFile) else None
    await writer.run(_QUERIES["publish_card"], card.operator, card.code, who, commitment)


async def close_card(writer: Writer, card: StoredCard, who: str) -> None:
    """Close a card that is held."""
    await writer.run(_QUERIES["close_card"], card.operator, card.code, who)


def _parse(row: asyncpg.Record) -> StoredCard:
    return StoredCard(
        row["operator"],
        row["code"],
        TicketType(row["type"]),
        row["price_cents"],
        tuple(row["events"]),
        parse_card_file(row["body"]),
        row["opens"],
        row["created"],
        row["published"],
        row["closed"],
        row["settled"],
    )
