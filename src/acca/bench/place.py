"""What placing carries: whole tickets by Acca, by the bare floor under it, and by the usual stack.

It needs a migrated database with an operator and a provider in it. Each has a server process of its
own on the same database server, is paid by the same quick wallet, and is asked by this process with
requests that were signed beforehand, each with a token of its own; they take turns.
"""

import asyncio
import importlib
import importlib.util
import multiprocessing
import socket
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection
from random import Random  # noqa: TID251 - a load is the same on each run
from typing import NamedTuple

import psutil
import structlog
import uvloop

from acca.api.app import build_app
from acca.api.measures import Measures
from acca.api.serving import serve_api
from acca.bench.asker import request
from acca.bench.place_floor import TABLES, Site, serve_floor
from acca.bench.place_load import Load, send_all
from acca.bench.place_wallet import QuickWallet, run_quick_wallet
from acca.bench.react import running_workers
from acca.boot import calm_collector, monotonic_seconds, person, random_bytes, unix_seconds
from acca.core.catalogue.told import Head, HeadTold, Name, OddsTold, Price
from acca.core.setting import Asked
from acca.engine import Means, open_engine
from acca.flows.apply_feed import apply_entries
from acca.flows.prepare_months import prepare_months
from acca.flows.set_operator import set_operator
from acca.store.clock import read_clock
from acca.store.connection import Database, open_database
from acca.store.results import Source
from acca.wire.signature import sign

OPERATOR = "bench"
_EVENTS, _LEGS, _AT_ONCE = 2_000, 5, 500
_ODDS = {1: 150, 2: 400, 3: 700}
_PEERS = ("fastapi", "sqlalchemy", "httpx")
_SILENT = 50
_STOP_SECONDS_MAX = 5.0
_WARM, _HALF, _PEER_SHARE = 200, 2, 5
"""The usual stack is asked for a fifth as many tickets, so that it ends."""


class Asking(NamedTuple):
    """How many tickets each is asked for, over how many connections, in how many rounds."""

    tickets: int = 5_000
    connections: int = 64
    rounds: int = 3


class Spent(NamedTuple):
    """Microseconds of a processor for one ticket, by who spent them."""

    server: float
    worker: float
    postgres: float
    wallet: float


class Placed(NamedTuple):
    """One measure: whole tickets, and the rate against that of the floor in the same round.

    Milliseconds are of creates under full load; `half` are those at half of the rate.
    """

    name: str
    round: int
    tickets: int
    per_second: float
    share_percent: float
    p50_ms: float
    p99_ms: float
    spent: Spent


class Measured(NamedTuple):
    """All rounds, and the creates of Acca at half of its rate: their p50 and p99, in ms."""

    rounds: list[Placed]
    half_per_second: float
    half_p50_ms: float
    half_p99_ms: float
    skipped: str | None


class _Server(NamedTuple):
    name: str
    port: int
    process: int


class _Bench(NamedTuple):
    key: str
    events: Sequence[int]
    wallet: QuickWallet
    postgres: int
    workers: Sequence[int]


def missing_peer() -> str | None:
    """Say what the usual stack lacks here; None where it can be measured."""
    lacking = [name for name in _PEERS if importlib.util.find_spec(name) is None]
    if not lacking:
        return None
    return f"the usual stack is not measured: pip install {' '.join(lacking)}"


async def measure_placing(
    url: str, provider: int, key: str, postgres: int, asking: Asking
) -> Measured:
    """Place tickets in turns; the database is filled first."""
    with ExitStack() as stack:
        wallet = stack.enter_context(run_quick_wallet())
        async with open_database(url) as database:
            events = await _prepare(database, provider, wallet.url)
            async with database.writer() as writer:
                for statement in TABLES:
                    await writer.run(statement)
        site = Site(url, wallet.url, key)
        workers = stack.enter_context(running_workers(url, 1))
        skipped = missing_peer()
        servers = [
            stack.enter_context(_serving("floor", serve_floor, site)),
            stack.enter_context(_serving("acca", _serve_acca, site)),
        ]
        if skipped is None:
            servers.append(stack.enter_context(_serving("usual stack", _serve_peer, site)))
        bench = _Bench(key, events, wallet, postgres, workers)
        return await _measure_all(bench, servers, asking, skipped)


async def _prepare(database: Database, provider: int, wallet: str) -> list[int]:
    """Let an operator call the wallet, and offer events with odds."""
    _ = await prepare_months(database)
    asked = [Asked("pam_url", wallet), Asked("requests_per_second_max", "1000000")]
    asked.append(Asked("tipster", "off"))
    _ = await set_operator(database, OPERATOR, asked, person(), "to be measured")
    async with database.reader() as reader:
        starts = (await read_clock(reader)).now + timedelta(days=2)
    name = Name("kenya", "Kenya")
    events: list[int] = []
    for first in range(0, _EVENTS, _AT_ONCE):
        keys = range(first, first + _AT_ONCE)
        heads = [
            HeadTold(
                f"p{key}", 0,
                Head("football", name, name, Name(f"h{key}", "H"), Name(f"a{key}", "A"), starts,
                     live=False),
            )
            for key in keys
        ]  # fmt: skip
        added = await apply_entries(database, provider, heads, Source.FEED)
        prices = tuple(Price(odds, bet) for bet, odds in _ODDS.items())
        told = [OddsTold(f"p{key}", 1, prices) for key in keys]
        _ = await apply_entries(database, provider, told, Source.FEED)
        events += [one.event_id for one in added if one.event_id is not None]
    return events


