import pytest
from board_made import match

from acca.core.cards.superbet import Prize, VoidQuestion
from acca.core.composing_superbet import (
    QUESTIONS,
    SuperbetWish,
    compose_superbet,
    matrix_of,
)
from acca.core.markets.football import FOOTBALL, bet
from acca.core.pricing_superbet import price_superbet

OVER, UNDER = (bet("OUFT", "2.5", code).id for code in "OU")
PRICES = {1: 210, 2: 330, 3: 360, OVER: 190, UNDER: 195}
SHAPE = (Prize(6, 1_000), Prize(5, 100), Prize(4, 10))


def wish(**changes):
    told = SuperbetWish(5_000, SHAPE, VoidQuestion.VOID_ALL, 800_000)
    return told._replace(**changes)


@pytest.mark.parametrize("ratio", [300_000, 800_000, 950_000])
def test_prizes_are_as_high_as_the_ratio_bears(ratio):
    made = compose_superbet(match(7, PRICES), wish(ratio=ratio))
    assert 0.95 * ratio < made.pricing.worst_cents / 5_000 * 1_000_000 <= ratio
    assert 7 == made.card.event
    assert [6, 5, 4] == [prize.correct for prize in made.card.prizes]
    amounts = [prize.amount_cents for prize in made.card.prizes]
    assert amounts == sorted(amounts, reverse=True)
    assert all(amount % 10 == 0 for amount in amounts if amount > 1_000)
    assert made.pricing == price_superbet(made.card, matrix_of(match(7, PRICES)))


def test_it_asks_six_different_questions_of_all_their_answers():
    made = compose_superbet(match(7, PRICES), wish())
    asked = [{FOOTBALL.bets[one].market for one in question} for question in made.card.questions]
    assert [{market} for market, _ in QUESTIONS] == asked
    assert [3, 2, 2, 3, 2, 2] == [len(question) for question in made.card.questions]


def test_a_match_whose_odds_tell_too_little_has_none():
    assert compose_superbet(match(7, {OVER: 190, UNDER: 195}), wish()) is None
    assert compose_superbet(match(7, {}), wish()) is None
    assert compose_superbet(match(7, PRICES, closed={1}), wish()) is None
    tennis = {1: 150, 2: 250}
    assert compose_superbet(match(7, tennis, sport="tennis"), wish()) is None


def test_prizes_that_would_be_below_the_price_make_no_card():
    flat = tuple(Prize(right, 1) for right in (6, 5, 4, 3, 2, 1))
    assert compose_superbet(match(7, PRICES), wish(prizes=flat)) is None
