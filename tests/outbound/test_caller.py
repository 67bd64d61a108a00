import asyncio
import datetime as dt
import time

import pytest
from outbound.servers import OK, reply, scripted

from acca.core.delivery import Verdict
from acca.outbound.addresses import is_public
from acca.outbound.answer import Answer, parse_retry_after
from acca.outbound.caller import Caller, CallerSettings, Machine

UNREACHED, DECLINED, ACCEPTED = Verdict.UNREACHED, Verdict.DECLINED, Verdict.ACCEPTED
NOW = 1_780_000_000


async def to_loopback(_host, _port):
    return ["127.0.0.1"]


def caller(port, *, host="127.0.0.1", resolve=to_loopback, allow_private=True, monotonic=None):
    settings = CallerSettings(
        f"http://{host}:{port}/pam", dt.timedelta(milliseconds=500), allow_private
    )
    return Caller(settings, Machine(lambda: NOW, monotonic or time.monotonic), resolve)


async def call(port, seconds=1.0, **how):
    made = caller(port, **how)
    try:
        return await made.call(b'{"a":1}', {"content-type": "application/json"}, seconds)
    finally:
        await made.close()


@pytest.mark.parametrize(
    ("script", "verdict", "status"),
    [
        (OK, ACCEPTED, 200),
        (reply(200), ACCEPTED, 200),
        (reply(200, b"<html>"), ACCEPTED, 200),
        (reply(201, b"{}"), UNREACHED, 201),
        (reply(204), UNREACHED, 204),
        (reply(301, location="http://elsewhere.invalid/"), UNREACHED, 301),
        (reply(400, b'{"code":101}'), DECLINED, 400),
        (reply(403), DECLINED, 403),
        (reply(408), UNREACHED, 408),
        (reply(425), UNREACHED, 425),
        (reply(429, retry_after="7"), UNREACHED, 429),
        (reply(500, b"oops"), UNREACHED, 500),
        (reply(503), UNREACHED, 503),
    ],
    ids=lambda value: str(value)[:24],
)
async def test_an_answer_is_judged_by_its_status(script, verdict, status):
    async with scripted(script) as (server, port):
        answer = await call(port)
        assert (verdict, status, True) == (answer.verdict, answer.http_status, answer.was_sent)
        ((head, body),) = server.requests
    assert b'{"a":1}' == body
    assert head.startswith(b"POST /pam HTTP/1.1\r\n")
    assert b"accept-encoding" not in head.lower()


async def test_a_wait_that_the_wallet_asks_for_is_told():
    async with scripted(reply(429, retry_after="7")) as (_, port):
        assert 7 == (await call(port)).retry_after_seconds


def silence():
    async def wait(reader, _writer):
        await reader.read()

    return wait


def cut(*parts):
    async def say(_reader, writer):
        for part in parts:
            writer.write(part)
            await writer.drain()
        writer.close()

    return say


def drip(part):
    async def say(_reader, writer):
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.02)

    return say


