"""An engine that stands still between its first commit and the wallet's call never makes it."""

import asyncio
import json
import os
import pathlib
import signal
import sys
import time
from secrets import token_bytes

import pytest
import stalled_engine
from catalogue_seen import add_provider
from placing_made import open_shop
from tickets_made import add_events

from acca.flows.deliver_messages import Deliverer, Tools
from acca.flows.recover_tickets import recover_tickets

SETTINGS = {
    "connect_timeout": "500ms",
    "identify_timeout": "1s",
    "create_timeout": "6s",
    "discard_delay": "5s",
}
TESTS = pathlib.Path(stalled_engine.__file__).parent


@pytest.fixture
async def shop(database):
    async with open_shop(database, **SETTINGS) as opened:
        yield opened


async def test_no_create_is_sent_after_the_discard(database, database_url, shop):
    events = await add_events(database, await add_provider(database, "feeder"))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        stalled_engine.__file__,
        database_url,
        shop.token(),
        json.dumps(events),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
    try:
        assert b"written\n" == await asyncio.wait_for(process.stdout.readline(), 30)
        process.send_signal(signal.SIGSTOP)
        assert 0 == await recover_tickets(database)  # nobody takes it before its time is up
        await until(lambda: recover_tickets(database), 30)
        deliverer = Deliverer(Tools(database, shop.wallets, time.monotonic, token_bytes))
        await until(lambda: discarded(deliverer, shop), 30)
        process.send_signal(signal.SIGCONT)
        told = await asyncio.wait_for(process.stdout.readline(), 30)
        assert b"OperatorPlatformSilent\n" == told
        assert 0 == await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert {"identify": 1, "ticket_discard": 1} == dict(shop.wallet.wallet.calls)
    (ticket,) = shop.wallet.ledger.tickets.values()
    assert (True, 0) == (ticket.discarded, ticket.taken_cents)


async def discarded(deliverer, shop):
    await deliverer.deliver(1)
    return len(shop.wallet.ledger.tickets)


async def until(work, seconds):
    """Do some work again and again until it has something to show."""
    async with asyncio.timeout(seconds):
        while not await work():  # noqa: ASYNC110 - the work is what changes it
            await asyncio.sleep(0.2)
