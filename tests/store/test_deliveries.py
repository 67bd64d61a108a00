import asyncio
import datetime as dt

import pytest
from catalogue_seen import add_provider
from plans import explain
from ticket_lives import accept, agenda, rows, save
from tickets_made import add_events, add_operator, new_ticket

from acca.core.confirming import state_when_new
from acca.core.delivering import Course, Step
from acca.core.lifecycle import Message
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Change, Entry, Lane, Sent, Telling
from acca.store.deliveries import (
    Bearing,
    Speaking,
    Stepped,
    give_back,
    lease_lanes,
    list_due_lanes,
    list_waiting,
    replay,
    save_steps,
    send_again,
)
from acca.store.queries import load_queries
from acca.store.tickets import save_changes

SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)
REFUND = Telling(Lane.PAM, Message.TICKET_REFUND, b'{"refund":1}')
ROLLBACK = Telling(Lane.PAM, Message.TICKET_ROLLBACK, b'{"rollback":1}')
NEWS = Telling(Lane.SMS, Message.TICKET_STATUS, b'{"news":1}')
DONE, AGAIN = Step(Course.NEXT), Step(Course.AGAIN, 30 * SECOND)
GIVEN_UP = Step(Course.ATTENTION)


@pytest.fixture
async def operator(database):
    return await add_operator(database)


@pytest.fixture
async def events(database):
    return await add_events(database, await add_provider(database, "feeder"))


@pytest.fixture
def tell(database, operator, events):
    async def write(*tellings, seller=operator):
        ticket = new_ticket(seller, events)
        await accept(database, ticket)
        await save(database, change(ticket, 1, *tellings))
        return ticket

    return write


def change(ticket, n, *tellings):
    """Make a change to a refunded ticket that tells all this."""
    new = state_when_new(ticket.facts, approved=True)
    state = new._replace(status=Status.RESULTED, result=TicketResult.VOID)
    return Change(
        ticket.facts.key, n, state, tuple(Entry("decline", telling) for telling in tellings)
    )


async def lease(database, *operators, lane=Lane.PAM, free=10, lasts=HOUR):
    bearing = {Speaking(operator, lane): Bearing(free, lasts) for operator in operators}
    async with database.writer() as writer:
        return await lease_lanes(writer, bearing)


async def step(database, leased, n, what, *, closes_in=None, number=1):
    sent = Sent(
        key=leased.key,
        n=n,
        number=number,
        is_late=False,
        verdict="accepted",
        http_status=200,
        duration_ms=5,
        answer=b"{}",
    )
    async with database.writer() as writer:
        (ours,) = await save_steps(writer, [Stepped(leased, n, what, closes_in, sent)])
    return ours


async def change_agenda(database, setting):
    async with database.writer() as writer:
        await writer.run(f"UPDATE agenda SET {setting}")


async def test_a_lane_is_leased_with_its_own_entries_in_their_order(database, operator, tell):
    ticket = await tell(REFUND, NEWS, ROLLBACK)
    (leased,) = await lease(database, operator)
    assert (ticket.facts.key, 1) == (leased.key, leased.attempts)
    assert [(2, Message.TICKET_REFUND, REFUND.body, 0), (4, ROLLBACK.action, ROLLBACK.body, 0)] == [
        (due.n, due.action, due.body, due.tried) for due in leased.entries
    ]


async def test_a_lease_lasts_as_long_as_its_operator_needs(database, operator, tell):
    other = await add_operator(database, "other")
    mine, theirs = await tell(REFUND), await tell(REFUND, seller=other)
    bearing = {
        Speaking(operator, Lane.PAM): Bearing(1, HOUR),
        Speaking(other, Lane.PAM): Bearing(1, 60 * SECOND),
    }
    async with database.writer() as writer:
        leased = await lease_lanes(writer, bearing)
    ends = {one.key: one.lease for one in leased}
    apart = ends[mine.facts.key] - ends[theirs.facts.key]
    assert HOUR - 60 * SECOND == apart


