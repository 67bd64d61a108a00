"""A season on real processes: a wallet that was paid for every ticket, results, kills, faults."""

import asyncio
import contextlib
import os
import time
from collections import Counter
from itertools import cycle
from typing import NamedTuple

import httpx2
from season_written import FEED_KEY, KEY, PLAYERS, begin_season
from ticket_lives import rows

from acca.core.setting import Asked
from acca.flows.set_operator import set_operator
from acca.store.connection import open_database
from acca.store.embedded.server import running_url
from acca_client.conversation import Patience
from acca_client.feed import AsyncFeedClient
from acca_client.signature import sign
from acca_sandbox.storm.control import WalletControl, read_held
from acca_sandbox.storm.kills import kill
from acca_sandbox.storm.plan import Victim
from acca_sandbox.storm.processes import Acca, Group, start_wallet, stop

PAUSE_SECONDS, WALLET_CALLS_AT_ONCE = 0.3, 24
QUIET, STILL_LOOKS, STILL_SECONDS_MAX = (0, 0, 0, 0, 0), 3, 3_600.0


@contextlib.asynccontextmanager
async def database_of(home):
    """Open the database of an engine that runs in a home."""
    async with open_database(running_url(home)) as opened:
        yield opened


async def pay_in(lived, url):
    """Call a wallet with the create of every ticket, signed and numbered as Acca does."""
    query = "SELECT ticket, body FROM journal WHERE n = 1"
    calls = iter(await rows(lived.site.database, query))
    async with httpx2.AsyncClient(transport=httpx2.AsyncHTTPTransport()) as client:

        async def call():
            for ticket, body in calls:
                answer = await client.post(url, content=body, headers=headers_of(ticket, body))
                assert 200 == answer.status_code, answer.text

        await asyncio.gather(*(call() for _ in range(WALLET_CALLS_AT_ONCE)))


def headers_of(ticket, body):
    now = int(time.time())
    return {
        "timestamp": str(now),
        "signature": sign(KEY, now, body),
        "delivery-id": f"{ticket.hex()}-1",
        "attempt": "1",
    }


class Report(NamedTuple):
    """What the audit says, how calls failed, and tickets whose money the wallet sees otherwise."""

    audit: str
    audit_is_clean: bool
    calls: dict
    faults: dict
    differences: list


