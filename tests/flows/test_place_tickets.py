import asyncio
import secrets
import time

import pytest
from feed_entries import suspension_told
from placing_made import open_shop
from tickets_made import add_events

from acca.core.delivery import Verdict
from acca.core.refusals import (
    CurrencyNotSupported,
    EventClosed,
    FeatureOff,
    IdempotencyKeyReused,
    OperatorPlatformSilent,
    TicketDeclined,
    UserNotFound,
)
from acca.core.ticket import Status
from acca.flows.apply_feed import apply_entries
from acca.flows.place_tickets import Placer, Tools
from acca.store.results import Source
from acca.store.tickets import get_tickets
from acca_sandbox.wallet.faults import Fault


@pytest.fixture
async def events(database, provider):
    return await add_events(database, provider)


@pytest.fixture
async def shop(database):
    async with open_shop(
        database,
        currencies="KES,UGX",
        connect_timeout="500ms",
        identify_timeout="1s",
        create_timeout="6s",
    ) as opened:
        yield opened


async def rows(database, query):
    async with database.reader() as reader:
        return [tuple(row) for row in await reader.rows(query)]


async def test_a_ticket_is_open_once_the_wallet_has_taken_its_price(database, shop, events):
    placed = await shop.placer.place(shop.order(events))
    facts, state = placed.ticket
    assert (Status.OPEN, 2, None) == (state.status, state.n, placed.refusal)
    assert (1000, 1000, 2250) == (facts.charge.price_cents, facts.charge.stake_cents, 2250)
    ledger = shop.wallet.ledger
    told = ledger.tickets[facts.key.id.hex()]
    assert (1000, "none", 1) == (told.taken_cents, told.outcome, told.last_n)
    assert [] == ledger.violations
    async with database.reader() as reader:
        assert placed.ticket == (await get_tickets(reader, [facts.key]))[facts.key]


async def test_a_reservation_takes_nothing_and_waits(database, shop, events):
    placed = await shop.placer.place(shop.order(events, is_reservation=True))
    assert Status.RESERVED is placed.ticket.state.status
    told = shop.wallet.ledger.tickets[placed.ticket.facts.key.id.hex()]
    assert (0, True) == (told.taken_cents, told.reserved)
    assert [("expire",)] == await rows(database, "SELECT task FROM agenda")


async def test_what_the_rules_refuse_leaves_nothing(database, provider, shop, events):
    await apply_entries(database, provider, [suspension_told(9, event="x0")], Source.FEED)
    with pytest.raises(EventClosed):
        await shop.placer.place(shop.order(events))
    assert [(0, 0)] == await rows(
        database, "SELECT (SELECT count(*) FROM ticket), (SELECT count(*) FROM request_claim)"
    )


async def test_a_token_that_the_wallet_does_not_know_is_refused(shop, events):
    with pytest.raises(UserNotFound):
        await shop.placer.place(shop.order(events, token="nobody"))


@pytest.mark.parametrize("fault", ["error", "cut", "html", "empty", "wrong_shape", "huge"], ids=str)
async def test_a_wallet_that_identifies_nobody_sells_nothing(database, shop, events, fault):
    shop.wallet.faults.set([Fault(kind=fault, action="identify")], 1)
    with pytest.raises(OperatorPlatformSilent):
        await shop.placer.place(shop.order(events))
    assert [(0,)] == await rows(database, "SELECT count(*) FROM ticket")


async def test_a_player_of_another_currency_is_refused(shop, events):
    order = shop.order(events)
    with pytest.raises(CurrencyNotSupported):
        await shop.placer.place(order._replace(wish=order.wish._replace(currency="UGX")))


async def test_a_no_of_the_wallet_cancels_and_discards_at_once(database, shop, events):
    fault = Fault(kind="decline", action="ticket_create", message="No more today")
    shop.wallet.faults.set([fault], 1)
    placed = await shop.placer.place(shop.order(events))
    assert Status.CANCELLED is placed.ticket.state.status
    assert TicketDeclined(message="No more today").message == placed.refusal.message
    assert [("pam", True)] == await rows(database, "SELECT lane, due <= business_now() FROM agenda")
    (body,) = await rows(database, "SELECT convert_from(body, 'UTF8') FROM journal WHERE n = 2")
    assert '"reason":"wallet-declined"' in body[0]


async def test_a_wallet_that_cuts_the_line_is_discarded_later(database, shop, events):
    shop.wallet.faults.set([Fault(kind="drop", action="ticket_create")], 1)
    placed = await shop.placer.place(shop.order(events))
    assert OperatorPlatformSilent is type(placed.refusal)
    told = shop.wallet.ledger.tickets[placed.ticket.facts.key.id.hex()]
    assert 1000 == told.taken_cents
    assert [(True,)] == await rows(
        database, "SELECT due > business_now() + interval '50 seconds' FROM agenda"
    )


