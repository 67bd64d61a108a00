"""Whatever is sent to `/be` is answered with its defect, never a 500, and leaves no row."""

import datetime as dt
import itertools
import json
import time

import pytest
from api.asking import JSON, ask
from api.test_be import CREDENTIALS, body_of, real_means, signed
from catalogue_seen import add_provider
from feed_entries import suspension_told
from placing_made import open_shop
from tickets_made import add_events

from acca.core.keys import Holder, Secret
from acca.core.setting import Asked
from acca.engine import open_engine
from acca.flows.add_card import add_card
from acca.flows.apply_feed import apply_entries
from acca.flows.limit_operator import AskedLimits, limit_operator
from acca.flows.move_card import close, publish
from acca.flows.rotate_key import add_key, retire_key
from acca.store.results import Source
from acca.wire.card_files import parse_card_file
from acca_client.signature import Credentials, request_headers, sign
from acca_sandbox.wallet.faults import Fault

NEVER_WRITTEN = "SELECT (SELECT count(*) FROM ticket) + (SELECT count(*) FROM request_claim)"
LIMITS = {"price_cents_min": "100", "payout_cents_max": "5000", "legs_max": "6"}


@pytest.fixture
async def provider(database):
    return await add_provider(database, "feeder")


@pytest.fixture
async def events(database, provider):
    return await add_events(database, provider, 6)


@pytest.fixture
async def shop(database):
    async with open_shop(database, features="paid", ticket_types="quickbet,jackpot") as opened:
        asked = [Asked(name, value) for name, value in LIMITS.items()]
        await limit_operator(database, "site", AskedLimits(asked), "test")
        yield opened


@pytest.fixture
async def port(database, shop, serve, logged):
    """Return the port of an engine that has to write nothing and to fail nowhere."""
    async with open_engine(database, real_means(logged)) as engine, serve(engine) as opened:
        yield opened
    assert [] == [line for line in logged if line["level"] == "error"]
    async with database.reader() as reader:
        assert 0 == await reader.value(NEVER_WRITTEN)
    assert 0 == shop.wallet.wallet.calls["ticket_create"]


async def post(port, body, headers=None, path="/be/tickets"):
    return await ask(port, "POST", path, signed(body) if headers is None else headers, body)


def words_of(answer):
    assert 422 == answer.status, answer.body
    for defect in answer.json["detail"]:
        assert ["loc", "msg", "type"] == list(defect)
    return {(*defect["loc"], defect["type"]) for defect in answer.json["detail"]}


def told(port, shop, events, old, new):
    body = body_of(shop, events[:1])
    assert body.count(old) == 1
    return post(port, body.replace(old, new))