@contextmanager
def _serving(
    name: str, serve: Callable[[Site, "Connection[int, None]"], None], site: Site
) -> Generator[_Server]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(site, theirs), daemon=True)
    process.start()
    try:
        yield _Server(name, ours.recv(), process.pid or 0)
    finally:
        process.terminate()
        process.join(_STOP_SECONDS_MAX)


def _serve_acca(site: Site, told: "Connection[int, None]") -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_answer(site, told))


def _serve_peer(site: Site, told: "Connection[int, None]") -> None:
    # It may not be installed, and no other process is to load it.
    importlib.import_module("acca.bench.place_peer").serve_peer(site, told)


async def _answer(site: Site, told: "Connection[int, None]") -> None:
    """Answer as an API process of `acca serve` does."""
    log = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger(_SILENT))
    means = Means(unix_seconds, monotonic_seconds, random_bytes, log, allow_private=True)
    async with open_database(site.url) as database, open_engine(database, means) as engine:
        calm_collector()
        with socket.create_server(("127.0.0.1", 0), backlog=1024) as door:
            port: int = door.getsockname()[1]
            served = build_app(engine, Measures(None))
            await serve_api(served, door, asyncio.Event(), lambda: told.send(port))


async def _measure_all(
    bench: _Bench, servers: Sequence[_Server], asking: Asking, skipped: str | None
) -> Measured:
    dice = Random(7)  # noqa: S311 - the same tickets on each run
    for server in servers:
        _ = await send_all(server.port, _requests(bench, dice, _WARM), asking.connections)
    found: list[Placed] = []
    for number in range(asking.rounds):
        turned = [*servers[number % len(servers) :], *servers[: number % len(servers)]]
        placed = [await _measure(bench, dice, server, asking, number + 1) for server in turned]
        floor = next(each.per_second for each in placed if each.name == "floor")
        found += [
            each._replace(share_percent=100 * each.per_second / floor)
            for each in sorted(placed, key=lambda each: -each.per_second)
        ]
    acca = next(server for server in servers if server.name == "acca")
    rates = sorted(each.per_second for each in found if each.name == "acca")
    half = rates[len(rates) // 2] / _HALF
    requests = _requests(bench, dice, asking.tickets // _HALF)
    load = await send_all(acca.port, requests, asking.connections, half)
    return Measured(found, half, load.part(0.5), load.part(0.99), skipped)


async def _measure(
    bench: _Bench, dice: Random, server: _Server, asking: Asking, number: int
) -> Placed:
    is_peer = server.name not in {"floor", "acca"}
    count = asking.tickets // (_PEER_SHARE if is_peer else 1)
    requests = _requests(bench, dice, count)
    before = _look(bench, server)
    load: Load = await send_all(server.port, requests, asking.connections)
    spent = Spent(
        *(
            (now - then) / count * 1e6
            for now, then in zip(_look(bench, server), before, strict=True)
        )
    )
    rate = count / load.seconds
    return Placed(server.name, number, count, rate, 0.0, load.part(0.5), load.part(0.99), spent)


def _look(bench: _Bench, server: _Server) -> Spent:
    """Look what each has spent by now, in seconds of a processor."""
    return Spent(
        _seconds(server.process),
        sum(map(_seconds, bench.workers)),
        sum(_seconds(each.pid) for each in psutil.Process(bench.postgres).children(recursive=True)),
        _seconds(bench.wallet.process),
    )


def _seconds(process: int) -> float:
    try:
        spent = psutil.Process(process).cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return spent.user + spent.system


def _requests(bench: _Bench, dice: Random, count: int) -> list[bytes]:
    """Sign requests for tickets of five legs, each with a token of its own."""
    return [_request(bench, dice) for _ in range(count)]


def _request(bench: _Bench, dice: Random) -> bytes:
    picked = dice.sample(bench.events, _LEGS)
    legs = ",".join(f'{{"id":{event},"bet":1,"odds":1.5}}' for event in picked)
    token = f"{dice.getrandbits(128):032x}"
    body = (
        f'{{"operator":"{OPERATOR}","token":"{token}","psp":null,"price":1000,"currency":"KES",'
        f'"atag":null,"rtag":null,"source":"mobile","type":"quickbet","odds_diff":0,'
        f'"events":[{legs}]}}'
    ).encode()
    timestamp = str(unix_seconds())
    return request(
        "POST",
        "/be/tickets",
        body,
        f"operator-name: {OPERATOR}",
        f"timestamp: {timestamp}",
        f"signature: {sign(bench.key, timestamp, body)}",
    )
