"""Cards judged, written, published and closed in a transaction that the caller has begun."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from acca.core.cards.card import CardState, CardTimes, state_at
from acca.core.cards.jackpot import Jackpot
from acca.core.cards.products import closing, event_ids, find_faults
from acca.core.cards.refused import CardAmbiguous, CardElsewhere, CardFaulty, CardUnknown
from acca.core.cards.superbet import Superbet, is_ambiguous
from acca.core.composing_superbet import matrix_of
from acca.core.operator import OperatorSettings
from acca.core.pricing_superbet import TooManyTickets, price_superbet, refuse
from acca.store import cards
from acca.store.board import read_board_events
from acca.store.cards import (
    NewCard,
    StoredCard,
    get_card_for_update,
    insert_card,
    list_card_events,
)
from acca.store.clock import read_clock
from acca.store.connection import Reader, Writer
from acca.store.operator_settings import get_operator_settings
from acca.wire.card_files import CardFile, body_of

CODES_MAX = 100
"""Of 16 million codes hardly one is taken; more than this many in a row is a bug."""


class Owner(NamedTuple):
    """An operator's number, and what it has set."""

    operator: int
    settings: OperatorSettings


class PlacedCard(NamedTuple):
    """A card, and its life: when it closes by its events, and where it stands now."""

    card: StoredCard
    closes: datetime
    state: CardState


async def write_card(
    writer: Writer, owner: Owner, file: CardFile, draw: Callable[[], str], who: str
) -> StoredCard:
    """Write a card under a code that is drawn until one is free; CardFaulty names every fault."""
    await _judge(writer, file, owner.settings)
    return await _insert(writer, owner.operator, file, draw, who)


async def hold_card(writer: Writer, operator: int, code: str) -> PlacedCard:
    """Find a card of an operator as it stands and hold it, or raise CardUnknown."""
    return await place_card(writer, await get_card_for_update(writer, operator, code), code)


async def place_card(reader: Reader, card: StoredCard | None, code: str) -> PlacedCard:
    """Tell where a card stands now, or raise CardUnknown where there is none."""
    if card is None:
        raise CardUnknown(code)
    events = await list_card_events(reader, card.events)
    closes = closing(body_of(card.file), events)
    times = CardTimes(card.opens, closes, card.published, card.closed, card.settled)
    return PlacedCard(card, closes, state_at(times, (await read_clock(reader)).now))


async def publish_held(writer: Writer, placed: PlacedCard, who: str) -> None:
    """Publish a draft; the transaction holds its operator, so that no card is ambiguous."""
    if placed.state is not CardState.DRAFT:
        raise CardElsewhere(placed.card.code, placed.state, "a draft")
    await _refuse_ambiguous(writer, placed.card)
    await _refuse_dear(writer, placed.card)
    await cards.publish_card(writer, placed.card, who)


async def close_held(writer: Writer, placed: PlacedCard, who: str) -> None:
    """Close a card that is scheduled or open."""
    if placed.state not in {CardState.SCHEDULED, CardState.OPEN}:
        raise CardElsewhere(placed.card.code, placed.state, "scheduled or open")
    await cards.close_card(writer, placed.card, who)


async def _judge(writer: Writer, file: CardFile, settings: OperatorSettings) -> None:
    body = body_of(file)
    events = await list_card_events(writer, event_ids(body))
    faults = [*_judge_head(file, settings), *find_faults(body, events)]
    if not faults and closing(body, events) <= (await read_clock(writer)).now:
        faults.append("its events have started")
    if faults:
        raise CardFaulty(faults)


def _judge_head(file: CardFile, settings: OperatorSettings) -> list[str]:
    faults: list[str] = []
    if file.type not in settings.ticket_types:
        faults.append(f"the operator does not sell {file.type.value}")
    if file.currency not in settings.currencies:
        faults.append(f"the operator does not sell in {file.currency}")
    return faults


async def _insert(
    writer: Writer, operator: int, file: CardFile, draw: Callable[[], str], who: str
) -> StoredCard:
    body = body_of(file)
    price = body.price_cents if isinstance(body, Superbet | Jackpot) else None
    for _ in range(CODES_MAX):
        card = NewCard(operator, draw(), file, price, event_ids(body))
        made = await insert_card(writer, card, who)
        if made is not None:
            return made
    raise AssertionError("no free code for a card")


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
