"""How soon a wallet hears of a result: from its commit to the first call, with workers as they are.

Two processes run every duty that a worker has, and a fast wallet in a third notes its first call.
"""

import asyncio
import math
import multiprocessing
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from typing import NamedTuple

import structlog
import uvloop

from acca.bench.deliver_wallet import FastWallet, run_fast_wallet
from acca.bench.settle import PLAYED, Filler, Place
from acca.boot import calm_collector, monotonic_seconds, person, random_bytes, unix_seconds
from acca.core.setting import Asked
from acca.engine import Means, open_engine
from acca.flows.prepare_months import prepare_months
from acca.flows.set_operator import set_operator
from acca.store.connection import Database, open_database
from acca.worker.duties import DUTIES
from acca.worker.loop import run_duties

WORKERS = 2
_SILENT = 50
_CALM_SECONDS, _LOOK_SECONDS, _STOP_SECONDS_MAX = 0.5, 0.05, 15.0


class Reaction(NamedTuple):
    """How long the first call took to come, over some results that decided so many tickets each."""

    tickets: int
    rounds: int
    p50_ms: float
    p99_ms: float
    max_ms: float


class _Bench(NamedTuple):
    database: Database
    filler: Filler
    wallet: FastWallet


async def measure_reaction(place: Place, sizes: Sequence[tuple[int, int]]) -> list[Reaction]:
    """Tell results, one at a time, for each number of tickets and of rounds."""
    with run_fast_wallet() as wallet:
        async with open_database(place.url) as database:
            _ = await prepare_months(database)
            asked = [Asked("pam_url", wallet.url), Asked("tipster", "off")]
            _ = await set_operator(database, "bench", asked, person(), "to be measured")
            filler = Filler(database, place)
            await filler.prepare()
            with running_workers(place.url, WORKERS):
                bench = _Bench(database, filler, wallet)
                return [await _measure(bench, tickets, rounds) for tickets, rounds in sizes]


async def _measure(bench: _Bench, tickets: int, rounds: int) -> Reaction:
    # The first warms the processes up: plans are made, connections are opened.
    _ = await _react(bench, tickets)
    found = sorted([await _react(bench, tickets) for _ in range(rounds)])
    p50, p99 = (found[math.ceil(rounds * share / 100) - 1] for share in (50, 99))
    return Reaction(tickets, rounds, p50, p99, found[-1])


async def _react(bench: _Bench, tickets: int) -> float:
    """Tell one result; return the milliseconds from its commit to the first call."""
    event = await bench.filler.fill(tickets, void=False)
    await asyncio.sleep(_CALM_SECONDS)
    _ = bench.wallet.ask()
    await bench.filler.end(event, PLAYED)
    committed = time.monotonic()
    first: float | None = None
    left = tickets
    while left:
        await asyncio.sleep(_LOOK_SECONDS)
        told = bench.wallet.ask()
        left, first = left - told.deliveries, first or told.first
    assert first is not None, "a result that decides tickets is told"
    return (first - committed) * 1e3


@contextmanager
def running_workers(url: str, number: int) -> Generator[list[int]]:
    """Run workers with all their duties, each a process; give their numbers."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    workers = [context.Process(target=_work, args=(url, stop)) for _ in range(number)]
    for worker in workers:
        worker.start()
    try:
        yield [worker.pid or 0 for worker in workers]
    finally:
        stop.set()
        for worker in workers:
            worker.join(_STOP_SECONDS_MAX)
            worker.kill()


def _work(url: str, stop: Event) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run_duties(url, stop))


async def _run_duties(url: str, stop: Event) -> None:
    log = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger(_SILENT))
    means = Means(unix_seconds, monotonic_seconds, random_bytes, log, allow_private=True)
    async with open_database(url) as database, open_engine(database, means) as engine:
        calm_collector()
        told = asyncio.Event()

        async def wait() -> None:
            _ = await asyncio.to_thread(stop.wait)
            told.set()

        waiting = asyncio.create_task(wait())
        await run_duties(engine, DUTIES, told)
        await waiting
