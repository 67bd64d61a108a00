import asyncio
import datetime as dt
import json

import pytest
from feed_entries import CANCELLED, head_told, result_told
from ticket_lives import LONG_AGO, accept, agenda, journal, open_unapproved, rows, state_of
from tickets_made import STARTS, add_events, add_operator, new_ticket

from acca.core.numbers import Malformed
from acca.core.ticket import Status, TicketResult
from acca.flows.apply_feed import apply_entries
from acca.flows.decide_approvals import (
    ApprovalRefused,
    Asked,
    approve,
    decline,
    decline_unapproved,
    parse_decline,
)
from acca.store.results import Source


@pytest.fixture
async def operator(database):
    return await add_operator(database, sms_url="https://sms.example/in")


@pytest.fixture
async def events(database, provider):
    return await add_events(database, provider)


def asked(ticket, operator="site"):
    return Asked(operator, ticket.facts.code, "a trader")


async def kick_off(database, provider, key="x0"):
    told = head_told(9, key, starts=STARTS, live=True, home=f"{key}-home")
    await apply_entries(database, provider, [told], Source.FEED)


async def test_an_approved_ticket_waits_for_nothing(database, operator, events):
    ticket = await open_unapproved(database, operator, events)
    approved = await approve(database, asked(ticket))
    assert (Status.OPEN, True, 3) == (
        approved.state.status,
        approved.state.approved,
        approved.state.n,
    )
    assert (3, "approve", "open", None, None, None, "a trader") == (
        await journal(database, ticket)
    )[-1]
    assert [] == await agenda(database, ticket)


async def test_an_approved_ticket_whose_event_has_a_result_is_settled_next(
    database, provider, operator, events
):
    ticket = await open_unapproved(database, operator, events)
    await apply_entries(database, provider, [result_told(9, CANCELLED, "x0")], Source.FEED)
    await approve(database, asked(ticket))
    assert [("life", "settle", None, None)] == await agenda(database, ticket)


async def test_a_declined_ticket_gives_its_price_back_and_is_final(database, operator, events):
    ticket = await open_unapproved(database, operator, events, msisdn="254700000001")
    declined = (await decline(database, asked(ticket), "too-much-risk")).state
    assert (Status.RESULTED, TicketResult.VOID, True) == (
        declined.status,
        declined.result,
        declined.sealed,
    )
    assert (1000, 0, 1000) == (declined.gross_cents, declined.wht_cents, declined.net_cents)
    refund, sms = (await journal(database, ticket))[2:]
    reason = "too-much-risk", "a trader"
    assert (3, "decline", "resulted", "ticket_refund", None, *reason) == refund
    assert (4, "decline", "resulted", "ticket_status", None, *reason) == sms
    assert [("pam", "deliver", 3, 3), ("sms", "deliver", 4, 4)] == await agenda(database, ticket)


async def test_the_player_reads_of_it_only_after_the_wallet(database, operator, events):
    ticket = await open_unapproved(database, operator, events, msisdn="254700000001")
    await decline(database, asked(ticket), "no")
    query = "SELECT due - business_now() > interval '1 day' FROM agenda ORDER BY lane"
    assert [(False,), (True,)] == await rows(database, query)
    bodies = await rows(database, "SELECT body FROM journal WHERE body IS NOT NULL ORDER BY n")
    refund, sms = (json.loads(body)["data"] for (body,) in bodies[1:])
    assert "no" == refund["reason"]
    assert ("resulted", "void") == (sms["status"], sms["result"])


@pytest.mark.parametrize("first", [approve, lambda *both: decline(*both, "no")])
async def test_a_decision_is_made_once(database, operator, events, first):
    ticket = await open_unapproved(database, operator, events)
    await first(database, asked(ticket))
    with pytest.raises(ApprovalRefused, match="waits for nobody"):
        await approve(database, asked(ticket))
    with pytest.raises(ApprovalRefused, match="waits for nobody"):
        await decline(database, asked(ticket), "no")


async def test_traders_and_the_clock_at_once_decide_once(database, operator, events):
    ticket = await open_unapproved(database, operator, events, LONG_AGO)
    decisions = [approve(database, asked(ticket)) for _ in range(3)]
    decisions += [decline(database, asked(ticket), "no") for _ in range(3)]
    done = await asyncio.gather(decline_unapproved(database), *decisions, return_exceptions=True)
    assert 5 == sum(isinstance(one, ApprovalRefused) for one in done)
    assert 3 == len(await journal(database, ticket))


async def test_what_is_not_found_or_not_open_is_said(database, operator, events):
    ticket = new_ticket(operator, events)._replace(approved=False)
    await accept(database, ticket)
    with pytest.raises(ApprovalRefused, match="it is new"):
        await approve(database, asked(ticket))
    await add_operator(database, "other")
    with pytest.raises(ApprovalRefused, match="other has no ticket"):
        await approve(database, asked(ticket, "other"))


async def test_after_a_kick_off_a_ticket_is_only_declined(database, provider, operator, events):
    ticket = await open_unapproved(database, operator, events)
    await kick_off(database, provider)
    with pytest.raises(ApprovalRefused, match="has started"):
        await approve(database, asked(ticket))
    assert Status.OPEN is (await state_of(database, ticket)).status
    await decline(database, asked(ticket), "late")


async def test_nobodys_word_until_the_first_start_declines(database, provider, operator, events):
    ticket = await open_unapproved(database, operator, events, LONG_AGO)
    await kick_off(database, provider)
    assert 1 == await decline_unapproved(database)
    state = await state_of(database, ticket)
    assert (Status.RESULTED, TicketResult.VOID) == (state.status, state.result)
    declined = (3, "decline", "resulted", "ticket_refund", None, "not-approved", None)
    assert declined == (await journal(database, ticket))[-1]
    assert 0 == await decline_unapproved(database)


async def test_a_first_event_that_moved_leaves_the_trader_time(database, operator, events):
    ticket = await open_unapproved(database, operator, events, LONG_AGO)
    assert 0 == await decline_unapproved(database)
    assert Status.OPEN is (await state_of(database, ticket)).status
    assert [("decline", STARTS, None)] == await rows(
        database, "SELECT task, due, lease FROM agenda"
    )


async def test_a_kick_off_told_while_a_trader_decides_is_seen(database, operator, events):
    ticket = await open_unapproved(database, operator, events)
    async with database.writer() as feed:
        async with feed.transaction():
            past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
            await feed.run("UPDATE event SET starts = $2 WHERE id = $1", events[0], past)
            approving = asyncio.create_task(approve(database, asked(ticket)))
            _ = await asyncio.wait([approving], timeout=0.2)
            assert not approving.done()
        with pytest.raises(ApprovalRefused, match="has started"):
            await approving


@pytest.mark.parametrize("text", ["", "Too much", "a--b", "-a", "x" * 65])
def test_a_reason_for_the_wallet_is_a_slug(text):
    with pytest.raises(Malformed, match="is not a slug"):
        parse_decline(text)
    assert "too-much-risk" == parse_decline("too-much-risk")
