"""What settlement carries: tickets that one result decides, beside a bare loop over the tables.

It needs a migrated database to fill, with an operator and a provider in it. As many processes
settle as there would be workers. The bare loop holds, reads and writes the same rows with the
least that makes a payout of them: no taxes, no caps, no rules of operators, no correction, no
second sport.
"""

import asyncio
import multiprocessing
import time
from datetime import timedelta
from typing import NamedTuple

from acca.bench.settle_workers import Asked, Signals, Spent, Work, run, work_as_acca, work_bare
from acca.core.catalogue.told import EntryVerdict, Head, HeadTold, Name, ResultTold
from acca.core.score import Ending, Result, Score
from acca.flows.apply_feed import apply_entries
from acca.flows.prepare_months import prepare_months
from acca.flows.settle_tickets import list_job, look_for_work
from acca.store.clock import read_clock
from acca.store.connection import OVERTAKEN, Database, open_database
from acca.store.measuring import Fill, analyse, count_unsettled, fill_tickets
from acca.store.results import Source

LEGS = 5
_FILL, _ANALYSED_MAX = 20_000, 120
_HOME, _AWAY = 1, 3
_LOOK_SECONDS = 0.02
PLAYED = Result(Ending.PLAYED, Score((1, 0), ((1, 0), (0, 0))))


class Place(NamedTuple):
    """Where there is something to settle: the database, and in it an operator and a provider."""

    url: str
    operator: int
    provider: int
    tax_profile: int


class Settled(NamedTuple):
    """One measure: tickets that an event decided, the time it took, and what the workers needed.

    `first_ms` is from the commit of the result to the first tickets that are saved, `cpu_us` is of
    both workers for one ticket (the server's is not in it), `memory_mb` the most that one held.
    """

    name: str
    tickets: int
    seconds: float
    first_ms: float
    cpu_us: float
    memory_mb: int


class Load(NamedTuple):
    """What is settled: tickets that one result decides, by how many workers, in how many rounds.

    `beside` is how many other tickets are open all the while, on an event that never ends.
    """

    tickets: int
    rounds: int = 1
    workers: int = 2
    beside: int = 0


async def measure_settlement(place: Place, load: Load) -> list[Settled]:
    """Fill a database and settle it: by the bare loop, by Acca, with a void leg, and a tenth."""
    async with open_database(place.url) as database:
        _ = await prepare_months(database)
        filler = Filler(database, place)
        await filler.prepare()
        if load.beside:
            _ = await filler.fill(load.beside, void=False)
        tenth = load._replace(tickets=load.tickets // 10)
        found: list[Settled] = []
        for _ in range(load.rounds):
            found += [
                await _measure(filler, "bare loop", load, work_bare),
                await _measure(filler, "acca", load, work_as_acca),
                await _measure(filler, "acca, a tenth of it", tenth, work_as_acca),
                await _measure(filler, "acca, a void leg", load, work_as_acca, void=True),
            ]
        return found


class Filler:
    """Makes events that have ended, and tickets that wait for one more."""

    def __init__(self, database: Database, place: Place) -> None:
        self.database: Database = database
        self.place: Place = place
        self._events: int = 0
        self._tickets: int = 0
        self._ended: list[int] = []
        self._void: list[int] = []

    async def prepare(self) -> None:
        """Let the other legs of all tickets have their results, one of them cancelled."""
        self._ended = [await self._add_event() for _ in range(LEGS - 1)]
        for event in self._ended:
            await self.end(event, PLAYED)
        cancelled = await self._add_event()
        await self.end(cancelled, Result(Ending.CANCELLED))
        self._void = [*self._ended[1:], cancelled]
        # Nobody has a ticket on them yet, and nobody is to look for one while it is measured.
        while await list_job(self.database):
            pass

    async def fill(self, tickets: int, *, void: bool) -> int:
        """Add tickets on one more event, half of them on its home side, and return it."""
        event = await self._add_event()
        legs = [*(self._void if void else self._ended), event]
        bets = [_HOME] * (LEGS - 1)
        place = self.place
        async with self.database.writer() as writer:
            for first in range(self._tickets + 1, self._tickets + tickets + 1, _FILL):
                last = min(first + _FILL - 1, self._tickets + tickets)
                sides = _HOME, _AWAY
                fill = Fill(place.operator, first, last, legs, bets, sides, place.tax_profile)
                await fill_tickets(writer, fill)
        await self._analyse()
        self._tickets += tickets
        return event

    async def _analyse(self) -> None:
        """Let the planner know the tables; the server's own cleaning may stand in the way."""
        for _ in range(_ANALYSED_MAX):
            try:
                async with self.database.writer() as writer:
                    await analyse(writer)
            except OVERTAKEN:
                await asyncio.sleep(1)
            else:
                return

    async def end(self, event: int, result: Result) -> None:
        """Tell how an event ended."""
        told = ResultTold(_key(event), 1, result, corrects=False)
        (taken,) = await apply_entries(self.database, self.place.provider, [told], Source.FEED)
        assert taken.judged.verdict is EntryVerdict.APPLIED, "a result of the measure is news"

    async def _add_event(self) -> int:
        self._events += 1
        async with self.database.reader() as reader:
            starts = (await read_clock(reader)).now - timedelta(hours=2)
        name = Name("kenya", "Kenya")
        sides = Name(f"home-{self._events}", "Home"), Name(f"away-{self._events}", "Away")
        head = Head("football", name, name, *sides, starts, live=False)
        told = [HeadTold(_key(self._events), 0, head)]
        (added,) = await apply_entries(self.database, self.place.provider, told, Source.FEED)
        assert added.event_id == self._events, "events are numbered one after another"
        return self._events


def _key(event: int) -> str:
    return f"bench-{event}"


async def _measure(
    filler: Filler, name: str, load: Load, work: Work, *, void: bool = False
) -> Settled:
    event = await filler.fill(load.tickets, void=void)
    context = multiprocessing.get_context("spawn")
    signals = Signals(context.Barrier(load.workers + 1), context.Event(), context.Event())
    reports = context.SimpleQueue()
    place = filler.place
    workers = [
        context.Process(
            target=run,
            args=(
                work,
                Asked(place.url, place.operator, event, number, load.workers),
                signals,
                reports.put,
            ),
        )
        for number in range(load.workers)
    ]
    for worker in workers:
        worker.start()
    _ = await asyncio.to_thread(signals.ready.wait)
    is_bare = work is work_bare
    if not is_bare:
        await filler.end(event, PLAYED)
    begun = time.monotonic()
    signals.begin.set()
    if not is_bare:
        await _wait_until_done(filler.database)
        signals.stop.set()
    spent: list[Spent] = [await asyncio.to_thread(reports.get) for _ in workers]
    seconds = time.monotonic() - begun
    for worker in workers:
        worker.join()
    await _require_settled(filler, load.beside)
    return Settled(
        name,
        load.tickets,
        seconds,
        (min(one.first for one in spent) - begun) * 1e3,
        sum(one.cpu_seconds for one in spent) / load.tickets * 1e6,
        max(one.memory_mb for one in spent),
    )


async def _wait_until_done(database: Database) -> None:
    while any(await look_for_work(database)):  # noqa: ASYNC110 - another process does the work
        await asyncio.sleep(_LOOK_SECONDS)


async def _require_settled(filler: Filler, beside: int) -> None:
    async with filler.database.reader() as reader:
        left = await count_unsettled(reader, filler.place.operator)
    assert left == beside, f"{left - beside} tickets were not settled"
