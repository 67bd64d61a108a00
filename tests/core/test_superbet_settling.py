from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.cards.superbet import Prize, Superbet, VoidQuestion
from acca.core.finance import ExciseFormula, TaxTerms, WithholdingBase, charge_price
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON, dead_heat
from acca.core.settling import Settlement, Terms, VoidRefund, refund
from acca.core.superbet_settling import settle_superbet
from acca.core.ticket import TicketResult

SIX = ((1, 2, 3), (4, 5), (6, 7), (8, 9), (10, 11), (12, 13))
BETS = (1, 4, 6, 8, 10, 12)
PRIZES = (Prize(6, 10_000_000), Prize(5, 500_000), Prize(4, 20_000))
CARD = Superbet(99, 5_000, SIX, PRIZES)
KENYA = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000, WithholdingBase.NET)
LOSES = Settlement(TicketResult.LOST, 0, 0, 0, 0, 0)
OUTCOMES = st.sampled_from([WON, LOST, VOID, HALF_WON, HALF_LOST, dead_heat(2)])
ANSWERED = st.lists(OUTCOMES, min_size=6, max_size=6)
RULES = st.sampled_from(VoidQuestion)


def terms(tax=None, **more):
    tax = tax or TaxTerms()
    return Terms(charge_price(5_000, tax), tax, **more)


def settle(outcomes, card=CARD, its_terms=None):
    return settle_superbet(card, BETS, outcomes, its_terms or terms())


def gross(outcomes, rule, prizes=PRIZES):
    return settle(outcomes, CARD._replace(void_question=rule, prizes=prizes)).gross_cents


@pytest.mark.parametrize(
    ("right", "amount"), [(6, 10_000_000), (5, 500_000), (4, 20_000), (3, 0), (0, 0)]
)
def test_a_superbet_pays_by_its_right_answers(right, amount):
    result = TicketResult.WON if amount else TicketResult.LOST
    outcomes = [WON] * right + [LOST] * (6 - right)
    assert Settlement(result, 0, amount, 0, amount, amount) == settle(outcomes)


def test_a_superbet_is_decided_with_its_last_question():
    assert settle([WON] * 5 + [None]) is None
    assert settle([LOST] * 5 + [None]) is None
    assert settle([VOID] * 5 + [None]) is None
    assert settle([VOID] * 5 + [LOST]) is not None


def test_a_prize_is_gross_and_taxed_on_what_it_wins_over_the_stake():
    taxed = terms(KENYA)
    # 5000 / 1.125 = 4444 of stake; 20 % of 500000 - 4444.
    expected = Settlement(TicketResult.WON, 0, 500_000, 99_111, 400_889, 500_000)
    assert expected == settle([WON] * 5 + [LOST], its_terms=taxed)


def test_a_prize_is_capped_and_the_uncapped_figure_is_kept():
    capped = settle([WON] * 6, its_terms=terms(KENYA, cap_cents=1_000_000))
    expected = Settlement(TicketResult.WON, 0, 1_000_000, 199_111, 800_889, 10_000_000)
    assert expected == capped


def test_one_void_question_refunds_all_even_beside_a_lost_one():
    assert refund(terms()) == settle([WON, LOST, VOID, WON, WON, WON])
    its = terms(KENYA, void_refund=VoidRefund.STAKE)
    expected = Settlement(TicketResult.VOID, 100, 4_444, 0, 4_444, 4_444)
    assert expected == settle([VOID] + [LOST] * 5, its_terms=its)


@pytest.mark.parametrize("rule", VoidQuestion)
def test_a_superbet_without_a_question_left_is_refunded(rule):
    assert refund(terms()) == settle([VOID] * 6, CARD._replace(void_question=rule))


def test_lower_shifts_the_prizes_to_the_questions_left():
    assert 10_000_000 == gross([WON] * 5 + [VOID], VoidQuestion.LOWER)
    assert 500_000 == gross([WON] * 4 + [LOST, VOID], VoidQuestion.LOWER)
    assert 20_000 == gross([WON] * 3 + [LOST] * 2 + [VOID], VoidQuestion.LOWER)
    assert 0 == gross([WON] * 2 + [LOST] * 3 + [VOID], VoidQuestion.LOWER)
    assert 10_000_000 == gross([WON] + [VOID] * 5, VoidQuestion.LOWER)


def test_lower_never_pays_without_a_right_answer():
    prizes = (*PRIZES, Prize(1, 100))
    assert 0 == gross([LOST] * 5 + [VOID], VoidQuestion.LOWER, prizes)
    assert 100 == gross([LOST] * 5 + [VOID], VoidQuestion.COUNT_AS_CORRECT, prizes)
    assert 100 == gross([WON] + [LOST] * 4 + [VOID], VoidQuestion.LOWER, prizes)


def test_a_void_answer_counts_as_correct_for_everybody():
    assert 10_000_000 == gross([WON] * 5 + [VOID], VoidQuestion.COUNT_AS_CORRECT)
    assert 500_000 == gross([WON] * 3 + [VOID] * 2 + [LOST], VoidQuestion.COUNT_AS_CORRECT)


@pytest.mark.parametrize(
    ("outcome", "amount"),
    [(WON, 10_000_000), (HALF_WON, 10_000_000), (dead_heat(2), 10_000_000), (HALF_LOST, 500_000)],
)
def test_a_question_is_right_as_soon_as_a_part_of_its_bet_won(outcome, amount):
    for rule in VoidQuestion:
        assert amount == gross([WON] * 5 + [outcome], rule)


def test_a_table_with_a_gap_pays_the_best_prize_that_is_reached():
    prizes = (Prize(6, 1_000), Prize(3, 10))
    assert [0, 10, 10, 10, 1_000] == [
        gross([WON] * right + [LOST] * (6 - right), VoidQuestion.VOID_ALL, prizes)
        for right in (2, 3, 4, 5, 6)
    ]


def test_a_prize_of_nothing_is_lost():
    assert LOSES == settle([WON] * 6, CARD._replace(prizes=(Prize(6, 0),)))


@given(ANSWERED, RULES, st.data())
def test_the_order_of_questions_is_irrelevant(outcomes, rule, data):
    card = CARD._replace(void_question=rule)
    shuffled = data.draw(st.permutations(outcomes))
    assert settle(outcomes, card) == settle(shuffled, card)


@given(ANSWERED, RULES, st.integers(0, 5))
def test_a_right_answer_never_pays_less_than_a_wrong_one(outcomes, rule, place):
    right, wrong = outcomes.copy(), outcomes.copy()
    right[place], wrong[place] = WON, LOST
    assert gross(right, rule) >= gross(wrong, rule)


def test_every_ticket_pays_no_more_than_its_gross_and_no_less_than_nothing():
    for outcomes in product([WON, LOST, VOID], repeat=6):
        for rule in VoidQuestion:
            end = settle(outcomes, CARD._replace(void_question=rule), terms(KENYA))
            assert end.gross_cents - end.wht_cents == end.net_cents
            assert 0 <= end.net_cents <= end.gross_cents <= end.uncapped_cents
