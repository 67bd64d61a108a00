import asyncio
import datetime as dt

import pytest
from catalogue_seen import add_provider
from feed_entries import head_told, odds_told, suspension_told
from tickets_made import STARTS, add_events, add_operator, new_ticket

from acca.core.lifecycle import Message
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import (
    Change,
    Entry,
    Key,
    Lane,
    Sent,
    State,
    Task,
    Telling,
    Waiting,
)
from acca.core.ticket_id import ByCode, ById
from acca.flows.apply_feed import apply_entries
from acca.store.claims import ClaimName, find_claims
from acca.store.results import Source
from acca.store.tickets import (
    Acceptance,
    accept_tickets,
    find_ticket,
    get_tickets,
    hasten_discard,
    save_changes,
)

DISCARD = Telling(Lane.PAM, Message.TICKET_DISCARD, b"{}", dt.timedelta(minutes=1))


@pytest.fixture
async def provider(database):
    return await add_provider(database, "feeder")


@pytest.fixture
async def operator(database):
    return await add_operator(database)


@pytest.fixture
async def events(database, provider):
    return await add_events(database, provider)


async def accept(database, *tickets):
    async with database.writer() as writer:
        return [one.acceptance for one in await accept_tickets(writer, tickets)]


async def save(database, *changes, sent=()):
    async with database.writer() as writer:
        return await save_changes(writer, changes, sent)


async def get(database, ticket):
    async with database.reader() as reader:
        return (await get_tickets(reader, [ticket.facts.key])).get(ticket.facts.key)


async def rows(database, query):
    async with database.reader() as reader:
        return [tuple(row) for row in await reader.rows(query)]


def confirm(ticket, **changes):
    gross, wht, net, _ = ticket.facts.payout
    pending, created = TicketResult.PENDING, ticket.facts.created
    approved = True
    state = State(1, Status.OPEN, pending, approved, gross, wht, net, created)
    change = Change(ticket.facts.key, 1, state, (Entry("confirm"),))
    return change._replace(**changes)


def answered(ticket, *, is_late=False):
    return Sent(ticket.facts.key, 1, 1, is_late, "accepted", 200, 12, b"x" * 5000)


def refuse(ticket):
    change = confirm(ticket)
    return change._replace(
        state=change.state._replace(status=Status.CANCELLED),
        entries=(Entry("refuse", DISCARD, refusal=218, detail="x"),),
        ends=True,
    )


async def test_a_ticket_is_written_with_all_that_belongs_to_it(database, operator, events):
    ticket = new_ticket(operator, events)
    assert [Acceptance.TAKEN] == await accept(database, ticket)
    written = await get(database, ticket)
    assert ticket.facts == written.facts._replace(created=ticket.facts.created)
    assert (1, Status.NEW, TicketResult.PENDING) == written.state[:3]
    assert written.facts.created == written.state.updated
    body = (ticket.telling.body, "pam", "ticket_create", "new")
    assert [body] == await rows(database, "SELECT body, lane, action, status FROM journal")
    assert [("life", "recover", True)] == await rows(
        database, "SELECT lane, task, lease > statement_timestamp() FROM agenda"
    )
    assert [(1,)] == await rows(database, "SELECT n FROM fresh")


@pytest.mark.parametrize(
    "told",
    [
        suspension_told(9, event="x0"),
        suspension_told(9, event="x0", bet=1),
        suspension_told(9, event="x0", market="MRFT"),
        head_told(9, "x0", starts=STARTS, live=True, home="x0-home"),
        odds_told(9, {1: 151}, "x0"),
    ],
    ids=["event", "bet", "market", "kick-off", "odds"],
)
async def test_what_moved_is_not_written(database, provider, operator, events, told):
    await apply_entries(database, provider, [told], Source.FEED)
    moved, fine = new_ticket(operator, events), new_ticket(operator, events[1:])
    assert [Acceptance.MOVED, Acceptance.TAKEN] == await accept(database, moved, fine)
    assert await get(database, moved) is None
    assert [(1,)] == await rows(database, "SELECT count(*) FROM ticket_code")


async def test_an_event_that_has_started_by_the_clock_is_not_bet_on(database, provider, operator):
    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    events = await add_events(database, provider, 1, starts=past, prefix="p")
    assert [Acceptance.MOVED] == await accept(database, new_ticket(operator, events))


async def test_a_code_in_use_is_told_and_leaves_no_claim(database, operator, events):
    first = new_ticket(operator, events)
    second = new_ticket(operator, events, code=first.facts.code)
    assert [Acceptance.TAKEN] == await accept(database, first)
    assert [Acceptance.CODED] == await accept(database, second)
    assert [(1,)] == await rows(database, "SELECT count(*) FROM request_claim")
    other = new_ticket(await add_operator(database, "other"), events, code=first.facts.code)
    assert [Acceptance.TAKEN] == await accept(database, other)


async def test_one_code_twice_in_a_batch_is_given_once(database, operator, events):
    first = new_ticket(operator, events)
    second = new_ticket(operator, events, code=first.facts.code)
    assert {Acceptance.TAKEN, Acceptance.CODED} == set(await accept(database, first, second))


async def test_a_request_that_was_taken_is_not_taken_again(database, operator, events):
    first, second = new_ticket(operator, events), new_ticket(operator, events)
    again = second._replace(claim=first.claim)
    assert [Acceptance.TAKEN] == await accept(database, first)
    assert [Acceptance.CLAIMED] == await accept(database, again)
    assert await get(database, again) is None
    name = ClaimName(operator, first.claim.key)
    async with database.reader() as reader:
        found = (await find_claims(reader, [name]))[name]
    assert (first.facts.key, first.claim.body, 2, None) == tuple(found)