async def test_each_operator_gets_as_many_as_are_free_the_longest_due_first(
    database, operator, tell
):
    other = await add_operator(database, "other")
    first, second, _ = [await tell(REFUND) for _ in range(3)]
    theirs = await tell(REFUND, seller=other)
    assert sorted([operator, other]) == await due_operators(database)
    found = {one.key for one in await lease(database, operator, other, free=2)}
    assert {first.facts.key, second.facts.key, theirs.facts.key} == found


async def due_operators(database, lane=Lane.PAM):
    async with database.reader() as reader:
        return sorted(one.operator for one in await list_due_lanes(reader) if one.lane is lane)


@pytest.mark.parametrize(
    "setting",
    [
        "due = 'infinity'",
        "due = business_now() + interval '1 minute'",
        "attention = business_now()",
        "lease = statement_timestamp() + interval '1 minute'",
    ],
)
async def test_what_is_not_due_or_not_free_is_not_leased(database, operator, tell, setting):
    await tell(REFUND)
    await change_agenda(database, setting)
    assert [] == await due_operators(database)
    assert [] == await lease(database, operator)


async def test_many_at_once_lease_each_lane_once(database, operator, tell):
    keys = {(await tell(REFUND)).facts.key for _ in range(12)}
    leased = await asyncio.gather(*(lease(database, operator, free=3) for _ in range(8)))
    flat = [one.key for some in leased for one in some]
    assert len(flat) == len(set(flat))
    rest = [one.key for one in await lease(database, operator, free=100)]
    assert keys == {*flat, *rest}


async def test_a_lane_goes_on_to_its_next_entry_and_is_gone_after_its_last(
    database, operator, tell
):
    ticket = await tell(REFUND, NEWS, ROLLBACK)
    (leased,) = await lease(database, operator)
    assert await step(database, leased, 2, DONE)
    assert ("pam", "deliver", 4, 4) in await agenda(database, ticket)
    assert not await step(database, leased, 4, DONE)
    assert [("sms", "deliver", 3, 3)] == await agenda(database, ticket)
    assert [(2, 1, "accepted"), (4, 1, "accepted")] == await rows(
        database, "SELECT n, number, verdict FROM attempt ORDER BY n"
    )


async def test_an_outcome_that_was_taken_is_closed_a_day_later_and_its_news_goes_out(
    database, operator, tell
):
    ticket = await tell(REFUND, NEWS)
    await change_agenda(database, "due = 'infinity' WHERE lane = 'sms'")
    (leased,) = await lease(database, operator)
    assert not await step(database, leased, 2, DONE, closes_in=dt.timedelta(hours=24))
    hours = "round(extract(epoch FROM due - business_now()) / 3600)"
    assert [("life", "close", 24), ("sms", "deliver", 0)] == await rows(
        database, f"SELECT lane, task, {hours}::int FROM agenda ORDER BY lane"
    )
    (news,) = await lease(database, operator, lane=Lane.SMS)
    assert (ticket.facts.key, (3,)) == (news.key, tuple(due.n for due in news.entries))


async def test_an_outcome_with_a_rollback_behind_it_is_not_closed(database, operator, tell):
    ticket = await tell(REFUND, ROLLBACK)
    (leased,) = await lease(database, operator)
    assert await step(database, leased, 2, DONE, closes_in=dt.timedelta(hours=24))
    assert not await step(database, leased, 3, DONE)
    assert [] == await agenda(database, ticket)


async def test_a_settlement_that_waits_is_not_overwritten_by_a_close(database, operator, tell):
    ticket = await tell(REFUND)
    async with database.writer() as writer:
        await writer.run(
            "INSERT INTO agenda (operator, ticket, lane, task, due)"
            " SELECT operator, ticket, 'life', 'settle', due FROM agenda"
        )
    (leased,) = await lease(database, operator)
    assert not await step(database, leased, 2, DONE, closes_in=dt.timedelta(hours=24))
    assert [("life", "settle", None, None)] == await agenda(database, ticket)


