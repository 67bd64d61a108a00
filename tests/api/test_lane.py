"""Requests that go past the framework are answered as those that it hands over."""

import asyncio

import pytest
from api.asking import ask

from acca.api.answers import Answer
from acca.api.routes import Route

END = b"\r\n\r\n"


def routes(_engine, _measures):
    async def tell(_):
        return Answer(200, b"told")

    async def blunder(_):
        return Answer(200, None)

    return [
        Route("/plain", {"GET": tell}),
        Route("/parts/{part:str}", {"GET": tell}),
        Route("/blunder", {"GET": blunder}),
        Route("/blunders/{part:str}", {"GET": blunder}),
    ]


async def ask_with(port, path, *headers):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "\r\n".join([f"GET {path} HTTP/1.1", *headers, "connection: close"])
    writer.write(head.encode() + END)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return int(answer[9:12]), answer.partition(END)[2]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (["host: acca"], 200),
        (["host: [::1]:80"], 200),
        (["host: "], 200),
        ([], 200),
        (["host: a/b"], 400),
        (["host: a b"], 400),
        (["host: a/b", "host: acca"], 400),
        (["host: acca", "host: a/b"], 200),
    ],
)
async def test_a_host_is_judged_alike_on_every_path(engine, serve, headers, status):
    async with serve(engine, [routes]) as port:
        plain = await ask_with(port, "/plain", *headers)
        parts = await ask_with(port, "/parts/one", *headers)
    assert (status, status) == (plain[0], parts[0])
    assert plain[1] == parts[1]


@pytest.mark.parametrize("path", ["/plain/", "//plain", "/%70lain", "/plain?a=b"])
async def test_a_path_may_be_spelled_as_before(engine, serve, path):
    async with serve(engine, [routes]) as port:
        assert b"told" == (await ask(port, "GET", path)).body


@pytest.mark.parametrize("path", ["/blunder", "/blunders/one"])
async def test_a_bug_beyond_the_endpoint_is_500_and_logged(engine, serve, logged, path):
    async with serve(engine, [routes]) as port:
        answer = await ask(port, "GET", path)
    assert (500, 500) == (answer.status, answer.json["code"])
    assert answer.headers["x-request-id"] in str(logged)
