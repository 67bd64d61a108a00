"""The Bet Engine API as an operator sees it: through the client, and by hand."""

import asyncio
import json
import time
from decimal import Decimal
from secrets import token_bytes

import pytest
from api.asking import ask
from api.engines import make_log
from catalogue_seen import add_provider
from feed_entries import suspension_told
from placing_made import SECRET, open_shop
from tickets_made import add_events, add_operator

from acca.engine import Means, open_engine
from acca.flows.apply_feed import apply_entries
from acca.flows.number_stream import number_stream
from acca.store.results import Source
from acca_client.engine import AsyncEngine
from acca_client.errors import (
    EventClosed,
    Invalid,
    PayoutTooHigh,
    TicketDeclined,
    TicketNotFound,
    TicketNotReserved,
)
from acca_client.placing import Accumulator, Pick
from acca_client.signature import Credentials, request_headers
from acca_sandbox.wallet.faults import Fault

# fmt: off
KEYS = [
    "id", "code", "psp", "price", "stake", "currency", "gross_payout", "net_payout", "wht_amount",
    "wht", "ext_amount", "ext", "ext_type", "status", "result", "approved", "source", "type",
    "atag", "rtag", "aff_instant_comm_amt", "aff_instant_comm_pct", "user_id", "created",
    "operator_time_created", "updated", "operator_time_updated", "events", "odds", "betcard_code",
    "settled_odds",
]
EVENT_KEYS = [
    "id", "starts", "operator_time_starts", "sport", "category", "league", "home_team",
    "away_team", "market", "bet", "line", "bet_id", "odds", "result", "score",
]
# fmt: on
CREDENTIALS = Credentials("site", SECRET)


@pytest.fixture
async def provider(database):
    return await add_provider(database, "feeder")


@pytest.fixture
async def events(database, provider):
    return await add_events(database, provider)


@pytest.fixture
async def shop(database):
    async with open_shop(database, time_zone="Africa/Nairobi") as opened:
        yield opened


def real_means(logged):
    """Make what a process is given, with the true clock: signatures of today are verified."""
    log = make_log(logged)
    return Means(lambda: int(time.time()), time.monotonic, token_bytes, log, allow_private=True)


@pytest.fixture
async def port(database, shop, serve, logged):
    assert shop
    means = real_means(logged)
    async with open_engine(database, means) as engine, serve(engine) as opened:
        yield opened


@pytest.fixture
async def client(port):
    async with AsyncEngine(f"http://127.0.0.1:{port}", "site", SECRET) as opened:
        yield opened


def bet(shop, events, **changes):
    picks = [Pick(event, 1, Decimal("1.5")) for event in events]
    wish = {"type": "quickbet", "price_cents": 1000, "currency": "KES", "source": "mobile"}
    return Accumulator(token=shop.token(), picks=picks, **{**wish, **changes})


def signed(body):
    headers = request_headers(CREDENTIALS, int(time.time()), body)
    return [*headers.items(), ("content-type", "application/json")]


def body_of(shop, picked, /, **changes):
    wish = {
        "operator": "site",
        "token": shop.token(),
        "psp": None,
        "price": 1000,
        "currency": "KES",
        "atag": None,
        "rtag": None,
        "source": "mobile",
        "type": "quickbet",
        "odds_diff": 0,
        "events": [{"id": event, "bet": 1, "odds": 1.5} for event in picked],
    }
    return json.dumps({**wish, **changes}, separators=(",", ":")).encode()


async def test_a_ticket_is_created_shown_and_listed(client, shop, events):
    ticket = await client.create(bet(shop, events))
    assert ("open", "pending", 1000, Decimal("2.25")) == (
        ticket.status,
        ticket.result,
        ticket.amounts.price_cents,
        ticket.odds,
    )
    assert ticket == await client.ticket(ticket.id)
    assert ticket == await client.ticket(ticket.code.lower())
    assert (ticket,) == await client.tickets()
    assert () == await client.tickets(status="resulted")
    assert 1000 == shop.wallet.ledger.tickets[ticket.id].taken_cents


async def test_the_answer_has_the_documented_members_in_their_order(port, shop, events):
    body = body_of(shop, events)
    answer = await ask(port, "POST", "/be/tickets", signed(body), body)
    assert 200 == answer.status
    assert KEYS == list(answer.json)
    assert EVENT_KEYS == list(answer.json["events"][0])
    assert "+0000" not in answer.json["created"]
    assert answer.json["created"] != answer.json["operator_time_created"]
    assert "1, 2" == answer.headers["signature-versions"]


async def test_a_reservation_is_paid_once(client, shop, events):
    reserved = await client.reserve(bet(shop, events))
    assert "reserved" == reserved.status
    assert "open" == (await client.paid(reserved.code)).status
    with pytest.raises(TicketNotReserved):
        await client.paid(reserved.code)


async def test_paid_with_a_body_does_nothing(port, client, shop, events):
    reserved = await client.reserve(bet(shop, events))
    body = b'{"id":1}'
    path = f"/be/tickets/{reserved.id}/paid"
    answer = await ask(port, "POST", path, signed(body), body)
    assert 422 == answer.status
    assert "reserved" == (await client.ticket(reserved.id)).status


async def test_older_paths_answer_alike(port, client, shop, events):
    reserved = await client.reserve(bet(shop, events))
    shown = await ask(port, "GET", f"/tickets/{reserved.id}", signed(b""))
    assert reserved.id == shown.json["id"]
    assert 1 == len((await ask(port, "GET", "/tickets?limit=5", signed(b""))).json)
    paid = await ask(port, "POST", f"/tickets/{reserved.id}/paid", signed(b""))
    assert "open" == paid.json["status"]


