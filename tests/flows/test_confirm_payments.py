import asyncio
import datetime as dt
import json
import time

import pytest
from feed_entries import CANCELLED, head_told, odds_told, result_told, suspension_told
from ticket_lives import (
    LONG_AGO,
    accept,
    agenda,
    journal,
    reserve,
    reserved,
    rests,
    rows,
    rules_of,
    save,
    state_of,
)
from tickets_made import STARTS, add_events, add_operator, new_ticket

from acca.core.paying import Because
from acca.core.refusals import (
    FeatureOff,
    IdempotencyKeyReused,
    TicketNotFound,
    TicketNotReserved,
)
from acca.core.ticket import Status
from acca.flows.apply_feed import apply_entries
from acca.flows.confirm_payments import Cashier, NotPaid, Paid, Payment, pay
from acca.store.results import Source
from acca.store.tickets import Claim

MINUTES = dt.timedelta(minutes=5)
SMS_URL = "https://sms.example/in"


@pytest.fixture
async def operator(database):
    return await add_operator(database, sms_url=SMS_URL, reserve_drift="10")


@pytest.fixture
async def events(database, provider):
    return await add_events(database, provider)


def claim(letter, body=b"b"):
    return Claim(letter.encode() * 32, body * 32, MINUTES)


async def pay_one(database, ticket, claimed=None, identifier=None):
    rules = await rules_of(database)
    (answer,) = await pay(
        database, [Payment(rules, identifier or ticket.facts.key.id.hex(), claimed)]
    )
    return answer


async def tell(database, provider, *told):
    await apply_entries(database, provider, told, Source.FEED)


def refused(answer):
    """Return the type of a refusal and why."""
    assert isinstance(answer, NotPaid)
    return type(answer.refusal), answer.because


async def test_a_reserved_ticket_that_is_paid_is_open(database, operator, events):
    ticket = await reserve(database, operator, events)
    answer = await pay_one(database, ticket)
    assert isinstance(answer, Paid)
    state = await state_of(database, ticket)
    assert (3, Status.OPEN, state) == (state.n, state.status, answer.ticket.state)
    assert set(events) == set(answer.events)
    assert (3, "pay", "open", None, None, None, None) == (await journal(database, ticket))[-1]
    assert [] == await agenda(database, ticket)
    assert not await rests(database, ticket)


async def test_it_is_found_by_its_code_in_any_letters(database, operator, events):
    ticket = await reserve(database, operator, events, code="ABCDEF")
    assert isinstance(await pay_one(database, ticket, identifier="abcdef"), Paid)


async def test_the_player_is_told_where_a_number_is_known(database, operator, events):
    ticket = await reserve(database, operator, events, msisdn="254700000001")
    await pay_one(database, ticket)
    assert [("sms", "deliver", 3, 3)] == await agenda(database, ticket)
    ((body,),) = await rows(database, "SELECT body FROM journal WHERE lane = 'sms'")
    told = json.loads(body)
    assert ("ticket_status", "open", "pending") == (
        told["type"],
        told["data"]["status"],
        told["data"]["result"],
    )


async def test_an_operator_without_receiver_of_sms_gets_none(database, events):
    other = await add_operator(database)
    ticket = await reserve(database, other, events, msisdn="254700000001")
    assert isinstance(await pay_one(database, ticket), Paid)
    assert [] == await agenda(database, ticket)


async def test_a_second_payment_is_refused(database, operator, events):
    ticket = await reserve(database, operator, events)
    await pay_one(database, ticket)
    assert (TicketNotReserved, None) == refused(await pay_one(database, ticket))
    assert 3 == len(await journal(database, ticket))


async def test_two_payments_in_one_batch_or_two_engines_pay_once(database, operator, events):
    ticket = await reserve(database, operator, events)
    payment = Payment(await rules_of(database), ticket.facts.code)
    batches = await asyncio.gather(*(pay(database, [payment, payment]) for _ in range(4)))
    kinds = [type(answer) for batch in batches for answer in batch]
    assert (1, 7) == (kinds.count(Paid), kinds.count(NotPaid))
    assert 3 == len(await journal(database, ticket))


