"""Publish a bet card, or close it before its events do."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

from acca.core.cards.card import CardState, CardTimes, state_at
from acca.core.cards.products import closing
from acca.core.cards.refused import CardAmbiguous, CardElsewhere, CardUnknown
from acca.core.cards.superbet import Superbet, is_ambiguous
from acca.store import cards
from acca.store.cards import StoredCard, get_card, get_card_for_update, list_card_events
from acca.store.clock import read_clock
from acca.store.connection import Database, Reader, Writer
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

    async def move(writer: Writer, placed: PlacedCard) -> None:
        if placed.state is not CardState.DRAFT:
            raise CardElsewhere(code, placed.state, "a draft")
        await _refuse_ambiguous(writer, placed.card)
        await cards.publish_card(writer, placed.card, who)

    return await _move(database, operator_name, code, move)


async def close(database: Database, operator_name: str, code: str, who: str) -> PlacedCard:
    """Close a card that is scheduled or open."""

    async def move(writer: Writer, placed: PlacedCard) -> None:
        if placed.state not in {CardState.SCHEDULED, CardState.OPEN}:
            raise CardElsewhere(code, placed.state, "scheduled or open")
        await cards.close_card(writer, placed.card, who)

    return await _move(database, operator_name, code, move)


async def _move(
    database: Database,
    operator_name: str,
    code: str,
    move: Callable[[Writer, PlacedCard], Awaitable[None]],
) -> PlacedCard:
    async with database.writer() as writer, writer.transaction():
        operator = await get_operator_for_update(writer, operator_name)
        held = await get_card_for_update(writer, operator.id, code)
        await move(writer, await _place(writer, held, code))
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
