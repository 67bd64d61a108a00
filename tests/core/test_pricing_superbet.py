from itertools import product

import numpy as np
import pytest

from acca.core.cards.superbet import Prize, Superbet, VoidQuestion
from acca.core.markets.football import FOOTBALL, bet
from acca.core.outcome import VOID
from acca.core.pricing_superbet import TooManyTickets, price_superbet, refuse
from acca.core.probability.same_match import joint_outcomes
from acca.core.probability.score_matrix import score_matrix

MATRIX = score_matrix(1.6, 1.1)
RESULT = (1, 2, 3)
GOALS = tuple(bet("OUFT", "2.5", code).id for code in "OU")
BOTH = tuple(bet("BTTSFT", None, code).id for code in "YN")
HALF = tuple(bet("MRHT", None, code).id for code in "1X2")
VOIDABLE = tuple(bet("DNBFT", None, code).id for code in "12")


def card(*questions, prizes=((3, 20_000), (2, 4_000)), void=VoidQuestion.VOID_ALL):
    return Superbet(7, 1_000, questions, tuple(Prize(*each) for each in prizes), void)


def expected_cents(superbet, ticket):
    """Tell what a ticket pays on average, course by course."""
    total = 0.0
    for outcomes, chance in joint_outcomes(MATRIX, [FOOTBALL.bets[one] for one in ticket]).items():
        voids = sum(one == VOID for one in outcomes)
        right = sum(bool(one.won) for one in outcomes)
        if voids and (
            superbet.void_question is VoidQuestion.VOID_ALL or voids == len(superbet.questions)
        ):
            paid = superbet.price_cents
        elif superbet.void_question is VoidQuestion.LOWER and not right:
            paid = 0
        else:
            reached = [one.amount_cents for one in superbet.prizes if one.correct <= right + voids]
            paid = max(reached, default=0)
        total += chance * paid
    return total


@pytest.mark.parametrize("void", VoidQuestion)
@pytest.mark.parametrize(
    "questions", [(RESULT, GOALS, BOTH), (RESULT, VOIDABLE, GOALS), (VOIDABLE, BOTH)], ids=str
)
def test_every_ticket_is_priced_as_its_courses_pay(questions, void):
    prizes = ((3, 20_000), (2, 4_000)) if len(questions) > 2 else ((2, 9_000), (1, 1_000))
    superbet = card(*questions, prizes=prizes, void=void)
    priced = price_superbet(superbet, MATRIX)
    every = {ticket: expected_cents(superbet, ticket) for ticket in product(*questions)}
    assert (
        pytest.approx(max(every.values()))
        == priced.worst_cents
        == pytest.approx(every[priced.worst])
    )
    assert pytest.approx(np.mean(list(every.values()))) == priced.mean_cents
    assert max(amount for _, amount in prizes) == priced.greatest_cents
    assert pytest.approx(1) == sum(priced.chances)


def test_a_card_that_pays_too_much_is_refused_with_the_figures():
    priced = price_superbet(card(RESULT, GOALS, BOTH), MATRIX)
    ratio = priced.worst_cents / 1_000
    assert refuse(priced, 1_000, round(ratio * 1_000_000) + 1) is None
    said = refuse(priced, 1_000, 800_000)
    assert "80 % is allowed" in said
    assert f"expected to pay {round(ratio * 100)} % of the price" in said


def test_a_card_of_too_many_tickets_is_not_priced():
    correct_score = tuple(one.id for one in FOOTBALL.bets.values() if one.market == "CSFT")
    half_and_full = tuple(one.id for one in FOOTBALL.bets.values() if one.market == "HTFT")
    many = (correct_score, half_and_full, RESULT, GOALS, BOTH, HALF)
    with pytest.raises(TooManyTickets):
        price_superbet(card(*many), MATRIX)
