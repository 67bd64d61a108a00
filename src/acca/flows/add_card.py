"""Write a bet card as a draft, if nothing on it is wrong."""

from collections.abc import Callable
from typing import NamedTuple

from acca.core.cards.jackpot import Jackpot
from acca.core.cards.products import closing, event_ids, find_faults
from acca.core.cards.refused import CardFaulty
from acca.core.cards.superbet import Superbet
from acca.core.operator import OperatorSettings
from acca.store.cards import NewCard, StoredCard, insert_card, list_card_events
from acca.store.clock import read_clock
from acca.store.connection import Database, Writer
from acca.store.operator_settings import get_operator_settings
from acca.store.operators import get_operator
from acca.wire.card_files import CardFile, body_of

CODES_MAX = 100
"""Of 16 million codes hardly one is taken; more than this many in a row is a bug."""


async def add_card(
    database: Database, operator_name: str, file: CardFile, draw: Callable[[], str], who: str
) -> StoredCard:
    """Write a card under a code that is drawn until one is free; CardFaulty names every fault."""
    async with database.writer() as writer, writer.transaction():
        operator = await get_operator(writer, operator_name)
        settings = await get_operator_settings(writer, operator.id)
        return await add_card_of(writer, Owner(operator.id, settings), file, draw, who)


class Owner(NamedTuple):
    """An operator's number, and what it has set."""

    operator: int
    settings: OperatorSettings


async def add_card_of(
    writer: Writer, owner: Owner, file: CardFile, draw: Callable[[], str], who: str
) -> StoredCard:
    """Write a card in a transaction of the caller's."""
    await _judge(writer, file, owner.settings)
    return await _insert(writer, owner.operator, file, draw, who)


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
