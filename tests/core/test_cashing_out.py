import datetime as dt

import pytest
from feed_entries import NOW
from hypothesis import given
from hypothesis import strategies as st
from tickets_made import new_ticket

from acca.core.cashing_out import (
    Market,
    Offer,
    accepted,
    describe,
    may_be_cashed_out,
    offer,
    read_description,
)
from acca.core.confirming import state_when_new
from acca.core.finance import (
    Charge,
    ExciseFormula,
    TaxTerms,
    WithholdingBase,
    charge_price,
    pay_out,
    withhold,
)
from acca.core.markets.football import FOOTBALL
from acca.core.numbers import Rounding
from acca.core.operator import OperatorSettings
from acca.core.outcome import HALF_LOST, LOST, VOID, WON
from acca.core.placing import EventSeen
from acca.core.probability.chances import Quoted
from acca.core.ticket import Status, TicketType
from acca.core.ticket_facts import Amounts, Ticket
from acca.core.worth import WORTH_ONE, worth_of

# Three ways of one chance each, without a margin.
EVEN = {1: 300, 2: 300, 3: 300}
THIRD = WORTH_ONE // 3
NO_TAX, KENYA = TaxTerms(), TaxTerms(wht_rate=200_000)
SETTINGS = OperatorSettings({"update_types": frozenset(TicketType)})
LATER, BEFORE = NOW + dt.timedelta(hours=1), NOW - dt.timedelta(hours=1)


def event(**changes):
    seen = EventSeen("football", LATER, "scheduled", is_stopped=False, closed=(), odds=EVEN)
    return seen._replace(**changes)


def market(*events, fresh=None):
    return Market(NOW, dict(enumerate(events, 1)), fresh or {})


def facts(count, odds=300, cap=None, terms=NO_TAX):
    total = 100
    for _ in range(count):
        total = total * odds // 100
    charged = Charge(1000, 1000, 0)
    payout = pay_out(charged, total, terms, cap)
    made = new_ticket(1, range(1, count + 1), payout=payout, cap_cents=cap, total_odds=total)
    return made.facts._replace(odds=(odds,) * count, charge=charged)


def open_ticket(**changes):
    made = new_ticket(1, [1, 2]).facts
    state = state_when_new(made, approved=True)._replace(status=Status.OPEN)._replace(**changes)
    return Ticket(made, state)


def test_an_open_leg_is_worth_its_odds_times_its_chance():
    found = offer(facts(2), [None, None], market(event(), event()), NO_TAX, 0)
    assert (1000, Amounts(1000, 0, 1000)) == (found.fair_cents, found.amounts)


def test_the_margin_is_kept_of_the_fair_value():
    found = offer(facts(2), [None, None], market(event(), event()), NO_TAX, 50_000)
    assert (1000, 50_000, Amounts(950, 0, 950)) == found[1:]


def test_a_won_leg_counts_with_its_odds_and_a_void_one_as_nothing():
    stands = market(event(), event())
    assert 3000 == offer(facts(2), [WON, None], stands, NO_TAX, 0).fair_cents
    assert 1000 == offer(facts(2), [VOID, None], stands, NO_TAX, 0).fair_cents
    assert 500 == offer(facts(2), [HALF_LOST, None], stands, NO_TAX, 0).fair_cents


@pytest.mark.parametrize("outcomes", [[WON, WON], [LOST, None], [VOID, VOID], [LOST, LOST]])
def test_what_is_decided_is_settled_and_not_bought_back(outcomes):
    assert None is offer(facts(2), outcomes, market(event(), event()), NO_TAX, 0)


@pytest.mark.parametrize(
    "hindrance",
    [
        {"is_stopped": True},
        {"closed": (1,)},
        {"odds": {2: 300, 3: 300}},
        {"odds": {1: 300}},
        {"starts": NOW},
        {"starts": BEFORE, "state": "live"},
        {"state": "postponed"},
        {"starts": BEFORE, "state": "finished"},
    ],
)
def test_nothing_is_offered_while_a_leg_cannot_be_priced(hindrance):
    assert None is offer(facts(2), [None, None], market(event(), event(**hindrance)), NO_TAX, 0)


