"""What a superbet is expected to pay, by the score matrix of its match: exact over all cells."""

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca.core.cards.superbet import Superbet
from acca.core.finance import RATE_ONE, render_percent
from acca.core.markets.football import FOOTBALL
from acca.core.outcome import VOID
from acca.core.probability.same_match import joint_outcomes
from acca.core.probability.score_matrix import ScoreMatrix
from acca.core.superbet_settling import is_refunded, prize_cents

TICKETS_MAX = 10_000
"""A card with more different tickets is not priced."""


class Pricing(NamedTuple):
    """What tickets of a card pay before tax: the dearest one for the operator, and on average.

    `worst` are the answers of the ticket that is expected to pay most, in cents; `chances` is how
    likely it has so many right answers, 0, 1, 2 …; `greatest_cents` is what any ticket can pay.
    """

    worst: tuple[int, ...]
    worst_cents: float
    mean_cents: float
    greatest_cents: int
    chances: tuple[float, ...]


class TooManyTickets(Exception):
    """The questions of a card make more different tickets than can be priced."""

    def __init__(self, count: int) -> None:
        super().__init__(f"The questions make {count} different tickets; {TICKETS_MAX} are priced.")


def price_superbet(card: Superbet, matrix: ScoreMatrix) -> Pricing:
    """Price every ticket of a card on a match of football."""
    count = prod([len(question) for question in card.questions])
    if count > TICKETS_MAX:
        raise TooManyTickets(count)
    bets = [bet for question in card.questions for bet in question]
    joint = joint_outcomes(matrix, [FOOTBALL.bets[bet] for bet in bets])
    chances = np.array(list(joint.values()))
    right = np.array([[bool(one.won) for one in outcomes] for outcomes in joint], dtype=np.intp)
    void = np.array([[one == VOID for one in outcomes] for outcomes in joint], dtype=np.intp)
    tickets = _tickets(card.questions)
    rights, voids = (_sums(each, tickets) for each in (right, void))
    payouts = _payouts(card)
    expected = payouts[rights, voids] @ chances
    worst = int(np.argmax(expected))
    return Pricing(
        worst=tuple([bets[int(place)] for place in tickets[worst]]),
        worst_cents=float(expected[worst]),
        mean_cents=float(expected.mean()),
        greatest_cents=max(prize.amount_cents for prize in card.prizes),
        chances=tuple(_by_number(rights[worst], chances, len(card.questions) + 1)),
    )


def refuse(pricing: Pricing, price_cents: int, ratio: int) -> str | None:
    """Say why a card is not sold where it is expected to pay more than a ratio of its price."""
    most = price_cents * ratio / RATE_ONE
    if pricing.worst_cents <= most:
        return None
    paid = round(pricing.worst_cents / price_cents * 100)
    answers = ", ".join(map(str, pricing.worst))
    return (
        f"the answers {answers} are expected to pay {paid} % of the price; "
        f"{render_percent(ratio)} % is allowed"
    )


def _by_number(numbers: NDArray[np.intp], chances: NDArray[np.float64], count: int) -> list[float]:
    return [float(chances[numbers == number].sum()) for number in range(count)]


def _tickets(questions: Sequence[Sequence[int]]) -> NDArray[np.intp]:
    """List every ticket as places in the list of all bets."""
    places: list[list[int]] = []
    first = 0
    for question in questions:
        places.append(list(range(first, first + len(question))))
        first += len(question)
    return np.array(list(product(*places)), dtype=np.intp)


def _sums(held: NDArray[np.intp], tickets: NDArray[np.intp]) -> NDArray[np.intp]:
    """Count what holds of each ticket's answers, for each course of the match."""
    counts = np.zeros((len(tickets), len(held)), dtype=np.intp)
    for column in tickets.T:
        counts += held.T[column]
    return counts


def _payouts(card: Superbet) -> NDArray[np.float64]:
    """Tell what a ticket pays in cents by right answers and void questions."""
    size = len(card.questions) + 1
    return np.array(
        [
            [
                card.price_cents if is_refunded(card, voids) else prize_cents(card, right, voids)
                for voids in range(size)
            ]
            for right in range(size)
        ],
        dtype=np.float64,
    )
