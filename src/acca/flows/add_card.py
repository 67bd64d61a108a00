"""Write a bet card as a draft, if nothing on it is wrong."""

from collections.abc import Callable

from acca.store.card_moves import Owner, write_card
from acca.store.cards import StoredCard
from acca.store.connection import Database
from acca.store.operator_settings import get_operator_settings
from acca.store.operators import get_operator
from acca.wire.card_files import CardFile


async def add_card(
    database: Database, operator_name: str, file: CardFile, draw: Callable[[], str], who: str
) -> StoredCard:
    """Write a card under a code that is drawn until one is free; CardFaulty names every fault."""
    async with database.writer() as writer, writer.transaction():
        operator = await get_operator(writer, operator_name)
        owner = Owner(operator.id, await get_operator_settings(writer, operator.id))
        return await write_card(writer, owner, file, draw, who)
