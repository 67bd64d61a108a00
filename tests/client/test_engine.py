import datetime as dt
import itertools
import json
from decimal import Decimal
from urllib.parse import parse_qsl

import httpx2
import pytest

from acca.wire.be_answers import parse_timeline
from acca.wire.be_examples import explanation_example
from acca.wire.be_queries import TicketsQuery
from acca.wire.queries import parse_query
from acca.wire.receipt_example import receipt_example
from acca_client.asking import PAGE_TICKETS
from acca_client.conversation import Means, Patience
from acca_client.engine import AsyncEngine, Engine
from acca_client.errors import OddsChanged, Unavailable, Unreached, Unreadable
from acca_client.placing import Accumulator, Pick, render
from acca_client.signature import sign, sign_v2

URL, KEY, NOW = "https://acca.example", "12345ABCDE", 1_706_090_303
QUICK = Patience(total_seconds=5, pause_seconds=0, retry_after_seconds_max=0)
REQUEST = Accumulator(
    token="t", price_cents=500, currency="USD", source="mobile", picks=[Pick(1, 2, Decimal("6.4"))]
)
BODY = render(REQUEST, "site")
EMPTY_PAGE = {"events": [], "next": 0, "head": {"number": 0, "hash": "0" * 64}}


def means():
    keys, seconds = itertools.count(1), itertools.count(NOW)
    return Means(now=lambda: next(seconds), new_key=lambda: f"drawn-{next(keys)}")


def sync_engine(script):
    return engine_at(URL, script)


def engine_at(url, script):
    return Engine(url, "site", KEY, patience=QUICK, means=means(), transport=script.transport)


def async_engine(script):
    return AsyncEngine(URL, "site", KEY, patience=QUICK, means=means(), transport=script.transport)


def seen(script):
    return [
        (one.method, one.url.raw_path.decode(), sorted(one.headers.items()), one.content)
        for one in script.requests
    ]


CALLS = [
    ("create", (REQUEST,), "POST /be/tickets", "ticket"),
    ("reserve", (REQUEST,), "POST /be/tickets/reserve", "ticket"),
    ("paid", ("CD4BDD",), "POST /be/tickets/CD4BDD/paid", "ticket"),
    ("ticket", ("CD4BDD",), "GET /be/tickets/CD4BDD", "ticket"),
    ("ticket", ("a b/ü%",), "GET /be/tickets/a%20b%2F%C3%BC%25", "ticket"),
    ("tickets", (), "GET /be/tickets?limit=10", "tickets"),
    ("quote", (REQUEST,), "POST /be/tickets/quote", "quote"),
    ("timeline", ("CD4BDD",), "GET /be/tickets/CD4BDD/timeline", "timeline"),
    (
        "explain",
        ("CD4BDD",),
        "GET /be/tickets/CD4BDD/explain?lang=en&audience=player",
        "explanation",
    ),
    ("receipt", ("CD4BDD",), "GET /be/tickets/CD4BDD/receipt", "receipt"),
    ("events", (7,), "GET /be/events?after=7&limit=100", "page"),
]


@pytest.fixture
def answers(documents, told):
    ticket = documents["tickets"]["quicktip"]
    return {
        "ticket": told(200, ticket, signature_versions="1, 2"),
        "tickets": told(200, [ticket]),
        "quote": told(200, documents["quote"]),
        "timeline": told(200, documents["timeline"]),
        "explanation": told(200, json.loads(explanation_example().body)),
        "receipt": told(200, json.loads(receipt_example().body)),
        "page": told(200, EMPTY_PAGE),
    }


@pytest.mark.parametrize(("name", "arguments", "line", "kind"), CALLS)
async def test_sync_and_async_ask_and_answer_alike(script, answers, name, arguments, line, kind):
    refused = (503, {"retry-after": "1"}, b"")
    first, second = script(refused, answers[kind]), script(refused, answers[kind])
    with sync_engine(first) as engine:
        answer = getattr(engine, name)(*arguments)
    async with async_engine(second) as engine:
        assert answer == await getattr(engine, name)(*arguments)
    assert seen(first) == seen(second)
    assert [line] * 2 == [f"{method} {path}" for method, path, _, _ in seen(first)]


