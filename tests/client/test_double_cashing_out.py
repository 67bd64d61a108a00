"""The double buys tickets back: with Acca's documents and refusals, by simple values."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from client.doubles import NOW, bet, requests, signed
from hypothesis import given
from hypothesis import strategies as st

from acca.core.cashing_out import Offer, accepted
from acca.core.finance import ExciseFormula, TaxTerms, WithholdingBase, charge_price, withhold
from acca.core.ticket_facts import Amounts
from acca.wire import be_examples, pam
from acca_client.errors import (
    CashOutNotAvailable,
    CashOutValueChanged,
    FeatureOff,
    IdempotencyConflict,
    Invalid,
    NotAllowed,
    TicketNotFound,
)
from acca_client.placing import Pick
from acca_client.testing import AccaDouble, Taxes
from acca_client.testing.buying_back import gross_of

TWO = bet(Pick(100001, 1, Decimal("1.95")), Pick(100002, 1, Decimal("1.5")))
TERMS = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000, WithholdingBase.NET)
STARTS = dt.datetime.fromtimestamp(NOW, dt.UTC) + dt.timedelta(days=1)


@pytest.fixture
def ticket(engine):
    return engine.create(TWO)


def test_an_offer_is_the_stake_by_the_odds_of_now_less_five_percent(double, engine, ticket):
    assert 4444 == ticket.amounts.stake_cents
    first = engine.cash_out_offer(ticket.id)
    assert (4222, 4222, 0, 4222) == (
        first.amount_cents, first.gross_payout_cents, first.wht_amount_cents,
        first.net_payout_cents,
    )  # fmt: skip
    double.move_odds(100001, 1, Decimal("1.3"))
    risen = engine.cash_out_offer(ticket.code)
    assert (6333, 378, 5955) == (
        risen.gross_payout_cents, risen.wht_amount_cents, risen.amount_cents,
    )  # fmt: skip
    assert dt.timedelta(seconds=30) == risen.valid_until - dt.datetime.fromtimestamp(NOW, dt.UTC)
    double.move_odds(100001, 1, Decimal("1.0"))
    double.move_odds(100002, 1, Decimal("1.0"))
    assert 12349 == engine.cash_out_offer(ticket.id).gross_payout_cents


def test_no_more_is_offered_than_can_be_won(double, engine, ticket):
    double.move_odds(100001, 1, Decimal("0.5"))
    struck = ticket.amounts.gross_payout_cents
    assert struck == engine.cash_out_offer(ticket.id).gross_payout_cents


def test_an_offer_has_the_members_of_accas(double, ticket):
    told = double._desk.answer(signed("GET", f"/be/tickets/{ticket.id}/cashout"))
    example = json.loads(be_examples.cash_out_example().body)
    assert list(example) == list(json.loads(told.body))


def test_a_ticket_is_cashed_out_for_what_is_accepted(double, engine, ticket):
    double.move_odds(100001, 1, Decimal("1.3"))
    offer = engine.cash_out_offer(ticket.id)
    done = engine.cash_out(ticket.id, offer.amount_cents - 1)
    assert ("resulted", "won", True) == (done.status, done.result, done.is_cashed_out)
    assert (5954, ["pending"] * 2) == (
        done.amounts.net_payout_cents, [leg.result for leg in done.legs],
    )  # fmt: skip
    assert done == engine.ticket(ticket.code)
    kinds = [(entry.kind, entry.action) for entry in engine.timeline(ticket.id)][2:]
    assert [("cash out", "ticket_update"), ("cash out", "ticket_win")] == kinds
    with pytest.raises(CashOutNotAvailable):
        engine.cash_out_offer(ticket.id)


def test_its_webhooks_were_made_with_the_cash_out(double, engine, ticket):
    done = engine.cash_out(ticket.id, engine.cash_out_offer(ticket.id).amount_cents)
    update, win = (double.webhook(ticket, f"ticket_{each}") for each in ("update", "win"))
    assert (3, 4) == (update.n, win.n)
    assert (update.n, update.body) == (
        double.webhook(ticket, "ticket_update").n, pam.CALLS.render(pam.CALLS.parse(update.body)),
    )  # fmt: skip
    assert done.amounts.net_payout_cents == json.loads(update.body)["data"]["net_payout"]


@pytest.mark.parametrize("action", ["ticket_lost", "ticket_void", "ticket_rollback"])
def test_no_result_touches_what_was_cashed_out(double, engine, ticket, action):
    done = engine.cash_out(ticket.id, 1000)
    with pytest.raises(ValueError, match="cashed out"):
        double.webhook(ticket, action)
    with pytest.raises(ValueError, match="cashed out"):
        double.settle(ticket, "won", gross_payout_cents=10**6)
    assert done == engine.ticket(ticket.id)
    assert 5 == double.webhook(ticket, "ticket_closed").n
    assert ("closed", 1000) == (
        double.ticket(ticket.id).status, double.ticket(ticket.id).amounts.net_payout_cents,
    )  # fmt: skip


def test_more_than_is_offered_is_refused(engine, ticket):
    amount = engine.cash_out_offer(ticket.id).amount_cents
    with pytest.raises(CashOutValueChanged):
        engine.cash_out(ticket.id, amount + 1)
    assert "open" == engine.ticket(ticket.id).status


def test_a_lost_answer_is_asked_for_again(double, engine, ticket):
    double.lose_answers()
    done = engine.cash_out(ticket.id, 1000, idempotency_key="once")
    assert done == engine.cash_out(ticket.id, 1000, idempotency_key="once")
    assert 4 == len(engine.timeline(ticket.id))
    with pytest.raises(IdempotencyConflict):
        engine.cash_out(ticket.id, 999, idempotency_key="once")
    with pytest.raises(CashOutNotAvailable):
        engine.cash_out(ticket.id, 1000)


@pytest.mark.parametrize("type_", ["superbet", "jackpot"])
def test_prizes_are_not_bought_back(engine, cards, type_):
    with pytest.raises(CashOutNotAvailable):
        engine.cash_out_offer(engine.create(requests(cards)[type_]).id)


def test_what_is_not_open_or_has_no_odds_is_not_bought_back(double, engine, ticket):
    with pytest.raises(CashOutNotAvailable):
        engine.cash_out_offer(engine.reserve(TWO).id)
    double.suspend(100002, 1)
    with pytest.raises(CashOutNotAvailable):
        engine.cash_out(ticket.id, 1)
    other = engine.create(bet())
    double.close_event(100001)
    with pytest.raises(CashOutNotAvailable):
        engine.cash_out_offer(other.id)
    with pytest.raises(TicketNotFound):
        engine.cash_out_offer("FFFFFF")


def test_a_match_that_began_has_no_odds_in_the_double():
    clock = [NOW]
    with AccaDouble(clock=lambda: clock[0]).engine() as engine:
        ticket = engine.create(TWO)
        clock[0] = int(STARTS.timestamp()) - 10
        assert STARTS == engine.cash_out_offer(ticket.id).valid_until
        clock[0] += 10
        with pytest.raises(CashOutNotAvailable):
            engine.cash_out_offer(ticket.id)


def test_a_test_may_have_it_refused(double, engine, ticket):
    double.refuse(FeatureOff)
    with pytest.raises(FeatureOff):
        engine.cash_out(ticket.id, 1000)
    assert "open" == engine.ticket(ticket.id).status


@pytest.mark.parametrize("amount", [0, -1, 10**13])
def test_what_is_no_amount_is_invalid(engine, ticket, amount):
    with pytest.raises(Invalid) as invalid:
        engine.cash_out(ticket.id, amount)
    assert ("body", "amount") == invalid.value.detail[0].loc


def test_the_acceptance_of_another_operator_is_not_allowed(double, ticket):
    body = b'{"operator":"site","amount":1}'
    told = double._desk.answer(signed("POST", f"/be/tickets/{ticket.id}/cashout", body))
    assert (403, NotAllowed.__name__, 2) == (
        told.status,
        "NotAllowed",
        json.loads(told.body)["code"],
    )


@given(st.integers(100, 10**6), st.integers(1, 10**7), st.data())
def test_the_amounts_are_those_that_acca_would_accept(price, gross, data):
    charged = charge_price(price, TERMS)
    wht = withhold(gross, charged, TERMS)
    offered = Offer((), gross, 0, Amounts(gross, wht, gross - wht))
    net = data.draw(st.integers(1, gross - wht))
    found = gross_of(net, price, Taxes().amounts(price, gross), Taxes())
    assert accepted(offered, net, charged, TERMS).gross_cents == found
