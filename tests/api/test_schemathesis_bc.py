"""The document of `/bc` against a real engine: what it tells is sent, and what it rules out."""

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
import schemathesis
from api.engines import make_log
from api.threads import in_thread
from bc_made import open_site
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

from acca.api.app import build_app
from acca.api.measures import Measures
from acca.api.serving import serve_api
from acca.engine import Means, open_engine
from acca.store.connection import open_database
from acca.wire.bc_openapi import bc_service
from acca.wire.openapi import render_document

SEED = 20_260_501
EXAMPLES = 15
METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH", "TRACE", "QUERY"]
DOCUMENT = json.loads(render_document(bc_service("1.2.3")))
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
    codes: dict
    logged: list


def configured():
    """Make a configuration: no phase is left out, and neither is any check."""
    strict = {
        "positive_data_acceptance": {"expected-statuses": [200, 304, 400, 404]},
        "negative_data_rejection": {"expected-statuses": [400, 404, 405, 413, 422]},
    }
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "checks": strict,
            "phases": {"coverage": {"unexpected-methods": METHODS}},
            "generation": {"max-examples": EXAMPLES, "deterministic": True, "allow-x00": False},
        }
    )


def asked_of_site(document):
    """Let requests speak of the operator that there is, and of what a ticket can hold."""
    document = copy.deepcopy(document)
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter.get("name") == "operator":
                    parameter["schema"] = {"enum": ["site", "nobody"]}
    calculator = document["paths"]["/bc/calculator/finance-details"]["get"]["parameters"]
    for parameter in calculator:
        match parameter["name"]:
            case "price":
                # The calculator needs a price or a stake, and both have to fit.
                parameter["required"] = True
                parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": 10**6}
            case "odds":
                parameter["schema"]["maxItems"] = 3
                parameter["schema"]["items"] = {"enum": [1.01, 1.5, 2, 35.25, 1000]}
    calculator[:] = [one for one in calculator if one["name"] != "stake"]
    wish = document["components"]["schemas"]["SmartbetRequest"]["properties"]
    wish["risk"] = {"enum": ["1.25-1.99", "1.25-4.99", "2-2", "1.01-1000.00"]}
    return document


async def serve_site(postgres_servers, ready, stopping):
    """Serve a site with cards of all kinds, until told to stop."""
    logged = []
    log = make_log(logged)
    means = Means(lambda: int(time.time()), time.monotonic, token_bytes, log, allow_private=True)
    async with contextlib.AsyncExitStack() as stack:
        enter = stack.enter_async_context
        url = await enter(postgres_servers.migrated_copy(18, sandbox=False))
        database = await enter(open_database(url))
        site = await open_site(database)
        engine = await enter(open_engine(database, means))
        door = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        told = Site(f"http://127.0.0.1:{door.getsockname()[1]}", site.codes, logged)
        app = build_app(engine, Measures())
        await serve_api(app, door, stopping, lambda: ready.set_result(told))


@pytest.fixture(scope="module")
def site(postgres_servers):
    with in_thread(partial(serve_site, postgres_servers)) as served:
        yield served


SCHEMA = schemathesis.openapi.from_dict(asked_of_site(DOCUMENT), config=configured())


@SCHEMA.parametrize()
def test_the_engine_answers_as_its_document_says(case, site):
    site.logged.clear()
    case.call_and_validate(base_url=site.url, timeout=30)
    assert [] == [line for line in site.logged if line["level"] == "error"]


# ---- of cards that there are


CARDS = schemathesis.openapi.from_dict(asked_of_site(DOCUMENT), config=configured()).include(
    path_regex="code"
)


@CARDS.parametrize()
def test_cards_that_there_are_answer_as_the_document_says(case, site):
    codes = {f"/bc/{type_.value}s/{{code}}": code for type_, code in site.codes.items()}
    case.path_parameters = {"code": codes[case.operation.path]}
    answer = case.call_and_validate(base_url=site.url, timeout=30)
    assert answer.status_code in {200, 304, 400, 405, 413, 422}
    if case.operation.method == "get" and case.method == "GET":
        assert answer.status_code in {200, 304}
