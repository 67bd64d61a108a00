import pytest
from catalogue_seen import add_provider
from tickets_made import add_events, add_operator, new_ticket

from acca.core.chain import START
from acca.core.delivery import Verdict
from acca.core.lifecycle import Message
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Change, Entry, Key, Lane, Sent, State, Telling
from acca.flows.number_stream import number_stream
from acca.store.stream import read_page, read_timeline
from acca.store.tickets import accept_tickets, hasten_discard, save_changes
from acca.wire.be_answers import Lane as LaneTold
from acca.wire.be_answers import StreamHead
from acca.wire.document import render, render_list

ZEROS = "0" * 64


@pytest.fixture
async def operator(database):
    return await add_operator(database)


@pytest.fixture
async def events(database):
    return await add_events(database, await add_provider(database, "feeder"))


async def accept(database, *tickets):
    async with database.writer() as writer:
        await accept_tickets(writer, tickets)


async def save(database, ticket, entries, sent=(), status=Status.OPEN):
    gross, wht, net, _ = ticket.facts.payout
    created = ticket.facts.created
    approved = True
    state = State(1, status, TicketResult.PENDING, approved, gross, wht, net, created)
    async with database.writer() as writer:
        await save_changes(writer, [Change(ticket.facts.key, 1, state, tuple(entries))], sent)


def sent(ticket, number, answer, *, is_late=False, status=200):
    verdict = "accepted" if status == 200 else "unreached"
    return Sent(ticket.facts.key, 1, number, is_late, verdict, status, 12, answer)


async def page(database, operator, after=0, limit=100):
    async with database.reader() as reader:
        return await read_page(reader, operator, after, limit)


async def timeline(database, ticket):
    async with database.reader() as reader:
        return await read_timeline(reader, ticket.facts.key)


async def test_an_operator_without_entries_has_a_head_of_zeros(database, operator):
    found = await page(database, operator, after=5)
    assert ((), 5, StreamHead(number=0, hash=ZEROS)) == (found.events, found.next, found.head)
    assert START.hash.hex() == found.head.hash


async def test_pages_follow_one_another_and_carry_the_same_head(database, operator, events):
    await accept(database, *(new_ticket(operator, events) for _ in range(7)))
    assert 7 == await number_stream(database)
    whole = await page(database, operator)
    first = await page(database, operator, 0, 4)
    second = await page(database, operator, first.next, 4)
    empty = await page(database, operator, second.next, 4)
    assert whole.events == first.events + second.events
    assert ([4, 3, 0], [4, 7, 7]) == (
        [len(one.events) for one in (first, second, empty)],
        [one.next for one in (first, second, empty)],
    )
    assert {StreamHead(number=7, hash=whole.events[-1].hash)} == {
        one.head for one in (whole, first, second, empty)
    }


async def test_an_event_holds_what_the_journal_holds(database, operator, events):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    await save(database, ticket, [Entry("confirm")])
    await number_stream(database)
    created, confirmed = (await page(database, operator)).events
    id_ = ticket.facts.key.id.hex()
    assert (id_, f"{id_}-1", "new", Status.NEW, LaneTold.PAM, "ticket_create") == (
        created.ticket_id,
        created.delivery_id,
        created.kind,
        created.status,
        created.lane,
        created.action,
    )
    assert ticket.telling.body == created.body.encode()
    assert (f"{id_}-2", "confirm", Status.OPEN, None, None, None) == (
        confirmed.delivery_id,
        confirmed.kind,
        confirmed.status,
        confirmed.lane,
        confirmed.action,
        confirmed.body,
    )


async def test_a_page_is_of_its_operator_alone_and_can_be_written(database, operator, events):
    other = await add_operator(database, "other")
    await accept(database, new_ticket(operator, events), new_ticket(other, events))
    await number_stream(database)
    found = await page(database, operator)
    assert 1 == len(found.events)
    assert b'"next":1' in render(found)


@pytest.mark.parametrize("after", [2**63 - 1, 2**63, 2**200])
async def test_a_cursor_beyond_every_number_finds_nothing(database, operator, events, after):
    await accept(database, new_ticket(operator, events))
    await number_stream(database)
    found = await page(database, operator, after)
    assert ((), after, 1) == (found.events, found.next, found.head.number)


async def test_a_timeline_shows_every_entry_with_its_attempts(database, operator, events):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    lost, answered = sent(ticket, 1, b"", status=None), sent(ticket, 2, b'{"message":"ok"}')
    entries = [Entry("approve", actor="ann"), Entry("confirm")]
    await save(database, ticket, entries, [answered, lost])
    async with database.writer() as writer:
        await hasten_discard(writer, sent(ticket, 1, b"too late", is_late=True))
    created, approved, confirmed = await timeline(database, ticket)
    assert [(1, "new"), (2, "approve"), (3, "confirm")] == [
        (entry.n, entry.kind) for entry in (created, approved, confirmed)
    ]
    assert ("ann", None) == (approved.actor, confirmed.actor)
    assert [
        (1, False, Verdict.UNREACHED, None, None),
        (2, False, Verdict.ACCEPTED, 200, '{"message":"ok"}'),
        (1, True, Verdict.ACCEPTED, 200, "too late"),
    ] == [
        (one.attempt, one.is_late, one.verdict, one.http_status, one.answer)
        for one in created.attempts
    ]
    assert b'"is_late":true' in render_list([created, approved, confirmed])


async def test_a_timeline_of_another_operator_or_of_no_ticket_is_empty(database, operator, events):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    async with database.reader() as reader:
        for key in (Key(operator + 1, ticket.facts.key.id), Key(operator, bytes(12))):
            assert () == await read_timeline(reader, key)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"token":"a\\"b","x":1}', '{"token":"***","x":1}'),
        (b'{"data": {"token" : "abc"}}', '{"data": {"token" : "***"}}'),
        (b'{"type":"otp","code":"123456"}', '{"type":"otp","code":"***"}'),
        (b'{"ticket_code":"E36E20"}', '{"ticket_code":"E36E20"}'),
    ],
)
async def test_secrets_of_a_body_are_not_shown(database, operator, events, body, shown):
    ticket = new_ticket(operator, events)
    await accept(database, ticket._replace(telling=Telling(Lane.PAM, Message.TICKET_CREATE, body)))
    (entry,) = await timeline(database, ticket)
    assert shown == entry.body


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (b'{"code":"LOW","token":"abc"}', '{"code":"LOW","token":"***"}'),
        (b'{"token":"cut ' + b"x" * 4000, '{"token":"***"'),
        (b'{"token":"cut\\', '{"token":"***"'),
        (b"\xff\x00", "\ufffd\x00"),
        (b"", ""),
    ],
    ids=["token", "token that is cut", "escape that is cut", "no text", "nothing"],
)
async def test_answers_are_shown_as_text_without_tokens(database, operator, events, answer, shown):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    await save(database, ticket, [Entry("confirm")], [sent(ticket, 1, answer)])
    created, _ = await timeline(database, ticket)
    assert [shown] == [one.answer for one in created.attempts]
