import asyncio

import pytest
from catalogue_seen import columns_of, see_one
from feed_entries import head_told, odds_told, suspension_told

from acca.core.catalogue.offer import Change
from acca.core.catalogue.stopping import Doubt
from acca.core.catalogue.told import EntryVerdict
from acca.flows.apply_feed import apply_entries
from acca.flows.stop_events import Lift, StopRefused, lift_event, stop_event
from acca.store.odds import read_history
from acca.store.results import Source
from acca.store.stops import Action, StopChange, list_doubts, list_stop_changes

APPLIED, UNCHANGED, SUSPICIOUS = (
    EntryVerdict.APPLIED,
    EntryVerdict.UNCHANGED,
    EntryVerdict.SUSPICIOUS,
)


async def tell(database, provider, *entries):
    outcomes = await apply_entries(database, provider, entries, Source.FEED)
    return [outcome.judged.verdict for outcome in outcomes]


@pytest.fixture
async def event(database, provider):
    """Return the id of an event whose bet 1 has odds of 2.00, bet 2 of 3.00."""
    await tell(database, provider, head_told(1), odds_told(2, {1: 200, 2: 300}))
    return (await see_one(database, provider)).id


async def doubted(database, event):
    async with database.reader() as reader:
        return [(each.change.bet, each.change.odds) for each in await list_doubts(reader, event)]


async def changes(database, event):
    async with database.reader() as reader:
        return [each.change for each in await list_stop_changes(reader, event)]


def lift(database, event, doubt=None, reason=None):
    return lift_event(database, Lift(event, doubt, "ann", reason))


async def test_staff_stops_an_event_and_opens_it_again(database, event):
    await stop_event(database, event, "ann", "Floodlight failure.")
    assert ("scheduled", ["staff"], []) == await columns_of(database, event)
    await lift(database, event, reason="Light is back.")
    assert ("scheduled", [], []) == await columns_of(database, event)
    assert [
        StopChange("ann", Action.LIFT, "Light is back.", None, [], []),
        StopChange("ann", Action.STOP, "Floodlight failure.", None, [], []),
    ] == await changes(database, event)


async def test_a_stop_that_is_sent_twice_is_one_stop(database, event):
    await asyncio.gather(*(stop_event(database, event, "ann", None) for _ in range(5)))
    assert [Action.STOP] == [each.action for each in await changes(database, event)]


async def test_a_lift_that_is_sent_twice_at_once_is_done_once(database, provider, event):
    await tell(database, provider, odds_told(3, {1: 2000}))
    twins = [lift(database, event, Doubt.ACCEPT) for _ in range(5)]
    done = await asyncio.gather(*twins, return_exceptions=True)
    assert 4 == sum(isinstance(each, StopRefused) for each in done)
    async with database.reader() as reader:
        assert 3 == len(await read_history(reader, event))


async def test_a_provider_opens_nothing_that_staff_stopped(database, provider, event):
    await stop_event(database, event, "ann", None)
    await tell(database, provider, suspension_told(3), suspension_told(4, suspended=False))
    assert ("scheduled", ["staff"], []) == await columns_of(database, event)


async def test_staff_opens_nothing_that_its_provider_stopped(database, provider, event):
    await stop_event(database, event, "ann", None)
    await tell(database, provider, suspension_told(3))
    await lift(database, event)
    assert ("scheduled", ["provider"], []) == await columns_of(database, event)


async def test_accepted_odds_stand_as_they_were_told(database, provider, event):
    await tell(database, provider, odds_told(3, {1: 2000, 2: 310}))
    assert [(1, 2000), (2, 310)] == await doubted(database, event)
    await lift(database, event, Doubt.ACCEPT)
    seen = await see_one(database, provider)
    assert ([1, 2], [2000, 310], [False, False], [3, 3]) == seen.offer
    assert ("scheduled", [], []) == await columns_of(database, event)
    assert [] == await doubted(database, event)
    async with database.reader() as reader:
        *_, first, second = [row.change for row in await read_history(reader, event)]
    told = [Change(1, 2000, derived=False, version=3), Change(2, 310, derived=False, version=3)]
    assert told == [first, second]
    (change,) = await changes(database, event)
    assert (Doubt.ACCEPT, [1, 2], [2000, 310]) == (change.doubt, change.bets, change.odds)


