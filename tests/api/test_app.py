import asyncio
import re

import msgspec
import pytest
from api.asking import ALIVE, ask, feed, signed

from acca.api.answers import Answer, answer_failure
from acca.api.app import GROUPS
from acca.api.routes import Route
from acca.core.refusals import REFUSALS, IdempotencyKeyReused, NotAllowed, NotSigned
from acca.store.unusable import ServerOutOfReach


@pytest.mark.parametrize("path", ["/", "/nope", "/feed/x", "/health", "/FEED", "/%2e%2e/feed"])
async def test_a_path_that_leads_nowhere_is_404_in_our_form(port, path):
    response = await ask(port, "GET", path)
    assert (404, 404) == (response.status, response.json["code"])
    assert {"date", "x-request-id"} <= response.headers.keys()
    assert "application/json" == response.headers["content-type"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/feed", "POST"),
        ("PUT", "/feed", "POST"),
        ("OPTIONS", "/feed", "POST"),
        ("POST", "/health/live", "GET"),
        ("DELETE", "/metrics", "GET"),
    ],
)
async def test_a_wrong_method_is_405_and_told_the_right_ones(port, method, path, allowed):
    response = await ask(port, method, path)
    assert (405, 405) == (response.status, response.json["code"])
    assert allowed == response.headers["allow"]


async def test_every_request_has_a_number_of_its_own(port):
    answers = await asyncio.gather(*(ask(port, "GET", "/health/live") for _ in range(5)))
    assert 5 == len({answer.headers["x-request-id"] for answer in answers})


async def test_a_process_tells_that_it_lives_and_is_ready(port):
    live, ready = [await ask(port, "GET", f"/health/{what}") for what in ("live", "ready")]
    assert (200, {"status": "live"}) == (live.status, live.json)
    assert (200, {"status": "ready"}) == (ready.status, ready.json)


async def test_requests_and_entries_are_counted(port):
    await feed(port)
    await feed(port, ALIVE, signed(ALIVE, signature="f" * 64))
    await ask(port, "BREW", "/nope")
    text = (await ask(port, "GET", "/metrics")).body.decode()
    counted = dict(re.findall(r"^(acca_\w+_total\{[^}]*\}) (\S+)$", text, re.MULTILINE))
    assert {
        'acca_requests_total{method="POST",route="/feed",status="200"}': "1.0",
        'acca_requests_total{method="POST",route="/feed",status="403"}': "1.0",
        'acca_feed_entries_total{verdict="applied"}': "1.0",
    }.items() <= counted.items()
    assert 'acca_request_seconds_count{route="/feed"} 2.0' in text


def broken_routes(_engine, _measures):
    async def fail(_):
        await asyncio.sleep(0)
        message = "the secret is 12345"
        raise AssertionError(message)

    async def tell(call):
        return Answer(200, msgspec.json.encode([call.parameter("name"), call.target]))

    return [Route("/broken", {"GET": fail}), Route("/be/things/{name:str}", {"GET": tell})]


async def test_a_bug_is_500_with_a_number_that_the_log_knows(engine, serve, logged):
    async with serve(engine, [*GROUPS, broken_routes]) as port:
        response = await ask(port, "GET", "/broken")
    number = response.headers["x-request-id"]
    told = {"code": 500, "message": f"Something went wrong in request {number}"}
    assert (500, told) == (response.status, response.json)
    line = next(line for line in logged if line["level"] == "error")
    assert (number, "/broken", 500) == (line["request"], line["route"], line["status"])
    assert "12345" in str(line["exc_info"])


async def test_parts_of_a_path_come_as_they_were_sent(engine, serve):
    async with serve(engine, [*GROUPS, broken_routes]) as port:
        response = await ask(port, "GET", "/be/things/a%41b?q=%41")
        missing = [await ask(port, "GET", f"/be/things{rest}") for rest in ("/", "/a%2Fb", "")]
        wrong = [await ask(port, each, "/be/things/a") for each in ("POST", "OPTIONS", "PATCH")]
    assert (200, ["aAb", "/be/things/a%41b?q=%41"]) == (response.status, response.json)
    assert [404] * 3 == [answer.status for answer in missing]
    assert [(405, "GET")] * 3 == [(each.status, each.headers["allow"]) for each in wrong]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.__name__)
def test_a_refusal_is_400_but_for_access_and_conflicts(refusal):
    names = re.findall(r"\{(\w+)\}", refusal.sentence)
    made = refusal(**dict.fromkeys(names, "x"))
    expected = {NotSigned: 403, NotAllowed: 403, IdempotencyKeyReused: 409}.get(refusal, 400)
    answer = answer_failure(made, "1")
    assert expected == answer.status
    assert {"code": refusal.code, "message": made.message} == msgspec.json.decode(answer.body)


def test_a_fault_that_stands_behind_another_tells_that_the_database_is_gone():
    fault = ValueError()
    assert 500 == answer_failure(fault, "1").status
    fault.__context__ = ServerOutOfReach("No connection")
    assert 503 == answer_failure(fault, "1").status