async def test_no_notification_overtakes_what_the_wallet_has_still_to_be_told(
    database, operator, tell
):
    await tell(NEWS, REFUND, NEWS)
    (early,) = await lease(database, operator, lane=Lane.SMS)
    assert [2] == [due.n for due in early.entries]
    assert await step(database, early, 2, DONE)
    await change_agenda(database, "lease = NULL")
    assert [] == await lease(database, operator, lane=Lane.SMS)
    (outcome,) = await lease(database, operator)
    assert not await step(database, outcome, 3, DONE, closes_in=dt.timedelta(hours=24))
    (late,) = await lease(database, operator, lane=Lane.SMS)
    assert [4] == [due.n for due in late.entries]


async def test_an_outcome_that_was_given_up_keeps_its_news_back(database, operator, tell):
    await tell(REFUND, NEWS)
    (leased,) = await lease(database, operator)
    assert not await step(database, leased, 2, GIVEN_UP)
    assert [] == await lease(database, operator, lane=Lane.SMS)


async def test_an_entry_that_is_added_while_the_last_one_is_saved_is_not_lost(
    database, operator, tell
):
    ticket = await tell(REFUND)
    (leased,) = await lease(database, operator)
    async with database.writer() as adding:
        async with adding.transaction():
            assert await save_changes(adding, [change(ticket, 2, ROLLBACK)])
            saving = asyncio.create_task(
                step(database, leased, 2, DONE, closes_in=dt.timedelta(hours=24))
            )
            async with database.reader() as reader, asyncio.timeout(10):
                while not await reader.value(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                ):
                    await reader.value("SELECT pg_sleep(0.01)::text")
        assert await saving
    assert [("pam", "deliver", 3, 3)] == await agenda(database, ticket)


async def test_who_lost_the_lease_changes_nothing_but_tells_what_was_sent(database, operator, tell):
    ticket = await tell(REFUND, ROLLBACK)
    (leased,) = await lease(database, operator, lasts=-SECOND)
    (again,) = await lease(database, operator)
    assert 2 == again.attempts
    assert not await step(database, leased, 2, DONE)
    assert [("pam", "deliver", 2, 3)] == await agenda(database, ticket)
    assert await step(database, again, 2, DONE, number=2)
    assert [(1,), (2,)] == await rows(database, "SELECT number FROM attempt ORDER BY number")


async def test_what_failed_waits_and_counts_its_attempts(database, operator, tell):
    await tell(REFUND)
    for attempts in (1, 2):
        (leased,) = await lease(database, operator)
        assert attempts == leased.attempts
        assert not await step(database, leased, 2, AGAIN, number=attempts)
        seconds = "round(extract(epoch FROM due - business_now()))::int"
        assert [(attempts, 30, None, None)] == await rows(
            database, f"SELECT attempts, {seconds}, lease, attention FROM agenda"
        )
        await change_agenda(database, "due = business_now()")
    (leased,) = await lease(database, operator)
    assert [2] == [due.tried for due in leased.entries]


async def test_a_lane_that_is_given_back_was_not_tried(database, operator, tell):
    await tell(REFUND)
    (leased,) = await lease(database, operator)
    async with database.writer() as writer:
        await give_back(writer, [leased], -SECOND)
    seen = "SELECT attempts, lease < statement_timestamp(), due < business_now() FROM agenda"
    assert [(0, True, True)] == await rows(database, seen)
    (again,) = await lease(database, operator)
    assert 1 == again.attempts
    async with database.writer() as writer:
        await give_back(writer, [leased], HOUR)
    assert [(1, again.lease)] == await rows(database, "SELECT attempts, lease FROM agenda")


async def test_many_steps_are_saved_at_once_each_with_its_answer(database, operator, tell):
    for _ in range(3):
        await tell(REFUND, ROLLBACK)
    leased = await lease(database, operator)
    stale = leased[1]._replace(lease=leased[1].lease - SECOND)
    given = [(leased[2], DONE), (stale, DONE), (leased[0], AGAIN)]
    async with database.writer() as writer:
        steps = [Stepped(one, 2, what, closes_in=None, sent=None) for one, what in given]
        assert [True, False, False] == await save_steps(writer, steps)


