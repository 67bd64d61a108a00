import asyncio
import json

import pytest
from ticket_lives import LONG_AGO, agenda, journal, reserve, rests, rows, state_of
from tickets_made import add_events, add_operator

from acca.core.ticket import Status
from acca.flows.confirm_payments import Payment, pay
from acca.flows.expire_reservations import expire_reservations
from acca.store.rules import read_operator_rules


@pytest.fixture
async def operator(database):
    return await add_operator(database)


@pytest.fixture
async def events(database, provider):
    return await add_events(database, provider)


async def test_a_reservation_that_has_expired_is_cancelled_and_discarded(
    database, operator, events
):
    ticket = await reserve(database, operator, events, LONG_AGO)
    assert 1 == await expire_reservations(database)
    assert Status.CANCELLED is (await state_of(database, ticket)).status
    expired = (3, "expire", "cancelled", "ticket_discard", None, "reservation-expired", None)
    assert expired == (await journal(database, ticket))[-1]
    assert [("pam", "deliver", 3, 3)] == await agenda(database, ticket)
    assert await rests(database, ticket)
    ((body,),) = await rows(database, "SELECT body FROM journal WHERE n = 3")
    assert "reservation-expired" == json.loads(body)["data"]["reason"]


async def test_a_reservation_that_has_time_is_left_alone(database, operator, events):
    ticket = await reserve(database, operator, events)
    assert 0 == await expire_reservations(database)
    assert Status.RESERVED is (await state_of(database, ticket)).status


async def test_expiry_and_payment_at_once_end_a_reservation_once(database, operator, events):
    ticket = await reserve(database, operator, events, LONG_AGO)
    async with database.reader() as reader:
        rules = await read_operator_rules(reader, "site")
    payment = Payment(rules, ticket.facts.code)
    await asyncio.gather(
        *(expire_reservations(database) for _ in range(3)),
        *(pay(database, [payment]) for _ in range(3)),
    )
    assert 3 == len(await journal(database, ticket))
    assert Status.CANCELLED is (await state_of(database, ticket)).status
    assert [("pam", "deliver", 3, 3)] == await agenda(database, ticket)


async def test_a_ticket_whose_save_is_at_fault_is_marked_and_the_others_end(
    database, operator, events
):
    good = await reserve(database, operator, events, LONG_AGO)
    bad = await reserve(database, operator, events, LONG_AGO)
    async with database.writer() as writer:
        # An entry where none should be: the guilty ticket's third entry breaks the key.
        await writer.run(
            "INSERT INTO journal (operator, ticket, n, at, kind, status, result, approved)"
            " VALUES ($1, $2, 3, now(), 'x', 'open', 'pending', true)",
            *bad.facts.key,
        )
    with pytest.raises(Exception, match="duplicate key"):
        await expire_reservations(database)
    assert Status.CANCELLED is (await state_of(database, good)).status
    assert [(True,)] == await rows(
        database,
        "SELECT attention IS NOT NULL FROM agenda WHERE lane = 'life' AND ticket = $1",
        bad.facts.key.id,
    )
    assert 0 == await expire_reservations(database)
