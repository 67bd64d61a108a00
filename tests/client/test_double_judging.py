"""The double refuses by Acca's rules, and goes wrong when a test wants it to."""

import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from client.doubles import HEAD, IMPATIENT, bet, signed

from acca.core import refusals
from acca_client.errors import (
    REFUSALS,
    BetNotFound,
    BetsDoNotFitCard,
    BetSuspended,
    CardNotFound,
    CurrencyNotSupported,
    EventClosed,
    EventNotFound,
    EventTwice,
    IdempotencyConflict,
    Invalid,
    NotAllowed,
    NumberOfEventsWrong,
    OddsChanged,
    PriceOutOfRange,
    PrizesChanged,
    Refused,
    TicketDeclined,
    TicketNotFound,
    TicketNotReserved,
    TooManyRequests,
    Unavailable,
    Unreached,
    UserNotFound,
)
from acca_client.placing import Accumulator, Pick, Superbet, render

REFUSED = [
    (CardNotFound, bet(betcard_code="FFFFFF")),
    (BetsDoNotFitCard, Superbet(**HEAD, event=100001, bets=[1, 2])),
    (BetsDoNotFitCard, Superbet(**HEAD, event=100002, bets=[1, 101])),
    (EventTwice, bet(*[Pick(100001, 1, Decimal("1.95"))] * 2)),
    (EventNotFound, bet(Pick(7, 1, Decimal(2)))),
    (BetNotFound, bet(Pick(100001, 9, Decimal(2)))),
    (EventClosed, bet(Pick(100005, 1, Decimal("1.95")))),
    (BetSuspended, bet(Pick(100006, 1, Decimal("1.5")))),
    (OddsChanged, bet(Pick(100001, 1, Decimal("1.94")))),
    (CurrencyNotSupported, bet(currency="USD")),
    (PriceOutOfRange, bet(price_cents=99)),
    (PriceOutOfRange, Superbet(**{**HEAD, "price_cents": 4999}, event=100001, bets=[1, 101])),
    (UserNotFound, bet(token="stranger")),
]


@pytest.mark.parametrize(("refusal", "request_"), REFUSED)
def test_an_order_is_refused_by_the_rules(double, engine, refusal, request_):
    double.close_event(100005)
    double.suspend(100006, 1)
    double.players["t"] = "player-1"
    with pytest.raises(refusal):
        engine.create(request_)
    assert () == engine.tickets()


def test_a_jackpot_is_refused_by_its_card(engine, cards):
    (card,) = cards.jackpots()
    all_of_them = {choice.event.id: [1, 2, 3] for choice in card.choices}
    with pytest.raises(BetsDoNotFitCard):
        engine.create(card.to_request("t", "mobile", card.picks({100001: [1]})))
    twice = card.picks({**all_of_them, 100001: [1, 1]})
    with pytest.raises(EventTwice):
        engine.create(card.to_request("t", "mobile", twice))
    assert 81 == engine.create(card.to_request("t", "mobile", card.picks(all_of_them))).lines
    request = card.to_request("t", "mobile", card.picks({event: [1] for event in all_of_them}))
    dreamt = replace(request, prize_cents=card.prize_cents + 1)
    with pytest.raises(PrizesChanged):
        engine.create(dreamt)
    with pytest.raises(NumberOfEventsWrong):
        cards.fill(card.code, lines=7)


def test_odds_may_differ_by_what_the_order_accepts(double, engine):
    double.move_odds(100001, 1, Decimal("2.05"))
    ticket = engine.create(bet(odds_diff=Decimal("0.1")))
    assert Decimal("2.05") == ticket.odds


@pytest.mark.parametrize(
    "changes", [{"token": ""}, {"price_cents": 0}, {"source": "fax"}, {"picks": []}]
)
def test_a_body_that_is_not_as_documented_is_invalid(engine, changes):
    with pytest.raises(Invalid) as invalid:
        engine.create(Accumulator(**{**HEAD, "picks": bet().picks, **changes}))
    assert "body" == invalid.value.detail[0].loc[0]


def test_defects_name_their_place(double):
    body = b'{"operator":"acme","type":"quickbet","token":"t","price":1,"currency":"KES",'
    body += b'"source":"sms","events":[{"id":1,"bet":1,"odds":0.5}]}'
    told = double._desk.answer(signed("POST", "/be/tickets", body))
    assert (422, ["body", "events", 0, "odds"]) == (
        told.status, json.loads(told.body)["detail"][0]["loc"],
    )  # fmt: skip


def test_an_order_of_another_operator_is_not_allowed(double):
    told = double._desk.answer(signed("POST", "/be/tickets", render(bet(), "site")))
    assert (403, 2) == (told.status, json.loads(told.body)["code"])
    assert NotAllowed is REFUSALS[2]


