import pytest
from catalogue_seen import columns_of, see_one
from feed_entries import DRAWN, FUTURE, POSTPONED, WON, head_told, result_told

from acca.core.catalogue.standing import Fact, State
from acca.core.catalogue.told import EntryVerdict
from acca.core.score import Ending, Result, Score
from acca.flows.apply_feed import apply_entries
from acca.flows.enter_results import Entered, ResultRefused, confirm, enter
from acca.store.results import Source

FAR = FUTURE.replace(year=2900)


async def tell(database, provider, *entries):
    outcomes = await apply_entries(database, provider, entries, Source.FEED)
    return [outcome.judged.verdict for outcome in outcomes]


@pytest.fixture
async def event(database, provider):
    await tell(database, provider, head_told(5))
    return (await see_one(database, provider)).id


async def test_a_result_is_a_fact_at_once_where_one_person_is_enough(database, provider, event):
    assert 1 == await enter(database, Entered(event, WON, "ann"), two_persons=False)
    seen = await see_one(database, provider)
    assert Fact(WON, by_person=True) == seen.standing.fact
    assert ("finished", [], []) == await columns_of(database, event)
    (version,) = seen.results
    assert ("ann", "ann", Source.PERSON) == (
        version.entered_by,
        version.confirmed_by,
        version.source,
    )


async def test_where_two_have_to_agree_a_result_waits_for_another_person(database, provider, event):
    version = await enter(database, Entered(event, WON, "ann"), two_persons=True)
    assert ("scheduled", [], []) == await columns_of(database, event)
    assert (await see_one(database, provider)).standing.fact is None
    with pytest.raises(ResultRefused, match="Another person has to confirm it"):
        await confirm(database, event, version, "ann")
    await confirm(database, event, version, "bob")
    seen = await see_one(database, provider)
    assert (Fact(WON, by_person=True), "bob") == (seen.standing.fact, seen.results[0].confirmed_by)
    assert State.FINISHED is seen.standing.state


async def test_a_correction_is_a_new_version(database, provider, event):
    await enter(database, Entered(event, WON, "ann"), two_persons=False)
    with pytest.raises(ResultRefused, match="a correction is needed"):
        await enter(database, Entered(event, DRAWN, "ann"), two_persons=False)
    corrected = Entered(event, DRAWN, "ann", corrects=True)
    assert 2 == await enter(database, corrected, two_persons=True)
    assert WON == (await see_one(database, provider)).standing.fact.result
    await confirm(database, event, 2, "bob")
    seen = await see_one(database, provider)
    assert ([WON, DRAWN], DRAWN) == ([v.result for v in seen.results], seen.standing.fact.result)


async def test_only_the_newest_version_is_confirmed_and_only_once(database, event):
    await enter(database, Entered(event, WON, "ann"), two_persons=True)
    await enter(database, Entered(event, DRAWN, "ann"), two_persons=True)
    for version, sentence in [(1, "newer version"), (3, "no such version"), (0, "no such")]:
        with pytest.raises(ResultRefused, match=sentence):
            await confirm(database, event, version, "bob")
    await confirm(database, event, 2, "bob")
    with pytest.raises(ResultRefused, match="confirmed already"):
        await confirm(database, event, 2, "cy")


async def test_a_provider_does_not_overrule_a_person(database, provider, event):
    await enter(database, Entered(event, WON, "ann"), two_persons=False)
    told = [result_told(8, DRAWN), result_told(9, DRAWN, corrects=True), result_told(10, WON)]
    verdicts = await tell(database, provider, *told)
    assert [EntryVerdict.REFUSED, EntryVerdict.REFUSED, EntryVerdict.UNCHANGED] == verdicts


async def test_a_provider_goes_on_while_a_person_waits_for_another(database, provider, event):
    await enter(database, Entered(event, WON, "ann"), two_persons=True)
    assert [EntryVerdict.APPLIED] == await tell(database, provider, result_told(8, DRAWN))
    with pytest.raises(ResultRefused, match="newer version"):
        await confirm(database, event, 1, "bob")
    assert DRAWN == (await see_one(database, provider)).standing.fact.result


async def test_a_newer_date_puts_on_again_what_a_person_postponed(database, provider, event):
    await enter(database, Entered(event, POSTPONED, "ann"), two_persons=False)
    assert ("postponed", [], []) == await columns_of(database, event)
    await tell(database, provider, head_told(6, starts=FUTURE))
    assert ("scheduled", [], []) == await columns_of(database, event)


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (Result(Ending.PLAYED, Score((1, 0), ((2, 0),))), "The score holds more points"),
        (Result(Ending.PLAYED, Score((100, 0))), "between 0 and 99"),
    ],
)
async def test_a_score_that_cannot_be_is_refused(database, event, result, sentence):
    with pytest.raises(ResultRefused, match=sentence):
        await enter(database, Entered(event, result, "ann"), two_persons=False)


async def test_results_of_unknown_or_unstarted_events_are_refused(database, provider, event):
    with pytest.raises(ResultRefused, match="not known"):
        await enter(database, Entered(event + 1, WON, "ann"), two_persons=False)
    await tell(database, provider, head_told(6, starts=FAR))
    with pytest.raises(ResultRefused, match="not started"):
        await enter(database, Entered(event, WON, "ann"), two_persons=False)