@pytest.mark.parametrize(("name", "arguments", "body"), [
    ("create", (REQUEST,), BODY), ("reserve", (REQUEST,), BODY), ("paid", ("CD4BDD",), b""),
])  # fmt: skip
def test_what_changes_something_carries_one_key_through_all_tries(
    script, answers, name, arguments, body
):
    played = script(httpx2.ConnectError("refused"), (503, {}, b""), answers["ticket"])
    with sync_engine(played) as engine:
        getattr(engine, name)(*arguments)
        getattr(engine, name)(*arguments, idempotency_key="mine")
    keys = [one.headers["idempotency-key"] for one in played.requests]
    assert ["drawn-1", "drawn-1", "drawn-1", "mine"] == keys
    assert {body} == {one.content for one in played.requests}
    stamps = [int(one.headers["timestamp"]) for one in played.requests]
    assert [NOW, NOW + 1, NOW + 2, NOW + 3] == stamps
    assert [sign(KEY, stamp, body) for stamp in stamps[:3]] == [
        one.headers["signature"] for one in played.requests[:3]
    ]
    assert played.requests[3].headers["signature-version"] == "2"


def test_the_signed_path_is_the_one_on_the_request_line(script, answers):
    played = script(answers["ticket"])
    with engine_at(f"{URL}/acca.v1/", played) as engine:
        engine.ticket("x")
        engine.ticket("a b/ü%~.-_")
        with pytest.raises(Unreadable):
            engine.tickets(user_id="a b&ü+/?=%20~", status="open")
    for request in played.requests[1:]:
        path = request.url.raw_path.decode()
        expected = sign_v2(KEY, int(request.headers["timestamp"]), "GET", path)
        assert request.headers["signature"] == expected


@pytest.mark.parametrize("identifier", ["", ".", ".."])
def test_an_identifier_that_is_another_path_is_refused(script, answers, identifier):
    with (
        sync_engine(script(answers["ticket"])) as engine,
        pytest.raises(ValueError, match="a ticket is named by"),
    ):
        engine.paid(identifier)


@pytest.mark.parametrize("key", ["", "two words", "ä", "x" * 256, "a\r\nb"])
def test_a_key_that_no_header_can_hold_is_refused(script, answers, key):
    with (
        sync_engine(script(answers["ticket"])) as engine,
        pytest.raises(ValueError, match="an idempotency key has to be"),
    ):
        engine.create(REQUEST, idempotency_key=key)


async def test_a_refusal_is_raised_by_both(script, told):
    no = told(400, {"code": 205, "message": "Ticket odds changed"})
    first, second = script(no), script(no)
    with sync_engine(first) as engine, pytest.raises(OddsChanged):
        engine.create(REQUEST)
    async with async_engine(second) as engine:
        with pytest.raises(OddsChanged):
            await engine.create(REQUEST)
    assert (1, 1) == (len(first.requests), len(second.requests))


def test_a_lost_answer_can_be_asked_for_again(script, answers):
    impatient = Patience(total_seconds=5, pause_seconds=60, pause_seconds_max=60)
    played = script(httpx2.ReadTimeout("slow"), answers["ticket"])
    with Engine(URL, "site", KEY, patience=impatient, transport=played.transport) as engine:
        with pytest.raises(Unreached) as lost:
            engine.create(REQUEST)
        engine.create(REQUEST, idempotency_key=lost.value.idempotency_key)
    first, second = played.requests
    assert first.content == second.content
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert len(first.headers["idempotency-key"]) == 32


def test_being_unavailable_to_the_end_is_told(script):
    played = script((503, {"retry-after": "2"}, b""))
    patience = Patience(total_seconds=0.01, pause_seconds=0, retry_after_seconds_max=0)
    with (
        Engine(URL, "site", KEY, patience=patience, transport=played.transport) as engine,
        pytest.raises(Unavailable) as told,
    ):
        engine.create(REQUEST)
    assert told.value.retry_after == 2


