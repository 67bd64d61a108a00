"""Wallets that answer badly, through the whole stack: the right code, and no ticket is lost."""

import asyncio
import contextlib
import pathlib
import resource
import time

import pytest
from api.asking import ask
from api.test_be import body_of, real_means, signed
from catalogue_seen import add_provider
from outbound.servers import reply, scripted
from placing_made import open_shop
from tickets_made import add_events

from acca.engine import open_engine
from acca_sandbox.wallet.faults import Fault

SETTINGS = {
    "connect_timeout": "500ms",
    "identify_timeout": "500ms",
    "create_timeout": "6s",
    "discard_delay": "5s",
    "breaker_failures": "1000",
}
MEGABYTE = 1024 * 1024


@pytest.fixture
async def events(database):
    return await add_events(database, await add_provider(database, "feeder"))


@pytest.fixture
async def shop(database):
    async with open_shop(database, **SETTINGS) as opened:
        yield opened


@pytest.fixture
async def engine(database, shop, logged):
    assert shop
    async with open_engine(database, real_means(logged)) as opened:
        yield opened
    assert [] == [line for line in logged if line["level"] == "error"]


@pytest.fixture
async def port(engine, serve):
    async with serve(engine) as opened:
        yield opened


async def create(port, shop, events):
    body = body_of(shop, events)
    return await ask(port, "POST", "/be/tickets", signed(body), body)


def code_of(answer):
    return answer.json["code"] if answer.status == 400 else answer.status


async def read(database, statement):
    async with database.reader() as reader:
        return await reader.value(statement)


async def cancelled(database):
    """Tell of all tickets how many are cancelled with a discard that waits or was sent."""
    return await read(
        database,
        "SELECT count(*) FROM ticket_state AS state JOIN journal AS entry"
        " ON entry.operator = state.operator AND entry.ticket = state.id AND entry.n = 2"
        " WHERE state.status = 'cancelled' AND entry.action = 'ticket_discard'",
    )


async def tell_discards(engine, shop, count):
    """Deliver until the wallet has been told of so many discards."""
    async with asyncio.timeout(40):
        while shop.wallet.wallet.calls["ticket_discard"] < count:
            await engine.deliverer.deliver(0.2)
            await asyncio.sleep(0.05)
    await engine.deliverer.drain()


BAD_IDENTIFIES = [
    (Fault(kind="slow", seconds=2), 218),
    (Fault(kind="late", seconds=2), 218),
    (Fault(kind="empty"), 218),
    (Fault(kind="html"), 218),
    (Fault(kind="html", status=403), 101),
    (Fault(kind="html", status=502), 218),
    (Fault(kind="wrong_shape"), 218),
    (Fault(kind="huge"), 218),
    (Fault(kind="cut"), 218),
    (Fault(kind="drop"), 218),
    (Fault(kind="error"), 218),
    (Fault(kind="decline", code=101), 101),
]


def name_of(value):
    return f"{value.kind} {value.status}" if isinstance(value, Fault) else str(value)


@pytest.mark.parametrize(("fault", "code"), BAD_IDENTIFIES, ids=name_of)
async def test_a_player_that_is_not_named_leaves_nothing(port, database, shop, events, fault, code):
    shop.wallet.faults.set([Fault(**{**as_members(fault), "action": "identify"})], 1)
    assert code == code_of(await create(port, shop, events))
    assert 0 == await read(database, "SELECT count(*) FROM ticket")
    assert 0 == await read(database, "SELECT count(*) FROM request_claim")
    shop.wallet.faults.set([], 1)
    assert 200 == code_of(await create(port, shop, events))


def as_members(fault):
    return {name: getattr(fault, name) for name in fault.__struct_fields__}


@pytest.mark.parametrize("kind", ["empty", "html", "wrong_shape", "slow", "duplicate"])
async def test_a_create_that_is_answered_200_is_open_whatever_else_is_said(
    port, shop, events, kind
):
    shop.wallet.faults.set([Fault(kind=kind, action="ticket_create", seconds=1)], 1)
    answer = await create(port, shop, events)
    assert ("open", 1000) == (
        answer.json["status"],
        shop.wallet.ledger.tickets[answer.json["id"]].taken_cents,
    )


BAD_CREATES = [
    (Fault(kind="decline", message="Full"), 216, "wallet-declined"),
    (Fault(kind="html", status=400), 216, "wallet-declined"),
    (Fault(kind="html", status=302), 218, "no-answer"),
    (Fault(kind="html", status=503), 218, "no-answer"),
    (Fault(kind="error"), 218, "no-answer"),
    (Fault(kind="huge"), 218, "no-answer"),
    (Fault(kind="cut"), 218, "no-answer"),
    (Fault(kind="drop"), 218, "no-answer"),
    (Fault(kind="slow", seconds=8), 218, "no-answer"),
    (Fault(kind="late", seconds=8), 218, "no-answer"),
]


