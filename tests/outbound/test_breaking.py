"""What the breaker does to calls that wait, and to a wallet that has moved."""

import asyncio
import time

import pytest
from outbound.servers import reply, scripted
from outbound.test_wallets import identified, target

from acca.core.concurrency import START
from acca.core.delivery import Verdict
from acca.core.ticket_facts import Lane
from acca.outbound.caller import Machine
from acca.outbound.wallets import Delivery, Player, Wallets

CLOSED = Delivery(Lane.PAM, b"{}", "0-7", 1)


@pytest.fixture
async def wallets():
    made = Wallets(Machine(lambda: int(time.time()), time.monotonic), allow_private=True)
    yield made
    await made.close()


async def test_calls_that_wait_when_the_breaker_opens_are_spared(wallets):
    async def fail(_reader, writer):
        await asyncio.sleep(0.05)
        writer.write(reply(500))
        await writer.drain()

    async with scripted(fail) as (server, port):
        there = target(port, breaker_failures="3", breaker_probe_interval="1m")
        answers = await asyncio.gather(*(wallets.deliver(there, CLOSED) for _ in range(120)))
        tried = [answer for answer in answers if answer.was_tried]
        # Two places became free before the failure that opened it.
        assert len(server.requests) == len(tried) <= START + 2
        assert {(Verdict.UNREACHED, False)} == {
            (answer.verdict, answer.was_sent) for answer in answers if not answer.was_tried
        }


async def test_a_wallet_that_moved_while_it_was_spared_is_looked_for_where_it_is(wallets):
    async with scripted(reply(500)) as (old, before), scripted(identified()) as (new, after):
        settings = {"breaker_failures": "1", "breaker_patience": "1h"}
        await wallets.identify(target(before, **settings), "token")
        assert wallets.is_open("site")
        wallets.meet(target(after, **settings))
        async with asyncio.timeout(10):
            await new.asked.wait()
            while wallets.is_open("site"):  # noqa: ASYNC110 - the probe looks by itself
                await asyncio.sleep(0.01)
        assert 1 == len(old.requests)
        assert isinstance(await wallets.identify(target(after, **settings), "token"), Player)


async def test_a_call_that_was_made_says_so_whatever_came_of_it(wallets):
    async with scripted(reply(500)) as (_, port):
        there = target(port, breaker_failures="1")
        assert (await wallets.deliver(there, CLOSED)).was_tried
        assert not (await wallets.deliver(there, CLOSED)).was_tried