@pytest.mark.parametrize(
    "script",
    [
        silence(),
        cut(),
        cut(b"HTTP/1.1 200 OK\r\n"),
        cut(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{}"),
        cut(b"no http at all\r\n\r\n"),
        drip(b"x-header: again\r\n"),
    ],
    ids=["silence", "nothing", "status", "short body", "rubbish", "dripping"],
)
async def test_what_is_no_whole_answer_is_none(script):
    async with scripted(script) as (_, port):
        begun = time.monotonic()
        answer = await call(port, 0.4)
        assert (UNREACHED, True) == (answer.verdict, answer.was_sent)
        assert time.monotonic() - begun < 5


async def test_a_body_that_drips_past_the_time_is_no_answer():
    async def say(reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        await drip(b"x")(reader, writer)

    async with scripted(say) as (_, port):
        assert UNREACHED is (await call(port, 0.4)).verdict


async def test_a_huge_answer_is_cut_off_and_is_none():
    async def say(_reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n")
        for _ in range(1000):
            writer.write(b" " * 100_000)
            await writer.drain()

    async with scripted(say) as (_, port):
        answer = await call(port, 5.0)
        assert (UNREACHED, 200, 65_536) == (answer.verdict, answer.http_status, len(answer.body))


async def test_nobody_there_is_known_not_to_have_been_sent_anything():
    async with scripted(OK) as (_, port):
        pass
    answer = await call(port)
    assert (UNREACHED, False) == (answer.verdict, answer.was_sent)


async def test_a_name_that_leads_nowhere_is_unreached():
    async def nowhere(_host, _port):
        raise OSError("no such name")

    answer = await call(1, host="wallet.invalid", resolve=nowhere)
    assert (UNREACHED, False) == (answer.verdict, answer.was_sent)


async def test_a_name_is_pinned_to_the_address_that_was_checked():
    asked = []

    async def resolve(host, port):
        asked.append((host, port))
        return ["127.0.0.1"]

    async with scripted(OK) as (server, port):
        assert ACCEPTED is (await call(port, host="wallet.invalid", resolve=resolve)).verdict
        assert f"host: wallet.invalid:{port}".encode() in server.requests[0][0].lower()
    assert [("wallet.invalid", port)] == asked


async def test_private_addresses_are_called_only_where_the_deployment_allows_them():
    async with scripted(OK) as (server, port):
        for host in ("wallet.invalid", "127.0.0.1"):
            answer = await call(port, host=host, allow_private=False)
            assert (UNREACHED, False) == (answer.verdict, answer.was_sent)
        assert [] == server.requests


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.168.1.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("nonsense", False),
    ],
)
def test_an_address_is_public_or_not(address, public):
    assert public is is_public(address)


async def test_an_address_is_looked_up_again_after_a_minute():
    seconds, asked = [0.0], []

    async def resolve(host, _port):
        asked.append(host)
        return ["127.0.0.1"]

    async with scripted(OK) as (_, port):
        made = caller(port, host="w.invalid", resolve=resolve, monotonic=lambda: seconds[0])
        for now in (0.0, 59.0, 61.0):
            seconds[0] = now
            assert ACCEPTED is (await made.call(b"{}", {}, 1.0)).verdict
        await made.close()
    assert 2 == len(asked)


async def test_an_answer_that_is_late_is_waited_for():
    async def late(_reader, writer):
        await asyncio.sleep(0.5)
        writer.write(OK)
        await writer.drain()

    async with scripted(late) as (_, port):
        made = caller(port)
        answer = await made.call_and_follow(b"{}", {}, 0.2)
        assert (UNREACHED, True) == (answer.verdict, answer.was_sent)
        later = await answer.late
        await made.close()
    assert (ACCEPTED, 200) == (later.verdict, later.http_status)


async def test_a_call_that_is_given_up_keeps_its_connection_no_longer_than_its_time():
    async with scripted(silence()) as (server, port):
        made = caller(port)
        task = asyncio.create_task(made.call(b"{}", {}, 1.0))
        await server.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(5):
            await server.left.wait()
        await made.close()


async def test_no_proxy_of_the_environment_is_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with scripted(OK) as (_, port):
        assert ACCEPTED is (await call(port)).verdict


async def test_many_calls_at_once_are_all_answered():
    async with scripted(OK) as (server, port):
        made = caller(port)
        answers = await asyncio.gather(*(made.call(b"{}", {}, 10.0) for _ in range(200)))
        await made.close()
        assert {ACCEPTED} == {answer.verdict for answer in answers}
        assert 200 == len(server.requests)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("12", 12),
        ("-1", None),
        ("soon", None),
        ("Thu, 28 May 2026 20:27:40 GMT", 60),
        ("Thu, 28 May 2020 20:27:40 GMT", 0),
    ],
)
def test_a_retry_after_is_seconds_or_a_date(header, seconds):
    assert seconds == parse_retry_after(header, NOW)


@pytest.mark.parametrize(
    ("body", "text"),
    [(b'{"message":"Full"}', "Full"), (b"plain", "plain"), (b'{"a":1}', '{"a":1}')],
)
def test_the_words_of_an_answer_are_its_message_or_its_text(body, text):
    assert text == Answer(DECLINED, body=body).text