def test_a_match_under_way_is_priced_by_odds_that_were_told_since_its_start():
    live = event(starts=BEFORE, state="live")
    moved = {2: frozenset({1, 2, 3})}
    assert (
        1000
        == offer(facts(2), [None, None], market(event(), live, fresh=moved), NO_TAX, 0).fair_cents
    )
    stale = {2: frozenset({1, 2})}
    assert None is offer(facts(2), [None, None], market(event(), live, fresh=stale), NO_TAX, 0)


def test_the_offer_is_never_above_what_was_struck():
    cheap = event(odds={1: 110, 2: 1500, 3: 1500})
    found = offer(facts(1, odds=105), [None], market(cheap), NO_TAX, 0)
    assert found.amounts.gross_cents <= 1050
    assert 1050 > offer(facts(1, odds=105), [None], market(cheap), NO_TAX, 100_000).fair_cents


def test_a_cap_takes_from_the_mean_as_it_does_from_the_greatest_payout():
    capped = offer(facts(2, cap=4500), [None, None], market(event(), event()), NO_TAX, 0)
    assert 500 == capped.fair_cents
    wide = offer(facts(2, cap=9000), [None, None], market(event(), event()), NO_TAX, 0)
    assert 1000 == wide.fair_cents


def test_a_worth_of_nothing_is_no_offer():
    assert None is offer(facts(2), [None, None], market(event(), event()), NO_TAX, 1_000_000)


@pytest.mark.parametrize(
    "hindrance",
    [{"status": Status.RESERVED}, {"approved": False}, {"sealed": True}, {"held": True}],
)
def test_only_what_is_open_and_undisputed_may_be_cashed_out(hindrance):
    assert may_be_cashed_out(open_ticket(), SETTINGS)
    assert not may_be_cashed_out(open_ticket(**hindrance), SETTINGS)


@pytest.mark.parametrize("kind", [TicketType.SUPERBET, TicketType.JACKPOT])
def test_fixed_prices_are_not_cashed_out(kind):
    ticket = open_ticket()
    ticket = ticket._replace(facts=ticket.facts._replace(type=kind))
    assert not may_be_cashed_out(ticket, SETTINGS)


def test_a_wallet_that_takes_no_update_gets_no_cash_out():
    assert not may_be_cashed_out(open_ticket(), OperatorSettings())


def test_a_bet_that_may_be_void_is_worth_what_the_matrix_says():
    # Draw no bet at its fair odds is worth just the stake.
    home = FOOTBALL.bet("DNBFT", None, "1").id
    quoted = Quoted("football", {1: 200, 2: 400, 3: 400})
    worth = worth_of(quoted, home, 150, live=False)
    assert worth / WORTH_ONE == pytest.approx(1, abs=0.01)
    assert None is worth_of(quoted, home, 150, live=True)
    assert None is worth_of(Quoted("football", {1: 200}), home, 150, live=False)


def test_other_sports_have_no_matrix():
    assert None is worth_of(Quoted("tennis", {}), 1, 150, live=False)


RATES = st.sampled_from([0, 50_000, 150_000, 200_000, 250_000, 999_999, 1_000_000])
TERMS = st.builds(
    TaxTerms,
    ext_rate=st.just(125_000),
    ext_formula=st.sampled_from([ExciseFormula.INCLUSIVE, ExciseFormula.DEDUCTED]),
    wht_rate=RATES,
    wht_base=st.sampled_from(WithholdingBase),
    wht_threshold_cents=st.integers(0, 3000),
    wht_on_excess=st.booleans(),
    rounding=st.sampled_from(Rounding),
)


@given(st.data(), TERMS, st.integers(1, 5000), st.integers(1, 20_000))
def test_every_amount_up_to_the_offer_is_paid_to_the_cent(data, terms, price, gross):
    charged = charge_price(price, terms)
    wht = withhold(gross, charged, terms)
    offered = Offer((), gross, 0, Amounts(gross, wht, gross - wht))
    if gross == wht:
        return
    net = data.draw(st.integers(1, gross - wht))
    paid = accepted(offered, net, charged, terms)
    assert net == paid.net_cents == paid.gross_cents - paid.wht_cents
    assert paid.wht_cents == withhold(paid.gross_cents, charged, terms)
    assert paid.gross_cents <= gross
    assert None is accepted(offered, gross - wht + 1, charged, terms)


def test_what_an_offer_was_made_of_is_kept_in_words():
    found = offer(facts(2), [WON, None], market(event(), event()), KENYA, 50_000)
    assert (found, 900) == read_description(describe(found, 900))
    assert THIRD * 3 == found.worths[1].mean
