"""The document of `/be` against a real engine: what it tells is sent, and what it rules out."""

import contextlib
import copy
import datetime as dt
import json
import socket
import time
from functools import partial
from secrets import token_bytes
from typing import NamedTuple

import pytest
import requests
import schemathesis
from api.engines import make_log
from api.threads import in_thread
from catalogue_seen import add_provider
from hypothesis import strategies as st
from placing_made import SECRET, open_shop
from requests.auth import AuthBase
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from tickets_made import ODDS, add_events

from acca.api.app import build_app
from acca.api.measures import Measures
from acca.api.serving import serve_api
from acca.engine import Means, open_engine
from acca.store.connection import open_database
from acca.wire.be_examples import place_examples
from acca.wire.be_openapi import be_service
from acca.wire.openapi import render_document
from acca_client.signature import Credentials, request_headers

SEED = 20_260_501
EXAMPLES = 15
PLACING = ["/be/tickets", "/be/tickets/reserve", "/be/tickets/quote"]
EVENTS = [1, 2, 3]
METHODS = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE", "QUERY"]
CREDENTIALS = Credentials("site", SECRET)
DOCUMENT = json.loads(render_document(be_service("1.2.3")))
# Filters take any spelling of ISO 8601 within these years; RFC 3339 knows years that they do not.
YEARS = [dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (1900, 2999)]
schemathesis.openapi.format(
    "date-time",
    st.integers(0, (YEARS[1] - YEARS[0]).days).map(
        lambda days: (YEARS[0] + dt.timedelta(days)).isoformat()
    ),
)


class Site(NamedTuple):
    url: str
    token: str
    events: list
    logged: list


def configured(**generation):
    """Make a configuration: no phase is left out, and neither is any check.

    What fits the schema is never 422. What breaks it is never judged by the rules (400): that would
    mean that the parser takes more than the schema says.
    """
    strict = {
        "positive_data_acceptance": {"expected-statuses": [200, 400, 403, 404, 409]},
        "negative_data_rejection": {"expected-statuses": [403, 404, 405, 413, 422]},
    }
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "checks": strict,
            "phases": {"coverage": {"unexpected-methods": METHODS}},
            "generation": {
                "max-examples": EXAMPLES,
                "deterministic": True,
                "allow-x00": False,  # refused in any string, as the document says in words
                **generation,
            },
        }
    )


def owned(document):
    """Let requests speak of the operator that signs: others are refused before they are judged."""
    document = copy.deepcopy(document)
    for form in ("PlaceAccumulator", "PlaceSuperbet", "PlaceJackpot"):
        schema = document["components"]["schemas"][form]
        schema["properties"]["operator"] = {"const": "site"}
        # Whether a price and a stake fit is the tax profile's business: one of them is told.
        del schema["properties"]["stake"], schema["anyOf"]
        schema["required"] = [*schema["required"], "price"]
        schema["properties"]["price"] = {"type": "integer", "minimum": 1, "maximum": 10**15 - 1}
    return document


class Signing(AuthBase):
    """The signature of the bytes that are sent; what a case breaks in the headers stays broken."""

    def __init__(self, case):
        self._case = case

    def __call__(self, request):
        meta = self._case.meta
        if meta is not None and meta.is_negative_at(ParameterLocation.HEADER):
            return request
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        request.headers.update(request_headers(CREDENTIALS, int(time.time()), body))
        request.headers.pop("signature-version", None)
        return request


async def serve_site(postgres_servers, ready, stopping):
    """Serve a site with open events and a wallet, until told to stop."""
    logged = []
    log = make_log(logged)
    means = Means(lambda: int(time.time()), time.monotonic, token_bytes, log, allow_private=True)
    async with contextlib.AsyncExitStack() as stack:
        enter = stack.enter_async_context
        url = await enter(postgres_servers.migrated_copy(18, sandbox=False))
        database = await enter(open_database(url))
        shop = await enter(open_shop(database, requests_per_second_max="1000000"))
        events = await add_events(database, await add_provider(database, "feeder"), 3)
        engine = await enter(open_engine(database, means))
        door = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        told = Site(
            f"http://127.0.0.1:{door.getsockname()[1]}",
            shop.token(single_use=False),
            events,
            logged,
        )
        app = build_app(engine, Measures())
        await serve_api(app, door, stopping, lambda: ready.set_result(told))


@pytest.fixture(scope="module")
def site(postgres_servers):
    with in_thread(partial(serve_site, postgres_servers)) as served:
        yield served


SCHEMA = schemathesis.openapi.from_dict(owned(DOCUMENT), config=configured())