async def test_what_is_refused_says_why_with_the_documented_code(
    client, database, provider, shop, events
):
    with pytest.raises(PayoutTooHigh):
        await client.create(bet(shop, events, price_cents=999_999_999_999_999))
    await apply_entries(database, provider, [suspension_told(9, event="x0")], Source.FEED)
    with pytest.raises(EventClosed):
        await client.create(bet(shop, events))
    shop.wallet.faults.set([Fault(kind="decline", action="ticket_create", message="Full")], 1)
    with pytest.raises(TicketDeclined, match="Full"):
        await client.create(bet(shop, events[1:]))


async def test_another_operators_ticket_is_not_found(client, database, shop, events, port):
    ticket = await client.create(bet(shop, events))
    await add_operator(database, "rival")
    async with database.reader() as reader:
        secret = await reader.value(
            "SELECT secret FROM operator_key JOIN operator ON operator.id = operator"
            " WHERE operator.name = 'rival'"
        )
    async with AsyncEngine(f"http://127.0.0.1:{port}", "rival", secret) as rival:
        with pytest.raises(TicketNotFound):
            await rival.ticket(ticket.id)
        assert () == await rival.tickets()


async def test_a_body_of_another_operator_is_not_allowed(port, shop, events):
    body = body_of(shop, events, operator="rival")
    answer = await ask(port, "POST", "/be/tickets", signed(body), body)
    assert (403, 2) == (answer.status, answer.json["code"])


async def test_a_caught_request_is_the_same_request(port, shop, events):
    body = body_of(shop, events)
    headers = signed(body)
    first = await ask(port, "POST", "/be/tickets", headers, body)
    again = await ask(port, "POST", "/be/tickets", headers, body)
    blank = await ask(port, "POST", "/be/tickets", headers, body.replace(b",", b", "))
    assert first.body == again.body == blank.body
    assert (None, "true") == (
        first.headers.get("idempotent-replay"),
        again.headers["idempotent-replay"],
    )


async def test_a_key_for_another_body_is_a_conflict(port, shop, events):
    first, other = body_of(shop, events), body_of(shop, events, price=2000)
    key = ("idempotency-key", "k-1")
    assert 200 == (await ask(port, "POST", "/be/tickets", [*signed(first), key], first)).status
    answer = await ask(port, "POST", "/be/tickets", [*signed(other), key], other)
    assert (409, 226) == (answer.status, answer.json["code"])


async def test_a_hundred_same_requests_have_a_hundred_same_answers(port, shop, events):
    body = body_of(shop, events)
    headers = signed(body)
    answers = await asyncio.gather(
        *(ask(port, "POST", "/be/tickets", headers, body) for _ in range(100))
    )
    assert {200} == {answer.status for answer in answers}
    assert 1 == len({answer.body for answer in answers})
    assert 1 == len(shop.wallet.ledger.tickets)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"price": "1000"}, ["price"]),
        ({"price": None}, ["price"]),
        ({"stake": 999}, ["body", "price"]),
        ({"events": []}, ["events"]),
        ({"type": "lotto"}, ["type"]),
        ({"odds_diff": -1}, ["odds_diff"]),
        ({"price": 10**30}, ["price"]),
    ],
    ids=str,
)
async def test_a_defect_is_named_with_its_place(port, shop, events, changes, place):
    body = body_of(shop, events, **changes)
    answer = await ask(port, "POST", "/be/tickets", signed(body), body)
    assert 422 == answer.status
    assert place == answer.json["detail"][0]["loc"][-len(place) :]


async def test_a_quote_names_the_largest_price(client, shop, events):
    quote = await client.quote(bet(shop, events))
    assert (2250, 444_444_444_444_444) == (
        quote.amounts.gross_payout_cents,
        quote.max_price_cents,
    )
    assert () == await client.tickets(status="new")


async def test_the_timeline_tells_what_was_sent_and_answered(client, shop, events):
    ticket = await client.create(bet(shop, events))
    created, confirmed = await client.timeline(ticket.id)
    assert ("new", "ticket_create", "accepted") == (
        created.kind,
        created.action,
        created.attempts[0].verdict,
    )
    assert ("confirm", "open", None) == (confirmed.kind, confirmed.status, confirmed.action)


async def test_the_stream_holds_every_entry(client, database, shop, events):
    ticket = await client.create(bet(shop, events))
    await number_stream(database)
    page = await client.events()
    assert [f"{ticket.id}-1", f"{ticket.id}-2"] == [one.delivery_id for one in page.events]
    assert (2, page.events[-1].hash) == (page.head_number, page.head_hash)


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "skip_types=lotto", "before=zz"], ids=str)
async def test_a_wrong_parameter_is_a_422(port, shop, query):
    assert shop
    answer = await ask(port, "GET", f"/be/tickets?{query}", signed(b""))
    assert 422 == answer.status


async def test_more_requests_than_allowed_are_told_to_wait(database, serve, logged):
    means = real_means(logged)
    async with (
        open_shop(database, requests_per_second_max="2"),
        open_engine(database, means) as engine,
        serve(engine) as port,
    ):
        answers = await asyncio.gather(
            *(ask(port, "GET", "/be/tickets", signed(b"")) for _ in range(10))
        )
    assert {200, 429} == {answer.status for answer in answers}
    (waits,) = {one.headers["retry-after"] for one in answers if one.status == 429}
    assert "1" == waits


async def test_an_invalid_answer_of_the_client_is_not_possible(client, shop, events):
    with pytest.raises(Invalid):
        await client.create(bet(shop, events, currency="XXY"))