# ---- bodies


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "json"),
        (b" ", "json"),
        (b"{", "json"),
        (b"[]", "object"),
        (b"null", "object"),
        (b'"x"', "object"),
        (b"5000", "object"),
        (b"{}", "missing"),
        (b"[" * 30_000, "json"),
        (b"[" * 30_000 + b"]" * 30_000, "json"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "json"),
        (b'{"operator":"\xff"}', "encoding"),
        (b'{"operator":"\xed\xa0\x80"}', "encoding"),
        (b'\xef\xbb\xbf{"operator":"site"}', "json"),
        (b'{"price":NaN}', "json"),
        (b"{'operator':1}", "json"),
        (b'{"operator":"site"}{}', "json"),
    ],
    ids=lambda value: repr(value[:24]) if isinstance(value, bytes) else value,
)
async def test_a_body_that_is_no_request_says_so(port, body, word):
    assert word in {each[-1] for each in words_of(await post(port, body))}


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        (b'"price":1000', b'"price":1000,"price":1000', "duplicate"),
        (b'"bet":1', b'"bet":1,"bet":1', "duplicate"),
        (b'"price":1000', b'"price":1000,"pr\\u0069ce":1000', "duplicate"),
        (b'"price":1000', b'"price":1000,"a b":1', "name"),
        (b'"price":1000', b'"price ":1000', "name"),
        (b'"price":1000', b'"price":1000,"a\\tb":1', "name"),
        (b'"price":1000', b'"price":"1000"', "integer"),
        (b'"price":1000', b'"price":1000.5', "integer"),
        (b'"price":1000', b'"price":true', "integer"),
        (b'"price":1000', b'"price":0', "integer"),
        (b'"price":1000', b'"price":-1', "integer"),
        (b'"price":1000', b'"price":' + b"9" * 20, "integer"),
        (b'"price":1000', b'"price":' + b"9" * 5_000, "integer"),
        (b'"price":1000', b'"price":1e400', "integer"),
        (b'"price":1000', b'"price":1e999999999', "integer"),
        (b'"price":1000', b'"price":1000,"stake":999', "price"),
        (b'"odds":1.5', b'"odds":1.505', "odds"),
        (b'"odds":1.5', b'"odds":"1.5"', "odds"),
        (b'"odds":1.5', b'"odds":0.99', "odds"),
        (b'"bet":1', b'"bet":0', "integer"),
        (b'"bet":1', b'"bet":2147483648', "integer"),
        (b'"odds_diff":0', b'"odds_diff":-0.001', "number"),
        (b'"odds_diff":0', b'"odds_diff":"0"', "number"),
        (b'"odds_diff":0', b'"odds_diff":1e99999', "number"),
        (b'"currency":"KES"', b'"currency":"kes"', "currency"),
        (b'"currency":"KES"', b'"currency":"KE\\u0000"', "currency"),
        (b'"source":"mobile"', b'"source":"fax"', "word"),
        (b'"psp":null', b'"psp":{}', "string"),
        (b'"psp":null', b'"psp":"a\\u0000b"', "string"),
        (b'"psp":null', b'"psp":"\\ud800"', "string"),
        (b'"atag":null', b'"atag":"' + b"a" * 300 + b'"', "string"),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else value,
)
async def test_a_member_that_is_wrong_is_named(port, shop, events, old, new, word):
    assert word in {each[-1] for each in words_of(await told(port, shop, events, old, new))}


async def test_every_defect_is_told_at_once(port, shop, events):
    body = body_of(shop, events, price="x", source="fax", currency=None, events=[{"id": 1}])
    places = {each[:-1] for each in words_of(await post(port, body))}
    wanted = {("price",), ("source",), ("currency",), ("events", 0, "bet"), ("events", 0, "odds")}
    assert {("body", *place) for place in wanted} == places


@pytest.mark.parametrize("size", [64 * 1024 + 1, 1024 * 1024, 10 * 1024 * 1024])
async def test_a_body_or_a_token_that_is_too_long_is_413(port, shop, events, size):
    for body in (b" " * size, body_of(shop, events, token="t" * size)):
        answer = await post(port, body)
        assert (413, 413) == (answer.status, answer.json["code"])


async def test_ten_thousand_events_are_too_many(port, shop):
    body = body_of(shop, range(1, 10_001))
    assert 413 == (await post(port, body)).status
    assert ("body", "events", "list") in words_of(await post(port, body_of(shop, range(1, 1001))))


async def test_a_token_of_five_thousand_letters_is_too_long(port, shop, events):
    body = body_of(shop, events, token="t" * 5_000)
    assert {("body", "token", "string")} == words_of(await post(port, body))


@pytest.mark.parametrize("value", [None, "", "text/plain", "application/jsonp", "json"])
async def test_a_body_is_told_to_be_json(port, shop, events, value):
    body = body_of(shop, events)
    headers = [*request_headers(CREDENTIALS, int(time.time()), body).items()]
    if value is not None:
        headers.append(("content-type", value))
    assert {("header", "content-type", "media")} == words_of(await post(port, body, headers))


# ---- headers and keys


@pytest.mark.parametrize(
    "key",
    ["", "k" * 256, "a b", "schl\u00fcssel", "k" * 8_000],
    ids=["empty", "long", "blank", "umlaut", "longer"],
)
async def test_an_idempotency_key_that_is_wrong_is_named(port, shop, events, key):
    body = body_of(shop, events)
    headers = [*signed(body), ("idempotency-key", key)]
    assert {("header", "idempotency-key", "key")} == words_of(await post(port, body, headers))


