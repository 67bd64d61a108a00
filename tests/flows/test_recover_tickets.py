import asyncio
import datetime as dt
import json

import pytest
from ticket_lives import accept, agenda, journal, lost, rests, rows, save, state_of
from tickets_made import add_events, add_operator, new_ticket

from acca.core.confirming import state_when_new
from acca.core.refusals import OperatorPlatformSilent
from acca.core.ticket import Status
from acca.core.ticket_facts import Change, Entry
from acca.flows.recover_tickets import recover_tickets


@pytest.fixture
async def operator(database):
    return await add_operator(database, discard_delay="30s")


@pytest.fixture
async def events(database, provider):
    return await add_events(database, provider)


def confirm(ticket):
    state = state_when_new(ticket.facts, approved=True)._replace(status=Status.OPEN)
    return Change(ticket.facts.key, 1, state, (Entry("confirm"),))


async def test_a_ticket_that_nobody_calls_for_is_cancelled_and_discarded(
    database, operator, events
):
    ticket = await lost(database, operator, events)
    assert 1 == await recover_tickets(database)
    state = await state_of(database, ticket)
    assert (2, Status.CANCELLED) == (state.n, state.status)
    silent = OperatorPlatformSilent.code
    recovered = (2, "recover", "cancelled", "ticket_discard", silent, "recovered", None)
    assert recovered == (await journal(database, ticket))[-1]
    assert [("pam", "deliver", 2, 2)] == await agenda(database, ticket)
    assert await rests(database, ticket)
    assert 0 == await recover_tickets(database)


async def test_the_discard_names_its_reason_and_waits_for_the_operators_time(
    database, operator, events
):
    await lost(database, operator, events)
    await recover_tickets(database)
    ((body, wait),) = await rows(
        database,
        "SELECT body, due - at FROM journal JOIN agenda USING (operator, ticket) WHERE n = 2",
    )
    told = json.loads(body)
    assert ("ticket_discard", "recovered") == (told["action"], told["data"]["reason"])
    assert "site" == told["data"]["operator"]
    assert dt.timedelta(seconds=30) == wait


async def test_a_ticket_that_is_still_called_for_is_left_alone(database, operator, events):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    assert 0 == await recover_tickets(database)
    assert Status.NEW is (await state_of(database, ticket)).status


async def test_a_ticket_whose_call_runs_is_left_alone_though_its_lease_was_lost(
    database, operator, events
):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    async with database.writer() as writer:
        await writer.run("UPDATE agenda SET lease = NULL")
    assert 0 == await recover_tickets(database)
    assert Status.NEW is (await state_of(database, ticket)).status


async def test_a_confirmation_that_comes_after_recovery_changes_nothing(database, operator, events):
    ticket = await lost(database, operator, events)
    await recover_tickets(database)
    assert {} == await save(database, confirm(ticket))
    assert Status.CANCELLED is (await state_of(database, ticket)).status


async def test_many_engines_at_once_end_each_ticket_once(database, operator, events):
    tickets = [await lost(database, operator, events) for _ in range(20)]
    confirming = [save(database, confirm(ticket)) for ticket in tickets[:10]]
    recovering = [recover_tickets(database) for _ in range(4)]
    done = await asyncio.gather(*confirming, *recovering)
    assert 20 == sum(map(len, done[:10])) + sum(done[10:])
    assert [(2, 20)] == await rows(database, "SELECT n, count(*) FROM ticket_state GROUP BY n")
    assert [(40,)] == await rows(database, "SELECT count(*) FROM journal")


async def test_an_engine_that_dies_with_a_lease_leaves_the_ticket_to_others(
    database, operator, events
):
    ticket = await lost(database, operator, events)
    async with database.writer() as writer:
        await writer.run("UPDATE agenda SET lease = statement_timestamp() + interval '20 s'")
    assert 0 == await recover_tickets(database)
    async with database.writer() as writer:
        await writer.run("UPDATE agenda SET lease = statement_timestamp() - interval '1 s'")
    assert 1 == await recover_tickets(database)
    assert Status.CANCELLED is (await state_of(database, ticket)).status


async def test_a_chunk_has_tickets_of_every_operator(database, operator, events):
    other = await add_operator(database, "other")
    await lost(database, operator, events)
    await lost(database, other, events)
    assert 2 == await recover_tickets(database)
    bodies = await rows(database, "SELECT body FROM journal WHERE kind = 'recover'")
    told = {json.loads(body)["data"]["operator"] for (body,) in bodies}
    assert {"site", "other"} == told
