from itertools import product
from math import prod

import pytest
from board_made import HOUR, NOW, board_of, match

from acca.core.cards.composing_jackpot import chances_of_signs, choose_matches, forecast
from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier, VoidPolicy, VoidStep

CLEAR, OPEN, CLOSE = {1: 110, 2: 900, 3: 2000}, {1: 270, 2: 320, 3: 270}, {1: 210, 2: 330, 3: 360}
SIX = [
    (0.6, 0.25, 0.15), (0.4, 0.3, 0.3), (0.34, 0.33, 0.33),
    (0.2, 0.3, 0.5), (0.5, 0.3, 0.2), (0.45, 0.3, 0.25),
]  # fmt: skip
POOL = 100_000


def make_card(*kinds):
    tiers = tuple(
        Tier(kind, 100_000, 100_000 if "percent" in kind.value else None) for kind in kinds
    )
    events = tuple(range(1, 7))
    return Jackpot(5_000, 100, tiers, events, (VoidStep(VoidPolicy.REFUND_ALL, 1),))


def lines_by_wrong(pick_chance):
    """Count by brute force how likely a line has so many wrong, over all results and lines."""
    found = [0.0] * 7
    for signs in product(range(3), repeat=6):
        happens = prod(SIX[match][sign] for match, sign in enumerate(signs))
        for line in product(range(3), repeat=6):
            picked = prod(pick_chance(match, sign) for match, sign in enumerate(line))
            wrong = sum(one != other for one, other in zip(signs, line, strict=True))
            found[wrong] += happens * picked
    return found


def test_tiers_are_as_likely_as_a_count_of_all_lines_says():
    card = make_card(*[PrizeKind.FIXED_PER_LINE] * 4)
    for weighted, pick_chance in (
        (1.0, lambda match, sign: SIX[match][sign]),
        (0.0, lambda *_: 1 / 3),
    ):
        expected = lines_by_wrong(pick_chance)
        told = forecast(card, SIX, 1_000, weighted)
        assert pytest.approx(expected[:4]) == [tier.line for tier in told.tiers]
        assert pytest.approx([1_000 * each for each in expected[:4]]) == [
            tier.winners for tier in told.tiers
        ]
    assert pytest.approx(prod(map(max, SIX))) == told.tiers[0].favourite


def test_a_single_line_wins_as_often_as_it_is_right():
    card = make_card(PrizeKind.SHARED_AMOUNT, PrizeKind.SHARED_AMOUNT)
    told = forecast(card, SIX, 1, 1.0)
    for tier in told.tiers:
        assert abs(tier.won - tier.line) < 0.005


def test_a_shared_prize_costs_once_and_a_fixed_one_each_time():
    kinds = (PrizeKind.SHARED_AMOUNT, PrizeKind.FIXED_PER_LINE, PrizeKind.SHARED_PERCENT_OF_POOL)
    told = forecast(make_card(*kinds), SIX, 10_000, 0.8)
    shared, fixed, pool = told.tiers
    assert 0.99 < shared.won <= 1 < shared.winners
    assert pytest.approx(shared.won * 100_000) == shared.payout_cents
    assert pytest.approx(fixed.winners * 100_000) == fixed.payout_cents
    assert pytest.approx(pool.won * 10_000 * 5_000 * 0.1) == pool.payout_cents
    assert pytest.approx(sum(tier.payout_cents for tier in told.tiers)) == told.payout_cents
    assert pytest.approx(told.payout_cents / 50_000_000) == told.ratio
    assert told == forecast(make_card(*kinds), SIX, 10_000, 0.8)


def test_the_closest_matches_are_chosen_and_stand_in_order_of_start():
    board = board_of(
        match(1, CLEAR),
        match(2, OPEN, starts=NOW + 5 * HOUR),
        match(3, CLOSE, starts=NOW + 2 * HOUR),
        match(4, OPEN, starts=NOW + 4 * HOUR),
        match(5, {}),
        match(6, OPEN, closed={2}),
    )
    assert [3, 4, 2] == [event.id for event in choose_matches(board, 3)]
    assert [4] == [event.id for event in choose_matches(board, 1)]
    assert [3, 1, 4, 2] == [event.id for event in choose_matches(board, 17)]


def test_an_event_whose_odds_do_not_tell_has_no_chances():
    assert pytest.approx(1) == sum(chances_of_signs(match(1, OPEN)))
    assert chances_of_signs(match(1, {1: 150})) is None
    assert chances_of_signs(match(1, {1: 150, 2: 250}, sport="tennis")) is None
    assert chances_of_signs(match(1, OPEN)._replace(is_stopped=True)) is None


def test_lines_that_win_lower_tiers_as_well_cost_more():
    card = make_card(PrizeKind.FIXED_PER_LINE, PrizeKind.FIXED_PER_LINE)
    once = forecast(card, SIX, 1_000, 1.0)
    twice = forecast(card._replace(highest_tier_only=False), SIX, 1_000, 1.0)
    assert once.tiers[0] == twice.tiers[0]
    assert pytest.approx(once.tiers[0].winners + once.tiers[1].winners) == twice.tiers[1].winners
    assert pytest.approx(once.payout_cents + once.tiers[0].payout_cents) == twice.payout_cents
