import pytest
from settling_made import AWAY_WINS, CANCELLED, audit, begin, rows_changed

from acca.core.audit import Invariant
from acca.core.finance import Payout

AS_STRUCK = Payout(1500, 0, 1500, 1500)


@pytest.fixture
async def season(sandbox):
    return await begin(sandbox)


async def settled(season):
    """Settle a ticket that won, one that lost, one that is void and one that is still open."""
    tickets = [
        await season.open([event], payout=AS_STRUCK) for event in season.events for _ in range(2)
    ]
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.end(season.events[1], AWAY_WINS)
    await season.end(season.events[2], CANCELLED)
    await season.settle()
    return tickets


async def test_what_is_settled_by_the_facts_keeps_the_fifth_promise(season):
    tickets = await settled(season)
    report = await audit(season)
    assert ([], len(tickets)) == (report.named, report.checked[Invariant.I5])


async def test_an_end_that_the_facts_do_not_give_is_named(season):
    (won, *_) = await settled(season)
    await rows_changed(
        season.database,
        "UPDATE ticket_state SET gross_cents = 9, net_cents = 9, wht_cents = 0"
        f" WHERE id = '\\x{won.facts.key.id.hex()}'",
    )
    (violation,) = [each for each in (await audit(season)).named if each.invariant is Invariant.I5]
    assert won.facts.key.id.hex() == violation.ticket
    assert "is resulted, won, net 9; by the facts it is" in violation.sentence


async def test_a_ticket_that_nobody_has_settled_is_named(season):
    ticket = await season.open([season.events[0]], payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0], AWAY_WINS)
    assert 0 == (await audit(season)).checked[Invariant.I5]
    await rows_changed(season.database, "DELETE FROM settlement_job")
    (violation,) = (await audit(season)).named
    assert ticket.facts.key.id.hex() == violation.ticket
    assert "is open, pending, net 1500; by the facts it is resulted, lost" in violation.sentence