def test_the_filters_reach_the_server(script, answers):
    played = script(answers["tickets"])
    nairobi = dt.timezone(dt.timedelta(hours=3))
    with sync_engine(played) as engine:
        engine.tickets(
            limit=20,
            before="668ef666333180bba97f0c93",
            user_id="p&1",
            skip_types=["superbet", "jackpot"],
            status="resulted",
            result="won",
            created_after=dt.datetime(2024, 7, 17, 3, tzinfo=nairobi),
            created_before=dt.datetime(2024, 7, 18, tzinfo=dt.UTC),
            code_prefix="CD",
        )
    pairs = parse_qsl(played.requests[0].url.query.decode(), strict_parsing=True)
    query = parse_query(TicketsQuery, pairs)
    assert (20, "668ef666333180bba97f0c93", "p&1", "CD") == (
        query.limit,
        query.before,
        query.user_id,
        query.code_prefix,
    )
    assert ["superbet", "jackpot"] == [one.value for one in query.skip_types]
    assert ("resulted", "won") == (query.status.value, query.result.value)
    assert query.created_after == dt.datetime(2024, 7, 17, tzinfo=dt.UTC)
    assert query.created_before == dt.datetime(2024, 7, 18, tzinfo=dt.UTC)


def test_a_time_without_a_zone_is_refused(script, answers):
    with (
        sync_engine(script(answers["tickets"])) as engine,
        pytest.raises(ValueError, match="a time has to know its zone"),
    ):
        engine.tickets(created_after=dt.datetime(2024, 7, 17))  # noqa: DTZ001


async def test_all_tickets_are_gone_through_page_by_page(script, documents, told):
    ticket = documents["tickets"]["quicktip"]
    full = [{**ticket, "id": f"{number:024x}"} for number in range(PAGE_TICKETS)]
    pages = (told(200, full), told(200, [{**ticket, "id": "last"}]))
    first, second = script(*pages), script(*pages)
    with sync_engine(first) as engine:
        ids = [one.id for one in engine.each_ticket(result="won")]
    async with async_engine(second) as engine:
        assert ids == [one.id async for one in engine.each_ticket(result="won")]
    assert [*(one["id"] for one in full), "last"] == ids
    asked = [f"limit={PAGE_TICKETS}&result=won", f"limit={PAGE_TICKETS}&result=won&before="]
    asked[1] += full[-1]["id"]
    assert asked == [one.url.query.decode() for one in first.requests]
    assert seen(first) == seen(second)


def stream_page(*numbers, following):
    event = {
        "hash": "0f" * 32,
        "at": "2024-07-17T17:00:00.000000",
        "operator_time_at": "2024-07-17T20:00:00.000000",
        "ticket_id": "668ef666333180bba97f0c93",
        "delivery_id": "668ef666333180bba97f0c93-2",
        "kind": "settle",
        "status": "resulted",
        "result": "won",
        "lane": "pam",
        "action": "ticket_win",
        "body": "{}",
    }
    events = [{"number": number, **event} for number in numbers]
    return {"events": events, "next": following, "head": {"number": 3, "hash": "1e" * 32}}


async def test_all_deliveries_are_gone_through_page_by_page(script, told):
    pages = [stream_page(1, 2, following=2), stream_page(3, following=3), EMPTY_PAGE]
    first, second = (script(*(told(200, page) for page in pages)) for _ in range(2))
    with sync_engine(first) as engine:
        numbers = [one.number for one in engine.each_event()]
    async with async_engine(second) as engine:
        assert numbers == [one.number async for one in engine.each_event()]
    assert [1, 2, 3] == numbers
    asked = [f"after={after}&limit=1000" for after in (0, 2, 3)]
    assert asked == [one.url.query.decode() for one in first.requests]


def test_a_stream_that_stands_still_does_not_hang(script, told):
    played = script(told(200, stream_page(1, following=0)))
    with sync_engine(played) as engine, pytest.raises(Unreadable):
        list(engine.each_event())


def test_the_timeline_of_these_tests_is_one_of_the_server(documents):
    assert len(parse_timeline(json.dumps(documents["timeline"]).encode())) == 1
