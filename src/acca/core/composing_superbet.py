"""Superbets made by themselves: six questions about a match, prizes that its odds can bear."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from acca.core.board import BoardEvent
from acca.core.cards.superbet import Prize, Superbet, VoidQuestion
from acca.core.derived_odds import fit_offered
from acca.core.finance import RATE_ONE
from acca.core.markets.football import FOOTBALL
from acca.core.markets.market import Bet
from acca.core.pricing_superbet import Pricing, price_superbet, refuse
from acca.core.probability.score_matrix import ScoreMatrix

QUESTIONS: tuple[tuple[str, str | None], ...] = (
    ("MRFT", None),
    ("OUFT", "2.5"),
    ("BTTSFT", None),
    ("MRHT", None),
    ("OUHT", "1.5"),
    ("OEFT", None),
)
"""Markets and lines that every score with its half time answers, and that are never void."""
_FOOTBALL = "football"
_PRETTY = (1, 2, 5)
_PRETTY_SHARE = 50


class SuperbetWish(NamedTuple):
    """The price, and the shape of the prizes: only how they relate to each other counts.

    `ratio` is the greatest part of the price that tickets may be expected to pay, in millionths.
    """

    price_cents: int
    prizes: tuple[Prize, ...]
    void_question: VoidQuestion
    ratio: int


class PricedSuperbet(NamedTuple):
    """A card, and what it is expected to pay."""

    card: Superbet
    pricing: Pricing


def compose_superbet(event: BoardEvent, wish: SuperbetWish) -> PricedSuperbet | None:
    """Ask six questions about a match, with prizes as near to the ratio as round amounts allow.

    None where its odds tell too little, or no prize above the price is left.
    """
    matrix = matrix_of(event)
    if matrix is None:
        return None
    questions = tuple(_questions())
    shaped = Superbet(event.id, wish.price_cents, questions, wish.prizes, wish.void_question)
    pricing = price_superbet(shaped, matrix)
    scale = wish.price_cents * wish.ratio / RATE_ONE / pricing.worst_cents
    prizes = tuple(_scaled(wish.prizes, scale))
    card = shaped._replace(prizes=prizes)
    if not prizes or prizes[0].amount_cents <= wish.price_cents:
        return None
    pricing = price_superbet(card, matrix)
    refused = refuse(pricing, wish.price_cents, wish.ratio)
    return None if refused is not None else PricedSuperbet(card, pricing)


def matrix_of(event: BoardEvent) -> ScoreMatrix | None:
    """Find the score matrix that fits the present odds of a match of football."""
    if event.sport != _FOOTBALL:
        return None
    bets = FOOTBALL.bets
    return fit_offered(
        {
            (bets[bet].market, bets[bet].line, bets[bet].code): odds
            for bet, odds in event.odds.items()
            if event.takes(bet)
        }
    )


def _questions() -> Iterator[tuple[int, ...]]:
    lines = {(line[0].market, line[0].line): line for line in _lines()}
    for question in QUESTIONS:
        yield tuple(bet.id for bet in lines[question])


def _lines() -> Iterator[Sequence[Bet]]:
    for market in FOOTBALL.markets:
        yield from market.bets()


def _scaled(prizes: Sequence[Prize], scale: float) -> Iterator[Prize]:
    """Scale prizes down to round amounts; one that is nothing then is left out."""
    for prize in prizes:
        amount = _pretty(int(prize.amount_cents * scale))
        if amount:
            yield Prize(prize.correct, amount)


def _pretty(cents: int) -> int:
    """Round down to a step of 1, 2 or 5 with zeros that is at most a fiftieth of the amount."""
    step = 1
    power = 1
    while power * _PRETTY_SHARE <= cents:
        step = max(size * power for size in _PRETTY if size * power * _PRETTY_SHARE <= cents)
        power *= 10
    return cents - cents % step
