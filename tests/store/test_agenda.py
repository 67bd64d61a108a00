import asyncio

import pytest
from catalogue_seen import add_provider
from ticket_lives import LONG_AGO, lost, reserve, rows
from tickets_made import STARTS, add_events, add_operator

from acca.core.ticket_facts import Task, Waiting
from acca.store.agenda import lease_due, put_off


@pytest.fixture
async def operator(database):
    return await add_operator(database)


@pytest.fixture
async def events(database):
    return await add_events(database, await add_provider(database, "feeder"))


async def lease(database, task=Task.EXPIRE, limit=10):
    async with database.writer() as writer:
        return [one.key for one in await lease_due(writer, task, limit)]


async def test_what_is_due_is_leased_for_half_a_minute(database, operator, events):
    ticket = await reserve(database, operator, events, LONG_AGO)
    assert [ticket.facts.key] == await lease(database)
    assert [] == await lease(database)
    assert [(True,)] == await rows(
        database,
        "SELECT lease BETWEEN statement_timestamp() + interval '20 s'"
        " AND statement_timestamp() + interval '30 s' FROM agenda",
    )


async def test_only_what_is_due_and_of_the_task_is_leased(database, operator, events):
    await reserve(database, operator, events, STARTS)
    ticket = await lost(database, operator, events)
    assert [] == await lease(database)
    assert [ticket.facts.key] == await lease(database, Task.RECOVER)


async def test_a_lease_that_has_ended_is_anybodys_again(database, operator, events):
    ticket = await reserve(database, operator, events, LONG_AGO)
    await lease(database)
    async with database.writer() as writer:
        await writer.run("UPDATE agenda SET lease = statement_timestamp() - interval '1 s'")
    assert [ticket.facts.key] == await lease(database)


async def test_the_longest_due_of_each_operator_go_first(database, operator, events):
    other = await add_operator(database, "other")
    late = await reserve(database, operator, events, LONG_AGO.replace(day=3))
    early = await reserve(database, operator, events, LONG_AGO)
    elsewhere = await reserve(database, other, events, LONG_AGO.replace(day=2))
    first = {early.facts.key, elsewhere.facts.key}
    assert first == set(await lease(database, limit=1))
    assert [late.facts.key] == await lease(database, limit=1)


async def test_many_at_once_lease_each_ticket_once(database, operator, events):
    tickets = [await reserve(database, operator, events, LONG_AGO) for _ in range(12)]
    leased = await asyncio.gather(*(lease(database, limit=3) for _ in range(8)))
    flat = [key for keys in leased for key in keys]
    assert len(flat) == len(set(flat))
    rest = await lease(database, limit=100)
    assert {ticket.facts.key for ticket in tickets} == {*flat, *rest}


async def test_what_is_put_off_gives_its_lease_back_and_waits(database, operator, events):
    ticket = await reserve(database, operator, events, LONG_AGO)
    await lease(database)
    async with database.writer() as writer:
        await put_off(writer, ticket.facts.key, Waiting(Task.EXPIRE, STARTS))
    assert [(STARTS, None)] == await rows(database, "SELECT due, lease FROM agenda")
    assert [] == await lease(database)


async def test_what_needs_attention_is_not_leased(database, operator, events):
    await reserve(database, operator, events, LONG_AGO)
    async with database.writer() as writer:
        await writer.run("UPDATE agenda SET attention = now()")
    assert [] == await lease(database)