@pytest.mark.parametrize(("fault", "code", "reason"), BAD_CREATES, ids=name_of)
async def test_a_create_that_is_not_accepted_is_discarded_and_costs_nothing(
    port, engine, database, shop, events, fault, code, reason
):
    shop.wallet.faults.set([Fault(**{**as_members(fault), "action": "ticket_create"})], 1)
    began = time.monotonic()
    answer = await create(port, shop, events)
    assert time.monotonic() - began < 9
    assert code == code_of(answer)
    assert ["code", "message"] == list(answer.json)
    assert 1 == await cancelled(database) == await read(database, "SELECT count(*) FROM ticket")
    told = await read(database, "SELECT body FROM journal WHERE action = 'ticket_discard'")
    assert f'"reason":"{reason}"'.encode() in bytes(told)
    await tell_discards(engine, shop, 1)
    (ticket,) = shop.wallet.ledger.tickets.values()
    assert (True, ticket.taken_cents) == (ticket.discarded, ticket.given_cents)
    assert 1 == shop.wallet.wallet.calls["ticket_create"]


async def test_a_refusal_told_again_is_the_same_refusal(port, shop, events):
    shop.wallet.faults.set([Fault(kind="decline", action="ticket_create", message="Full")], 1)
    body = body_of(shop, events)
    headers = signed(body)
    first, again = [await ask(port, "POST", "/be/tickets", headers, body) for _ in range(2)]
    assert (first.status, first.body, "true") == (
        again.status,
        again.body,
        again.headers["idempotent-replay"],
    )
    assert 1 == shop.wallet.wallet.calls["ticket_create"]


async def test_a_wallet_that_is_not_there_costs_no_ticket(database, serve, logged, events):
    async with (
        open_shop(database, **SETTINGS, pam_url="http://127.0.0.1:9/pam") as shop,
        open_engine(database, real_means(logged)) as engine,
        serve(engine) as port,
    ):
        assert 218 == code_of(await create(port, shop, events))
    assert 0 == await read(database, "SELECT count(*) FROM ticket")


async def drip(reader, writer):
    """Answer with a head that promises much, and a letter now and then."""
    assert reader is not None
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "script",
    [
        drip,
        b"not HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 2 * MEGABYTE + b"\r\n\r\n",
        reply(200, b'{"player_id":"p","player_id":"q","currency":1}'),
        reply(200, b'{"player_id":"p\xff","currency":"KES"}'),
        reply(200, b"[" * 60_000),
    ],
    ids=["drips", "no HTTP", "cut", "head", "shape", "letters", "deep"],
)
async def test_bytes_of_any_kind_name_no_player(database, serve, logged, events, script):
    async with (
        scripted(script) as (_, wallet),
        open_shop(database, **SETTINGS, pam_url=f"http://127.0.0.1:{wallet}/pam") as shop,
        open_engine(database, real_means(logged)) as engine,
        serve(engine) as port,
    ):
        answer = await create(port, shop, events)
    assert 218 == code_of(answer)
    assert [] == [line for line in logged if line["level"] == "error"]


def resident_bytes():
    pages = pathlib.Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


@contextlib.asynccontextmanager
async def most_memory():
    """Watch how much memory this process has at most; the list holds it at the end."""
    seen = [resident_bytes()]

    async def watch():
        while True:
            seen.append(resident_bytes())
            await asyncio.sleep(0.005)

    watching = asyncio.create_task(watch())
    try:
        yield seen
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


async def test_answers_of_a_hundred_megabytes_fill_no_memory(port, engine, database, shop, events):
    assert 200 == code_of(await create(port, shop, events))
    before = resident_bytes()
    async with most_memory() as seen:
        for action in ("identify", "ticket_create"):
            shop.wallet.faults.set([Fault(kind="huge", action=action)], 1)
            asked = (create(port, shop, events) for _ in range(8))
            assert [218] * 8 == [code_of(one) for one in await asyncio.gather(*asked)]
    assert max(seen) - before < 64 * MEGABYTE
    assert 8 == await cancelled(database)
    shop.wallet.faults.set([], 1)
    await tell_discards(engine, shop, 8)
    assert 1 == sum(not one.discarded for one in shop.wallet.ledger.tickets.values())