async def test_an_idempotency_key_given_twice_is_wrong(port, shop, events):
    body = body_of(shop, events)
    headers = [*signed(body), ("idempotency-key", "k"), ("idempotency-key", "k")]
    assert {("header", "idempotency-key", "key")} == words_of(await post(port, body, headers))


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("timestamp", None, "timestamp is missing"),
        ("timestamp", "1.5", "timestamp has to be unix seconds in decimal digits"),
        ("timestamp", "9" * 400, None),
        ("operator-name", None, "operator-name is missing"),
        ("operator-name", "nobody", "operator-name is not known"),
        ("operator-name", "site\u00e9", "operator-name is not known"),
        ("operator-name", "n" * 20_000, "operator-name is not known"),
        ("signature", None, "signature is missing"),
        ("signature", "0" * 64, "signature does not fit the request"),
        ("signature", "0" * 20_000, "signature has to be 64 lower-case hex digits"),
    ],
)
async def test_a_header_that_is_wrong_is_a_403(port, shop, events, name, value, sentence):
    body = body_of(shop, events)
    headers = [
        (key, value if key == name else its)
        for key, its in signed(body)
        if key != name or value is not None
    ]
    answer = await post(port, body, headers)
    assert (403, 1) == (answer.status, answer.json["code"])
    assert sentence in {None, answer.json["message"]}


@pytest.mark.parametrize("name", ["timestamp", "operator-name", "signature"])
async def test_a_signing_header_given_twice_is_a_403(port, shop, events, name):
    body = body_of(shop, events)
    headers = signed(body)
    answer = await post(port, body, [*headers, (name, dict(headers)[name])])
    assert f"{name} is given more than once" == answer.json["message"]


async def test_a_key_that_is_retired_signs_nothing(port, database, shop, events):
    new = Secret("7" * 64)
    await add_key(database, Holder.OPERATOR, "site", new, "test")
    await retire_key(database, Holder.OPERATOR, "site", 1, dt.timedelta(), "test")
    body = body_of(shop, events)
    answer = await post(port, body)
    assert (403, 1) == (answer.status, answer.json["code"])
    at = int(time.time())
    assert 200 == (await ask(port, "GET", "/be/tickets", signed_by(new.text, at))).status


def signed_by(secret, at):
    return [*request_headers(Credentials("site", secret), at, b"").items()]


# ---- paths


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/be", 404),
        ("GET", "/be/", 404),
        ("POST", "/be/ticket", 404),
        ("GET", "/be/tickets/a/b", 404),
        ("GET", "/be/tickets/%00/x", 404),
        ("GET", "/be/../etc/passwd", 404),
        ("PUT", "/be/tickets", 405),
        ("DELETE", "/be/tickets/E36E20", 405),
        ("GET", "/be/tickets/E36E20/paid", 405),
        ("POST", "/be/events", 405),
    ],
)
async def test_what_leads_nowhere_is_told_in_the_usual_form(port, method, path, status):
    answer = await ask(port, method, path, signed(b""))
    assert (status, ["code", "message"]) == (answer.status, list(answer.json))
    assert status == answer.json["code"]


@pytest.mark.parametrize("name", ["x" * 5_000, "%00", "%ff", "%F0%9F%8E%B2", "..", "a%2Fb", "%20"])
async def test_an_identifier_of_any_letters_is_not_found(port, name):
    for method, path in (("GET", ""), ("POST", "/paid"), ("GET", "/timeline"), ("GET", "/explain")):
        answer = await ask(port, method, f"/be/tickets/{name}{path}", signed(b""))
        assert answer.status in {400, 404}
        assert answer.json["code"] in {102, 404}


@pytest.mark.parametrize(
    "query",
    [
        "limit=10001",
        "limit=1&limit=2",
        "limit=%00",
        "status=%ff",
        "created_after=0",
        "code_prefix=%00",
        "user_id=%00",
    ],
)
async def test_a_parameter_that_is_wrong_is_a_422(port, query):
    words = words_of(await ask(port, "GET", f"/be/tickets?{query}", signed(b"")))
    assert {query.partition("=")[0]} == {each[1] for each in words}


# ---- which of several refusals answers