async def test_the_same_request_again_has_the_same_answer(database, operator, events):
    ticket = await reserve(database, operator, events)
    first = await pay_one(database, ticket, claim("k"))
    again = await pay_one(database, ticket, claim("k"))
    assert (first.ticket, False, True) == (again.ticket, first.is_replay, again.is_replay)
    assert (TicketNotReserved, None) == refused(await pay_one(database, ticket, claim("l")))


async def test_same_requests_at_once_have_the_same_answer(database, operator, events):
    ticket = await reserve(database, operator, events)
    payment = Payment(await rules_of(database), ticket.facts.code, claim("k"))
    batches = await asyncio.gather(*(pay(database, [payment, payment]) for _ in range(4)))
    answers = [answer for batch in batches for answer in batch]
    assert 7 == sum(answer.is_replay for answer in answers)
    assert {answers[0].ticket} == {answer.ticket for answer in answers}


async def test_the_same_key_for_another_ticket_is_refused(database, operator, events):
    first = await reserve(database, operator, events)
    second = await reserve(database, operator, events)
    assert isinstance(await pay_one(database, first, claim("k")), Paid)
    assert (IdempotencyKeyReused, None) == refused(await pay_one(database, second, claim("k")))
    other_body = claim("k", b"c")
    assert (IdempotencyKeyReused, None) == refused(await pay_one(database, first, other_body))
    assert Status.RESERVED is (await state_of(database, second)).status


async def test_the_same_key_for_two_tickets_at_once_pays_one(database, operator, events):
    tickets = [await reserve(database, operator, events) for _ in range(2)]
    rules = await rules_of(database)
    payments = [Payment(rules, each.facts.code, claim("k")) for each in tickets]
    together = await pay(database, payments)
    assert [Paid, NotPaid] == [type(answer) for answer in together]
    more = [await reserve(database, operator, events) for _ in range(2)]
    at_once = await asyncio.gather(*(pay_one(database, each, claim("m")) for each in more))
    assert {Paid, NotPaid} == {type(answer) for answer in at_once}


async def test_an_expired_reservation_ends_and_says_so_again(database, operator, events):
    ticket = await reserve(database, operator, events, LONG_AGO)
    expected = (TicketNotReserved, Because.RESERVATION_EXPIRED)
    assert expected == refused(await pay_one(database, ticket, claim("k")))
    last = (3, "expire", "cancelled", "ticket_discard", 117, "reservation-expired", None)
    assert last == (await journal(database, ticket))[-1]
    assert [("pam", "deliver", 3, 3)] == await agenda(database, ticket)
    assert await rests(database, ticket)
    again = await pay_one(database, ticket, claim("k"))
    assert (expected, True) == (refused(again), again.is_replay)
    assert (TicketNotReserved, None) == refused(await pay_one(database, ticket))


async def test_a_selection_that_has_started_ends_the_reservation(
    database, provider, operator, events
):
    ticket = await reserve(database, operator, events)
    await tell(database, provider, head_told(9, "x1", starts=STARTS, live=True, home="x1-home"))
    expected = (TicketNotReserved, Because.EVENT_STARTED)
    assert expected == refused(await pay_one(database, ticket))
    last = (3, "expire", "cancelled", "ticket_discard", 117, "event-started", None)
    assert last == (await journal(database, ticket))[-1]
    ((body,),) = await rows(database, "SELECT body FROM journal WHERE n = 3")
    assert "reservation-expired" == json.loads(body)["data"]["reason"]


async def test_a_suspended_selection_does_not_hinder(database, provider, operator, events):
    ticket = await reserve(database, operator, events)
    stops = suspension_told(9, event="x0"), suspension_told(9, event="x1", bet=1)
    await tell(database, provider, *stops)
    assert isinstance(await pay_one(database, ticket), Paid)