class Means:
    """An engine and a wallet on real processes, and a season that lives on them."""

    def __init__(self, group, folder, stack):
        self._group, self._folder, self._stack = group, folder, stack
        self._home = folder / "home"
        self._wallet = self.lived = self._feed = None

    async def begin(self, matches, tickets):
        """Write the season, start a wallet and have it paid for each ticket."""
        await self.begin_with(lambda database: begin_season(database, matches, tickets))
        await self.advance("3h")

    async def begin_with(self, write):
        """Write open tickets, start a wallet and have it paid for each."""
        async with database_of(self._home) as database:
            self.lived = await write(database)
            options = ("--operator", "site", "--key", KEY, "--players=0")
            process, urls = await start_wallet(self._group.acca, self._folder, options)
            self._stack.push_async_callback(stop, process)
            self._wallet = WalletControl(urls["url"])
            self._stack.push_async_callback(self._wallet.close)
            await self._add_players(urls["url"])
            await pay_in(self.lived, urls["pam_url"])
            await set_operator(
                database, "site", [Asked("pam_url", urls["pam_url"])], "test", "it runs now"
            )

    @property
    def url(self):
        """Where the engine answers."""
        return self._group.url

    async def advance(self, duration):
        """Let business time pass, whatever is under way."""
        _ = await self._group.acca.run("clock", "advance", duration)

    async def set_faults(self, faults):
        """Let the wallet have faults."""
        await self._wallet.set_faults(faults, 7)

    async def _add_players(self, url):
        async with httpx2.AsyncClient(transport=httpx2.AsyncHTTPTransport()) as client:
            wanted = {"count": PLAYERS, "balance_cents": 10**17}
            _ = (await client.post(f"{url}/control/players", json=wanted)).raise_for_status()

    async def play(self, batches, kills, faults, dice):
        """Tell results in batches while processes are killed; tell who was."""
        await self._wallet.set_faults(faults, 7)
        killed = Counter()
        due = [len(batches) * (number + 1) // (kills + 1) for number in range(kills)]
        victims = cycle(Victim)
        transport = httpx2.AsyncHTTPTransport()
        patience = Patience(total_seconds=180.0)
        async with AsyncFeedClient(
            self._group.url, "feeder", FEED_KEY, patience=patience, transport=transport
        ) as feed:
            for place, batch in enumerate(batches):
                while due and due[0] <= place:
                    victim = next(victims)
                    await kill(self._group, victim)
                    killed[victim.value] += 1
                    due.pop(0)
                verdicts = await feed.send(batch)
                refused = [each for each in verdicts if each.verdict in {"refused", "defective"}]
                assert not refused, refused[:3]
                await asyncio.sleep(dice.random() * PAUSE_SECONDS)
        await self.wait_until_still()
        return killed

    async def wait(self, duration):
        """Let business time pass, and all that it brings be done and told."""
        await self.wait_until_still()
        _ = await self._group.acca.run("clock", "advance", duration)
        await self.wait_until_still()

    async def wait_until_still(self):
        """Wait until nothing is left to be done or told, business time moving where that stops."""
        still, before = 0, None
        deadline = time.monotonic() + STILL_SECONDS_MAX
        while still < STILL_LOOKS or before != QUIET:
            assert time.monotonic() < deadline, before
            now = await self.read(look)
            still = still + 1 if now == before else 0
            before = now
            if still >= STILL_LOOKS and now != QUIET:
                _ = await self._group.acca.run("clock", "advance", "11m")
                still = 0
            await asyncio.sleep(0.3)

    async def read(self, reading):
        """Read from the database as it stands now."""
        async with database_of(self._home) as database:
            return await reading(database)

    async def report(self):
        """Compare what the wallet holds with the tickets, by the audit and by a look of our own."""
        faults = await self._wallet.end_faults()
        export = await self._wallet.export()
        file = self._folder / "wallet-export.jsonl"
        _ = await asyncio.to_thread(file.write_bytes, export)
        done = await self._group.acca.try_to("audit", "--young", "0s", "--wallet", str(file))
        held = read_held(export)
        differences = [
            (id_.hex(), held[id_.hex()].debit_cents, price - (net if is_paid else 0))
            for id_, price, net, is_paid in await self.read(money_of)
            if held[id_.hex()].debit_cents != price - (net if is_paid else 0)
        ]
        audit = (done.stdout + done.stderr).strip()
        calls = dict(await self.read(count_calls))
        return Report(audit, done.returncode == 0, calls, dict(faults), differences[:5])


async def look(database):
    """Count what waits to be settled, to be told, and to be numbered."""
    query = """
        SELECT (SELECT count(*) FROM settlement_job), (SELECT count(*) FROM settlement_chunk),
            (SELECT count(*) FROM agenda WHERE lane = 'pam'),
            (SELECT count(*) FROM fresh),
            (SELECT count(*) FROM jackpot WHERE step <> 'wait' OR due <= business_now())
    """
    return (await rows(database, query))[0]


async def money_of(database):
    query = """
        SELECT ticket.id, price_cents, state.net_cents, state.result IN ('won', 'void')
        FROM ticket JOIN ticket_state AS state USING (operator, id)
    """
    return await rows(database, query)


async def count_calls(database):
    query = "SELECT action, count(*) FROM journal WHERE lane = 'pam' GROUP BY action"
    return await rows(database, query)


@contextlib.asynccontextmanager
async def live(folder, commands):
    """Run `acca serve` in a folder."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    acca = Acca(commands, {**kept, "ACCA_HOME": str(folder / "home"), "COLUMNS": "100"})
    async with contextlib.AsyncExitStack() as stack:
        group = Group(acca, folder)
        stack.push_async_callback(group.stop)
        await group.start()
        yield Means(group, folder, stack)
