"""Forecast what a jackpot card will pay, by the present odds of its matches."""

from acca.core.cards.composing_jackpot import Forecast, chances_of_signs, forecast
from acca.core.cards.jackpot import Jackpot
from acca.core.cards.refused import CardFaulty, CardUnknown
from acca.store.board import read_board_events
from acca.store.cards import get_card
from acca.store.connection import Database
from acca.store.operators import get_operator
from acca.wire.card_files import body_of

EVEN = (1 / 3, 1 / 3, 1 / 3)


async def forecast_jackpot(
    database: Database, operator_name: str, code: str, lines: int, weighted: float
) -> Forecast:
    """Forecast a card for a number of sold lines; a match without odds is taken to be even."""
    async with database.reader() as reader:
        operator = await get_operator(reader, operator_name)
        card = await get_card(reader, operator.id, code)
        if card is None:
            raise CardUnknown(code)
        body = body_of(card.file)
        if not isinstance(body, Jackpot):
            raise CardFaulty([f"{code} is a {card.type.value}, and has to be a jackpot"])
        read = await read_board_events(reader, body.events)
    board = {id_: event for id_, (_, event) in read.items()}
    chances = [
        (chances_of_signs(board[id_]) or EVEN) if id_ in board else EVEN for id_ in body.events
    ]
    return forecast(body, chances, lines, weighted)