async def test_a_late_yes_revives_nothing_and_hastens_the_discard(database, shop, events):
    shop.wallet.faults.set([Fault(kind="late", action="ticket_create", seconds=5.5)], 1)
    order = shop.order(events)
    placed = await shop.placer.place(order._replace(received=time.monotonic() - 100))
    assert OperatorPlatformSilent is type(placed.refusal)
    await shop.placer.drain()
    assert [("unreached", False), ("accepted", True)] == await rows(
        database, "SELECT verdict, is_late FROM attempt ORDER BY is_late"
    )
    assert [("cancelled", True)] == await rows(
        database, "SELECT status, due <= business_now() FROM ticket_state, agenda"
    )


async def test_the_same_request_again_has_the_same_answer(shop, events):
    order = shop.order(events)
    first = await shop.placer.place(order)
    again = await shop.placer.place(order)
    assert first == again._replace(is_replay=False)
    assert again.is_replay
    assert 1 == len(shop.wallet.ledger.tickets)


async def test_a_refused_request_again_is_refused_alike(shop, events):
    shop.wallet.faults.set([Fault(kind="decline", action="ticket_create", times=1)], 1)
    order = shop.order(events)
    first, again = await shop.placer.place(order), await shop.placer.place(order)
    assert first.refusal.message == again.refusal.message
    assert (first.ticket, True) == (again.ticket, again.is_replay)


async def test_one_key_for_two_bodies_is_refused(shop, events):
    order = shop.order(events)
    await shop.placer.place(order)
    other = order._replace(claim=order.claim._replace(body=b"x" * 32))
    with pytest.raises(IdempotencyKeyReused):
        await shop.placer.place(other)


async def test_a_hundred_same_requests_at_once_in_two_engines_are_one(database, shop, events):
    engines = [shop, shop.engine(database)]
    order = shop.order(events, token=shop.token(single_use=False))
    placed = await asyncio.gather(
        *(engines[number % 2].placer.place(order) for number in range(100))
    )
    assert 1 == len({one.ticket for one in placed})
    assert 1 == len(shop.wallet.ledger.tickets)
    assert 1 == sum(not one.is_replay for one in placed)


async def test_many_tickets_at_once_share_statements_and_are_all_placed(database, provider):
    events = await add_events(database, provider)
    # On a busy machine the last of so many waits longer than a player would.
    patient = {"identify_timeout": "10s", "create_timeout": "60s"}
    async with open_shop(database, **patient) as shop:
        placed = await asyncio.gather(*(shop.placer.place(shop.order(events)) for _ in range(200)))
        taken = sum(ticket.taken_cents for ticket in shop.wallet.ledger.tickets.values())
    assert {Status.OPEN} == {one.ticket.state.status for one in placed}
    assert 200 * 1000 == taken
    assert [(200,)] == await rows(database, "SELECT count(*) FROM ticket_state WHERE n = 2")


async def test_after_a_long_pause_no_call_is_begun(database, shop, events):
    """An engine that was stopped between its commit and the call leaves the ticket to recovery."""
    times = iter((0.0, 0.0))
    tools = Tools(database, shop.wallets, lambda: next(times, 1000.0), secrets.token_bytes)
    placed = await Placer(tools).place(shop.order(events, received=0.0))
    assert OperatorPlatformSilent is type(placed.refusal)
    assert {} == shop.wallet.ledger.tickets


async def test_a_dead_wallet_opens_the_breaker_and_sells_nothing(shop, events):
    shop.wallet.faults.set([Fault(kind="error")], 1)
    for _ in range(5):
        with pytest.raises(OperatorPlatformSilent):
            await shop.placer.place(shop.order(events))
    asked = shop.wallet.wallet.calls["identify"]
    with pytest.raises(OperatorPlatformSilent):
        await shop.placer.place(shop.order(events))
    assert asked == shop.wallet.wallet.calls["identify"]
    assert shop.wallets.is_open("site")


async def test_a_feature_that_is_off_is_refused_first(database, provider):
    events = await add_events(database, provider)
    async with open_shop(database, features="paid") as shop:
        with pytest.raises(FeatureOff):
            await shop.placer.place(shop.order(events, is_reservation=True, token="nobody"))


async def test_a_quote_is_what_create_answers_and_writes_nothing(database, shop, events):
    order = shop.order(events)
    quoted = await shop.placer.quote(order._replace(claim=None))
    assert [(0,)] == await rows(database, "SELECT count(*) FROM ticket")
    placed = await shop.placer.place(order._replace(token=shop.token()))
    assert placed.ticket.facts.payout == quoted.struck.payout
    assert placed.ticket.facts.charge == quoted.struck.charge


def test_verdicts_are_words_of_the_attempts():
    assert {"accepted", "declined", "unreached"} == {verdict.value for verdict in Verdict}
