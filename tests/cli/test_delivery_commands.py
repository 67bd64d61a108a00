"""The commands of deliveries, on a database that a test fills."""

import asyncio

import pytest
from catalogue_seen import add_provider
from tickets_made import add_events, add_operator, new_ticket
from typer.testing import CliRunner

from acca.cli import app
from acca.core.confirming import state_when_new
from acca.core.operator import WebhookBlanks
from acca.core.ticket import Status
from acca.core.ticket_facts import Change, Entry
from acca.store.tickets import accept_tickets, save_changes
from acca.wire.pam_calls import Teller, tell_discard


@pytest.fixture
async def ticket(database):
    operator = await add_operator(database)
    events = await add_events(database, await add_provider(database, "feeder"))
    made = new_ticket(operator, events)
    facts = made.facts
    discard = tell_discard(Teller("site", WebhookBlanks.KEEP), facts.key.id, "no-answer")
    state = state_when_new(facts, approved=True)._replace(status=Status.CANCELLED)
    async with database.writer() as writer:
        await accept_tickets(writer, [made])
        await save_changes(writer, [Change(facts.key, 1, state, (Entry("refuse", discard),))])
        await writer.run("UPDATE agenda SET attention = business_now(), attempts = 9")
    return facts.key.id.hex()


@pytest.fixture
def run(database_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: CliRunner().invoke(app, ["deliveries", *arguments])


async def in_thread(run, *arguments):
    return await asyncio.to_thread(run, *arguments)


async def test_what_needs_attention_is_listed_and_replayed(run, ticket):
    listed = await in_thread(run, "list", "--attention")
    assert ticket in listed.output
    replayed = await in_thread(run, "replay", "site", ticket)
    assert (0, "1 deliveries are due now\n") == (replayed.exit_code, replayed.output)
    assert ticket not in (await in_thread(run, "list", "--attention")).output
    assert ticket in (await in_thread(run, "list", "--operator", "site")).output


async def test_what_a_wallet_has_lost_is_sent_again_from_an_entry_on(run, database, ticket):
    async with database.writer() as writer:
        await writer.run("DELETE FROM agenda")
    again = ("replay", "site", ticket, "--from")
    assert "0 deliveries" in (await in_thread(run, *again, "3")).output
    assert "1 deliveries" in (await in_thread(run, *again, "2")).output
    assert ticket in (await in_thread(run, "list", "--operator", "site")).output
    # What places a ticket is sent once.
    assert 2 == (await in_thread(run, *again, "1")).exit_code
    assert 1 == (await in_thread(run, "replay", "site", "--all", "--from", "2")).exit_code
    assert 1 == (await in_thread(run, "replay", "site", "FFFFFF", "--from", "2")).exit_code


async def test_a_replay_names_a_ticket_or_all(run, ticket):
    assert ticket
    assert 1 == (await in_thread(run, "replay", "site")).exit_code
    assert 1 == (await in_thread(run, "replay", "site", "FFFFFF")).exit_code
    assert "1 deliveries" in (await in_thread(run, "replay", "site", "--all")).output
