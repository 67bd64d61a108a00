"""Nothing is accepted once a suspension has committed, however close both come."""

import asyncio
import random
import time

import asyncpg
import pytest
from feed_entries import suspension_told
from tickets_made import add_events, add_operator, new_ticket

from acca.flows.apply_feed import apply_entries
from acca.store.connection import WRITER_SETTINGS
from acca.store.results import Source
from acca.store.tickets import Acceptance, accept_tickets

ROUNDS = 200
HELD_SECONDS = 0.005
WHICH = {"event": {}, "market": {"market": "MRFT"}, "bet": {"bet": 1}}


async def accept_slowly(database, ticket, suspended, after):
    """Accept a ticket, holding the transaction open; tell the verdict and what was known then."""
    await asyncio.sleep(after)
    async with database.writer() as writer, writer.transaction():
        (accepted,) = await accept_tickets(writer, [ticket])
        await asyncio.sleep(HELD_SECONDS)
        return accepted.acceptance, suspended.is_set()


async def suspend(database, provider, told, suspended):
    await asyncio.sleep(HELD_SECONDS)
    await apply_entries(database, provider, [told], Source.FEED)
    suspended.set()


@pytest.mark.parametrize("which", WHICH.values(), ids=WHICH)
async def test_nothing_is_accepted_after_a_suspension_has_committed(database, provider, which):
    operator = await add_operator(database)
    (event,) = await add_events(database, provider, 1)
    dice = random.Random(7)
    verdicts = dict.fromkeys(Acceptance, 0)
    for version in range(1, ROUNDS + 1):
        suspended = asyncio.Event()
        told = suspension_told(10 * version, event="x0", **which)
        _, *accepted = await asyncio.gather(
            suspend(database, provider, told, suspended),
            *(
                accept_slowly(
                    database, new_ticket(operator, [event]), suspended, dice.uniform(0, 0.012)
                )
                for _ in range(4)
            ),
        )
        for acceptance, was_suspended in accepted:
            verdicts[acceptance] += 1
            assert not (acceptance is Acceptance.TAKEN and was_suspended)
        opened = suspension_told(10 * version + 1, suspended=False, event="x0", **which)
        await apply_entries(database, provider, [opened], Source.FEED)
    # The race was one: some came before the suspension, some after.
    assert verdicts[Acceptance.TAKEN] > ROUNDS // 4
    assert verdicts[Acceptance.MOVED] > ROUNDS // 4


async def test_an_engine_that_stands_still_holds_a_suspension_up_for_two_seconds_at_most(
    database, database_url, provider
):
    """As one does that was stopped between locking events and its commit."""
    (event,) = await add_events(database, provider, 1)
    stopped = await asyncpg.connect(database_url, server_settings=WRITER_SETTINGS)
    try:
        await stopped.execute("BEGIN")
        await stopped.fetch("SELECT id FROM event WHERE id = $1 FOR SHARE", event)
        begun = time.monotonic()
        told = suspension_told(9, event="x0")
        (outcome,) = await apply_entries(database, provider, [told], Source.FEED)
        assert "applied" == outcome.judged.verdict.value
        assert time.monotonic() - begun < 4  # 2 s, and what a busy machine adds
    finally:
        stopped.terminate()
