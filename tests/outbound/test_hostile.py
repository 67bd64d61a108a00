"""What a wallet, its name server or its URL may do to us on purpose; none of it raises."""

import asyncio
import datetime as dt
import socket
import time

import pytest
from outbound.servers import OK, reply, scripted

from acca.core.delivery import Verdict
from acca.outbound.addresses import AddressRefused, is_public, place_of, resolve
from acca.outbound.answer import Answer, parse_retry_after
from acca.outbound.caller import Caller, CallerSettings, Machine

UNREACHED, DECLINED, ACCEPTED = Verdict.UNREACHED, Verdict.DECLINED, Verdict.ACCEPTED
NOW = 1_780_000_000


def made(url, names, *, allow_private=True, monotonic=time.monotonic, connect_ms=500):
    settings = CallerSettings(url, dt.timedelta(milliseconds=connect_ms), allow_private)
    return Caller(settings, Machine(lambda: NOW, monotonic), names)


async def call(url, names, seconds=2.0, **how):
    caller = made(url, names, **how)
    try:
        return await caller.call(b"{}", {}, seconds)
    finally:
        await caller.close()


def leads_to(*addresses):
    async def look_up(_host, _port):
        return addresses

    return look_up


@pytest.mark.parametrize(
    "host",
    [
        "%31%32%37.0.0.1",
        "127.0.0.1.",
        "127.1",
        "0x7f.1",
        "2130706433",
        "[::ffff:7f00:1]",
        "127.0.0.1\\x.invalid",
    ],
)
async def test_no_spelling_of_a_url_leads_past_the_check_of_its_address(host):
    public = leads_to("8.8.8.8")  # Never called: what stands in the URL is an address.
    async with scripted(OK) as (server, port):
        url = f"http://{host}:{port}/pam"
        answer = await call(url, public, 0.5, allow_private=False)
        assert (UNREACHED, []) == (answer.verdict, server.requests)


async def test_a_name_is_pinned_however_it_is_spelled():
    async with scripted(OK) as (_, port):
        answer = await call(f"http://%77.invalid:{port}/pam", leads_to("127.0.0.1"))
    assert ACCEPTED is answer.verdict


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://Wallet.Example", ("wallet.example", 80)),
        ("https://wallet.example/pam", ("wallet.example", 443)),
        ("http://%77allet.example:81/", ("wallet.example", 81)),
        ("http://127.1/", ("127.0.0.1", 80)),
        ("http://[0:0::1]:8080/", ("::1", 8080)),
    ],
)
def test_a_url_leads_where_its_client_takes_it(url, place):
    assert place == place_of(url)


@pytest.mark.parametrize(
    "address",
    [
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "fec0::1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "3fff::1",
        "5f00::1",
        "192.0.0.8",
        "192.88.99.1",
        "240.0.0.1",
        "::",
    ],
)
def test_an_address_of_special_use_is_nobodys_wallet(address):
    assert not is_public(address)


def test_a_translated_address_is_judged_by_what_it_stands_for():
    assert is_public("64:ff9b::8.8.8.8")


@pytest.mark.parametrize(
    "host", ["a" * 64 + ".invalid", "a..invalid", "1.2.3.999", "exa<mple", "%zz", "[v1.x]"]
)
async def test_a_host_that_is_none_is_unreached(host):
    answer = await call(f"http://{host}/", resolve)
    assert (UNREACHED, False) == (answer.verdict, answer.was_sent)


def test_what_is_no_url_is_refused_as_an_address():
    with pytest.raises(AddressRefused):
        place_of("http://1.2.3.999/")


@pytest.mark.parametrize(
    "header",
    [b"\xff\xfe", "²".encode(), b"Thu, 28 May 2026 20:27:40 +99999999999999999", b"9" * 5000],
    ids=["bytes", "superscript", "zone", "digits"],
)
async def test_a_wait_that_makes_no_sense_spoils_no_answer(header):
    head = b"HTTP/1.1 400 No\r\ncontent-length: 0\r\nretry-after: " + header + b"\r\n\r\n"
    async with scripted(head) as (_, port):
        answer = await call(f"http://127.0.0.1:{port}/", leads_to("127.0.0.1"))
    assert (DECLINED, 400) == (answer.verdict, answer.http_status)


def test_a_date_beyond_all_zones_is_no_wait():
    assert parse_retry_after("Thu, 28 May 2026 20:27:40 +99999999999999999", NOW) is None


def test_an_answer_that_is_nested_without_end_is_its_own_text():
    body = b'{"a":' + b"[" * 60_000
    assert body.decode() == Answer(DECLINED, body=body).text


