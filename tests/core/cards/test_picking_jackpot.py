from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier, VoidPolicy, VoidStep
from acca.core.cards.picking_jackpot import Choice, PickWish, Strategy, pick
from acca.core.drawing import Draws
from acca.core.refusals import BetsDoNotFit, WrongNumberOfEvents

BETS = (1, 2, 3)
CHANCES = [(0.6, 0.25, 0.15), (0.4, 0.3, 0.3), (0.34, 0.33, 0.33), (0.2, 0.3, 0.5), ()]


def make_card(count=5, max_lines=500, reserves=()):
    events = tuple(range(1, count + 1))
    tiers = (Tier(PrizeKind.FIXED_PER_LINE, 1_000_000),)
    return Jackpot(500, max_lines, tiers, events, (VoidStep(VoidPolicy.REFUND_ALL, 1),), reserves)


def choices_of(card):
    events = (*card.events, *card.reserves)
    return {event: Choice(BETS, CHANCES[place % 5]) for place, event in enumerate(events)}


def fill(card, strategy=Strategy.WEIGHTED, lines=1, keep=(), seed=1):
    return pick(card, choices_of(card), PickWish(strategy, lines, tuple(keep)), Draws(seed).draw)


def chance_of(card, picked):
    known = choices_of(card)
    return prod(
        sum((known[event].chances or (1 / 3,) * 3)[BETS.index(bet)] for bet in bets)
        for event, bets in picked.picks[: len(card.events)]
    )


def test_favourites_and_outsiders_are_what_they_are_called():
    card = make_card()
    favourites = fill(card, Strategy.FAVOURITES)
    assert ((1,), (1,), (1,), (3,), (1,)) == tuple(bets for _, bets in favourites.picks)
    outsiders = fill(card, Strategy.OUTSIDERS)
    assert ((3,), (2,), (2,), (1,), (1,)) == tuple(bets for _, bets in outsiders.picks)
    assert pytest.approx(0.6 * 0.4 * 0.34 * 0.5 / 3) == favourites.probability


@pytest.mark.parametrize("strategy", Strategy)
@pytest.mark.parametrize(
    ("lines", "made"), [(1, 1), (2, 2), (5, 4), (6, 6), (7, 6), (11, 9), (243, 243), (300, 243)]
)
def test_lines_are_the_greatest_product_that_is_wished_for(strategy, lines, made):
    card = make_card()
    picked = fill(card, strategy, lines)
    assert made == picked.lines == prod(len(bets) for _, bets in picked.picks)
    assert pytest.approx(chance_of(card, picked)) == picked.probability
    assert list(card.events) == [event for event, _ in picked.picks]
    assert all(tuple(sorted(bets)) == bets for _, bets in picked.picks)


@pytest.mark.parametrize("lines", [2, 4, 6, 12, 36])
def test_extra_bets_of_favourites_stand_where_they_help_most(lines):
    card = make_card(4)
    picked = fill(card, Strategy.FAVOURITES, lines)
    known = choices_of(card)
    ordered = [sorted(known[event].chances, reverse=True) for event in card.events]
    best = max(
        prod(sum(chances[:size]) for chances, size in zip(ordered, sizes, strict=True))
        for sizes in product((1, 2, 3), repeat=4)
        if prod(sizes) == picked.lines
    )
    assert pytest.approx(best) == picked.probability


@given(
    st.sampled_from(Strategy),
    st.integers(1, 500),
    st.integers(0, 2**53),
    st.dictionaries(st.integers(1, 5), st.sampled_from(BETS)),
)
def test_what_is_kept_stays_and_a_seed_gives_the_same(strategy, lines, seed, keep):
    card = make_card()
    picked = fill(card, strategy, lines, keep.items(), seed)
    assert picked == fill(card, strategy, lines, keep.items(), seed)
    assert all((bet,) == dict(picked.picks)[event] for event, bet in keep.items())
    assert 1 <= picked.lines <= lines


def test_several_kept_bets_of_an_event_make_lines():
    card = make_card()
    assert 2 == fill(card, keep=[(1, 1), (1, 3), (1, 1)]).lines
    picked = fill(card, keep=[(1, 1), (1, 3)], lines=6)
    assert (6, (1, 3)) == (picked.lines, dict(picked.picks)[1])


def test_a_reserve_is_picked_once():
    card = make_card(3, reserves=(8, 9))
    picked = fill(card, Strategy.RANDOM, 27)
    assert (27, [3, 3, 3, 1, 1]) == (picked.lines, [len(bets) for _, bets in picked.picks])
    assert (2,) == dict(fill(card, keep=[(9, 2)]).picks)[9]


@pytest.mark.parametrize(
    "keep", [[(4711, 1)], [(1, 4)], [(9, 1), (9, 2)]], ids=["event", "bet", "reserve twice"]
)
def test_what_is_not_of_the_card_cannot_be_kept(keep):
    with pytest.raises(BetsDoNotFit):
        fill(make_card(3, reserves=(9,)), keep=keep)


def test_more_lines_than_the_card_takes_are_refused():
    card = make_card(max_lines=8)
    with pytest.raises(WrongNumberOfEvents):
        fill(card, lines=9)
    with pytest.raises(WrongNumberOfEvents):
        fill(card, keep=[(event, bet) for event in (1, 2) for bet in BETS])


def test_weighted_draws_follow_the_chances_and_random_ones_do_not():
    card = make_card(1)
    for strategy, expected in (
        (Strategy.WEIGHTED, (0.6, 0.25, 0.15)),
        (Strategy.RANDOM, (1 / 3,) * 3),
    ):
        drawn = [fill(card, strategy, seed=seed).picks[0][1] for seed in range(3_000)]
        for bet, chance in zip(BETS, expected, strict=True):
            assert abs(drawn.count((bet,)) / 3_000 - chance) < 0.04