@SCHEMA.parametrize()
def test_the_engine_answers_as_its_document_says(case, site):
    site.logged.clear()
    case.call_and_validate(base_url=site.url, auth=Signing(case), timeout=30)
    assert [] == [line for line in site.logged if line["level"] == "error"]


# ---- tickets that are placed


def sold(document):
    """Narrow the requests to those that the engine can take: real events, and their odds."""
    document = owned(document)
    form = document["components"]["schemas"]["PlaceAccumulator"]
    picks = [
        [{"id": event, "bet": bet, "odds": odds / 100} for event in EVENTS]
        for bet, odds in ODDS.items()
    ]
    form["properties"] |= {
        "currency": {"const": "KES"},
        "price": {"type": "integer", "minimum": 1000, "maximum": 100_000},
        "events": {"enum": [one[:count] for one in picks for count in (1, 2, 3)]},
        "betcard_code": {"type": "null"},
        "type": {"const": "quickbet"},
        "msisdn": {"type": "null"},
    }
    document["components"]["schemas"]["PlaceRequest"] = form
    for path in PLACING:
        content = document["paths"][path]["post"]["requestBody"]["content"]
        del content["application/json"]["examples"]
    return document


SOLD = schemathesis.openapi.from_dict(
    sold(DOCUMENT), config=configured(mode="positive", **{"max-examples": 10})
).include(path=PLACING, method="POST")


@SOLD.parametrize()
def test_what_is_placed_looks_as_the_document_says(case, site):
    assert EVENTS == site.events
    case.body["token"] = site.token
    _ = case.headers.pop("idempotency-key", None)  # the same one again would be a conflict
    answer = case.call_and_validate(base_url=site.url, auth=Signing(case), timeout=30)
    assert 200 == answer.status_code, answer.text


def test_what_was_placed_is_read_as_the_document_says(site):
    schema = schemathesis.openapi.from_dict(DOCUMENT, config=configured())

    def ask(method, path, **parts):
        case = schema[path][method].Case(**parts)
        return case.call_and_validate(base_url=site.url, auth=Signing(case), timeout=30).json()

    picked = [{"id": event, "bet": 1, "odds": ODDS[1] / 100} for event in EVENTS]
    body = quickbet(events=picked, token=site.token)
    reserved = ask("POST", "/be/tickets/reserve", body=body, media_type="application/json")
    named = {"identifier": reserved["code"]}
    assert "open" == ask("POST", "/be/tickets/{identifier}/paid", path_parameters=named)["status"]
    assert reserved["id"] == ask("GET", "/be/tickets/{identifier}", path_parameters=named)["id"]
    assert 2 < len(ask("GET", "/be/tickets/{identifier}/timeline", path_parameters=named))
    told = ask("GET", "/be/tickets/{identifier}/explain", path_parameters=named)
    assert reserved["code"] in told["sms"]
    assert reserved["id"] in [one["id"] for one in ask("GET", "/be/tickets", query={"limit": 100})]
    assert {"events", "next", "head"} == ask("GET", "/be/events").keys()


# ---- faults that the document found: each is to be mended where it stands, and goes from here then


def send(site, method, path, body=None):
    content = b"" if body is None else json.dumps(body).encode()
    headers = {**request_headers(CREDENTIALS, int(time.time()), content)}
    headers["content-type"] = "application/json"
    return requests.request(method, site.url + path, headers=headers, data=content, timeout=30)


def quickbet(**changes):
    example = json.loads(next(one.body for one in place_examples() if one.name == "quickbet"))
    return {**example, **changes}


def test_an_event_of_any_id_is_refused(site):
    quick = quickbet(events=[{"id": 2**31, "bet": 1, "odds": 1.5}])
    superbet = {**quickbet(), "type": "superbet", "event": 2**40, "bets": [1]}
    for body in (quick, superbet):
        assert 400 == send(site, "POST", "/be/tickets/quote", body).status_code


def test_a_deviation_has_one_bound_however_it_is_spelled(site):
    answers = [
        send(site, "POST", "/be/tickets/quote", quickbet(odds_diff=deviation))
        for deviation in (100_001, 100_001.0)
    ]
    assert answers[0].status_code == answers[1].status_code


def test_a_method_that_nobody_knows_is_told_the_right_ones(site):
    answer = send(site, "QUERY", "/be/tickets/E36E20")
    assert (405, "GET") == (answer.status_code, answer.headers.get("allow"))


def test_a_message_is_never_longer_than_the_document_says(site):
    answer = send(site, "GET", f"/be/tickets/{'A' * 2000}")
    assert len(answer.json()["message"]) <= 1000
