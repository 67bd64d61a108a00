"""What a result would do is shown before, and just that is committed, or what changed is said."""

import pytest
from settling_made import AWAY_WINS, HOME_WINS, acknowledge, begin, opened
from ticket_lives import accept, rows, save, state_of
from tickets_made import new_ticket

from acca.core.finance import Payout
from acca.core.score import Ending, Result
from acca.core.setting import Asked
from acca.core.supposing import changes
from acca.core.ticket import Status, TicketResult, TicketType
from acca.flows.close_tickets import close_tickets
from acca.flows.enter_results import Entered, NotAsShown, ResultRefused, confirm, enter, try_result
from acca.flows.limit_operator import AskedLimits, limit_operator

AS_STRUCK = Payout(1500, 0, 1500, 1500)
CANCELLED = Result(Ending.CANCELLED)
OF = "site quickbet KES"


@pytest.fixture
async def season(sandbox):
    begun = await begin(sandbox, sms_url="https://sms.example/in")
    await begun.set(update_types="quickbet")
    return begun


async def single(season, **changes):
    return await season.open(season.events[:1], payout=AS_STRUCK, total_odds=150, **changes)


def entered(season, result=HOME_WINS, **changes):
    return Entered(season.events[0], result, "one", **changes)


async def trial(season, result=HOME_WINS, **changes):
    return (await try_result(season.database, entered(season, result, **changes))).supposed


async def commit(season, result=HOME_WINS, **changes):
    version = await enter(season.database, entered(season, result, **changes), two_persons=False)
    await season.settle()
    return version


async def test_the_figures_are_what_the_commit_does(season):
    tickets = [await single(season, msisdn="254700000001") for _ in range(3)]
    await season.open(season.events[:2])
    await season.wait(hours=3)
    shown = await trial(season)
    assert {
        "deliveries: ticket_status": 3,
        "deliveries: ticket_win": 3,
        f"{OF}: cents to be paid": 4500,
        f"{OF}: is settled won": 3,
        f"{OF}: stays as it is": 1,
    } == shown.figures
    await commit(season, as_shown=shown.mark)
    assert [TicketResult.WON] * 3 == [
        (await state_of(season.database, one)).result for one in tickets
    ]


async def test_nothing_is_written_by_trying(season):
    ticket = await single(season)
    await season.wait(hours=3)
    before = await state_of(season.database, ticket)
    await trial(season)
    await season.settle()
    assert before == await state_of(season.database, ticket)
    assert [] == await rows(season.database, "SELECT 1 FROM result")


async def test_a_correction_tells_who_has_to_give_back(season):
    for player in ("p", "p", "q"):
        await single(season, player=player)
    await season.wait(hours=3)
    await commit(season)
    shown = await trial(season, AWAY_WINS, corrects=True)
    assert 4500 == shown.figures[f"{OF}: cents to be taken back"]
    assert 3 == shown.figures[f"{OF}: is corrected to lost"]
    assert (2, 3) == (
        shown.figures["players who have to give back"],
        shown.figures["deliveries: ticket_rollback"],
    )
    assert [("p", 3000), ("q", 1500)] == [(each.player, each.cents) for each in shown.owing]


async def on_its_way(season):
    """Write a ticket that the wallet has not confirmed yet."""
    changes = {"payout": AS_STRUCK, "total_odds": 150}
    ticket = new_ticket(season.operator, season.events[:1], **changes)
    await accept(season.database, ticket)
    return ticket


async def test_a_ticket_in_between_is_told_and_nothing_is_committed(season):
    await single(season)
    later = await on_its_way(season)
    await season.wait(hours=3)
    shown = await trial(season)
    await save(season.database, opened(later))
    with pytest.raises(NotAsShown) as refused:
        await commit(season, as_shown=shown.mark)
    assert f"{OF}: cents to be paid: 1,500 were shown, 3,000 now" in refused.value.changed
    assert Status.OPEN is (await state_of(season.database, later)).status
    again = await trial(season)
    assert 1 == await commit(season, as_shown=again.mark)


async def test_a_result_in_between_makes_another_mark(season):
    await single(season)
    await season.wait(hours=3)
    shown = await trial(season)
    await commit(season, AWAY_WINS)
    with pytest.raises(NotAsShown):
        await commit(season, HOME_WINS, corrects=True, as_shown=shown.mark)


async def test_the_other_person_confirms_what_was_shown(season):
    await single(season)
    later = await on_its_way(season)
    await season.wait(hours=3)
    shown = await trial(season)
    version = await enter(season.database, entered(season, as_shown=shown.mark), two_persons=True)
    event = season.events[0]
    await save(season.database, opened(later))
    with pytest.raises(NotAsShown):
        await confirm(season.database, event, version, "another", shown.mark)
    again = await trial(season)
    await confirm(season.database, event, version, "another", again.mark)
    await season.settle()
    won = await rows(season.database, "SELECT count(*) FROM ticket_state WHERE result = 'won'")
    assert [(2,)] == won


@pytest.mark.parametrize("mark", ["0" * 16, "nonsense"])
async def test_a_mark_that_nobody_was_shown_commits_nothing(season, mark):
    await season.wait(hours=3)
    with pytest.raises(ResultRefused, match="No dry run has this mark"):
        await commit(season, as_shown=mark)


async def test_a_mark_is_of_one_result_alone(season):
    await season.wait(hours=3)
    shown = await trial(season)
    with pytest.raises(ResultRefused, match="The mark is of event"):
        await commit(season, AWAY_WINS, as_shown=shown.mark)


async def test_closed_tickets_would_come_too_late(season):
    ticket = await single(season)
    await season.wait(hours=3)
    await commit(season)
    await acknowledge(season.database, ticket)
    await season.wait(hours=25)
    await close_tickets(season.database)
    shown = await trial(season, AWAY_WINS, corrects=True)
    assert {f"{OF}: is closed, and would end otherwise": 1} == shown.figures


async def test_types_without_update_would_be_held(season):
    await season.set(update_types="none")
    await season.open()
    await season.wait(hours=3)
    await season.end(season.events[1])
    shown = await trial(season, CANCELLED)
    assert {f"{OF}: is held for staff": 1} == shown.figures


async def test_players_days_are_looked_at_and_not_touched(season):
    shown = await trial_of_limited(season)
    assert 2000 == shown.figures[f"{OF}: cents to be paid"]
    await commit(season, as_shown=shown.mark)
    paid = await rows(season.database, "SELECT sum(net_cents)::bigint FROM ticket_state")
    assert [(2000,)] == paid


async def trial_of_limited(season):
    await limit_day(season, 2000)
    for _ in range(3):
        await single(season, player="p")
    await season.wait(hours=3)
    return await trial(season)


async def limit_day(season, cents):
    asked = AskedLimits([Asked("day_payout_cents_max", str(cents))], [TicketType.QUICKBET])
    await limit_operator(season.database, "site", asked, "test")


def test_the_same_figures_of_other_tickets_are_a_change_too():
    assert ["the same figures, of tickets that have moved since"] == changes({"a": 1}, {"a": 1})
