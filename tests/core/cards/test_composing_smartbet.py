import itertools

import numpy as np
import pytest
from core.cards.smartbet_oracle import best_of_all
from hypothesis import given, settings
from hypothesis import strategies as st

from acca.core.cards.composing_bound import bound
from acca.core.cards.composing_field import (
    Composed,
    Field,
    OutOfReach,
    Wanted,
    make_field,
    weigh,
)
from acca.core.cards.composing_smartbet import compose, leave_out, prepare
from acca.core.cards.smartbet import Band
from acca.core.finance import ExciseFormula, TaxTerms, WithholdingBase, charge_price
from acca.core.numbers import Rounding

KENYAN = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000, WithholdingBase.NET)
CLIFF = TaxTerms(
    wht_rate=300_000, wht_base=WithholdingBase.GROSS, wht_threshold_cents=5_000,
    rounding=Rounding.DOWN,
)  # fmt: skip
DOWN = TaxTerms(rounding=Rounding.DOWN)
WIDE = Band(101, 10_000)


def field_of(rows):
    """Make a field of rows of (id, start, [(bet, odds, chance)])."""
    field = make_field(len(rows), max((len(bets) for _, _, bets in rows), default=1))
    for number, (id_, start, bets) in enumerate(rows):
        field.events[number], field.starts[number] = id_, start
        for slot, (bet, odds, chance) in enumerate(bets):
            field.bets[number, slot] = bet
            field.odds[number, slot] = odds
            field.chances[number, slot] = chance
    weigh(field, slice(None))
    return field


def want(price=1_000, win=2_000, **changes):
    terms = changes.pop("terms", TaxTerms())
    wish = {
        "charge": charge_price(price, terms),
        "terms": terms,
        "cap_cents": None,
        "win_cents": win,
        "events_min": 1,
        "events_max": 30,
        "odds_max": None,
        "gross_max_cents": None,
    }
    return Wanted(**{**wish, **changes})


def every(field):
    return np.ones(len(field.events), dtype=np.bool_)


def composed(field, wanted, band=WIDE, eligible=None):
    rows = every(field) if eligible is None else eligible
    return compose(prepare(field, rows, band), wanted)


def random_field(count, width, seed=1, low=101, high=3_000):
    """Make a field as a real one is: odds of a margin of 3 to 8 %, in no order."""
    dice = np.random.default_rng(seed)
    odds = np.exp(dice.uniform(np.log(low / 100), np.log(high / 100), (count, width)))
    margins = dice.uniform(1.03, 1.08, (count, 1))
    hundredths = np.maximum(101, np.round(odds * 100)).astype(np.int32)
    field = make_field(count, width)
    field.events[:] = 1 + dice.permutation(count)
    field.starts[:] = dice.integers(0, 10**6, count)
    field.bets[:] = np.arange(1, width + 1)
    field.odds[:] = hundredths
    field.chances[:] = np.minimum(0.99, 100 / hundredths / margins)
    weigh(field, slice(None))
    return field


