from functools import reduce
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier, VoidPolicy, VoidStep
from acca.core.finance import RATE_ONE, ExciseFormula, TaxTerms, WithholdingBase, charge_price
from acca.core.jackpot_judging import Decided, How, Place
from acca.core.jackpot_settling import (
    Prizes,
    Tally,
    TierPrize,
    add_tallies,
    count_lines,
    prize_tiers,
    settle_jackpot,
    tally,
    winning_lines,
)
from acca.core.markets.football import bet
from acca.core.public_draw import Sign
from acca.core.settling import Settlement, Terms
from acca.core.ticket import TicketResult

BET = {sign: bet("MRFT", None, sign.value).id for sign in Sign}
ONE, X, TWO = Sign
KENYA = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000, WithholdingBase.NET)
FIXED = PrizeKind.FIXED_PER_LINE
SHARED = PrizeKind.SHARED_AMOUNT
PERCENT = PrizeKind.SHARED_PERCENT_OF_POOL
STEPS = (VoidStep(VoidPolicy.REDUCE),)
LOSES = Settlement(TicketResult.LOST, 0, 0, 0, 0, 0)


def card(*tiers, events=4, **more):
    return Jackpot(1_000, 10_000, tiers, tuple(range(11, 11 + events)), STEPS, **more)


def decided(*signs):
    return Decided(tuple(Place(11 + n, How.PLAYED, sign) for n, sign in enumerate(signs)))


def picks(*choices, reserves=()):
    """Spell the picks of a ticket as they are kept: events and bets side by side."""
    events = [*range(11, 11 + len(choices)), *range(21, 21 + len(reserves))]
    chosen = [*choices, *([sign] for sign in reserves)]
    pairs = [(e, BET[sign]) for e, signs in zip(events, chosen, strict=True) for sign in signs]
    return [event for event, _ in pairs], [bet_id for _, bet_id in pairs]


def count(its_decided, *choices, reserves=()):
    return count_lines(its_decided, *picks(*choices, reserves=reserves))


def written_out(its_decided, choices, reserves):
    """Count by writing every line out, and judging it pick by pick."""
    counts = [0] * (len(choices) + 1)
    for line in product(*choices):
        wrong = 0
        for pick, place in zip(line, its_decided.places, strict=True):
            if place.how is How.REPLACED:
                wrong += reserves[place.reserve - 21] is not place.sign
            elif place.sign is not None:
                wrong += pick is not place.sign
            else:
                wrong += place.how is How.VOID
        counts[wrong] += 1
    return tuple(counts)


# Lines.


def test_a_single_line_is_counted_by_its_wrong_picks():
    assert (1, 0, 0, 0) == count(decided(ONE, X, TWO), [ONE], [X], [TWO])
    assert (0, 0, 1, 0) == count(decided(ONE, X, TWO), [TWO], [X], [ONE])


def test_a_combination_holds_lines_of_every_tier():
    counted = count(decided(ONE, X, TWO), [ONE, X], [X], [ONE, X, TWO])
    assert (1, 3, 2, 0) == counted


def test_picks_may_stand_in_any_order():
    events, bets = picks([ONE, X], [X, TWO], [TWO])
    turned = count_lines(decided(ONE, X, TWO), events[::-1], bets[::-1])
    assert count_lines(decided(ONE, X, TWO), events, bets) == turned


PICKS = st.sets(st.sampled_from(Sign), min_size=1).map(lambda signs: sorted(signs, key=str))


@st.composite
def cases(draw):
    length = draw(st.integers(1, 5))
    choices = [draw(PICKS) for _ in range(length)]
    reserves = [draw(st.sampled_from(Sign)) for _ in range(length)]
    places = []
    for number in range(length):
        how = draw(st.sampled_from(How))
        has_sign = how in {How.PLAYED, How.DRAWN, How.REPLACED}
        sign = draw(st.sampled_from(Sign)) if has_sign else None
        places.append(Place(11 + number, how, sign, 21 + number if how is How.REPLACED else None))
    return Decided(tuple(places)), choices, reserves