async def test_what_failed_or_was_given_up_is_replayed_and_nothing_else(database, operator, tell):
    given_up, failed, fresh = await tell(REFUND), await tell(REFUND), await tell(REFUND)
    held, _, _ = leased = sorted(await lease(database, operator), key=lambda one: one.key)
    assert [one.facts.key for one in (given_up, failed, fresh)] == [one.key for one in leased]
    await step(database, held, 2, GIVEN_UP)
    await step(database, leased[1], 2, AGAIN)
    async with database.writer() as writer:
        await give_back(writer, [leased[2]], HOUR)
        assert 0 == await replay(writer, operator, fresh.facts.key.id)
        assert 1 == await replay(writer, operator, given_up.facts.key.id)
        assert 1 == await replay(writer, operator, None)
    found = await lease(database, operator)
    assert {(given_up.facts.key, 1), (failed.facts.key, 1)} == {
        (one.key, one.attempts) for one in found
    }
    async with database.writer() as writer:
        assert 0 == await replay(writer, operator, None), "what is being sent is not sent twice"


async def test_what_waits_is_listed_by_operator_and_by_attention(database, operator, tell):
    other = await add_operator(database, "other")
    await tell(REFUND, seller=other)
    ticket = await tell(REFUND, NEWS)
    await change_agenda(database, "due = 'infinity' WHERE lane = 'sms'")
    (leased,) = await lease(database, operator)
    await step(database, leased, 2, GIVEN_UP)
    async with database.reader() as reader:
        waiting = await list_waiting(reader, None, 10, attention=False)
        (given_up,) = await list_waiting(reader, "site", 10, attention=True)
        assert 1 == len(await list_waiting(reader, None, 1, attention=False))
    assert [("other", "pam"), ("site", "pam"), ("site", "sms")] == sorted(
        (one.operator, one.lane) for one in waiting
    )
    assert (ticket.facts.key.id, "pam", 1) == (given_up.ticket, given_up.lane, given_up.attempts)


BACKLOG = """
    INSERT INTO agenda (operator, ticket, lane, task, due, next_n, last_n)
    SELECT
        n % 50, decode(lpad(to_hex(n), 24, '0'), 'hex'), 'pam', 'deliver',
        business_now() - n * interval '1 second', 2, 2
    FROM generate_series(1, 50000) AS n
"""


async def test_no_backlog_is_read_from_end_to_end_to_deliver_some_of_it(database):
    async with database.writer() as writer:
        await writer.run(BACKLOG)
        await writer.run("ANALYZE agenda")
        scanned = {
            name: (await explain(writer, statement)).scanned & {"agenda"}
            for name, statement in load_queries("deliveries.sql").items()
            if name not in {"list_waiting", "replay"}
        }
    assert {} == {name: tables for name, tables in scanned.items() if tables}


async def again(database, ticket, first):
    async with database.writer() as writer:
        return await send_again(writer, ticket.facts.key, first)


async def test_what_was_acknowledged_is_sent_again_from_an_entry_on(database, operator, tell):
    ticket = await tell(REFUND, NEWS, ROLLBACK)
    (leased,) = await lease(database, operator)
    assert await step(database, leased, 2, DONE)
    assert 0 == await again(database, ticket, 2), "it is being told just now"
    assert not await step(database, leased, 4, DONE)
    assert [("sms", "deliver", 3, 3)] == await agenda(database, ticket)
    assert 0 == await again(database, ticket, 5)
    assert 1 == await again(database, ticket, 1)
    (leased,) = await lease(database, operator)
    found = [(due.n, due.action, due.body, due.tried) for due in leased.entries]
    assert [(2, REFUND.action, REFUND.body, 1), (4, ROLLBACK.action, ROLLBACK.body, 1)] == found


async def test_what_waits_is_sent_after_what_is_sent_again(database, operator, tell):
    ticket = await tell(REFUND, ROLLBACK)
    (leased,) = await lease(database, operator)
    assert await step(database, leased, 2, DONE)
    await step(database, leased, 3, GIVEN_UP)
    assert 1 == await again(database, ticket, 2)
    (leased,) = await lease(database, operator)
    assert [2, 3] == [due.n for due in leased.entries]
    assert 1 == leased.attempts
