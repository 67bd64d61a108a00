"""What becomes of payouts that a correction lowers, by the operator's policy."""

import pytest
from settling_made import (
    AWAY_WINS,
    CANCELLED,
    HOME_WINS,
    POSTPONED,
    acknowledge,
    audit,
    begin,
    told,
)
from ticket_lives import state_of

from acca.core.finance import Payout
from acca.core.operating import ReasonMissing
from acca.core.setting import Asked
from acca.core.ticket import Status, TicketResult, TicketType
from acca.flows.close_tickets import close_tickets
from acca.flows.enter_results import Entered, try_result
from acca.flows.limit_operator import AskedLimits, limit_operator
from acca.flows.release_tickets import (
    Released,
    ReleaseRefused,
    Waived,
    Way,
    release_ticket,
    waive_clawback,
)
from acca.flows.set_operator import set_operator
from acca.store.clawbacks import list_clawbacks
from acca.store.settling import list_attention, list_late

AS_STRUCK = Payout(1500, 0, 1500, 1500)
WON, LOST = TicketResult.WON, TicketResult.LOST


@pytest.fixture
async def season(sandbox):
    begun = await begin(sandbox, features="reserve,paid")
    await begun.set(update_types="quickbet", clawback="hold")
    return begun


async def paid(season, **changes):
    """Let a ticket win and its wallet pay."""
    ticket = await season.open(season.events[:1], payout=AS_STRUCK, total_odds=150, **changes)
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    await acknowledge(season.database, ticket)
    return ticket


async def correct(season, result=AWAY_WINS, version=11):
    await season.end(season.events[0], result, version, corrects=True)
    await season.settle()


async def end_of(season, ticket):
    state = await state_of(season.database, ticket)
    return state.status, state.result, state.net_cents, state.held


async def courses(season):
    async with season.database.reader() as reader:
        return [
            (one.policy, one.was_net_cents, one.net_cents, one.course)
            for one in await list_clawbacks(reader, "site", None, 10)
        ]


def named(ticket):
    return "site", ticket.facts.key.id.hex(), "ann"


async def test_a_payout_is_held_until_staff_agrees_to_take_it_back(season):
    ticket = await paid(season)
    await correct(season)
    assert (Status.RESULTED, WON, 1500, True) == await end_of(season, ticket)
    assert ["ticket_win"] == await told(season.database, ticket)
    assert [("hold", 1500, 0, "held")] == await courses(season)
    async with season.database.reader() as reader:
        (waiting,) = await list_attention(reader, "site", 10)
    assert (ticket.facts.key.id, True, "resulted") == (
        waiting.ticket,
        waiting.held,
        waiting.status,
    )
    assert [] == (await audit(season)).named
    await release_ticket(season.database, Released(*named(ticket)))
    assert (Status.RESULTED, LOST, 0, False) == await end_of(season, ticket)
    assert ["ticket_win", "ticket_rollback", "ticket_lost"] == await told(season.database, ticket)
    assert [("hold", 1500, 0, "on its way")] == await courses(season)
    await acknowledge(season.database, ticket)
    assert [("hold", 1500, 0, "taken back")] == await courses(season)
    assert [] == (await audit(season)).named


async def test_a_held_payout_does_not_close_by_itself(season):
    ticket = await paid(season)
    await correct(season)
    await season.wait(days=3)
    assert 0 == await close_tickets(season.database)
    assert (Status.RESULTED, WON, 1500, True) == await end_of(season, ticket)


async def test_facts_that_are_as_before_let_the_ticket_be(season):
    ticket = await paid(season)
    await correct(season)
    await correct(season, HOME_WINS, 12)
    assert (Status.RESULTED, WON, 1500, False) == await end_of(season, ticket)
    assert ["ticket_win"] == await told(season.database, ticket)
    assert [("hold", 1500, 0, "dropped")] == await courses(season)
    await season.wait(hours=25)
    assert 1 == await close_tickets(season.database)
    assert ["ticket_win", "ticket_closed"] == await told(season.database, ticket)


async def test_another_correction_to_less_keeps_it_held(season):
    ticket = await paid(season)
    await correct(season)
    await correct(season, CANCELLED, 12)
    assert (Status.RESULTED, WON, 1500, True) == await end_of(season, ticket)
    await release_ticket(season.database, Released(*named(ticket)))
    assert (Status.RESULTED, TicketResult.VOID, 1000, False) == await end_of(season, ticket)
    assert [("hold", 1500, 1000, "on its way")] == await courses(season)


