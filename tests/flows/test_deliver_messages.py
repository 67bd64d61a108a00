import asyncio
import datetime as dt
import time
from secrets import token_bytes

import msgspec
import pytest
from catalogue_seen import add_provider
from placing_made import open_shop
from tickets_made import add_events

from acca.core.limits import Limits
from acca.core.setting import Asked as Setting
from acca.core.ticket import Status, TicketType
from acca.core.ticket_id import ById
from acca.flows.advance_clock import advance_by
from acca.flows.decide_approvals import Asked, decline
from acca.flows.deliver_messages import Deliverer, Tools
from acca.flows.replay_deliveries import replay
from acca.flows.set_operator import set_operator
from acca_sandbox.wallet.faults import Fault

HOUR = dt.timedelta(hours=1)


@pytest.fixture
async def provider(sandbox):
    return await add_provider(sandbox, "feeder")


@pytest.fixture
async def events(sandbox, provider):
    return await add_events(sandbox, provider)


@pytest.fixture
async def shop(sandbox):
    async with open_shop(sandbox, connect_timeout="500ms", call_timeout="1s") as opened:
        yield opened


@pytest.fixture
async def deliverer(sandbox, shop):
    made = make(sandbox, shop)
    yield made
    await made.drain()


def make(database, shop):
    return Deliverer(Tools(database, shop.wallets, time.monotonic, token_bytes))


async def deliver(*deliverers, seconds=3.0):
    """Deliver until nothing is due."""
    while any(await asyncio.gather(*(one.deliver(seconds) for one in deliverers))):
        pass


async def rows(database, query):
    async with database.reader() as reader:
        return [tuple(row) for row in await reader.rows(query)]


