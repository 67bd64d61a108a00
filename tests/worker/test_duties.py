import asyncio
import contextlib
import datetime as dt
import itertools
import urllib.parse
from typing import NamedTuple

import asyncpg
import pytest
from api.engines import make_engine
from catalogue_seen import add_provider
from feed_entries import head_told
from ticket_lives import journal, lost, open_unapproved, reserve, rows, state_of
from tickets_made import add_events, add_operator

from acca.core.ticket import Status, TicketResult
from acca.flows.advance_clock import advance_by
from acca.flows.apply_feed import apply_entries
from acca.store.connection import open_database
from acca.store.results import Source
from acca.worker.duties import DUTIES
from acca.worker.loop import run_duties

SECONDS_MAX = 20
ENDED = "SELECT count(*) FROM ticket_state WHERE status IN ('cancelled', 'resulted')"
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@contextlib.asynccontextmanager
async def workers(*engines):
    """Run all duties in each engine until the context ends."""
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for engine in engines:
            group.create_task(run_duties(engine, DUTIES, stopping))
        try:
            yield
        finally:
            stopping.set()


async def until(is_so):
    """Wait until an asynchronous question is answered yes."""
    async with asyncio.timeout(SECONDS_MAX):
        for _ in itertools.count():
            if await is_so():
                return
            await asyncio.sleep(0.05)


async def reach(answer, database, query):
    """Wait until a query answers what is expected."""

    async def is_so():
        return await rows(database, query) == [(answer,)]

    await until(is_so)


async def hear(logged, event, duties):
    """Wait until the log has a line of each duty."""

    async def is_so():
        return duties <= {line["duty"] for line in logged if line["event"] == event}

    await until(is_so)


class Shop(NamedTuple):
    operator: int
    provider: int
    events: list[int]


@pytest.fixture
async def shop(database):
    """Return the ids of an operator, of a provider and of its open events."""
    provider = await add_provider(database, "feeder")
    events = await add_events(database, provider)
    return Shop(await add_operator(database), provider, events)


@pytest.fixture
def logged():
    return []


async def test_two_workers_bring_every_waiting_ticket_to_its_end_once(database, shop, logged):
    gone = [await lost(database, shop.operator, shop.events) for _ in range(5)]
    unpaid = await reserve(database, shop.operator, shop.events, expires=LONG_AGO)
    undecided = await open_unapproved(database, shop.operator, shop.events, due=LONG_AGO)
    begun = await add_events(database, shop.provider, 1, prefix="begun")
    late = await open_unapproved(database, shop.operator, begun, due=LONG_AGO)
    async with database.writer() as writer:
        await writer.run("UPDATE event SET starts = $1 WHERE id = $2", LONG_AGO, begun[0])
    engine = make_engine(database, logged)
    async with workers(engine, engine):
        await reach(7, database, ENDED)
    for ticket in gone:
        kinds = [entry[1] for entry in await journal(database, ticket)]
        assert ["new", "recover"] == kinds
    assert Status.CANCELLED == (await state_of(database, unpaid)).status
    assert TicketResult.VOID == (await state_of(database, late)).result
    assert Status.OPEN == (await state_of(database, undecided)).status
    assert [] == logged


async def test_every_entry_gets_its_number(database, shop, logged):
    for _ in range(3):
        await lost(database, shop.operator, shop.events)
    async with workers(make_engine(database, logged)):
        await reach(6, database, "SELECT count(*) FROM stream")
    assert [(6,)] == await rows(database, "SELECT number FROM stream_head")


async def test_live_events_of_a_silent_provider_are_suspended_and_that_is_logged(database, logged):
    provider = await add_provider(database, "feeder")
    await apply_entries(database, provider, [head_told(1, live=True)], Source.FEED)
    async with workers(make_engine(database, logged)):
        await reach(1, database, "SELECT count(*) FROM event WHERE stops = ARRAY['silent']")
    (line,) = logged
    assert "providers fell silent or came back" == line["event"]
    assert (1, 0) == (line["stopped"], line["lifted"])


async def test_months_are_prepared_at_the_start(sandbox, logged):
    await advance_by(sandbox, dt.timedelta(days=400))
    query = """SELECT count(*) FROM pg_inherits WHERE inhparent = 'journal'::regclass
        AND inhrelid::regclass::text = to_char(business_now(), '"journal_"YYYY_MM')"""
    assert [(0,)] == await rows(sandbox, query)
    async with workers(make_engine(sandbox, logged)):
        await reach(1, sandbox, query)


async def test_duties_go_on_after_the_database_was_away(database_url, postgres_server, logged):
    name = urllib.parse.urlsplit(database_url).path[1:]
    async with open_database(database_url) as working, workers(make_engine(working, logged)):
        admin = await asyncpg.connect(postgres_server.url)
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
        await admin.fetch(query, name)
        duties = {duty.name for duty in DUTIES if duty.every_seconds <= 1}
        await hear(logged, "a duty fails and is tried again", duties)
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await admin.close()
        await hear(logged, "a duty works again", duties)
