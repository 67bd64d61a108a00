"""Publish a bet card, close it before its events do, or let another one take its place."""

from collections.abc import Awaitable, Callable

from acca.store.card_moves import PlacedCard, close_held, hold_card, place_card, publish_held
from acca.store.cards import get_card
from acca.store.connection import Database, Writer
from acca.store.operators import get_operator, get_operator_for_update

Move = Callable[[Writer, PlacedCard, str], Awaitable[None]]


async def read_card(database: Database, operator_name: str, code: str) -> PlacedCard:
    """Find a card as it stands now, or raise CardUnknown."""
    async with database.reader() as reader:
        operator = await get_operator(reader, operator_name)
        return await place_card(reader, await get_card(reader, operator.id, code), code)


async def publish(database: Database, operator_name: str, code: str, who: str) -> PlacedCard:
    """Publish a draft; an operator's cards are published one by one, so that none is ambiguous."""
    return await _move(database, operator_name, code, who, publish_held)


async def close(database: Database, operator_name: str, code: str, who: str) -> PlacedCard:
    """Close a card that is scheduled or open."""
    return await _move(database, operator_name, code, who, close_held)


async def replace_card(
    database: Database, operator_name: str, code: str, by: str, who: str
) -> PlacedCard:
    """Close a card and publish a draft in its place, both or neither."""
    async with database.writer() as writer, writer.transaction():
        operator = await get_operator_for_update(writer, operator_name)
        await close_held(writer, await hold_card(writer, operator.id, code), who)
        await publish_held(writer, await hold_card(writer, operator.id, by), who)
        return await place_card(writer, await get_card(writer, operator.id, by), by)


async def _move(
    database: Database, operator_name: str, code: str, who: str, move: Move
) -> PlacedCard:
    async with database.writer() as writer, writer.transaction():
        operator = await get_operator_for_update(writer, operator_name)
        await move(writer, await hold_card(writer, operator.id, code), who)
        return await place_card(writer, await get_card(writer, operator.id, code), code)
