import pytest
from settling_made import AWAY_WINS, CANCELLED, HOME_WINS, POSTPONED, begin, told
from ticket_lives import agenda, journal, state_of

from acca.core.finance import Payout
from acca.core.ticket import Status, TicketResult

AS_STRUCK = Payout(2250, 0, 2250, 2250)


@pytest.fixture
async def season(sandbox):
    return await begin(sandbox)


async def end_of(database, ticket):
    state = await state_of(database, ticket)
    return state.status, state.result, state.net_cents


async def test_a_ticket_whose_legs_all_won_is_won(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK, total_odds=225)
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    assert (Status.OPEN, TicketResult.PENDING, 2250) == await end_of(sandbox, ticket)
    await season.end(season.events[1])
    await season.settle()
    assert (Status.RESULTED, TicketResult.WON, 2250) == await end_of(sandbox, ticket)
    assert ["ticket_win"] == await told(sandbox, ticket)
    assert [("pam", "deliver", 3, 3)] == await agenda(sandbox, ticket)


async def test_one_lost_leg_decides_at_once(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0], AWAY_WINS)
    await season.settle()
    assert (Status.RESULTED, TicketResult.LOST, 0) == await end_of(sandbox, ticket)
    assert ["ticket_lost"] == await told(sandbox, ticket)


async def test_a_void_ticket_carries_its_refund(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    for event in season.events[:2]:
        await season.end(event, CANCELLED)
    await season.settle()
    assert (Status.RESULTED, TicketResult.VOID, 1000) == await end_of(sandbox, ticket)
    assert ["ticket_void"] == await told(sandbox, ticket)


async def test_settling_again_changes_nothing(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0], AWAY_WINS)
    await season.settle()
    await season.end(season.events[1], AWAY_WINS)
    await season.settle()
    assert ["ticket_lost"] == await told(sandbox, ticket)


async def test_a_corrected_result_is_taken_back_and_told_anew(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    for event in season.events[:2]:
        await season.end(event)
    await season.settle()
    await season.end(season.events[0], AWAY_WINS, 11, corrects=True)
    await season.settle()
    assert (Status.RESULTED, TicketResult.LOST, 0) == await end_of(sandbox, ticket)
    await season.end(season.events[0], HOME_WINS, 12, corrects=True)
    await season.settle()
    assert (Status.RESULTED, TicketResult.WON, 2250) == await end_of(sandbox, ticket)
    assert [
        "ticket_win",
        "ticket_rollback",
        "ticket_lost",
        "ticket_rollback",
        "ticket_win",
    ] == await told(sandbox, ticket)
    details = [entry[5] for entry in await journal(sandbox, ticket)]
    assert details[3:] == ["result-changed"] * 4


async def test_a_correction_that_leaves_a_ticket_undecided_opens_it_again(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.end(season.events[0], CANCELLED)
    await season.end(season.events[1], CANCELLED)
    await season.settle()
    await season.end(season.events[0], POSTPONED, 11, corrects=True)
    await season.settle()
    assert (Status.OPEN, TicketResult.PENDING, 2250) == await end_of(sandbox, ticket)
    assert ["ticket_void", "ticket_rollback"] == await told(sandbox, ticket)


@pytest.mark.parametrize(
    ("settings", "expected", "status"),
    [
        ({}, [], Status.OPEN),
        ({"update_types": "quickbet"}, ["ticket_update", "ticket_win"], Status.RESULTED),
        ({"amounts_changed_quickbet": "void"}, ["ticket_void"], Status.RESULTED),
        ({"amounts_changed_quickbet": "fetch"}, ["ticket_win"], Status.RESULTED),
    ],
)
async def test_changed_amounts_are_told_as_the_operator_wants(
    sandbox, season, settings, expected, status
):
    await season.set(**settings)
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0], CANCELLED)
    await season.end(season.events[1])
    await season.settle()
    assert expected == await told(sandbox, ticket)
    state = await state_of(sandbox, ticket)
    assert (status, status is Status.OPEN) == (state.status, state.held)
    if status is Status.RESULTED:
        assert (TicketResult.WON, 1500) == (state.result, state.net_cents)
