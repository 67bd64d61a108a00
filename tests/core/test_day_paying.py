import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from tickets_made import new_ticket

from acca.core.confirming import state_when_new
from acca.core.day_paying import Allowed, Taken, allow, cap_payout
from acca.core.finance import Charge, TaxTerms
from acca.core.settling import Settlement, Terms
from acca.core.ticket import Status, TicketResult

TODAY, BEFORE = dt.date(2026, 5, 2), dt.date(2026, 5, 1)
TERMS = Terms(Charge(1000, 1000, 0), TaxTerms(wht_rate=200_000))
WON = Settlement(TicketResult.WON, 500, 5000, 800, 4200, 5000)
LOST = Settlement(TicketResult.LOST, 0, 0, 0, 0, 0)
OPEN = state_when_new(new_ticket(1, [1]).facts, approved=True)._replace(status=Status.OPEN)


def left(cents, day=TODAY):
    return Taken(day, cents, 0)


def test_a_payout_is_cut_off_at_what_the_day_has_left_and_taxed_by_that():
    assert WON == cap_payout(WON, 5000, TERMS)
    assert (3000, 400, 2600) == cap_payout(WON, 3000, TERMS)[2:5]
    assert (0, 0, 0) == cap_payout(WON, 0, TERMS)[2:5]


def test_only_what_is_won_takes_of_a_day():
    assert Allowed(LOST, None) == allow(LOST, OPEN, TERMS, None, left(100))
    assert Allowed(None, None) == allow(None, OPEN, TERMS, Taken(BEFORE, 10, 10), left(100))


def test_what_was_allowed_stays_while_the_end_is_the_same():
    before = Taken(BEFORE, 3000, 3000)
    state = OPEN._replace(
        status=Status.RESULTED, result=TicketResult.WON, gross_cents=3000, wht_cents=400,
        net_cents=2600,
    )  # fmt: skip
    same = allow(WON, state, TERMS, before, left(9000))
    assert (3000, before) == (same.settlement.gross_cents, same.taken)


def test_another_end_takes_of_the_day_it_falls_in():
    before = Taken(BEFORE, 3000, 3000)
    state = OPEN._replace(
        status=Status.RESULTED, result=TicketResult.WON, gross_cents=3000, wht_cents=400,
        net_cents=2600,
    )  # fmt: skip
    less = WON._replace(gross_cents=2000, wht_cents=200, net_cents=1800)
    assert Allowed(less, Taken(TODAY, 9000, 2000)) == allow(less, state, TERMS, before, left(9000))


@given(st.lists(st.integers(0, 9000), max_size=20), st.integers(0, 20_000))
def test_one_after_another_they_never_pay_more_than_the_limit(payouts, limit):
    paid = 0
    for gross in payouts:
        won = Settlement(TicketResult.WON, 100, gross, 0, gross, gross)
        found = allow(won, OPEN, TERMS, None, left(limit - paid))
        paid += found.taken.paid_cents
    assert paid == min(limit, sum(payouts))
