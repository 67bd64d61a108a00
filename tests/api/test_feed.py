import asyncio
import contextlib

import msgspec
import pytest
from api.asking import ALIVE, JSON, SECRET, ask, feed, signed
from api.engines import make_engine
from postgres_servers import temporary_home

from acca.api import bodies
from acca.flows.enrol_provider import enrol_provider
from acca.store.connection import open_database
from acca.store.embedded.server import own_postgres
from acca.store.migrate import migrate
from acca.wire.document import BODY_BYTES_MAX, FEED_BYTES_MAX

NAME = {"slug": "x", "name": "X"}


def event(key, version=1, starts="2026-08-01T15:00:00Z"):
    return {
        "kind": "event",
        "event": key,
        "version": version,
        "starts": starts,
        "sport": {"slug": "football", "name": "Football"},
        "category": {"slug": "finland", "name": "Finland"},
        "league": {"slug": "kakkonen", "name": "Kakkonen"},
        "home_team": {"slug": f"home-{key}", "name": "Home"},
        "away_team": {"slug": f"away-{key}", "name": "Away"},
    }


def batch(*entries):
    return msgspec.json.encode({"entries": entries})


def verdicts(response):
    assert 200 == response.status, response.body
    return [one["verdict"] for one in response.json["verdicts"]]


async def test_a_batch_is_taken_and_its_repetition_gets_the_same_bytes(port):
    body = batch(event("a"), event("b"), {"kind": "alive"})
    first, second = await feed(port, body), await feed(port, body)
    assert ["applied"] * 3 == verdicts(first)
    assert first.body == second.body
    assert ["unchanged"] == verdicts(await feed(port, batch(event("a"))))


async def test_the_same_batch_sent_many_times_at_once_is_taken_once(port):
    body = batch(event("a"), event("b"))
    answers = await asyncio.gather(*(feed(port, body) for _ in range(8)))
    assert {answers[0].body} == {answer.body for answer in answers}
    assert ["applied"] * 2 == verdicts(answers[0])


async def test_one_entry_that_cannot_be_read_does_not_hold_up_the_others(port):
    response = await feed(port, batch(event("a"), {"kind": "event"}, event("b")))
    assert ["applied", "defective", "applied"] == verdicts(response)
    assert response.json["verdicts"][1]["detail"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "json"),
        (b"{", "json"),
        (b"\xff{}", "encoding"),
        (b"[]", "object"),
        (b'{"entries":[],"entries":[]}', "duplicate"),
        (b'{"entries":' + b"[" * 5000 + b"]" * 5000 + b"}", "json"),
        (b'{"entries":"none"}', "list"),
        (b"{}", "missing"),
    ],
    ids=["empty", "cut off", "no UTF-8", "no object", "twice", "deep", "no list", "missing"],
)
async def test_a_body_that_is_no_batch_is_told_where_it_is_wrong(port, body, word):
    response = await feed(port, body)
    assert 422 == response.status, response.body
    defect = response.json["detail"][0]
    assert ("body", word) == (defect["loc"][0], defect["type"])


@pytest.mark.parametrize("media", [None, "text/plain", "application/jsonp"])
async def test_a_body_that_is_not_said_to_be_json_is_refused(port, media):
    response = await feed(port, ALIVE, signed(ALIVE, content_type=media))
    assert 422 == response.status
    assert ["header", "content-type"] == response.json["detail"][0]["loc"]


async def test_the_character_set_may_stand_beside_the_content_type(port):
    headers = signed(ALIVE, content_type="Application/JSON; charset=utf-8")
    assert 200 == (await feed(port, ALIVE, headers)).status


async def test_a_body_above_the_limit_is_refused_by_its_length_alone(port):
    headers = [*signed(b""), ("content-length", str(10 << 20))]
    response = await ask(port, "POST", "/feed", headers)
    told = f"body has {10 << 20} bytes; {FEED_BYTES_MAX} are allowed"
    assert (413, {"code": 413, "message": told}) == (response.status, response.json)


async def test_ten_megabytes_are_refused_and_the_answer_arrives(port):
    body = b" " * (10 << 20)
    assert 413 == (await feed(port, body)).status


async def test_a_body_without_a_length_is_read_no_further_than_its_limit(port):
    headers = [*signed(b""), ("transfer-encoding", "chunked"), ("content-length", "")]
    headers = [header for header in headers if header[0] != "content-length"]
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    writer.write(f"POST /feed HTTP/1.1\r\nhost: acca\r\n{head}\r\n".encode() + chunk * 5)
    line = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    assert line.startswith(b"HTTP/1.1 413 ")


async def test_a_big_batch_within_the_limit_is_taken(port):
    body = batch(*(event(f"e{number}") for number in range(300)))
    assert len(body) > BODY_BYTES_MAX
    assert ["applied"] * 300 == verdicts(await feed(port, body))


async def test_a_body_that_does_not_come_is_not_waited_for(port, monkeypatch):
    monkeypatch.setattr(bodies.read_body, "__kwdefaults__", {"seconds_max": 0.2})
    headers = [*signed(ALIVE), ("content-length", "100")]
    response = await ask(port, "POST", "/feed", headers, ALIVE)
    assert (408, 408) == (response.status, response.json["code"])
    assert "close" == response.headers["connection"]


async def test_a_caller_that_goes_away_leaves_no_trace(port, logged):
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "".join(f"{name}: {value}\r\n" for name, value in signed(ALIVE))
    writer.write(f"POST /feed HTTP/1.1\r\n{head}content-length: 100\r\n\r\n{{".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert 200 == (await feed(port)).status
    assert [] == [line for line in logged if line["level"] in {"error", "warning"}]


async def test_no_database_is_503_and_never_500(serve):
    logged = []
    with temporary_home() as home, own_postgres(home, durable=False) as server:
        await migrate(server.url)
        async with open_database(server.url) as database:
            await enrol_provider(database, "goals", SECRET, "a test")
            async with serve(make_engine(database, logged)) as port:
                assert 200 == (await feed(port)).status
                assert 200 == (await ask(port, "GET", "/health/ready")).status
                server.process.kill()
                server.process.wait()
                gone = [await feed(port) for _ in range(3)]
                watched = await ask(port, "GET", "/health/ready")
                living = await ask(port, "GET", "/health/live")
    assert [503] * 4 == [answer.status for answer in (*gone, watched)], logged
    assert {"1"} == {answer.headers["retry-after"] for answer in gone}
    assert 200 == living.status
    assert {"a request found no database"} == {
        line["event"] for line in logged if line["level"] != "debug"
    }
    assert JSON[1] == gone[0].headers["content-type"]