async def test_what_is_held_stays_held_when_the_policy_is_another(season):
    ticket = await paid(season)
    await correct(season)
    await season.set(clawback="rollback")
    await correct(season, CANCELLED, 12)
    assert (Status.RESULTED, WON, 1500, True) == await end_of(season, ticket)
    assert [] == (await audit(season)).named


async def test_a_correction_that_pays_more_is_not_held(season):
    ticket = await season.open(season.events[:1], payout=AS_STRUCK, total_odds=150)
    await season.wait(hours=3)
    await season.end(season.events[0], AWAY_WINS)
    await season.settle()
    await correct(season, HOME_WINS)
    assert (Status.RESULTED, WON, 1500, False) == await end_of(season, ticket)
    assert [] == await courses(season)


async def test_a_payout_that_is_waived_stays_and_the_ticket_is_closed(season):
    ticket = await paid(season)
    await correct(season)
    await waive_clawback(season.database, Waived(*named(ticket), "our own mistake"))
    await acknowledge(season.database, ticket)
    await close_tickets(season.database)
    assert (Status.CLOSED, WON, 1500, False) == await end_of(season, ticket)
    assert ["ticket_win", "ticket_closed"] == await told(season.database, ticket)
    assert [("hold", 1500, 0, "waived")] == await courses(season)
    async with season.database.reader() as reader:
        (late,) = await list_late(reader, "site", 10)
    assert ("won", 1500, "lost", 0) == late[6:10]
    assert [] == (await audit(season)).named


async def test_an_open_ticket_is_not_waived_and_an_ended_one_not_released(season):
    await season.set(update_types="jackpot")
    ticket = await season.open(payout=Payout(2250, 0, 2250, 2250))
    await season.wait(hours=3)
    await season.end(season.events[0], CANCELLED)
    await season.end(season.events[1])
    await season.settle()
    with pytest.raises(ReleaseRefused, match="has paid nothing yet"):
        await waive_clawback(season.database, Waived(*named(ticket), "why not"))
    await release_ticket(season.database, Released(*named(ticket), Way.FETCH))
    for again in (
        release_ticket(season.database, Released(*named(ticket))),
        waive_clawback(season.database, Waived(*named(ticket), "why not")),
    ):
        with pytest.raises(ReleaseRefused, match="is not held: it is resulted"):
            await again


async def test_by_default_a_payout_is_taken_back_at_once_and_reported(season):
    await season.set(clawback="rollback")
    ticket = await paid(season)
    await correct(season)
    assert (Status.RESULTED, LOST, 0, False) == await end_of(season, ticket)
    assert [("rollback", 1500, 0, "on its way")] == await courses(season)


async def test_a_reopened_ticket_takes_back_all(season):
    await season.set(clawback="net")
    await paid(season)
    await correct(season, POSTPONED)
    assert [("net", 1500, 0, "on its way")] == await courses(season)


async def test_only_a_wallet_that_is_known_to_net_is_trusted_with_it(sandbox):
    await begin(sandbox)
    asked = [Asked("clawback", "net")]
    with pytest.raises(ReasonMissing, match="known to net"):
        await set_operator(sandbox, "site", asked, "ann")
    changed = await set_operator(sandbox, "site", asked, "ann", "its contract, section 7")
    assert {"clawback": "net"} == changed


async def test_a_dry_run_says_what_staff_would_decide_on(season):
    await paid(season)
    asked = Entered(season.events[0], AWAY_WINS, "one", corrects=True)
    shown = (await try_result(season.database, asked)).supposed
    assert {
        "site quickbet KES: stays paid until staff decides": 1,
        "site quickbet KES: cents that staff decides on": 1500,
    } == shown.figures
    assert () == shown.owing


async def test_the_day_of_a_player_is_given_back_only_once_the_payout_is(season):
    asked = AskedLimits([Asked("day_payout_cents_max", "2000")], [TicketType.QUICKBET])
    await limit_operator(season.database, "site", asked, "test")
    first, other, third = [
        await season.open([event], payout=AS_STRUCK, total_odds=150, player="p")
        for event in season.events[:3]
    ]
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    await correct(season)
    await season.end(season.events[1], version=20)
    await season.settle()
    assert (Status.RESULTED, WON, 500, False) == await end_of(season, other)
    await release_ticket(season.database, Released(*named(first)))
    await season.end(season.events[2], version=30)
    await season.settle()
    assert (Status.RESULTED, WON, 1500, False) == await end_of(season, third)
    assert [] == (await audit(season)).named
