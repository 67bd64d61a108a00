import asyncio

import pytest
from catalogue_seen import add_provider
from store.test_deliveries import REFUND, ROLLBACK, change, lease
from ticket_lives import accept, rows, save
from tickets_made import add_events, add_operator, new_ticket

from acca.core.delivering import Course, Step
from acca.core.ticket_facts import Sent
from acca.store.connection import open_database
from acca.store.deliveries import Stepped
from acca.store.delivery_saver import Saver, Unsaved

DONE = Step(Course.NEXT)


@pytest.fixture
async def lanes(database):
    """Lease three lanes of two entries each."""
    operator = await add_operator(database)
    events = await add_events(database, await add_provider(database, "feeder"))
    for _ in range(3):
        ticket = new_ticket(operator, events)
        await accept(database, ticket)
        await save(database, change(ticket, 1, REFUND, ROLLBACK))
    return await lease(database, operator)


class Saving:
    """A saver with its work, its faults, and how many steps it is done with."""

    def __init__(self, database):
        self.tasks, self.faults, self.ended = [], [], 0
        self.saver = Saver(database, self.begin, self.faults.append)

    def begin(self, work):
        self.tasks.append(asyncio.create_task(work))

    def end(self):
        self.ended += 1

    def save(self, lane, place=0, *, waits=True, http_status=200):
        due = lane.entries[place]
        sent = Sent(
            key=lane.key,
            n=due.n,
            number=1,
            is_late=False,
            verdict="accepted",
            http_status=http_status,
            duration_ms=12,
            answer=b"ok",
        )
        told = asyncio.get_running_loop().create_future() if waits else None
        self.saver.save(Unsaved(Stepped(lane, due.n, DONE, None, sent), self.end, told))
        return told

    async def drain(self):
        await asyncio.gather(*self.tasks)


async def attempts(database):
    return await rows(database, "SELECT ticket, n FROM attempt ORDER BY ticket, n")


async def test_what_gathers_is_saved_together_and_lanes_go_on(database, lanes):
    saving = Saving(database)
    told = [saving.save(lane) for lane in lanes]
    assert 1 == len(saving.tasks)
    assert [True] * 3 == await asyncio.gather(*told)
    await saving.drain()
    assert (3, []) == (saving.ended, saving.faults)
    assert [(lane.key.id, 2) for lane in lanes] == await attempts(database)


async def test_a_lane_whose_last_entry_is_saved_is_drained(database, lanes):
    saving = Saving(database)
    assert await saving.save(lanes[0])
    saving.save(lanes[0], 1, waits=False)
    await saving.drain()
    assert [lane.key.id for lane in lanes[1:]] == [
        ticket for (ticket,) in await rows(database, "SELECT ticket FROM agenda ORDER BY ticket")
    ]


async def test_a_poisoned_step_holds_no_other_up(database, lanes):
    saving = Saving(database)
    poisoned = saving.save(lanes[0], http_status=10**6)
    others = [saving.save(lane) for lane in lanes[1:]]
    assert (False, [True, True]) == (await poisoned, await asyncio.gather(*others))
    await saving.drain()
    assert (3, 1) == (saving.ended, len(saving.faults))
    assert [(lane.key.id, 2) for lane in lanes[1:]] == await attempts(database)


async def test_what_cannot_be_saved_is_told_and_the_next_is_saved(database_url, lanes):
    async with open_database(database_url) as own:
        saving = Saving(own)
        async with own.writer() as writer, writer.transaction():
            # The save waits for these rows until it may not any longer.
            await writer.run("SELECT FROM agenda FOR UPDATE")
            assert not await saving.save(lanes[0])
        await saving.drain()
        assert (1, 1) == (saving.ended, len(saving.faults))
        again = saving.save(lanes[0])
        assert await again
        await saving.drain()


async def test_a_lane_that_another_has_by_now_is_not_gone_on_with(database, lanes):
    saving = Saving(database)
    async with database.writer() as writer:
        await writer.run(
            "UPDATE agenda SET lease = statement_timestamp() + interval '1 hour' WHERE ticket = $1",
            lanes[0].key.id,
        )
    assert not await saving.save(lanes[0])
    assert await saving.save(lanes[1])
    await saving.drain()


async def test_a_lane_that_got_more_meanwhile_is_given_back_at_once(database, lanes):
    saving = Saving(database)
    lane = lanes[0]
    assert await saving.save(lane)
    query = "UPDATE agenda SET last_n = last_n + 1 WHERE ticket = $1 AND lane = 'pam'"
    async with database.writer() as writer:
        await writer.run(query, lane.key.id)
    saving.save(lane, 1, waits=False)
    await saving.drain()
    (again,) = await lease(database, lane.key.operator)
    assert (lane.key, ()) == (again.key, again.entries)