async def test_odds_that_dropped_too_much_leave_the_ticket_reserved(
    database, provider, operator, events
):
    ticket = await reserve(database, operator, events, total_odds=225)
    await tell(database, provider, odds_told(9, {1: 134}, "x0"))
    expected = (TicketNotReserved, Because.ODDS_DROPPED)
    assert expected == refused(await pay_one(database, ticket, claim("k")))
    assert 2 == len(await journal(database, ticket))
    await tell(database, provider, odds_told(10, {1: 135}, "x0"))
    assert isinstance(await pay_one(database, ticket, claim("k")), Paid)


async def test_a_ticket_that_is_not_approved_waits_for_a_trader(database, operator, events):
    ticket = await reserve(database, operator, events, approved=False)
    await pay_one(database, ticket)
    assert [("life", "decline", None, None)] == await agenda(database, ticket)
    assert [(STARTS,)] == await rows(database, "SELECT due FROM agenda")


async def test_a_ticket_whose_event_has_a_result_already_is_settled_next(
    database, provider, operator, events
):
    ticket = await reserve(database, operator, events)
    await tell(database, provider, result_told(9, CANCELLED, "x0"))
    assert isinstance(await pay_one(database, ticket), Paid)
    assert [("life", "settle", None, None)] == await agenda(database, ticket)


async def test_unknown_tickets_and_those_of_others_are_not_found(database, operator, events):
    ticket = await reserve(database, operator, events)
    await add_operator(database, "other")
    theirs = Payment(await rules_of(database, "other"), ticket.facts.code)
    unknown = Payment(await rules_of(database), "FFFFFF")
    mine = Payment(await rules_of(database), ticket.facts.code)
    first, second, third = await pay(database, [theirs, unknown, mine])
    assert (TicketNotFound, None) == refused(first)
    assert (TicketNotFound, None) == refused(second)
    assert "`FFFFFF`" in second.refusal.message
    assert isinstance(third, Paid)


async def test_the_feature_may_be_off(database, events):
    other = await add_operator(database, features="reserve")
    ticket = await reserve(database, other, events)
    answer = await pay_one(database, ticket)
    assert (FeatureOff, None) == refused(answer)
    assert "Paid feature not implemented yet" == answer.refusal.message


async def test_a_reservation_on_its_way_is_waited_for(database, operator, events):
    ticket = new_ticket(operator, events, is_reservation=True)
    await accept(database, ticket)
    cashier = Cashier(database, time.monotonic)
    paying = asyncio.create_task(cashier.pay(Payment(await rules_of(database), ticket.facts.code)))
    _ = await asyncio.wait([paying], timeout=0.1)
    assert not paying.done()
    await save(database, reserved(ticket))
    assert isinstance(await paying, Paid)


async def test_a_reservation_that_stays_on_its_way_is_refused_after_a_while(
    database, operator, events
):
    ticket = new_ticket(operator, events, is_reservation=True)
    await accept(database, ticket)
    ticks = iter((100.0, 101.0, 101.9, 102.0))
    cashier = Cashier(database, lambda: next(ticks))
    answer = await cashier.pay(Payment(await rules_of(database), ticket.facts.code))
    assert (TicketNotReserved, None) == refused(answer)
    assert Status.NEW is answer.status
    assert Status.NEW is (await state_of(database, ticket)).status


async def test_a_kick_off_in_another_transaction_is_waited_for_and_seen(database, operator, events):
    ticket = await reserve(database, operator, events)
    async with database.writer() as feed:
        async with feed.transaction():
            await feed.run("UPDATE event SET state = 'live' WHERE id = $1", events[0])
            paying = asyncio.create_task(pay_one(database, ticket))
            _ = await asyncio.wait([paying], timeout=0.2)
            assert not paying.done()
        assert (TicketNotReserved, Because.EVENT_STARTED) == refused(await paying)