async def test_accepted_odds_told_again_are_taken(database, provider, event):
    await tell(database, provider, odds_told(3, {1: 2000}))
    await lift(database, event, Doubt.ACCEPT)
    assert [UNCHANGED] == await tell(database, provider, odds_told(3, {1: 2000}))
    assert [UNCHANGED] == await tell(database, provider, odds_told(4, {1: 2000}))
    assert [APPLIED] == await tell(database, provider, odds_told(5, {1: 2050}))


async def test_dropped_odds_leave_those_that_stand_and_are_doubted_again(database, provider, event):
    await tell(database, provider, odds_told(3, {1: 2000}))
    await lift(database, event, Doubt.DROP)
    assert [200, 300] == (await see_one(database, provider)).offer.odds
    assert ("scheduled", [], []) == await columns_of(database, event)
    assert [APPLIED, SUSPICIOUS] == await tell(
        database, provider, odds_told(4, {1: 205}), odds_told(5, {1: 2050})
    )
    assert ("scheduled", ["suspicious"], []) == await columns_of(database, event)


async def test_of_several_doubts_about_a_bet_the_newest_is_accepted(database, provider, event):
    await tell(database, provider, odds_told(4, {1: 2100}), odds_told(3, {1: 2000, 2: 310}))
    await tell(database, provider, odds_told(3, {1: 2000, 2: 310}))
    await lift(database, event, Doubt.ACCEPT)
    assert ([1, 2], [2100, 310], [False, False], [4, 3]) == (
        await see_one(database, provider)
    ).offer


async def test_doubt_ends_where_newer_odds_were_taken(database, provider, event):
    await tell(database, provider, odds_told(3, {1: 2000}), odds_told(4, {1: 210}))
    assert [] == await doubted(database, event)
    await lift(database, event, Doubt.ACCEPT)
    assert [210, 300] == (await see_one(database, provider)).offer.odds


async def test_odds_in_doubt_want_a_word(database, provider, event):
    await tell(database, provider, odds_told(3, {1: 2000}))
    with pytest.raises(StopRefused, match="accept them or drop them"):
        await lift(database, event)
    await stop_event(database, event, "ann", None)
    await lift(database, event, Doubt.DROP)
    assert ("scheduled", [], []) == await columns_of(database, event)


@pytest.mark.parametrize(
    ("doubt", "sentence"), [(None, "stopped neither by staff"), (Doubt.DROP, "neither by staff")]
)
async def test_what_is_not_stopped_is_not_lifted(database, event, doubt, sentence):
    with pytest.raises(StopRefused, match=sentence):
        await lift(database, event, doubt)
    assert [] == await changes(database, event)


async def test_no_word_is_taken_on_odds_that_nobody_doubts(database, event):
    await stop_event(database, event, "ann", None)
    with pytest.raises(StopRefused, match="No odds of the event are in doubt"):
        await lift(database, event, Doubt.ACCEPT)
    assert ("scheduled", ["staff"], []) == await columns_of(database, event)


async def test_an_event_that_nobody_knows_is_refused(database):
    with pytest.raises(StopRefused, match="The event is not known"):
        await stop_event(database, 999, "ann", None)
    with pytest.raises(StopRefused, match="The event is not known"):
        await lift(database, 999)


async def test_a_stop_waits_for_the_ticket_that_holds_the_event(database, event):
    async with database.writer() as writer, writer.transaction():
        await writer.rows("SELECT FROM event FOR SHARE")
        stopping = asyncio.create_task(stop_event(database, event, "ann", None))
        await asyncio.wait([stopping], timeout=0.2)
        assert not stopping.done()
    await stopping
    assert ("scheduled", ["staff"], []) == await columns_of(database, event)
