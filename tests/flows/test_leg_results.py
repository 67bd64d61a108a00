"""Players are told of single legs, where their operator wants that (spec 5)."""

import json

import pytest
from settling_made import (
    AWAY_WINS,
    CANCELLED,
    HOME_WINS,
    ONE,
    acknowledge,
    begin,
    told,
)
from ticket_lives import rows, state_of

from acca.core.finance import Payout
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Lane
from acca.flows.close_tickets import close_tickets
from acca.flows.enter_results import Entered, try_result
from acca.store.deliveries import Speaking, lease_lanes

AS_STRUCK = Payout(2250, 0, 2250, 2250)
SMS = "https://sms.example/in"


@pytest.fixture
async def season(sandbox):
    begun = await begin(sandbox, sms_url=SMS)
    await begun.set(bet_result="on", update_types="quickbet")
    return begun


async def notified(season, ticket):
    """Read what was written to the player's telephone, in order."""
    query = "SELECT body FROM journal WHERE ticket = $1 AND lane = 'sms' ORDER BY n"
    found = await rows(season.database, query, ticket.facts.key.id)
    return [
        (one["type"], one["data"].get("event_id"), one["data"]["result"])
        for one in (json.loads(body) for (body,) in found)
    ]


async def leased(season):
    """Take what may be sent to telephones now."""
    async with season.database.writer() as writer:
        lanes = await lease_lanes(writer, {Speaking(season.operator, Lane.SMS): ONE})
    return [due.action.value for lane in lanes for due in lane.entries]


async def test_each_leg_is_told_once_as_soon_as_it_is_decided(season):
    first, second = season.events[:2]
    ticket = await season.open(payout=AS_STRUCK, msisdn="254700000001")
    await season.wait(hours=3)
    await season.end(first)
    await season.settle()
    assert [("bet_result", first, "won")] == await notified(season, ticket)
    state = await state_of(season.database, ticket)
    assert (Status.OPEN, TicketResult.PENDING) == state[1:3]
    await season.end(first, HOME_WINS, 11)
    await season.settle()
    await season.end(second)
    await season.settle()
    assert [
        ("bet_result", first, "won"),
        ("bet_result", second, "won"),
        ("ticket_status", None, "won"),
    ] == await notified(season, ticket)


async def test_the_last_leg_waits_for_the_wallet(season):
    ticket = await season.open(
        season.events[:1], payout=Payout(1500, 0, 1500, 1500), total_odds=150
    )
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    assert [] == await leased(season)
    await acknowledge(season.database, ticket)
    assert ["bet_result"] == await leased(season)


async def test_an_earlier_leg_does_not_wait(season):
    await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    assert ["bet_result"] == await leased(season)


async def test_a_leg_that_a_correction_turned_round_is_told_again(season):
    first = season.events[0]
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(first)
    await season.settle()
    await season.end(first, CANCELLED, 11, corrects=True)
    await season.settle()
    assert [("bet_result", first, "won"), ("bet_result", first, "void")] == await notified(
        season, ticket
    )
    await season.end(first, AWAY_WINS, 12, corrects=True)
    await season.settle()
    assert ["ticket_lost"] == await told(season.database, ticket)
    await season.end(first, HOME_WINS, 13, corrects=True)
    await season.settle()
    assert Status.OPEN is (await state_of(season.database, ticket)).status
    assert ("bet_result", first, "lost") == (await notified(season, ticket))[-1]
    await season.end(season.events[1])
    await season.settle()
    assert [
        ("bet_result", first, "won"),
        ("bet_result", season.events[1], "won"),
    ] == (await notified(season, ticket))[-2:]


async def test_what_follows_the_end_of_a_ticket_is_no_news(season):
    first, second = season.events[:2]
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(first, AWAY_WINS)
    await season.settle()
    await season.end(second)
    await season.settle()
    assert [("bet_result", first, "lost")] == await notified(season, ticket)
    await acknowledge(season.database, ticket)
    await season.wait(hours=25)
    assert 1 == await close_tickets(season.database)


@pytest.mark.parametrize("setting", [{"bet_result": "off"}, {"sms_url": "off"}])
async def test_operators_that_do_not_want_it_tell_nothing(season, setting):
    await season.set(**setting)
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    assert [] == await notified(season, ticket)
    assert 2 == (await state_of(season.database, ticket)).n


async def test_it_is_told_when_the_operator_begins_to_want_it(season):
    await season.set(bet_result="off")
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    await season.set(bet_result="on")
    await season.end(season.events[1])
    await season.settle()
    told_of = [event for _, event, _ in await notified(season, ticket)]
    assert season.events[:2] == told_of


async def test_a_dry_run_counts_what_is_told(season):
    await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    asked = Entered(season.events[0], HOME_WINS, "one")
    shown = (await try_result(season.database, asked)).supposed
    assert {
        "deliveries: bet_result": 1,
        "site quickbet KES: stays open, legs are told": 1,
    } == shown.figures
