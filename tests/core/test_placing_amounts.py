import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from wishes import HOUR, NOW, answer, event, rules, seen, wish

from acca.core.cards.fitting import Pick
from acca.core.finance import ExciseFormula, TaxTerms, WithholdingBase
from acca.core.numbers import Malformed, Rounding
from acca.core.odds import total_odds
from acca.core.operator import OverMaxPayout
from acca.core.placing import (
    NoTaxProfile,
    NumberedProfile,
    largest_price,
    strike,
)
from acca.core.refusals import (
    OddsTooHigh,
    PayoutTooHigh,
    PriceOutOfLimits,
    TicketTypeOff,
)
from acca.core.tax_profiles import TaxProfile


def test_without_a_tax_profile_nobody_strikes_a_ticket():
    with pytest.raises(NoTaxProfile):
        strike(wish(), seen(), rules(profiles=[]))
    with pytest.raises(TicketTypeOff):
        strike(wish(), seen(), rules(profiles=[], ticket_types=frozenset()))


def test_price_and_stake_have_to_fit():
    with pytest.raises(Malformed, match="does not fit the stake"):
        strike(wish(stake_cents=999), seen(), rules())
    with pytest.raises(Malformed, match="is missing"):
        strike(wish(price_cents=None), seen(), rules())


def test_the_players_class_chooses_the_taxes():
    mild = NumberedProfile(8, TaxProfile(TaxTerms(wht_rate=1), NOW - HOUR, player_class="mild"))
    ruled = rules()
    ruled = ruled._replace(profiles=[*ruled.profiles, mild])
    assert 7 == strike(wish(), seen(), ruled).tax_profile
    assert 8 == strike(wish(), seen(), ruled, "mild").tax_profile


@pytest.mark.parametrize(
    ("limits", "approved"),
    [
        ({}, True),
        ({"approval_price_cents": 1001}, True),
        ({"approval_price_cents": 1000}, False),
        ({"approval_payout_cents": 5061}, True),
        ({"approval_payout_cents": 5060}, False),
    ],
)
def test_a_trader_approves_from_a_price_or_payout_on(limits, approved):
    assert approved is strike(wish(), seen(), rules(limits)).approved


def test_a_commission_is_for_tickets_of_affiliates():
    ruled = rules(affiliate_commission=25_000)
    mine, theirs = wish(), wish(has_atag=True)
    paid = [strike(each, seen(), ruled) for each in (mine, theirs)]
    assert [(None, None), (25, 25_000)] == [
        (struck.affiliate_cents, struck.affiliate_rate) for struck in paid
    ]


TERMS = st.builds(
    TaxTerms,
    ext_rate=st.integers(0, 1_000_000),
    ext_formula=st.sampled_from([each for each in ExciseFormula if each is not ExciseFormula.NONE]),
    wht_rate=st.integers(0, 1_000_000),
    wht_base=st.sampled_from(WithholdingBase),
    wht_threshold_cents=st.integers(0, 10_000),
    wht_on_excess=st.booleans(),
    rounding=st.sampled_from(Rounding),
)
PRICES = st.integers(1, 10**7)
ODDS = st.lists(st.integers(100, 5000), min_size=1, max_size=4)
OVER = st.sampled_from(OverMaxPayout)
PAYOUTS = st.integers(1, 10**10)


def offered(odds):
    """Make a wish at odds, and what is seen of its events."""
    picks = tuple(Pick(number, 1, each) for number, each in enumerate(odds, 1))
    events = {number: event(odds={1: each}) for number, each in enumerate(odds, 1)}
    return wish(picks=picks), seen(events=events)


@given(PRICES, ODDS, TERMS)
def test_a_player_is_debited_the_price_to_the_cent(price, odds, terms):
    wished, looked_at = offered(odds)
    struck = strike(wished._replace(price_cents=price), looked_at, rules(terms=terms))
    charged, paid = struck.charge, struck.payout
    assert price == charged.price_cents == charged.stake_cents + charged.ext_cents
    assert paid.net_cents == paid.gross_cents - paid.wht_cents
    assert min(*charged, *paid) >= 0


@given(ODDS, st.randoms(use_true_random=False), PRICES)
def test_odds_stand_in_the_order_of_the_request(odds, random, price):
    wished, looked_at = offered(odds)
    picks = list(wished.picks)
    random.shuffle(picks)
    wished = wished._replace(price_cents=price, picks=tuple(picks))
    struck = strike(wished, looked_at, rules())
    assert [pick.odds for pick in picks] == list(struck.odds)
    assert total_odds(odds) == struck.total_odds


@given(PRICES, ODDS, TERMS, OVER, PAYOUTS)
def test_no_ticket_pays_more_than_its_limit(price, odds, terms, over, payout_max):
    wished, looked_at = offered(odds)
    ruled = rules({"payout_cents_max": payout_max}, terms, over_max_payout=over)
    try:
        struck = strike(wished._replace(price_cents=price), looked_at, ruled)
    except PayoutTooHigh:
        assert over is OverMaxPayout.REFUSE
        return
    assert struck.payout.gross_cents <= payout_max
    expected = payout_max if over is OverMaxPayout.CAP else None
    assert expected == struck.cap_cents


@given(ODDS, TERMS, OVER, PAYOUTS, st.tuples(PRICES, PRICES))
def test_the_largest_price_is_accepted_and_one_cent_more_is_not(
    odds, terms, over, payout_max, prices
):
    wished, looked_at = offered(odds)
    limits = {
        "payout_cents_max": payout_max,
        "price_cents_min": min(prices),
        "price_cents_max": max(prices),
    }
    ruled = rules(limits, terms, over_max_payout=over)
    largest = largest_price(wished, looked_at, ruled)
    if largest:
        assert answer(wished._replace(price_cents=largest), looked_at, ruled) is None
        more = answer(wished._replace(price_cents=largest + 1), looked_at, ruled)
        assert more in {PriceOutOfLimits, PayoutTooHigh}
    else:
        least = wished._replace(price_cents=min(prices))
        assert PayoutTooHigh is answer(least, looked_at, ruled)


@given(PRICES, ODDS, st.integers(0, 1_000_000))
def test_a_stake_with_the_excise_on_top_is_charged_both(stake, odds, rate):
    wished, looked_at = offered(odds)
    terms = TaxTerms(ext_rate=rate, ext_formula=ExciseFormula.EXCLUSIVE)
    wished = wished._replace(price_cents=None, stake_cents=stake)
    struck = strike(wished, looked_at, rules(terms=terms))
    assert stake == struck.charge.stake_cents
    assert struck.charge.price_cents == stake + struck.charge.ext_cents


def test_no_price_is_taken_where_the_total_odds_are_too_high():
    wished, looked_at = offered([5000, 5000])
    assert 0 == largest_price(wished, looked_at, rules({"total_odds_max": 249_999}))


@given(ODDS)
def test_odds_above_the_bounds_of_the_database_are_refused(odds):
    product = total_odds(odds)
    assume(product > 100)
    wished, looked_at = offered(odds)
    assert OddsTooHigh is answer(wished, looked_at, rules({"total_odds_max": product - 1}))
    assert answer(wished, looked_at, rules({"total_odds_max": product})) is None