@pytest.mark.parametrize("target", ["/", "/be/nothing", "/bc/nothing", "/other", "/be/tickets/1/2"])
def test_a_path_that_leads_nowhere_is_404(double, target):
    assert 404 == double._desk.answer(signed("GET", target)).status
    assert 404 == double._desk.answer(signed("POST", target)).status


def test_a_repeat_by_its_key_is_the_same_ticket(engine):
    first = engine.create(bet(), idempotency_key="one")
    assert first == engine.create(bet(), idempotency_key="one")
    assert first.id != engine.create(bet(), idempotency_key="two").id
    with pytest.raises(IdempotencyConflict):
        engine.create(bet(price_cents=6000), idempotency_key="one")


def test_a_repeat_by_its_signature_is_the_same_ticket(double):
    asked = signed("POST", "/be/tickets", render(bet(), "acme"))
    first, second = double._desk.answer(asked), double._desk.answer(asked)
    assert first.body == second.body
    assert (None, "true") == tuple(one.headers.get("idempotent-replay") for one in (first, second))


def test_a_refusal_is_judged_again(double, engine):
    double.refuse(OddsChanged)
    with pytest.raises(OddsChanged):
        engine.create(bet(), idempotency_key="one")
    assert "open" == engine.create(bet(), idempotency_key="one").status


def test_a_reserved_ticket_is_paid_once(engine):
    ticket = engine.reserve(bet(psp="mobile"))
    assert "reserved" == ticket.status
    assert "open" == engine.paid(ticket.code.lower()).status
    with pytest.raises(TicketNotReserved):
        engine.paid(ticket.id)
    with pytest.raises(TicketNotFound, match="`FFFFFF` identifier"):
        engine.paid("FFFFFF")


@pytest.mark.parametrize("refusal", REFUSALS.values())
def test_every_refusal_comes_when_it_is_wanted(double, engine, refusal):
    engine.tickets()  # from now on it signs with version 2, and tries no other
    double.refuse(refusal, times=2)
    for order in (engine.create, engine.quote):
        with pytest.raises(refusal) as refused:
            order(bet())
        assert REFUSALS[refused.value.code] is refusal
    assert "open" == engine.create(bet()).status


@pytest.mark.parametrize("refusal", refusals.REFUSALS, ids=lambda refusal: refusal.__name__)
def test_every_refusal_has_accas_sentence(double, engine, refusal):
    engine.tickets()
    double.refuse(REFUSALS[refusal.code])
    with pytest.raises(REFUSALS[refusal.code]) as refused:
        engine.create(bet())
    words = [re.escape(part) for part in re.split(r"{\w+}", refusal.sentence)]
    assert re.fullmatch(".+".join(words), refused.value.message)


def test_a_refusal_keeps_its_sentence_and_slug(double, engine):
    double.refuse(TicketDeclined(216, "Ticket was declined: on holiday"))
    double.refuse(TicketNotReserved(117, "No", "event-started"))
    with pytest.raises(TicketDeclined, match="on holiday"):
        engine.create(bet())
    with pytest.raises(TicketNotReserved) as refused:
        engine.paid("E36E21")
    assert "event-started" == refused.value.because


def test_an_answer_that_is_lost_makes_no_second_ticket(double, engine):
    double.lose_answers(2)
    ticket = engine.create(bet())
    assert (ticket,) == engine.tickets()
    assert 1 == len({call.headers["idempotency-key"] for call in double.calls[:3]})


def test_a_request_that_is_lost_is_sent_again(double, engine):
    double.lose_requests()
    assert (engine.create(bet()),) == engine.tickets()


def test_a_lost_answer_can_be_asked_for_with_its_key(double):
    double.lose_answers()
    with double.engine() as engine:
        engine._connections._caller._patience = IMPATIENT
        with pytest.raises(Unreached) as lost:
            engine.create(bet())
        ticket = engine.create(bet(), idempotency_key=lost.value.idempotency_key)
        assert (ticket,) == engine.tickets()


def test_a_refusal_that_is_lost_was_no_ticket(double, engine):
    double.lose_answers()
    with pytest.raises(EventNotFound):
        engine.create(bet(Pick(7, 1, Decimal(2))))
    assert () == engine.tickets()


@pytest.mark.parametrize(
    ("upset", "error"), [("be_unavailable", Unavailable), ("be_busy", TooManyRequests)]
)
def test_a_busy_acca_is_asked_again(double, engine, upset, error):
    getattr(double, upset)(times=2)
    assert "open" == engine.create(bet()).status
    getattr(double, upset)(retry_after=3)
    engine._connections._caller._patience = IMPATIENT
    with pytest.raises(error) as told:
        engine.create(bet())
    assert 3 == told.value.retry_after


def test_a_plain_refusal_is_none_of_the_documented(double):
    double.refuse(Refused(299, "No"))
    with double.engine() as engine, pytest.raises(Refused) as refused:
        engine.create(bet())
    assert (299, Refused) == (refused.value.code, type(refused.value))
