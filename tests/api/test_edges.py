"""What comes rarely: old schemas, bodies that drip, odd request lines, names by the thousand."""

import asyncio
import contextlib
import json

import msgspec
import pytest
from api.asking import ALIVE, ask, feed, signed, signed_v2

from acca.api import bodies
from acca.api.app import GROUPS
from acca.api.parties import Parties
from acca.api.routes import Route


@pytest.mark.parametrize("path", ["/be/nope", "/feed/x", "/be/tickets/a/b/c"])
async def test_version_2_is_offered_even_where_nothing_is(port, path):
    response = await ask(port, "GET", path)
    assert (404, "1, 2") == (response.status, response.headers["signature-versions"])


async def test_version_2_is_offered_to_a_wrong_method_and_a_wrong_signature(port):
    answers = [await ask(port, "GET", "/feed"), await feed(port, headers=signed(b""))]
    assert [405, 403] == [answer.status for answer in answers]
    assert {"1, 2"} == {answer.headers["signature-versions"] for answer in answers}


async def test_a_process_whose_database_is_older_than_it_is_not_ready(port, database):
    async with database.writer() as writer:
        await writer.run("DELETE FROM migration WHERE number = (SELECT max(number) FROM migration)")
    response = await ask(port, "GET", "/health/ready")
    assert (503, 503) == (response.status, response.json["code"])
    assert 200 == (await ask(port, "GET", "/health/live")).status


async def test_a_body_that_drips_is_not_waited_for(port, monkeypatch):
    monkeypatch.setattr(bodies.read_body, "__kwdefaults__", {"seconds_max": 0.5})
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "".join(f"{name}: {value}\r\n" for name, value in signed(ALIVE))
    head = f"POST /feed HTTP/1.1\r\nhost: acca\r\n{head}content-length: 1000\r\n\r\n"
    writer.write(head.encode())

    async def drip():
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)

    dripping = asyncio.create_task(drip())
    try:
        line = await asyncio.wait_for(reader.readline(), 10)
    finally:
        dripping.cancel()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    assert line.startswith(b"HTTP/1.1 408 ")


async def test_a_question_mark_without_a_query_is_part_of_the_request_line(port):
    assert 200 == (await feed(port, headers=signed_v2(ALIVE, "/feed?"), path="/feed?")).status
    assert 403 == (await feed(port, headers=signed_v2(ALIVE, "/feed?a"), path="/feed?")).status


async def test_names_that_nobody_has_do_not_fill_the_memory():
    async def load(_):
        await asyncio.sleep(0)

    parties = Parties(load, lambda: 0.0)
    for number in range(20_500):
        assert await parties.find(f"nobody-{number}") is None
    assert len(parties._entries) <= 10_000


async def test_a_caller_that_goes_away_leaves_the_reading_to_the_others():
    may_end = asyncio.Event()

    async def load(name):
        await may_end.wait()
        return name

    parties = Parties(load, lambda: 0.0)
    first, second = [asyncio.create_task(parties.find("goals")) for _ in range(2)]
    await asyncio.sleep(0)
    first.cancel()
    may_end.set()
    assert "goals" == await second


async def test_nothing_that_signs_stands_in_the_log(engine, goals, serve, logged):
    assert goals

    def broken(_engine, _measures):
        async def fail(call):
            await asyncio.sleep(0)
            raise AssertionError(call.method)

        return [Route("/broken", {"POST": fail})]

    headers = signed(ALIVE)
    async with serve(engine, [*GROUPS, broken]) as port:
        assert 500 == (await ask(port, "POST", "/broken", headers, ALIVE)).status
        wrong = signed(ALIVE, signature="e" * 64)
        assert 403 == (await feed(port, headers=wrong)).status
    assert {"error", "debug"} == {line["level"] for line in logged}
    told = json.dumps(logged, default=repr)
    assert dict(headers)["signature"] not in told
    assert "e" * 64 not in told


async def test_a_number_in_the_body_that_json_does_not_know_is_refused(port):
    for body in (b'{"entries":NaN}', b'{"entries":1e999999999}', b'{"entries":"\\ud800"}'):
        response = await feed(port, body)
        assert 422 == response.status
        assert msgspec.json.decode(response.body)["detail"]