@pytest.mark.parametrize("seconds", [0.0, -0.001])
async def test_a_call_that_has_no_time_left_is_not_made(seconds):
    async with scripted(OK) as (server, port):
        caller = made(f"http://127.0.0.1:{port}/", leads_to("127.0.0.1"))
        answers = [
            await caller.call(b"{}", {}, seconds),
            await caller.call_and_follow(b"{}", {}, seconds),
        ]
        await caller.close()
        assert [Answer.unsent()] * 2 == answers
        assert [] == server.requests


async def test_an_answer_that_never_comes_was_asked_for():
    async def wait(reader, _writer):
        await reader.read()

    async with scripted(wait) as (server, port):
        caller = made(f"http://127.0.0.1:{port}/", leads_to("127.0.0.1"))
        # The client's own time runs out here, and its error is named as if nothing had been sent.
        answer = await caller._exchange(b"{}", {}, 0.3)
        await caller.close()
        assert (UNREACHED, True) == (answer.verdict, answer.was_sent)
        assert 1 == len(server.requests)


async def test_a_connection_that_does_not_come_about_was_not_sent_anything():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.settimeout(0)
            each.connect_ex(("127.0.0.1", port))
        answer = await call(f"http://127.0.0.1:{port}/", leads_to("127.0.0.1"), connect_ms=200)
        for each in waiting:
            each.close()
    assert (UNREACHED, False) == (answer.verdict, answer.was_sent)


class Names:
    """A name server whose answers a test changes."""

    def __init__(self):
        self.asked, self.fault, self.address, self.hangs = 0, None, "127.0.0.1", False

    async def __call__(self, _host, _port):
        self.asked += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.fault is not None:
            raise self.fault
        return [self.address]


@pytest.fixture
async def named():
    """A caller by name, its server, its name server, and its clock in a list."""
    names, clock = Names(), [0.0]
    async with scripted(OK) as (server, port):
        caller = made(
            f"http://w.invalid:{port}/", names, monotonic=lambda: clock[0], connect_ms=200
        )
        yield caller, server, names, clock
        await caller.close()


async def verdict_at(named, seconds):
    caller, _, _, clock = named
    clock[0] = seconds
    return (await caller.call(b"{}", {}, 2.0)).verdict


async def test_an_outage_of_names_is_not_the_wallets(named):
    names = named[2]
    assert ACCEPTED is await verdict_at(named, 0.0)
    names.fault = OSError("no name server")
    assert ACCEPTED is await verdict_at(named, 61.0)
    assert ACCEPTED is await verdict_at(named, 100.0)
    assert 2 == names.asked
    assert UNREACHED is await verdict_at(named, 301.0)
    names.fault = None
    assert ACCEPTED is await verdict_at(named, 302.0)


async def test_a_lookup_that_hangs_is_waited_for_once(named):
    names = named[2]
    assert ACCEPTED is await verdict_at(named, 0.0)
    names.hangs = True
    for seconds in (61.0, 122.0):
        assert ACCEPTED is await verdict_at(named, seconds)
    assert 2 == names.asked


async def test_a_first_lookup_that_hangs_sends_nothing(named):
    caller, server, names, _ = named
    names.hangs = True
    answer = await caller.call(b"{}", {}, 2.0)
    assert (UNREACHED, False, []) == (answer.verdict, answer.was_sent, server.requests)


async def test_a_name_that_turns_private_is_called_no_more():
    names, clock = Names(), [0.0]
    names.address = "8.8.8.8"
    caller = made("http://w.invalid:9/", names, allow_private=False, monotonic=lambda: clock[0])
    first = await caller._connected()
    assert first is await caller._connected()
    clock[0], names.address = 61.0, "127.0.0.1"
    with pytest.raises(AddressRefused):
        await caller._connected()
    names.fault = OSError("no name server")
    with pytest.raises(OSError, match="no name server"):
        await caller._connected()
    await caller.close()


async def test_a_name_that_moves_is_followed():
    names, clock = Names(), [0.0]
    names.address = "8.8.8.8"
    caller = made("http://w.invalid:9/", names, monotonic=lambda: clock[0])
    first = await caller._connected()
    clock[0], names.address = 61.0, "8.8.4.4"
    assert first is not await caller._connected()
    await caller.close()


async def test_a_connection_that_is_cut_is_not_asked_a_second_time():
    async def once(_reader, writer):
        if len(server.requests) == 1:
            writer.write(reply(200))
            await writer.drain()
        else:
            writer.close()

    async with scripted(once) as (server, port):
        caller = made(f"http://127.0.0.1:{port}/", leads_to("127.0.0.1"))
        verdicts = [(await caller.call(b"{}", {}, 2.0)).verdict for _ in range(2)]
        await caller.close()
        assert [ACCEPTED, UNREACHED] == verdicts
        assert 2 == len(server.requests)
