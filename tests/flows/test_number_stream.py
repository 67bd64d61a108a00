import asyncio

import pytest
from tickets_made import add_events, add_operator, new_ticket

from acca.core.chain import START, Link, Linked, hash_entry
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Change, Entry, State
from acca.flows import number_stream as flow
from acca.flows.number_stream import number_chunk, number_stream
from acca.store.stream import hold_head_for_update, prepare_heads, read_page, take_fresh
from acca.store.tickets import accept_tickets, save_changes

ENTRIES_MAX = 1_000


@pytest.fixture
async def operator(database):
    return await add_operator(database)


@pytest.fixture
async def events(database, provider):
    return await add_events(database, provider)


async def place(database, operator, events, count=1):
    """Write tickets, and confirm them: two entries each."""
    tickets = [new_ticket(operator, events) for _ in range(count)]
    async with database.writer() as writer:
        await accept_tickets(writer, tickets)
        await save_changes(writer, [confirm(ticket) for ticket in tickets])
    return tickets


def confirm(ticket):
    gross, wht, net, _ = ticket.facts.payout
    pending, created = TicketResult.PENDING, ticket.facts.created
    approved = True
    state = State(1, Status.OPEN, pending, approved, gross, wht, net, created)
    return Change(ticket.facts.key, 1, state, (Entry("confirm"),))


async def page(database, operator, after=0):
    async with database.reader() as reader:
        return await read_page(reader, operator, after, ENTRIES_MAX)


async def fresh(database):
    async with database.reader() as reader:
        return await reader.value("SELECT count(*) FROM fresh")


def require_chain(found):
    """Check a whole stream as an operator does: from its page alone."""
    before = START
    for event in found.events:
        ticket, _, n = event.delivery_id.partition("-")
        assert (before.number + 1, ticket) == (event.number, event.ticket_id)
        linked = Linked(
            bytes.fromhex(ticket),
            int(n),
            event.at,
            event.kind,
            event.status.value,
            event.result.value,
            None if event.lane is None else event.lane.value,
            event.action,
            None if event.body is None else event.body.encode(),
        )
        assert hash_entry(before, linked).hex() == event.hash
        before = Link(event.number, bytes.fromhex(event.hash))
    assert (before.number, before.hash.hex()) == (found.head.number, found.head.hash)


async def test_entries_are_numbered_in_the_order_of_their_writing(database, operator, events):
    tickets = await place(database, operator, events, 3)
    assert 6 == await number_stream(database)
    found = await page(database, operator)
    require_chain(found)
    ids = [ticket.facts.key.id.hex() for ticket in tickets]
    assert [f"{id_}-{n}" for n in (1, 2) for id_ in ids] == [
        event.delivery_id for event in found.events
    ]
    assert 0 == await fresh(database)
    assert 0 == await number_stream(database)


async def test_the_chain_goes_on_where_it_ended(database, operator, events):
    for count in (1, 3, 2):
        await place(database, operator, events, count)
        assert 2 * count == await number_stream(database)
    found = await page(database, operator)
    assert 12 == found.head.number
    require_chain(found)


async def test_each_operator_has_its_own_numbers(database, operator, events):
    other = await add_operator(database, "other")
    await place(database, operator, events, 2)
    await place(database, other, events, 1)
    assert 6 == await number_stream(database)
    for one, count in ((operator, 4), (other, 2)):
        found = await page(database, one)
        assert count == found.head.number
        require_chain(found)


async def test_more_than_a_chunk_is_numbered_in_several(database, operator, events, monkeypatch):
    monkeypatch.setattr(flow, "CHUNK", 3)
    await place(database, operator, events, 5)
    assert 10 == await number_stream(database)
    require_chain(await page(database, operator))


async def test_many_at_once_leave_no_gap_and_number_nothing_twice(database, operator, events):
    counts = []

    async def number_all():
        while await fresh(database):
            counts.append(await number_stream(database))

    async def place_many():
        for _ in range(10):
            await place(database, operator, events, 3)

    await place(database, operator, events)
    await asyncio.gather(place_many(), *(number_all() for _ in range(4)))
    counts.append(await number_stream(database))
    found = await page(database, operator)
    assert 62 == sum(counts) == found.head.number
    require_chain(found)
    assert 62 == len({event.delivery_id for event in found.events})


async def test_what_another_numbers_is_left_to_it(database, operator, events):
    await place(database, operator, events)
    async with database.writer() as writer:
        assert [operator] == await prepare_heads(writer)
        async with writer.transaction():
            assert START == await hold_head_for_update(writer, operator)
            assert 0 == await number_chunk(database, operator)
            assert 0 == await number_stream(database)
    assert 2 == await number_stream(database)


async def test_a_crash_before_the_commit_leaves_every_entry_fresh(database, operator, events):
    class Crash(Exception):
        pass

    await place(database, operator, events, 2)

    async def crash():
        async with database.writer() as writer:
            await prepare_heads(writer)
            async with writer.transaction():
                await hold_head_for_update(writer, operator)
                assert 4 == len(await take_fresh(writer, operator, 100))
                raise Crash

    with pytest.raises(Crash):
        await crash()
    assert (4, 0) == (await fresh(database), (await page(database, operator)).head.number)
    assert 4 == await number_stream(database)
    require_chain(await page(database, operator))


async def test_a_stream_is_only_added_to(database, operator, events):
    await place(database, operator, events)
    await number_stream(database)
    for change in ("DELETE FROM stream", "UPDATE stream SET n = 7", "TRUNCATE stream"):
        async with database.writer() as writer:
            with pytest.raises(Exception, match="only ever added"):
                await writer.run(change)