def picks(events, bet=1, odds=1.5):
    return [{"id": event, "bet": bet, "odds": odds} for event in events]


class Wrong:
    """A way to be wrong: what it changes of a request, and the code that answers it."""

    def __init__(self, code, *more, path=None, secret=None, **members):
        self.code, self.more, self.path, self.secret = code, list(more), path, secret
        self.members = members

    def fits(self, other):
        return not self.members.keys() & other.members.keys()


def stages(events, closed, other_card):
    """List what can be wrong, a stage each, in the order in which stages answer (spec 1)."""
    _, stopped, suspended, dear, bare, long = events
    return [
        [Wrong(1, secret="f" * 64)],
        [Wrong(2, operator="rival")],
        [Wrong(422, atag=7), Wrong(422, stake=999)],
        [Wrong(100, path="/be/tickets/reserve")],
        [Wrong(222, type="smartbet")],
        [Wrong(213, betcard_code="FFFFFF"), Wrong(214, betcard_code=closed)],
        [Wrong(223, betcard_code=other_card)],
        [Wrong(211, *picks([events[0]]))],
        [Wrong(212, *picks(range(10**6, 10**6 + 7)), currency="KES")],
        [Wrong(203, *picks([10**9])), Wrong(204, *picks([bare], 111))],
        [Wrong(209, *picks([stopped])), Wrong(210, *picks([suspended]))],
        [Wrong(205, *picks([dear], 1, 1.6))],
        [Wrong(207, currency="NGN")],
        [Wrong(208, price=99)],
        [Wrong(219, *picks([long], 3, 7))],
        [Wrong(101, token="nobody")],
    ]


async def answer_to(port, shop, events, *wrongs):
    """Send a request that is wrong in some ways; tell the code that answers."""
    members = {name: value for one in wrongs for name, value in one.members.items()}
    picked = [*picks(events[:1]), *(pick for one in wrongs for pick in one.more)]
    body = body_of(shop, [], **{**members, "events": picked})
    path = next((one.path for one in wrongs if one.path), "/be/tickets")
    headers = dict(signed(body))
    for one in wrongs:
        if one.secret:
            headers["signature"] = sign(one.secret, int(headers["timestamp"]), body)
    answer = await post(port, body, [*headers.items(), JSON][:-1], path)
    return 422 if answer.status == 422 else answer.json["code"]


@pytest.fixture
async def ways(database, provider, port, events):
    """Return the stages, in a catalogue where each of them can go wrong."""
    assert port
    codes = ["AAAAAA", "BBBBBB"]
    for code in codes:
        offered = [{"event": events[4], "bets": [1, 2]}]
        head = {"type": "quickbet", "title": "x", "currency": "KES", "prices": [1000]}
        file = {**head, "min_events": 1, "max_events": 1, "events": offered}
        parsed = parse_card_file(json.dumps(file).encode())
        await add_card(database, "site", parsed, lambda code=code: code, "test")
        await publish(database, "site", code, "test")
    await close(database, "site", codes[0], "test")
    told_of = [suspension_told(9, event="x1"), suspension_told(9, event="x2", bet=1)]
    await apply_entries(database, provider, told_of, Source.FEED)
    return stages(events, *codes)


async def test_of_any_two_wrongs_the_earlier_stage_answers(port, shop, events, ways):
    shop.wallet.faults.set([Fault(kind="decline", action="ticket_create")], 1)
    wrong = {}
    for stage in ways:
        for one in stage:
            if (code := await answer_to(port, shop, events, one)) != one.code:
                wrong[one.code] = code
    for earlier, later in itertools.combinations(ways, 2):
        for first, second in itertools.product(earlier, later):
            if first.fits(second):
                code = await answer_to(port, shop, events, second, first)
                if code != first.code:
                    wrong[first.code, second.code] = code
    assert {} == wrong


@pytest.mark.parametrize("stage", [9, 10], ids=["unknown", "closed"])
async def test_in_one_stage_the_requests_order_answers(port, shop, events, ways, stage):
    first, second = ways[stage]
    assert first.code == await answer_to(port, shop, events, first, second)
    assert second.code == await answer_to(port, shop, events, second, first)
