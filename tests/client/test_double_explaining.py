"""The double explains its tickets in Acca's words, and says what it has no words for."""

import json

import pytest
from client.doubles import bet, requests, signed

from acca.wire import be_examples
from acca_client.errors import Invalid, Refused, TicketNotFound

PAID = "You paid KES 50.00; 44.44 was staked after excise duty of 5.56"
WIN = "86.66, withholding tax 8.44"


@pytest.fixture
def ticket(engine):
    return engine.create(bet())


def money(engine, ticket):
    return engine.explain(ticket.id).money


def test_an_open_ticket_is_told_leg_by_leg_and_its_money(engine, ticket):
    told = engine.explain(ticket.code)
    assert ("en", "player") == (told.lang, told.audience)
    assert (
        f"{PAID}; at total odds 1.95 you may win {WIN}, and would receive KES 78.22." == told.money
    )
    (leg,) = told.legs
    assert leg.startswith("Harbour Rovers - Lake City starts 20")
    assert leg.endswith(": your pick, Home at 1.95, is still open.")
    assert f"Ticket {ticket.code} OPEN, KES 50.00 paid, KES 78.22 to come" == told.sms


@pytest.mark.parametrize(
    ("result", "sentence", "leg"),
    [
        ("won", f"{PAID}; at total odds 1.95 you won {WIN}, you receive KES 78.22.", "won"),
        ("lost", f"{PAID}: you receive nothing.", "lost"),
        ("void", f"{PAID}; your ticket is void: you get back KES 50.00.", "is void"),
    ],
)
def test_an_end_is_told(double, engine, ticket, result, sentence, leg):
    double.settle(ticket, result)
    assert sentence == money(engine, ticket)
    assert engine.explain(ticket.id).legs[0].endswith(f"at 1.95, {leg}.")


def test_a_cash_out_is_told(engine, ticket):
    engine.cash_out(ticket.id, 1000)
    said = f"{PAID}; you cashed out for 10.00, no withholding tax, you receive KES 10.00."
    assert said == money(engine, ticket)
    assert engine.explain(ticket.id).legs[0].endswith(", no longer counts.")


def test_what_is_not_paid_or_cancelled_is_told(double, engine):
    reserved = engine.reserve(bet())
    assert "Your ticket of KES 50.00 is reserved, and not paid yet." == money(engine, reserved)
    double.webhook(reserved, "ticket_discard")
    assert "was cancelled" in money(engine, reserved)


@pytest.mark.parametrize("type_", ["superbet", "jackpot"])
def test_prizes_are_told_without_odds(double, engine, cards, type_):
    ticket = engine.create(requests(cards)[type_])
    told = engine.explain(ticket.id)
    assert told.money.endswith("; what it may win is not known yet.")
    assert len(ticket.legs) == len(told.legs)
    double.settle(ticket, "won", gross_payout_cents=10**6)
    assert "; by its prize you won 10,000.00, " in money(engine, ticket)


def test_an_explanation_has_the_members_of_accas(double, ticket):
    told = double._desk.answer(signed("GET", f"/be/tickets/{ticket.id}/explain"))
    assert list(json.loads(be_examples.explanation_example().body)) == list(json.loads(told.body))


@pytest.mark.parametrize(("name", "word"), [("lang", "sw"), ("audience", "finance")])
def test_what_it_has_no_words_for_is_said(engine, ticket, name, word):
    with pytest.raises(Invalid) as invalid:
        engine.explain(ticket.id, **{name: word})
    assert ("query", name) == invalid.value.detail[0].loc
    assert "the double has no other words" in invalid.value.detail[0].msg


def test_receipts_are_refused_in_words(engine, ticket):
    with pytest.raises(Refused) as refused:
        engine.receipt(ticket.id)
    assert (404, "The double signs no receipts: ask a sandbox of Acca") == (
        refused.value.code, refused.value.message,
    )  # fmt: skip
    for ask in (engine.receipt, engine.explain):
        with pytest.raises(TicketNotFound):
            ask("FFFFFF")
