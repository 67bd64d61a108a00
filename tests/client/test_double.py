"""The double for users' tests tells what Acca tells, in Acca's order, to those who sign well."""

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import httpx2
import pytest
from client.doubles import NOW, bet, requests, signed

from acca.core.chain import START, Linked, extend_chain
from acca.core.ticket import Status, TicketType
from acca.wire import bc_examples, be_examples
from acca.wire.be_answers import parse_timeline
from acca.wire.be_tickets import parse_ticket
from acca_client.engine import Engine
from acca_client.errors import (
    CardNotFound,
    Invalid,
    OperatorNotFound,
    WinOutOfReach,
)
from acca_client.placing import render
from acca_client.signature import Credentials, request_headers, request_headers_v2
from acca_client.testing import AccaDouble
from acca_client.testing.gate import Asked


def keys_of(token):
    """Tell the members of a document in their order, and those of what is inside."""
    if isinstance(token, dict):
        return [(name, keys_of(value)) for name, value in token.items()]
    return keys_of(token[0]) if isinstance(token, list) and token else None


EXAMPLES = {one.name: json.loads(one.body) for one in be_examples.ticket_examples(Status.OPEN)}


@pytest.mark.parametrize("type_", EXAMPLES)
def test_a_ticket_has_the_members_of_accas_in_their_order(double, engine, cards, type_):
    ticket = engine.create(requests(cards)[type_])
    body = double._desk.answer(signed("GET", f"/be/tickets/{ticket.id}")).body
    assert keys_of(EXAMPLES[type_]) == keys_of(json.loads(body))
    assert ticket.id == parse_ticket(body).id
    assert (type_, "open", "pending", "t") == (
        ticket.type, ticket.status, ticket.result, ticket.user_id,
    )  # fmt: skip


@pytest.mark.parametrize("type_", EXAMPLES)
def test_a_card_has_the_members_of_accas_in_their_order(double, type_):
    example = json.loads(bc_examples.card_example(TicketType(type_)).body)
    body = double._desk.answer(Asked("GET", f"/bc/{type_}s?operator=acme", {}, b"")).body
    assert keys_of(example) == keys_of(json.loads(body)[0])


def test_amounts_are_those_of_the_published_sample(cards):
    finance = cards.finance(1000, [Decimal("1.24"), Decimal("2.76")])
    assert ("3.42", 889, 111, 3040, 430, 2610) == (
        str(finance.total_odds), finance.stake_cents, finance.ext_amount_cents,
        finance.gross_payout_cents, finance.wht_amount_cents, finance.net_payout_cents,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (signed("GET", "/be/tickets", key="other"), "signature does not fit the request"),
        (signed("GET", "/be/tickets", at=NOW - 301), "timestamp is 301 s behind; 300 s are"),
        (signed("GET", "/be/tickets", at=NOW + 301), "timestamp is 301 s ahead; 300 s are"),
        (signed("GET", "/be/tickets", at=NOW * 1000), "timestamp is in milliseconds"),
        (signed("GET", "/be/tickets", timestamp="soon"), "timestamp has to be unix seconds"),
        (signed("GET", "/be/tickets", timestamp=""), "timestamp is missing"),
        (signed("GET", "/be/tickets", signature="A" * 64), "signature has to be 64 lower-case"),
        (signed("GET", "/be/tickets", operator_name="site"), "operator-name is not known"),
        (signed("GET", "/be/tickets", signature_version="3"), "signature-version has to be 1 or 2"),
        (signed("GET", "/be/tickets", signature_version="2"), "signature does not fit"),
        (signed("POST", "/feed"), "operator-name is not known"),
    ],
)
def test_what_is_not_genuine_is_refused(double, asked, sentence):
    told = double._desk.answer(asked)
    assert (403, 1) == (told.status, json.loads(told.body)["code"])
    assert sentence in json.loads(told.body)["message"]


@pytest.mark.parametrize("blanks", [b" ", b"\n\t"])
def test_blanks_between_tokens_need_not_be_signed(double, blanks):
    body = render(bet(atag="a b"), "acme")
    headers = request_headers(Credentials("acme", double.key), NOW, body)
    loose = body.replace(b",", b"," + blanks).replace(b":", blanks + b":")
    assert 200 == double._desk.answer(Asked("POST", "/be/tickets", headers, loose)).status


def test_version_2_covers_the_path(double):
    headers = request_headers_v2(Credentials("acme", double.key), NOW, "GET", "/be/tickets")
    assert 200 == double._desk.answer(Asked("GET", "/be/tickets", headers, b"")).status
    assert 403 == double._desk.answer(Asked("GET", "/be/events", headers, b"")).status


def test_the_client_goes_on_with_version_2(double, engine):
    engine.create(bet())
    engine.create(bet())
    versions = [call.headers.get("signature-version") for call in double.calls]
    assert [None, "2"] == versions