async def reach(condition):
    """Wait for something that is bound to happen."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what happens is outside
            await asyncio.sleep(0.01)


async def refuse(shop, events, kind="drop"):
    """Place a ticket whose create the wallet did not accept, and let it be well again."""
    shop.wallet.faults.set([Fault(kind=kind, action="ticket_create")], 1)
    placed = await shop.placer.place(shop.order(events))
    assert Status.CANCELLED is placed.ticket.state.status
    shop.wallet.faults.set([], 1)
    return placed.ticket.facts.key.id.hex()


async def test_a_discard_goes_out_when_it_is_due_and_gives_the_money_back(
    sandbox, shop, events, deliverer
):
    ticket = await refuse(shop, events)
    ledger = shop.wallet.ledger
    await deliver(deliverer)
    assert (1000, False) == (ledger.tickets[ticket].taken_cents, ledger.tickets[ticket].discarded)
    await advance_by(sandbox, dt.timedelta(minutes=2))
    await deliver(deliverer)
    assert (1000, True) == (ledger.tickets[ticket].given_cents, ledger.tickets[ticket].discarded)
    assert [] == await rows(sandbox, "SELECT * FROM agenda")
    assert [(1, "unreached"), (2, "accepted")] == await rows(
        sandbox, "SELECT n, verdict FROM attempt ORDER BY n"
    )
    assert [] == ledger.violations


async def test_a_failed_discard_is_repeated_every_half_hour_without_end(
    sandbox, shop, events, deliverer
):
    await refuse(shop, events)
    shop.wallet.faults.set([Fault(kind="error", action="ticket_discard", times=4)], 1)
    await advance_by(sandbox, dt.timedelta(minutes=2))
    for attempts in range(1, 5):
        await deliver(deliverer)
        minutes = "round(extract(epoch FROM due - business_now()) / 60)::int"
        assert [(attempts, 30, None)] == await rows(
            sandbox,
            f"SELECT attempts, {minutes}, attention FROM agenda",
        )
        await advance_by(sandbox, dt.timedelta(minutes=29))
        await deliver(deliverer)
        assert [(attempts,)] == await rows(sandbox, "SELECT attempts FROM agenda")
        await advance_by(sandbox, dt.timedelta(minutes=2))
        shop.wallets._lines.clear()  # what is tested is the schedule, not the breaker
    await deliver(deliverer)
    assert [] == await rows(sandbox, "SELECT * FROM agenda")


async def test_a_refund_is_told_before_its_news(sandbox, shop, events, deliverer):
    placed = await place_unapproved(shop, events)
    await decline(sandbox, Asked("site", placed.facts.key.id.hex(), "ann"), "too-much")
    await deliver(deliverer)
    told = shop.wallet.ledger.tickets[placed.facts.key.id.hex()]
    assert ("refund", 1000) == (told.outcome, told.given_cents)
    (news,) = shop.wallet.wallet.inbox
    assert b'"status":"resulted","result":"void"' in msgspec.json.encode(news)
    assert [("life", "close")] == await rows(sandbox, "SELECT lane, task FROM agenda")


async def test_an_outcome_that_is_never_taken_needs_attention_after_14_days(
    sandbox, shop, events, deliverer
):
    placed = await place_unapproved(shop, events)
    await decline(sandbox, Asked("site", placed.facts.key.id.hex(), "ann"), "too-much")
    shop.wallet.faults.set([Fault(kind="decline", action="ticket_refund")], 1)
    for _ in range(4):
        await deliver(deliverer)
        await advance_by(sandbox, HOUR)
    await advance_by(sandbox, dt.timedelta(days=14))
    await deliver(deliverer)
    assert [(True,)] == await rows(
        sandbox, "SELECT attention IS NOT NULL FROM agenda WHERE lane = 'pam'"
    )
    await advance_by(sandbox, HOUR)
    shop.wallet.faults.set([], 1)
    await deliver(deliverer)
    assert "none" == shop.wallet.ledger.tickets[placed.facts.key.id.hex()].outcome
    assert 1 == await replay(sandbox, "site", placed.facts.key.id.hex())
    await deliver(deliverer)
    assert "refund" == shop.wallet.ledger.tickets[placed.facts.key.id.hex()].outcome


async def place_unapproved(shop, events):
    """Place a ticket that a trader has to approve, with a number to tell of it."""
    limits = {(TicketType.QUICKBET, "KES"): Limits({"approval_price_cents": 1})}
    order = shop.order(events)
    rules = order.seller.rules._replace(limits=limits)
    order = order._replace(
        seller=order.seller._replace(rules=rules), buyer=order.buyer._replace(msisdn="254700000001")
    )
    placed = await shop.placer.place(order)
    assert not placed.ticket.state.approved
    return placed.ticket


async def test_who_dies_between_sending_and_saving_sends_again_and_the_wallet_knows(
    sandbox, shop, events
):
    ticket = await refuse(shop, events)
    await advance_by(sandbox, dt.timedelta(minutes=2))
    shop.wallet.faults.set([Fault(kind="late", action="ticket_discard", seconds=0.8, times=1)], 1)
    dying = make(sandbox, shop)
    delivering = asyncio.create_task(dying.deliver(5))
    await reach(lambda: shop.wallet.ledger.tickets[ticket].discarded)
    delivering.cancel()
    for task in tuple(dying._running):
        task.cancel()
    await dying.drain()
    assert [(1, 1)] == await rows(
        sandbox, "SELECT count(*), sum(attempts) FROM agenda WHERE lease IS NOT NULL"
    )
    await deliver(make(sandbox, shop))
    assert 1 == shop.wallet.wallet.calls["ticket_discard"], "the lease of the dead still lasts"
    async with sandbox.writer() as writer:
        await writer.run("UPDATE agenda SET lease = statement_timestamp() - interval '1 second'")
    await deliver(make(sandbox, shop))
    told = shop.wallet.ledger.tickets[ticket]
    assert (1000, 2) == (told.given_cents, told.last_n)
    assert [] == await rows(sandbox, "SELECT * FROM agenda")
    assert [(2, "accepted")] == await rows(
        sandbox, "SELECT number, verdict FROM attempt WHERE n = 2"
    )


async def test_two_workers_send_nothing_twice(sandbox, shop, events):
    tickets = [await refuse(shop, events, "decline") for _ in range(30)]
    calls = shop.wallet.wallet.calls
    await deliver(make(sandbox, shop), make(sandbox, shop))
    assert len(tickets) == calls["ticket_discard"]
    assert all(shop.wallet.ledger.tickets[ticket].discarded for ticket in tickets)


async def test_a_dead_wallet_keeps_its_deliveries_and_slows_no_other(sandbox, events):
    async with open_shop(sandbox, "dead") as dead, open_shop(sandbox, "well") as well:
        lost = [await refuse(dead, events, "decline") for _ in range(20)]
        fine = [await refuse(well, events, "decline") for _ in range(20)]
        dead.wallet.faults.set([Fault(kind="slow", seconds=30)], 1)
        deliverer = make(sandbox, well)
        begun = time.monotonic()
        _ = await deliverer.deliver(2.0)
        assert time.monotonic() - begun < 10
        assert all(well.wallet.ledger.tickets[ticket].discarded for ticket in fine)
        assert not any(ticket in dead.wallet.ledger.tickets for ticket in lost)
        for task in tuple(deliverer._running):
            task.cancel()


async def test_a_replayed_delivery_goes_on_counting_its_attempts(sandbox, shop, events, deliverer):
    ticket = await refuse(shop, events, "decline")
    shop.wallet.faults.set([Fault(kind="decline", action="ticket_discard", times=2)], 1)
    await deliver(deliverer)
    for _ in range(2):
        assert 1 == await replay(sandbox, "site", ticket)
        await deliver(deliverer)
    assert [(1, "declined"), (2, "declined"), (3, "accepted")] == await rows(
        sandbox, "SELECT number, verdict FROM attempt WHERE n = 2 ORDER BY number"
    )


async def test_a_discard_that_waits_for_a_late_create_is_not_replayed(sandbox, shop, events):
    ticket = await refuse(shop, events)
    assert 0 == await replay(sandbox, "site", ticket)
    assert 0 == await replay(sandbox, "site", None)


async def test_a_player_reads_nothing_of_an_outcome_that_the_wallet_never_took(
    sandbox, shop, events, deliverer
):
    placed = await place_unapproved(shop, events)
    await decline(sandbox, Asked("site", placed.facts.key.id.hex(), "ann"), "too-much")
    shop.wallet.faults.set([Fault(kind="decline", action="ticket_refund")], 1)
    for _ in range(3):
        await advance_by(sandbox, dt.timedelta(days=15))
        await deliver(deliverer)
    assert [] == list(shop.wallet.wallet.inbox)
    shop.wallet.faults.set([], 1)
    assert 1 == await replay(sandbox, "site", placed.facts.key.id.hex())
    await deliver(deliverer)
    assert 1 == len(shop.wallet.wallet.inbox)


async def test_news_that_nobody_takes_is_dropped_after_a_day(sandbox, shop, events, deliverer):
    placed = await place_unapproved(shop, events)
    await decline(sandbox, Asked("site", placed.facts.key.id.hex(), "ann"), "too-much")
    shop.wallet.faults.set([Fault(kind="error", action="sms")], 1)
    await deliver(deliverer)
    waiting = "SELECT attempts FROM agenda WHERE lane = 'sms'"
    assert [(1,)] == await rows(sandbox, waiting)
    await advance_by(sandbox, 23 * HOUR)
    await deliver(deliverer)
    assert [(2,)] == await rows(sandbox, waiting)
    await advance_by(sandbox, HOUR)
    await deliver(deliverer)
    assert [] == await rows(sandbox, waiting)


async def test_who_has_no_sms_receiver_any_more_gets_no_news_and_a_note_says_so(sandbox, events):
    async with open_shop(sandbox) as shop:
        placed = await place_unapproved(shop, events)
        await decline(sandbox, Asked("site", placed.facts.key.id.hex(), "ann"), "too-much")
        await set_operator(sandbox, "site", [Setting("sms_url", "off")], "test")
        await deliver(make(sandbox, shop))
        assert [] == list(shop.wallet.wallet.inbox)
    assert [(b"not sent: the operator has no sms_url",)] == await rows(
        sandbox,
        "SELECT answer FROM attempt JOIN journal USING (operator, ticket, n) WHERE lane = 'sms'",
    )


async def test_an_operator_without_a_wallet_waits_for_one(sandbox, events):
    async with open_shop(sandbox) as shop:
        ticket = await refuse(shop, events, "decline")
        await set_operator(sandbox, "site", [Setting("pam_url", "off")], "test")
        await deliver(make(sandbox, shop))
        assert [(0, None)] == await rows(sandbox, "SELECT attempts, lease FROM agenda")
        await set_operator(sandbox, "site", [Setting("pam_url", shop.wallet.pam_url)], "test")
        await deliver(make(sandbox, shop))
        assert shop.wallet.ledger.tickets[ticket].discarded


async def test_a_404_to_a_discard_is_done_where_the_operator_says_so(sandbox, events):
    async with open_shop(sandbox, discard_404_is_done="on") as shop:
        await refuse(shop, events, "decline")
        gone = Fault(kind="html", action="ticket_discard", status=404)
        shop.wallet.faults.set([gone], 1)
        await deliver(make(sandbox, shop))
    assert [] == await rows(sandbox, "SELECT * FROM agenda")


async def test_tickets_are_told_of_beside_each_other(shop, events, deliverer):
    tickets = [await refuse(shop, events, "decline") for _ in range(20)]
    shop.wallet.faults.set([Fault(kind="slow", action="ticket_discard", seconds=0.3)], 1)
    begun = time.monotonic()
    await deliver(deliverer)
    assert time.monotonic() - begun < 20 * 0.3 / 2
    assert all(shop.wallet.ledger.tickets[ticket].discarded for ticket in tickets)


async def test_more_than_is_taken_in_hand_at_once_is_told_of_to_the_last(
    sandbox, shop, events, deliverer
):
    tickets = [await refuse(shop, events, "decline") for _ in range(80)]
    await deliver(deliverer, seconds=10)
    assert all(shop.wallet.ledger.tickets[ticket].discarded for ticket in tickets)
    assert [] == await rows(sandbox, "SELECT * FROM agenda")


def test_names_of_tickets_are_what_the_wallet_sees():
    assert ById(b"\x01" * 12).id.hex() == "01" * 12
