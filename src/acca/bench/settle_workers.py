"""The processes that settle while it is measured: workers of Acca, and a bare loop beside them."""

import asyncio
import resource
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from multiprocessing.synchronize import Barrier, Event
from typing import NamedTuple

from acca.boot import calm_collector
from acca.core.outcome import LOST, WON
from acca.flows.settle_tickets import list_job, look_for_work, settle_chunk
from acca.store.connection import Database, open_database
from acca.store.measuring import BareEnd, BareTicket, bare_hold, bare_list, bare_save

_LOOK_SECONDS = 0.02
_CHUNK = 2_000


class Asked(NamedTuple):
    """What a worker is to do: on which database, for whom, of which event, as which of how many."""

    url: str
    operator: int
    event: int
    number: int
    workers: int


class Spent(NamedTuple):
    """What a worker needed, and when it had its first tickets saved, in monotonic seconds."""

    cpu_seconds: float
    memory_mb: int
    first: float


class Signals(NamedTuple):
    """All workers are ready; the work may begin; nothing is left."""

    ready: Barrier
    begin: Event
    stop: Event


Work = Callable[[Database, Asked, Signals], Awaitable[float]]


def run(work: Work, asked: Asked, signals: Signals, report: Callable[[Spent], None]) -> None:
    """Work in this process, and report what it took."""
    report(asyncio.run(_run(work, asked, signals)))


async def _run(work: Work, asked: Asked, signals: Signals) -> Spent:
    async with open_database(asked.url, connections_max=4) as database:
        _ = await look_for_work(database)
        calm_collector()
        _ = await asyncio.to_thread(signals.ready.wait)
        before = _cpu_seconds()
        first = await work(database, asked, signals)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        return Spent(_cpu_seconds() - before, memory, first)


def _cpu_seconds() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


async def work_as_acca(database: Database, _: Asked, signals: Signals) -> float:
    """List and settle as a worker does, until all is done."""
    first = await asyncio.gather(
        _keep(database, signals, "jobs"), _keep(database, signals, "chunks")
    )
    return first[1]


async def _keep(database: Database, signals: Signals, kind: str) -> float:
    first = float("inf")
    do = list_job if kind == "jobs" else settle_chunk
    while not signals.stop.is_set():
        work = await look_for_work(database)
        if getattr(work, kind) and await do(database):
            first = min(first, time.monotonic())
        else:
            await asyncio.sleep(_LOOK_SECONDS)
    return first


async def work_bare(database: Database, asked: Asked, signals: Signals) -> float:
    """Settle every other chunk of an event with nothing but multiplications."""
    _ = await asyncio.to_thread(signals.begin.wait)
    async with database.reader() as reader:
        ids = await bare_list(reader, asked.event)
    first = float("inf")
    for chunk in _share(ids, asked):
        async with database.writer() as writer:
            tickets = await bare_hold(writer, asked.operator, chunk)
            await bare_save(writer, asked.operator, [_end(ticket) for ticket in tickets])
        first = min(first, time.monotonic())
    return first


def _share(ids: Sequence[bytes], asked: Asked) -> Iterator[Sequence[bytes]]:
    step = _CHUNK * asked.workers
    for first in range(asked.number * _CHUNK, len(ids), step):
        yield ids[first : first + _CHUNK]


def _end(ticket: BareTicket) -> BareEnd:
    product, one = ticket.stake_cents, 1
    for bet, odds in zip(ticket.bets, ticket.odds, strict=True):
        outcome = WON if bet == ticket.bets[0] else LOST
        product *= outcome.won * odds
        one *= 100
    cents = (2 * product + one) // (2 * one)
    action = "ticket_win" if cents else "ticket_lost"
    body = f'{{"action":"{action}","data":{{"operator":"bench","ticket_id":"{ticket.id.hex()}"}}}}'
    result = "won" if cents else "lost"
    return BareEnd(ticket.id, ticket.n, result, cents, action, body.encode())
