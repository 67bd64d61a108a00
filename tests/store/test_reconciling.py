import pytest
from catalogue_seen import add_provider
from settling_made import untax
from store.test_audit import live
from tickets_made import add_events, add_operator

from acca.core.lifecycle import Message
from acca.core.ticket import Status
from acca.store.reconciling import page_ids, read_placed


@pytest.fixture
async def operator(database):
    added = await add_operator(database)
    await untax(database)
    return added


@pytest.fixture
async def tickets(database, operator):
    """Return five tickets: open, paid, expired, recovered and declined."""
    events = await add_events(database, await add_provider(database, "feeder"))
    return await live(database, operator, events)


def ids_of(tickets):
    return [ticket.facts.key.id for ticket in tickets]


async def read(database, operator, ids):
    async with database.reader() as reader:
        return await read_placed(reader, operator, ids)


async def test_a_ticket_is_read_with_all_that_its_wallet_was_told(database, operator, tickets):
    placed = await read(database, operator, ids_of(tickets))
    create, reserve = Message.TICKET_CREATE, Message.TICKET_RESERVE
    discard, refund = Message.TICKET_DISCARD, Message.TICKET_REFUND
    expected = [
        (Status.OPEN, [(1, create)], None),
        (Status.OPEN, [(1, reserve)], None),
        (Status.CANCELLED, [(1, reserve), (3, discard)], 3),
        (Status.CANCELLED, [(1, create), (2, discard)], 2),
        (Status.RESULTED, [(1, create), (3, refund)], 3),
    ]
    found = [placed[id_] for id_ in ids_of(tickets)]
    assert expected == [
        (one.status, [call[:2] for call in one.told], one.waits_from) for one in found
    ]
    facts, first = tickets[0].facts, found[0]
    assert (facts.code, "KES", facts.player, 1000, 1400) == (*first[1:4], *first[5:7])


async def test_what_was_added_to_a_journal_meanwhile_is_left_out(database, operator, tickets):
    declined = tickets[-1].facts.key.id
    async with database.writer() as writer:
        await writer.run("UPDATE ticket_state SET n = 2 WHERE id = $1", declined)
    (one,) = (await read(database, operator, [declined])).values()
    assert [Message.TICKET_CREATE] == [call.action for call in one.told]


async def test_nobody_reads_the_tickets_of_another(database, operator, tickets):
    other = await add_operator(database, "other")
    assert {} == await read(database, other, ids_of(tickets))
    assert {} == await read(database, operator, [bytes(12)])
    async with database.reader() as reader:
        assert [] == await page_ids(reader, other, b"", b"\xff", 10)


async def test_ids_are_paged_from_one_on_and_before_another(database, operator, tickets):
    first, second, third, *_, last = ids = ids_of(tickets)
    async with database.reader() as reader:
        assert ids == await page_ids(reader, operator, b"", b"\xff", 10)
        assert [first, second] == await page_ids(reader, operator, first, last, 2)
        assert [third] == await page_ids(reader, operator, second + b"\0", third + b"\0", 9)
        assert [] == await page_ids(reader, operator, last + b"\0", b"\xff", 9)
