"""What a player stakes in a day is limited, however many requests and processes there are."""

import asyncio
import datetime as dt

import pytest
from catalogue_seen import add_provider
from placing_made import open_shop
from tickets_made import add_events

from acca.core.refusals import PriceOutOfLimits
from acca.core.setting import Asked
from acca.core.ticket import Status, TicketType
from acca.flows.advance_clock import advance_by
from acca.flows.limit_operator import AskedLimits, limit_operator
from acca.store.rules import read_operator_rules
from acca_sandbox.wallet.faults import Fault


@pytest.fixture
async def events(sandbox):
    provider = await add_provider(sandbox, "feeder")
    return await add_events(sandbox, provider)


@pytest.fixture
async def shop(sandbox):
    async with open_shop(sandbox, time_zone="Africa/Nairobi") as opened:
        yield opened


async def limited(database, shop, **limits):
    asked = [Asked(name, str(value)) for name, value in limits.items()]
    await limit_operator(database, "site", AskedLimits(asked, [TicketType.QUICKBET]), "test")
    async with database.reader() as reader:
        return shop._replace(rules=await read_operator_rules(reader, "site"))


async def place(shop, events, player="player-1", **changes):
    return await shop.placer.place(shop.order(events, token=shop.token(player), **changes))


async def test_the_player_is_told_what_the_day_has_left(sandbox, shop, events):
    shop = await limited(sandbox, shop, day_stake_cents_max=2500)
    for _ in range(2):
        await place(shop, events)
    with pytest.raises(PriceOutOfLimits) as refused:
        await place(shop, events)
    assert "Price has to be between 1 and 500" == refused.value.message
    assert Status.OPEN is (await place(shop, events, "player-2")).ticket.state.status


async def test_many_at_once_in_several_processes_get_no_more_than_the_day_has(
    sandbox, shop, events
):
    shop = await limited(sandbox, shop, day_stake_cents_max=5000)
    engines = [shop, shop.engine(sandbox)]
    answers = await asyncio.gather(
        *(place(engines[number % 2], events) for number in range(24)), return_exceptions=True
    )
    refused = [one for one in answers if isinstance(one, PriceOutOfLimits)]
    assert (5, 19) == (len(answers) - len(refused), len(refused))
    await engines[1].wallets.close()
    await engines[1].placer.drain()


async def test_what_the_wallet_declined_gives_the_day_back(sandbox, shop, events):
    shop = await limited(sandbox, shop, day_stake_cents_max=1000)
    shop.wallet.faults.set([Fault(kind="decline", action="ticket_create", times=1)], 1)
    assert Status.CANCELLED is (await place(shop, events)).ticket.state.status
    assert Status.OPEN is (await place(shop, events)).ticket.state.status


async def test_reservations_count(sandbox, shop, events):
    shop = await limited(sandbox, shop, day_stake_cents_max=1000)
    assert Status.RESERVED is (await place(shop, events, is_reservation=True)).ticket.state.status
    with pytest.raises(PriceOutOfLimits):
        await place(shop, events)


async def test_the_next_day_begins_anew(sandbox, shop, events):
    shop = await limited(sandbox, shop, day_stake_cents_max=1000)
    await place(shop, events)
    await advance_by(sandbox, dt.timedelta(days=1))
    assert Status.OPEN is (await place(shop, events)).ticket.state.status


async def test_from_a_days_stake_on_a_trader_approves(sandbox, shop, events):
    shop = await limited(sandbox, shop, approval_day_stake_cents=2000)
    assert (await place(shop, events)).ticket.state.approved
    assert not (await place(shop, events)).ticket.state.approved


async def test_a_quote_tells_the_same_as_create(sandbox, shop, events):
    shop = await limited(sandbox, shop, day_stake_cents_max=2500, approval_day_stake_cents=2000)
    assert 2500 == (await shop.placer.quote(shop.order(events, claim=None))).largest_price_cents
    await place(shop, events)
    quoted = await shop.placer.quote(shop.order(events, claim=None))
    assert (1500, False) == (quoted.largest_price_cents, quoted.struck.approved)
    await place(shop, events)
    with pytest.raises(PriceOutOfLimits):
        await shop.placer.quote(shop.order(events, claim=None))
