"""What delivering carries: entries that wait for a fast wallet, beside bare calls of the client.

It needs a migrated database with an operator in it. The bare calls sign and post the same bodies
by the same client to the same wallet: no database, no breaker, no limit, nothing kept.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from pyreqwest.client import Client, ClientBuilder

from acca.bench.deliver_spent import look
from acca.bench.deliver_wallet import FastWallet, run_fast_wallet
from acca.bench.settle import Place
from acca.boot import calm_collector, monotonic_seconds, person, random_bytes, unix_seconds
from acca.core.setting import Asked
from acca.flows.deliver_messages import Deliverer, Tools
from acca.flows.prepare_months import prepare_months
from acca.flows.set_operator import set_operator
from acca.outbound.caller import Machine
from acca.outbound.wallets import Wallets
from acca.store.connection import Database, open_database
from acca.store.deliveries import list_due_lanes
from acca.store.measuring import BareEnd, Fill, analyse, bare_list, bare_save, fill_tickets
from acca.wire.signature import sign

AT_ONCE = 64
"""So many bare calls run at once: more were not faster."""
_FILL = 5_000
_FIRST_EVENT, _BETS, _SIDES = 5, (1, 1, 1, 1), (1, 3)
_SECOND = 1.0
_SECRET = "0123456789abcdef" * 4
_TIMEOUT = timedelta(seconds=10)


class Delivered(NamedTuple):
    """One measure: calls, the time they took, and the processor time of one, by process.

    `share` is the rate against that of the bare calls just before it, in percent.
    """

    name: str
    calls: int
    seconds: float
    share: int
    engine_us: float
    postgres_us: float
    wallet_us: float


class _Bench(NamedTuple):
    """Where it is measured; `postgres` is the number of the server's process."""

    database: Database
    place: Place
    wallet: FastWallet
    postgres: int


async def measure_delivery(
    place: Place, postgres: int, tickets: int, rounds: int
) -> list[Delivered]:
    """Call a fast wallet bare and deliver to it, in turns, so that both have the same machine."""
    with run_fast_wallet() as wallet:
        async with open_database(place.url) as database:
            _ = await prepare_months(database)
            asked = [Asked("pam_url", wallet.url)]
            _ = await set_operator(database, "bench", asked, person(), "to be measured")
            bench = _Bench(database, place, wallet, postgres)
            found: list[Delivered] = []
            for number in range(rounds):
                found += await _measure_round(bench, number, tickets)
            return found


async def _measure_round(bench: _Bench, number: int, tickets: int) -> list[Delivered]:
    ends = await _fill(bench, number, tickets)
    calm_collector()
    bare = await _measure(bench, "bare calls", tickets, lambda: _call_bare(bench.wallet, ends))
    acca = await _measure(bench, "acca", tickets, lambda: _deliver(bench.database))
    async with bench.database.reader() as reader:
        assert not await list_due_lanes(reader), "all that was due is delivered"
    return [bare, acca._replace(share=round(100 * bare.seconds / acca.seconds))]


async def _fill(bench: _Bench, number: int, tickets: int) -> list[BareEnd]:
    """Let tickets end, each with an outcome that its wallet is to be told."""
    place = bench.place
    events = [1, 2, 3, 4, _FIRST_EVENT + number]
    async with bench.database.writer() as writer:
        first, last = number * tickets + 1, (number + 1) * tickets
        for begin in range(first, last + 1, _FILL):
            end = min(begin + _FILL - 1, last)
            filled = Fill(place.operator, begin, end, events, _BETS, _SIDES, place.tax_profile)
            await fill_tickets(writer, filled)
        ends = [_end(id_) for id_ in await bare_list(writer, events[-1])]
        for begin in range(0, tickets, _FILL):
            await bare_save(writer, place.operator, ends[begin : begin + _FILL])
        await analyse(writer)
    assert tickets == len(ends), "each ticket of a round has its end"
    return ends


def _end(id_: bytes) -> BareEnd:
    body = (
        f'{{"action":"ticket_win","data":{{"operator":"bench","ticket_id":"{id_.hex()}",'
        '"gross_payout":"75.90","wht_amount":"0.00","wht":"0.00","net_payout":"75.90"}}'
    )
    return BareEnd(id_, 2, "won", 7590, "ticket_win", body.encode())


async def _measure(
    bench: _Bench, name: str, calls: int, work: Callable[[], Awaitable[None]]
) -> Delivered:
    wallet = bench.wallet
    _ = wallet.ask()
    before = look(bench.postgres, wallet.process.pid or 0)
    begun = time.monotonic()
    await work()
    seconds = time.monotonic() - begun
    spent = look(bench.postgres, wallet.process.pid or 0).since(before)
    assert (calls, calls) == wallet.ask()[:2], "a delivery is told once where nothing fails"
    return Delivered(name, calls, seconds, 100, *(one / calls * 1e6 for one in spent))


async def _deliver(database: Database) -> None:
    """Deliver what is due, as the duty of a worker that has just begun does."""
    wallets = Wallets(Machine(unix_seconds, monotonic_seconds), allow_private=True)
    deliverer = Deliverer(Tools(database, wallets, monotonic_seconds, random_bytes))
    while await deliverer.deliver(_SECOND):
        pass
    await deliverer.drain()
    await wallets.close()


async def _call_bare(wallet: FastWallet, ends: Sequence[BareEnd]) -> None:
    left = iter(ends)
    builder = ClientBuilder().no_proxy().http1_only().tcp_nodelay(enabled=True)
    async with builder.build() as client, asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            _ = group.create_task(_call_in_turn(client, wallet.url, left))


async def _call_in_turn(client: Client, url: str, left: Iterator[BareEnd]) -> None:
    for end in left:
        timestamp = str(unix_seconds())
        request = (
            client.post(url)
            .headers(
                {
                    "content-type": "application/json",
                    "timestamp": timestamp,
                    "signature": sign(_SECRET, timestamp, end.body),
                    "delivery-id": f"{end.id.hex()}-{end.n + 1}",
                    "attempt": "1",
                }
            )
            .timeout(_TIMEOUT)
            .body_bytes(end.body)
            .build()
        )
        response = await request.send()
        assert bytes(await response.bytes()), "the wallet says something"
