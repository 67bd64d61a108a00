import pytest
from settling_made import AWAY_WINS, acknowledge, begin, told
from ticket_lives import agenda, rests, state_of

from acca.core.finance import Payout
from acca.core.ticket import Status, TicketResult
from acca.flows.close_tickets import close_tickets
from acca.flows.replay_deliveries import send_again
from acca.store.settling import list_late

AS_STRUCK = Payout(2250, 0, 2250, 2250)


@pytest.fixture
async def season(sandbox):
    return await begin(sandbox)


@pytest.fixture
async def won(sandbox, season):
    """Return a ticket that has won, of which the wallet knows."""
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    for event in season.events[:2]:
        await season.end(event)
    await season.settle()
    await acknowledge(sandbox, ticket)
    return ticket


async def close(database):
    while await close_tickets(database):
        pass


async def test_a_day_after_the_wallet_knows_a_ticket_is_closed(sandbox, season, won):
    await close(sandbox)
    assert ["ticket_win"] == await told(sandbox, won)
    await season.wait(hours=23, minutes=59)
    await close(sandbox)
    assert ["ticket_win"] == await told(sandbox, won)
    await season.wait(minutes=2)
    await close(sandbox)
    assert ["ticket_win", "ticket_closed"] == await told(sandbox, won)
    state = await state_of(sandbox, won)
    assert (Status.RESULTED, True) == (state.status, state.closing)


async def test_a_ticket_is_closed_once_the_wallet_has_closed_it(sandbox, season, won):
    await season.wait(hours=25)
    await close(sandbox)
    await acknowledge(sandbox, won)
    await close(sandbox)
    state = await state_of(sandbox, won)
    assert (Status.CLOSED, TicketResult.WON, 2250) == (state.status, state.result, state.net_cents)
    assert [] == await agenda(sandbox, won)
    assert await rests(sandbox, won)


@pytest.mark.parametrize("first", [3, 4])
async def test_a_closed_ticket_of_which_the_wallet_is_told_again_stays_closed(
    sandbox, season, won, first
):
    await season.wait(hours=25)
    await close(sandbox)
    await acknowledge(sandbox, won)
    await close(sandbox)
    assert 1 == await send_again(sandbox, "site", won.facts.code, first)
    await acknowledge(sandbox, won)
    await season.wait(hours=25)
    await close(sandbox)
    assert Status.CLOSED is (await state_of(sandbox, won)).status
    assert [] == await agenda(sandbox, won)
    assert ["ticket_win", "ticket_closed"] == await told(sandbox, won)


async def test_no_ticket_is_closed_that_the_wallet_does_not_know_of(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0], AWAY_WINS)
    await season.settle()
    await season.wait(hours=72)
    await close(sandbox)
    assert ["ticket_lost"] == await told(sandbox, ticket)


async def test_a_correction_before_the_close_cancels_it(sandbox, season, won):
    await season.wait(hours=25)
    await season.end(season.events[0], AWAY_WINS, 11, corrects=True)
    await season.settle()
    await close(sandbox)
    assert ["ticket_win", "ticket_rollback", "ticket_lost"] == await told(sandbox, won)
    await acknowledge(sandbox, won)
    await season.wait(hours=23)
    await close(sandbox)
    assert "ticket_closed" not in await told(sandbox, won)
    await season.wait(hours=2)
    await close(sandbox)
    assert "ticket_closed" == (await told(sandbox, won))[-1]


async def test_a_correction_after_the_close_is_listed_with_its_difference(sandbox, season, won):
    await season.wait(hours=25)
    await close(sandbox)
    await season.end(season.events[0], AWAY_WINS, 11, corrects=True)
    await season.settle()
    assert ["ticket_win", "ticket_closed"] == await told(sandbox, won)
    async with sandbox.reader() as reader:
        (late,) = await list_late(reader, "site", 10)
    assert ("won", 2250, "lost", 0) == (late.was_result, late.was_net_cents, *late[-2:])
    await season.end(season.events[0], version=12, corrects=True)
    await season.settle()
    async with sandbox.reader() as reader:
        assert [] == await list_late(reader, "site", 10)
