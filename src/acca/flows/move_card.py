"""Publish a bet card, or close it before its events do."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

from acca.core.cards.card import CardState, CardTimes, state_at
from acca.core.cards.composing_superbet import matrix_of
from acca.core.cards.pricing_superbet import TooManyTickets, price_superbet, refuse
from acca.core.cards.products import closing
from acca.core.cards.refused import CardAmbiguous, CardElsewhere, CardFaulty, CardUnknown
from acca.core.cards.superbet import Superbet, is_ambiguous
from acca.store import cards
from acca.store.board import read_board_events
from acca.store.cards import StoredCard, get_card, get_card_for_update, list_card_events
from acca.store.clock import read_clock
from acca.store.connection import Database, Reader, Writer
from acca.store.operator_settings import get_operator_settings
from acca.store.operators import get_operator, get_operator_for_update
from acca.wire.card_files import body_of


class PlacedCard(NamedTuple):
    """A card, and its life: when it closes by its events, and where it stands now."""

    card: StoredCard
    closes: datetime
    state: CardState


async def read_card(database: Database, operator_name: str, code: str) -> PlacedCard:
    """Find a card as it stands now, or raise CardUnknown."""
    async with database.reader() as reader:
        operator = await get_operator(reader, operator_name)
        return await _place(reader, await get_card(reader, operator.id, code), code)


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
        return await _place(writer, await get_card(writer, operator.id, by), by)


async def publish_held(writer: Writer, placed: PlacedCard, who: str) -> None:
    """Publish a draft in a transaction that holds its operator and the card."""
    if placed.state is not CardState.DRAFT:
        raise CardElsewhere(placed.card.code, placed.state, "a draft")
    await _refuse_ambiguous(writer, placed.card)
    await _refuse_dear(writer, placed.card)
    await cards.publish_card(writer, placed.card, who)


async def close_held(writer: Writer, placed: PlacedCard, who: str) -> None:
    """Close a card in a transaction that holds its operator and the card."""
    if placed.state not in {CardState.SCHEDULED, CardState.OPEN}:
        raise CardElsewhere(placed.card.code, placed.state, "scheduled or open")
    await cards.close_card(writer, placed.card, who)


async def hold_card(writer: Writer, operator: int, code: str) -> PlacedCard:
    """Find a card of an operator as it stands and hold it, or raise CardUnknown."""
    return await _place(writer, await get_card_for_update(writer, operator, code), code)


Move = Callable[[Writer, PlacedCard, str], Awaitable[None]]


async def _move(
    database: Database, operator_name: str, code: str, who: str, move: Move
) -> PlacedCard:
    async with database.writer() as writer, writer.transaction():
        operator = await get_operator_for_update(writer, operator_name)
        await move(writer, await hold_card(writer, operator.id, code), who)
        return await _place(writer, await get_card(writer, operator.id, code), code)


async def _place(reader: Reader, card: StoredCard | None, code: str) -> PlacedCard:
    if card is None:
        raise CardUnknown(code)
    events = await list_card_events(reader, card.events)
    closes = closing(body_of(card.file), events)
    times = CardTimes(card.opens, closes, card.published, card.closed, card.settled)
    return PlacedCard(card, closes, state_at(times, (await read_clock(reader)).now))


async def _refuse_ambiguous(writer: Writer, card: StoredCard) -> None:
    body = body_of(card.file)
    if not isinstance(body, Superbet):
        return
    live = await cards.list_live_superbets(writer, card.operator, body.event, body.price_cents)
    for other in live:
        its = body_of(other.file)
        if isinstance(its, Superbet) and is_ambiguous(body, its):
            raise CardAmbiguous(card.code, other.code)


async def _refuse_dear(writer: Writer, card: StoredCard) -> None:
    """Refuse a superbet that is expected to pay too much, where the odds of its match tell."""
    body = body_of(card.file)
    if not isinstance(body, Superbet):
        return
    read = await read_board_events(writer, [body.event])
    matrix = matrix_of(read[body.event][1]) if read else None
    if matrix is None:
        return
    try:
        pricing = price_superbet(body, matrix)
    except TooManyTickets as refused:
        raise CardFaulty([str(refused).rstrip(".")]) from None
    settings = await get_operator_settings(writer, card.operator)
    fault = refuse(pricing, body.price_cents, settings.superbet_pay_out_ratio)
    if fault is not None:
        raise CardFaulty([fault])