def test_tickets_are_listed_by_what_is_asked(engine, cards):
    made = [engine.create(one) for one in requests(cards).values()]
    names = [ticket.id for ticket in reversed(made)]
    assert names == [ticket.id for ticket in engine.tickets()]
    assert names[2:4] == [ticket.id for ticket in engine.tickets(limit=2, before=names[1])]
    assert ["quicktip"] == [
        one.type
        for one in engine.tickets(skip_types=["quickbet", "smartbet", "superbet", "jackpot"])
    ]
    assert () == engine.tickets(status="closed") == engine.tickets(result="won")
    assert () == engine.tickets(user_id="x") == engine.tickets(code_prefix="F")
    created = made[0].created
    assert 5 == len(engine.tickets(created_after=created))
    assert () == engine.tickets(created_before=created)
    with pytest.raises(Invalid):
        engine.tickets(limit=0)
    with pytest.raises(Invalid):
        engine.tickets(skip_types=["tombola"])


def test_cancelled_tickets_are_listed_when_asked_for(double, engine):
    ticket = engine.create(bet())
    double.webhook(ticket, "ticket_discard", reason="no-answer")
    assert () == engine.tickets()
    assert [ticket.id] == [one.id for one in engine.tickets(status="cancelled")]


def test_the_stream_is_chained_as_accas(double, engine):
    first, second = engine.create(bet()), engine.reserve(bet())
    double.settle(first, "lost")
    double.correct(first, "won")
    engine.paid(second.id)
    told = list(engine.each_event())
    linked = [
        Linked(
            bytes.fromhex(one.ticket_id), int(one.delivery_id.rpartition("-")[2]), one.at, one.kind,
            one.status, one.result, one.lane, one.action, one.body and one.body.encode(),
        )
        for one in told
    ]  # fmt: skip
    assert [link.hash.hex() for link in extend_chain(START, linked)] == [one.hash for one in told]
    page = engine.events(after=2, limit=3)
    assert ([3, 4, 5], 5, len(told), told[-1].hash) == (
        [one.number for one in page.events], page.next, page.head_number, page.head_hash,
    )  # fmt: skip


def test_the_timeline_is_one_that_acca_reads(double, engine):
    ticket = engine.create(bet())
    double.settle(ticket, "won")
    body = double._desk.answer(signed("GET", f"/be/tickets/{ticket.id}/timeline")).body
    assert ["ticket_create", None, "ticket_win"] == [one.action for one in parse_timeline(body)]
    assert ["new", "confirm", "settle"] == [one.kind for one in engine.timeline(ticket.code)]


def test_a_quote_is_what_create_answers(engine, cards):
    for request in requests(cards).values():
        quote, ticket = engine.quote(request), engine.create(request)
        assert (quote.type, quote.amounts, quote.odds) == (
            ticket.type, ticket.amounts, ticket.odds,
        )  # fmt: skip


def test_cards_of_others_and_wishes_out_of_reach_are_refused(double, cards):
    with pytest.raises(WinOutOfReach, match="the nearest is"):
        cards.compose("A1B2C3", 100, 10**9, "1.25-4.99")
    with pytest.raises(Invalid):
        cards.compose("A1B2C3", 100, 1000, "low")
    with pytest.raises(CardNotFound):
        cards.quicktip("FFFFFF")
    cards._asking._operator = "other"
    with pytest.raises(OperatorNotFound):
        cards.quicktips()
    assert 405 == double._desk.answer(Asked("POST", "/bc/quicktips/A1B2C1", {}, b"")).status


def test_a_double_is_served_on_loopback():
    with AccaDouble() as double, Engine(double.url, "acme", double.key) as engine:
        assert double.url.startswith("http://127.0.0.1:")
        ticket = engine.create(bet())
        assert ticket == engine.ticket(ticket.id) == double.ticket(ticket.id)
        double.lose_answers()
        assert 2 == len({ticket.id, engine.create(bet()).id})
        assert 2 == len(engine.tickets())
        response = httpx2.get(f"{double.url}/bc/quicktips?operator=acme")
        again = {"if-none-match": response.headers["etag"]}
        unchanged = httpx2.get(f"{double.url}/bc/quicktips?operator=acme", headers=again)
        assert (200, 304) == (response.status_code, unchanged.status_code)


def test_many_at_once_with_one_key_make_one_ticket():
    with AccaDouble() as double, Engine(double.url, "acme", double.key) as engine:
        with ThreadPoolExecutor(8) as threads:
            asked = [threads.submit(engine.create, bet(), idempotency_key="a") for _ in range(16)]
            made = {one.result().id for one in asked}
        assert made == {ticket.id for ticket in engine.tickets()}
        assert 1 == len(made)


async def test_asyncio_reaches_the_same_double(double, engine):
    async with double.async_engine() as there:
        ticket = await there.create(bet())
        double.lose_answers()
        await there.create(bet())
    assert 2 == len(engine.tickets())
    assert ticket == engine.ticket(ticket.id)


def test_a_feed_is_applied(double):
    entries = [{"kind": "alive"}, {"kind": "odds", "event": "m-1", "version": 1, "prices": []}]
    with double.feed() as feed:
        told = [(one.verdict, one.event, one.event_id) for one in feed.send(entries)]
    assert [("applied", None, None), ("applied", "m-1", 1)] == told