@given(cases())
def test_counting_agrees_with_writing_all_lines_out(case):
    its_decided, choices, reserves = case
    assert written_out(*case) == count(its_decided, *choices, reserves=reserves)


@given(cases(), st.data())
def test_one_more_right_pick_never_wins_less(case, data):
    its_decided, choices, reserves = case
    open_ = [n for n, p in enumerate(its_decided.places) if p.how in {How.PLAYED, How.DRAWN}]
    if not open_:
        return
    number = data.draw(st.sampled_from(open_))
    right = choices.copy()
    right[number] = [its_decided.places[number].sign]
    wrong = choices.copy()
    wrong[number] = [next(sign for sign in Sign if sign is not right[number][0])]
    one = count(its_decided, *right, reserves=reserves)
    other = count(its_decided, *wrong, reserves=reserves)
    assert (*one, 0)[:-1] == (*other[1:], 0)


def test_seventeen_events_of_all_outcomes_are_counted():
    counted = count(decided(*[X] * 17), *[list(Sign)] * 17)
    assert 3**17 == sum(counted)
    assert (1, 17 * 2, 17 * 16 // 2 * 4) == counted[:3]


def test_each_way_of_counting_an_unplayed_event_counts_its_lines():
    def by(how, sign=None, reserve=None):
        places = (Place(11, how, sign, reserve), *decided(ONE, X).places[1:])
        return count(Decided(places), [ONE, X, TWO], [X], reserves=[TWO])

    # Three lines: all are paid for, all count.
    assert (3, 0, 0) == by(How.DROPPED)
    assert (3, 0, 0) == by(How.COUNTED)
    assert (0, 3, 0) == by(How.VOID)
    assert (1, 2, 0) == by(How.DRAWN, X)
    assert (3, 0, 0) == by(How.REPLACED, TWO, 21)
    assert (0, 3, 0) == by(How.REPLACED, ONE, 21)


# Tiers.


def test_a_line_wins_the_highest_tier_alone_or_all_by_the_switch():
    tiers = [Tier(FIXED, 100)] * 3
    assert (1, 3, 2) == winning_lines(card(*tiers), (1, 3, 2, 7, 0))
    assert (1, 4, 6) == winning_lines(card(*tiers, highest_tier_only=False), (1, 3, 2, 7, 0))


def test_a_fixed_prize_is_paid_for_each_line():
    prizes = prize_tiers(card(Tier(FIXED, 500)), RATE_ONE, Tally(9_000, (3,)))
    assert Prizes((TierPrize(3, 1_500, 500),)) == prizes
    assert 0 == prizes.next_round_cents


def test_a_fixed_prize_that_nobody_won_was_never_put_in():
    prizes = prize_tiers(card(Tier(FIXED, 500), carries_over=True), RATE_ONE, Tally(9_000, (0,)))
    assert Prizes((TierPrize(0, 0, 500),)) == prizes


def test_a_shared_prize_is_divided_and_its_remainder_booked():
    prizes = prize_tiers(card(Tier(SHARED, 1_000)), RATE_ONE, Tally(9_000, (3,)))
    assert Prizes((TierPrize(3, 1_000, 333, remainder_cents=1),)) == prizes
    assert 1 == prizes.next_round_cents


def test_a_share_of_the_pool_is_of_all_stakes():
    its_card = card(Tier(PERCENT, 0, 600_000), Tier(PERCENT, 0, 125_000))
    prizes = prize_tiers(its_card, RATE_ONE, Tally(10_007, (2, 5)))
    # 60 % of 10007 is 6004.2, 12.5 % is 1250.875: a pool is never overdrawn.
    first = TierPrize(2, 6_004, 3_002)
    assert Prizes((first, TierPrize(5, 1_250, 250))) == prizes


def test_what_nobody_won_is_carried_over_when_the_card_says_so():
    tiers = Tier(SHARED, 1_000), Tier(PERCENT, 0, 100_000)
    carried = prize_tiers(card(*tiers, carries_over=True), RATE_ONE, Tally(9_000, (0, 0)))
    assert [1_000, 900] == [tier.carried_cents for tier in carried.tiers]
    assert 1_900 == carried.next_round_cents
    kept = prize_tiers(card(*tiers), RATE_ONE, Tally(9_000, (0, 0)))
    assert [1_000, 900] == [tier.kept_cents for tier in kept.tiers]
    assert 0 == kept.next_round_cents


def test_what_came_from_the_last_round_joins_the_first_prize_that_is_shared():
    tiers = Tier(FIXED, 100), Tier(SHARED, 1_000), Tier(SHARED, 50)
    prizes = prize_tiers(card(*tiers), RATE_ONE, Tally(0, (1, 2, 1)), 501)
    assert (TierPrize(2, 1_501, 750, remainder_cents=1), TierPrize(1, 50, 50)) == prizes.tiers[1:]
    fixed = prize_tiers(card(tiers[0]), RATE_ONE, Tally(0, (1,)), 501)
    assert 501 == fixed.passed_on_cents == fixed.next_round_cents


def test_more_winners_than_cents_leave_all_as_a_remainder():
    prizes = prize_tiers(card(Tier(SHARED, 2)), RATE_ONE, Tally(9_000, (3,)))
    assert Prizes((TierPrize(3, 2, 0, remainder_cents=2),)) == prizes


def test_prizes_are_scaled_but_not_what_was_carried_in():
    tiers = Tier(FIXED, 101), Tier(SHARED, 1_001), Tier(PERCENT, 0, 500_000)
    prizes = prize_tiers(card(*tiers), 500_000, Tally(999, (1, 1, 1)), 70)
    assert [50, 570, 249] == [tier.per_line_cents for tier in prizes.tiers]


AMOUNTS = st.integers(0, 10**10)
TIERS = st.one_of(
    st.builds(Tier, st.sampled_from([FIXED, SHARED]), AMOUNTS, st.none()),
    st.builds(Tier, st.just(PERCENT), st.just(0), st.integers(1, RATE_ONE)),
)


@st.composite
def rounds(draw):
    tiers = draw(st.lists(TIERS, min_size=1, max_size=4))
    its_card = card(*tiers, carries_over=draw(st.booleans()))
    lines = tuple(draw(st.integers(0, 10**6)) for _ in tiers)
    return its_card, draw(st.integers(0, RATE_ONE)), Tally(draw(AMOUNTS), lines), draw(AMOUNTS)


@given(rounds())
def test_what_is_put_in_is_paid_booked_carried_or_kept(case):
    its_card, _, _, carried_in = case
    prizes = prize_tiers(*case)
    for tier in prizes.tiers:
        out = tier.lines * tier.per_line_cents
        out += tier.remainder_cents + tier.carried_cents + tier.kept_cents
        assert tier.put_in_cents == out
        assert all(cents >= 0 for cents in tier)
        assert not tier.lines or tier.remainder_cents < tier.lines
        assert its_card.carries_over or not tier.carried_cents
        assert not (its_card.carries_over and tier.kept_cents)
    without = prize_tiers(*case[:3])
    put_in = sum(tier.put_in_cents for tier in prizes.tiers) + prizes.passed_on_cents
    assert put_in == sum(tier.put_in_cents for tier in without.tiers) + carried_in


@given(rounds())
def test_shares_of_the_pool_never_overdraw_it(case):
    its_card, rate, counted, _ = case
    prizes = prize_tiers(its_card, rate, counted)
    for tier, shared in zip(its_card.tiers, prizes.tiers, strict=True):
        if tier.pool_rate is not None:
            assert shared.put_in_cents * RATE_ONE <= counted.stake_cents * tier.pool_rate


# Chunks.

TICKETS = st.lists(
    st.tuples(st.integers(1, 10**6), st.lists(st.integers(0, 50), min_size=5, max_size=5)),
    max_size=20,
)


@given(TICKETS, st.booleans(), st.randoms(), st.integers(1, 5))
def test_chunks_of_tickets_add_up_in_any_order(tickets, only, dice, size):
    its_card = card(*[Tier(FIXED, 1)] * 3, highest_tier_only=only)
    whole = tally(its_card, tickets)
    shuffled = tickets.copy()
    dice.shuffle(shuffled)
    chunks = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
    tallies = [tally(its_card, chunk) for chunk in chunks]
    assert whole == reduce(add_tallies, tallies, tally(its_card, []))


@given(TICKETS, st.lists(TIERS, min_size=1, max_size=4), st.booleans())
def test_tickets_are_paid_what_their_tiers_pay(tickets, tiers, only):
    its_card = card(*tiers, highest_tier_only=only)
    prizes = prize_tiers(its_card, RATE_ONE, tally(its_card, tickets))
    terms = Terms(charge_price(1_000, TaxTerms()), TaxTerms())
    paid = sum(settle_jackpot(its_card, prizes, lines, terms).gross_cents for _, lines in tickets)
    assert paid == sum(tier.lines * tier.per_line_cents for tier in prizes.tiers)


# Tickets.

PRIZES = Prizes((TierPrize(1, 1_000_000, 1_000_000), TierPrize(4, 40_000, 10_000)))
TWO_TIERS = card(Tier(FIXED, 1_000_000), Tier(FIXED, 10_000))


def settle(lines, tax=None, **more):
    tax = tax or TaxTerms()
    terms = Terms(charge_price(4_500, tax), tax, **more)
    return settle_jackpot(TWO_TIERS, PRIZES, lines, terms)


def test_a_ticket_wins_the_sum_of_its_lines():
    expected = Settlement(TicketResult.WON, 0, 1_020_000, 0, 1_020_000, 1_020_000)
    assert expected == settle((1, 2, 5, 0, 0))


def test_a_ticket_without_a_winning_line_is_lost():
    assert LOSES == settle((0, 0, 8, 0, 0))


def test_a_jackpot_is_taxed_at_settlement():
    # 4500 / 1.125 = 4000 of stake; 20 % of 1010000 - 4000.
    expected = Settlement(TicketResult.WON, 0, 1_010_000, 201_200, 808_800, 1_010_000)
    assert expected == settle((1, 1, 0, 0, 0), KENYA)


def test_a_prize_below_the_stake_is_paid_without_tax():
    small = Prizes((TierPrize(1, 100, 100), TierPrize(0, 0, 10)))
    terms = Terms(charge_price(4_500, KENYA), KENYA)
    expected = Settlement(TicketResult.WON, 0, 100, 0, 100, 100)
    assert expected == settle_jackpot(TWO_TIERS, small, (1, 0, 0, 0, 0), terms)


def test_a_ticket_is_capped_and_the_uncapped_figure_is_kept():
    expected = Settlement(TicketResult.WON, 0, 500_000, 0, 500_000, 1_020_000)
    assert expected == settle((1, 2, 5, 0, 0), cap_cents=500_000)


def test_a_share_of_less_than_a_cent_is_lost():
    nothing = Prizes((TierPrize(3, 2, 0, 2), TierPrize(0, 0, 10_000)))
    terms = Terms(charge_price(1_000, TaxTerms()), TaxTerms())
    assert LOSES == settle_jackpot(TWO_TIERS, nothing, (3, 0, 0, 0, 0), terms)


def test_with_all_tiers_a_line_wins_every_prize_from_its_own_down():
    its_card = TWO_TIERS._replace(highest_tier_only=False)
    terms = Terms(charge_price(1_000, TaxTerms()), TaxTerms())
    assert 1_010_000 == settle_jackpot(its_card, PRIZES, (1, 0, 0, 0, 0), terms).gross_cents


@pytest.mark.parametrize("lines", [(1, 0, 0, 0, 0), (0, 1, 0, 0, 0), (0, 0, 1, 0, 0)])
@pytest.mark.parametrize("only", [True, False])
def test_a_better_line_never_pays_less(lines, only):
    its_card = TWO_TIERS._replace(highest_tier_only=only)
    terms = Terms(charge_price(1_000, KENYA), KENYA)
    worse = (0, *lines[:-1])
    better = settle_jackpot(its_card, PRIZES, lines, terms)
    assert better.net_cents >= settle_jackpot(its_card, PRIZES, worse, terms).net_cents


def test_debts_are_not_carried_into_a_round():
    with pytest.raises(AssertionError):
        prize_tiers(TWO_TIERS, RATE_ONE, Tally(0, (0, 0)), -1)