async def test_same_requests_at_once_in_two_engines_make_one_ticket(database, operator, events):
    first, second = new_ticket(operator, events), new_ticket(operator, events)
    twins = [first, second._replace(claim=first.claim)]
    verdicts = await asyncio.gather(*(accept(database, twin) for twin in twins))
    assert {Acceptance.TAKEN, Acceptance.CLAIMED} == {one for (one,) in verdicts}
    assert [(1,)] == await rows(database, "SELECT count(*) FROM ticket")


async def test_a_claim_whose_time_is_over_is_free_again(database, operator, events):
    first, second = new_ticket(operator, events), new_ticket(operator, events)
    first = first._replace(claim=first.claim._replace(lasts=dt.timedelta(seconds=-1)))
    assert [Acceptance.TAKEN] == await accept(database, first)
    assert [Acceptance.TAKEN] == await accept(database, second._replace(claim=first.claim))


async def test_a_confirmed_ticket_is_open_and_waits_for_nothing(database, operator, events):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    sent = answered(ticket)
    moved = await save(database, confirm(ticket), sent=[sent])
    assert [ticket.facts.key] == list(moved)
    state = (await get(database, ticket)).state
    assert (2, Status.OPEN, moved[ticket.facts.key]) == (state.n, state.status, state.updated)
    assert [] == await rows(database, "SELECT * FROM agenda")
    assert [(1, "new"), (2, "open")] == await rows(
        database, "SELECT n, status FROM journal ORDER BY n"
    )
    assert [("accepted", 200, 2048)] == await rows(
        database, "SELECT verdict, http_status, octet_length(answer) FROM attempt"
    )


async def test_the_first_verdict_wins_and_the_second_changes_nothing(database, operator, events):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    assert [ticket.facts.key] == list(await save(database, refuse(ticket)))
    before = await rows(database, "SELECT * FROM journal, agenda, ticket_state, fresh")
    assert {} == await save(database, confirm(ticket))
    assert before == await rows(database, "SELECT * FROM journal, agenda, ticket_state, fresh")


async def test_of_many_verdicts_at_once_one_wins(database, operator, events):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    done = await asyncio.gather(
        *(save(database, change(ticket)) for change in (confirm, refuse) * 10)
    )
    assert 1 == sum(map(len, done))
    assert [(2,)] == await rows(database, "SELECT count(*) FROM journal")


async def test_a_refused_ticket_rests_its_code_and_queues_its_discard(database, operator, events):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    await save(database, refuse(ticket))
    assert [("pam", "deliver", 2, 2, True)] == await rows(
        database,
        "SELECT lane, task, next_n, last_n,"
        " due BETWEEN business_now() AND business_now() + '1 minute' FROM agenda",
    )
    assert [(True,)] == await rows(
        database, "SELECT free_from > business_now() + interval '399 days' FROM ticket_code"
    )
    async with database.reader() as reader:
        name = ClaimName(operator, ticket.claim.key)
        deciding = (await find_claims(reader, [name]))[name].deciding
    assert (Status.CANCELLED, 218, "x") == (deciding.status, deciding.refusal, deciding.detail)


async def test_a_late_answer_hastens_the_discard(database, operator, events):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    await save(database, refuse(ticket))
    async with database.writer() as writer:
        await hasten_discard(writer, answered(ticket, is_late=True))
    assert [(True,)] == await rows(database, "SELECT due <= business_now() FROM agenda")
    assert [(True, "accepted")] == await rows(database, "SELECT is_late, verdict FROM attempt")


async def test_a_reservation_waits_for_its_end(database, operator, events):
    ticket = new_ticket(operator, events, is_reservation=True)
    await accept(database, ticket)
    change = confirm(ticket)
    state = change.state._replace(status=Status.RESERVED, expires=STARTS)
    waiting = Waiting(Task.EXPIRE, STARTS)
    await save(database, change._replace(state=state, waiting=waiting))
    assert [("life", "expire", STARTS, None)] == await rows(
        database, "SELECT lane, task, due, lease FROM agenda"
    )
    assert STARTS == (await get(database, ticket)).state.expires


async def test_a_ticket_is_found_by_id_and_by_code_of_its_operator_alone(
    database, operator, events
):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    other = await add_operator(database, "other")
    async with database.reader() as reader:
        for named in (ById(ticket.facts.key.id), ByCode(ticket.facts.code)):
            found = await find_ticket(reader, operator, named)
            assert ticket.facts.key == found.facts.key
            assert await find_ticket(reader, other, named) is None
        assert await find_ticket(reader, operator, ByCode("FFFFFF")) is None


async def test_tickets_are_found_in_months_that_are_made_later(database, operator, events):
    ticket = new_ticket(operator, events)
    await accept(database, ticket)
    async with database.writer() as writer:
        made = await writer.value("SELECT prepare_tickets($1)", ticket.facts.created)
    assert 12 == made
    assert ticket.facts.key == (await get(database, ticket)).facts.key
    assert [ticket.facts.key] == list(await save(database, confirm(ticket)))
    assert [(0,)] == await rows(database, "SELECT count(*) FROM ticket_other")


async def test_what_is_written_of_a_ticket_is_never_changed(database, operator, events):
    await accept(database, new_ticket(operator, events))
    for table in ("ticket", "journal", "ticket_state"):
        async with database.writer() as writer:
            with pytest.raises(Exception, match="only ever added"):
                await writer.run(f"DELETE FROM {table}")


def test_keys_are_of_the_operator_first():
    assert Key(1, b"\xff") < Key(2, b"\x00")