rows_of_fields = st.lists(
    st.lists(
        st.tuples(st.integers(101, 900), st.sampled_from([0.9, 0.6, 0.5, 0.4, 0.25, 0.125])),
        min_size=1,
        max_size=3,
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=250)
@given(
    rows_of_fields,
    st.lists(st.integers(0, 3), min_size=5, max_size=5),
    st.sampled_from([1, 20, 500, 1_500, 2_000, 3_300, 9_000, 40_000, 10**15]),
    st.sampled_from([1_000, 1_000, 7]),
    st.sampled_from([WIDE, Band(120, 300), Band(200, 200), Band(850, 900)]),
    st.sampled_from([TaxTerms(), KENYAN, CLIFF, DOWN]),
    st.tuples(st.sampled_from([1, 2]), st.sampled_from([1, 2, 30])),
    st.sampled_from(
        [(None, None, None), (4_000, None, None), (None, 500, 10**9), (None, None, 6_000)]
    ),
)
def test_the_best_of_few_is_the_best_of_all(rows, starts, win, price, band, terms, sizes, limits):
    told = [
        (number + 1, start, [(bet + 1, *each) for bet, each in enumerate(bets)])
        for number, (bets, start) in enumerate(zip(rows, starts, strict=False))
    ]
    cap, odds_max, gross_max = limits
    field = field_of(told)
    wanted = want(
        price=price, win=win, terms=terms, events_min=min(sizes), events_max=max(sizes),
        cap_cents=cap, odds_max=odds_max, gross_max_cents=gross_max,
    )  # fmt: skip
    expected = best_of_all(field, every(field), band, wanted)
    found = composed(field, wanted, band)
    if isinstance(expected, int):
        assert OutOfReach(expected) == found
    else:
        selections, net, chance = expected
        assert (net, [event for event, _ in selections]) == (
            found.payout.net_cents,
            [one.event for one in found.chosen],
        )
        if net * 100 <= win * 105:
            assert chance == found.probability


WISHES = [
    (band, {"price": price, "win": price * factor // 10, "events_max": most})
    for price, factor, band, most in itertools.product(
        (1_000, 9_999),
        (11, 25, 180, 10_000, 10**6),
        (Band(125, 199), Band(125, 499), Band(200, 999), Band(101, 120)),
        (5, 30),
    )
]


def is_by_the_rules(field, wanted, band, found):
    assert isinstance(found, Composed)
    assert found.payout.net_cents >= wanted.win_cents
    events = [one.event for one in found.chosen]
    assert len(events) == len(set(events)) <= wanted.events_max
    starts = dict(zip(field.events.tolist(), field.starts.tolist(), strict=True))
    assert events == sorted(events, key=lambda event: (starts[event], event))
    assert all(band.lowest <= one.odds <= band.highest for one in found.chosen)
    for one in found.chosen:
        row = field.events.tolist().index(one.event)
        slot = field.bets[row].tolist().index(one.bet)
        assert one.odds == field.odds[row, slot]
    return True


@pytest.mark.parametrize(("band", "wish"), WISHES, ids=str)
def test_of_many_a_near_and_likely_one_is_found(band, wish):
    field = random_field(300, 20)
    wanted = want(terms=KENYAN, **wish)
    found = composed(field, wanted, band)
    limit = bound(field, every(field), band, wanted)
    if isinstance(found, OutOfReach):
        assert found.nearest_cents < wanted.win_cents
        longest = np.sort(np.where(field.odds <= band.highest, field.odds, 0).max(axis=1))
        best = np.log(longest[-wanted.events_max :] / 100).sum()
        assert best < np.log(wanted.win_cents / 1_000 * 2)
    else:
        assert is_by_the_rules(field, wanted, band, found)
        if found.payout.net_cents <= 1.05 * wanted.win_cents:
            assert 0.9 * limit <= found.probability <= limit * 1.000001


def test_the_order_of_the_rows_changes_nothing():
    field = random_field(200, 10)
    order = np.random.default_rng(5).permutation(200)
    other = Field(*(column[order] for column in field))
    for win in (1_500, 20_000, 10**6):
        wanted, band = want(win=win, terms=KENYAN), Band(125, 499)
        found = composed(field, wanted, band)
        assert isinstance(found, Composed)
        assert found == composed(other, wanted, band) == composed(field, wanted, band)


def test_what_is_not_eligible_is_not_chosen():
    field = random_field(100, 10)
    wanted, band = want(win=30_000), Band(125, 499)
    found = composed(field, wanted, band)
    gone = [one.event for one in found.chosen]
    other = composed(field, wanted, band, ~np.isin(field.events, gone))
    assert is_by_the_rules(field, wanted, band, other)
    assert not {one.event for one in other.chosen} & {*gone}


def test_odds_that_are_all_alike_are_multiplied_until_they_do():
    rows = [(number, number, [(1, 120, 0.8)]) for number in range(1, 101)]
    field = field_of(rows)
    found = composed(field, want(win=10_000, events_max=30))
    assert (13, 1_070) == (len(found.chosen), found.total_odds)
    short = composed(field, want(win=10_000, events_max=12))
    assert OutOfReach(8_920) == short


def test_nothing_in_the_band_is_out_of_reach():
    field = random_field(100, 10)
    band = Band(999_000, 999_999)
    assert OutOfReach(0) == composed(field, want(win=1), band)
    assert 0 == bound(field, every(field), band, want(win=1))
    nobody = np.zeros(100, dtype=np.bool_)
    assert OutOfReach(0) == composed(field, want(), WIDE, nobody)


def test_a_cap_and_limits_are_kept_to():
    field, band = random_field(400, 20), Band(125, 499)
    capped = want(win=50_000, cap_cents=50_000, gross_max_cents=10**12)
    assert 50_000 == composed(field, capped, band).payout.net_cents
    beyond = composed(field, capped._replace(win_cents=50_001), band)
    assert OutOfReach(50_000) == beyond
    refused = composed(field, want(win=50_000, gross_max_cents=49_999), band)
    assert 47_500 < refused.nearest_cents <= 49_999
    limited = composed(field, want(win=50_000, odds_max=4_000), band)
    assert 38_000 < limited.nearest_cents <= 40_000


@pytest.mark.parametrize(("count", "width"), [(32, 2), (60, 1), (16, 4)])
def test_no_search_through_all_is_worse_than_a_search_among_many(count, width):
    """Where candidates are few enough, but combinations are too many, nothing gets lost."""
    for seed in range(6):
        field, band = random_field(count, width, seed, high=200), Band(101, 199)
        for win in (1_700, 5_000, 90_000):
            prepared = prepare(field, every(field), band)
            wanted = want(win=win)
            found = compose(prepared, wanted)
            other = compose(prepared._replace(is_small=False), wanted)
            assert isinstance(found, Composed) >= isinstance(other, Composed)
            if isinstance(other, Composed) and other.payout.net_cents <= 1.05 * win:
                assert found.payout.net_cents <= 1.05 * win
                assert found.probability >= other.probability


def test_a_few_rows_are_left_out_of_what_is_prepared_and_many_are_not():
    field, band = random_field(500, 20), Band(125, 499)
    prepared = prepare(field, every(field), band)
    wanted = want(win=30_000)
    gone = [one.event for one in compose(prepared, wanted).chosen]
    found = compose(leave_out(prepared, np.isin(field.events, gone)), wanted)
    anew = composed(field, wanted, band, ~np.isin(field.events, gone))
    assert is_by_the_rules(field, wanted, band, found)
    assert not {one.event for one in found.chosen} & {*gone}
    assert found.probability > 0.97 * anew.probability
    assert leave_out(prepared, np.arange(500) < 400) is None
    few = prepare(random_field(10, 3), np.ones(10, dtype=np.bool_), WIDE)
    assert 0 == len(leave_out(few, np.ones(10, dtype=np.bool_)).pool.odds)
