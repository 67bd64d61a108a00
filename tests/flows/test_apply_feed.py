import datetime as dt
import hashlib
import json

import pytest
from catalogue_seen import add_provider, columns_of, see, see_one
from feed_entries import (
    CANCELLED,
    DRAWN,
    FUTURE,
    POSTPONED,
    WON,
    head_told,
    odds_told,
    result_told,
    suspension_told,
)

from acca.core.catalogue.offer import Change
from acca.core.catalogue.standing import State, Stop
from acca.core.catalogue.told import EntryVerdict, Name
from acca.core.markets.football import FOOTBALL
from acca.flows.apply_feed import apply_batch, apply_entries
from acca.store.odds import read_history
from acca.store.results import Source
from acca.wire.feed import parse_batch

FAR = dt.datetime(2900, 1, 1, tzinfo=dt.UTC)
OVER_2_5 = ("OUFT", "2.5")
APPLIED, UNCHANGED, STALE = EntryVerdict.APPLIED, EntryVerdict.UNCHANGED, EntryVerdict.STALE
REFUSED, SUSPICIOUS = EntryVerdict.REFUSED, EntryVerdict.SUSPICIOUS


async def tell(database, provider, *entries):
    outcomes = await apply_entries(database, provider, entries, Source.FEED)
    return [outcome.judged.verdict for outcome in outcomes]


async def test_an_event_and_its_odds_are_taken_together(database, provider):
    entries = [head_told(1, starts=FUTURE), odds_told(2, {3: 410, 1: 195})]
    assert [APPLIED, APPLIED] == await tell(database, provider, *entries)
    seen = await see_one(database, provider)
    assert entries[0].head == seen.standing.head
    assert ([1, 3], [195, 410], [False, False], [2, 2]) == seen.offer
    assert ("scheduled", [], []) == await columns_of(database, seen.id)


async def test_every_change_of_odds_is_kept_with_its_time(database, provider):
    await tell(database, provider, head_told(1), odds_told(2, {1: 195}), odds_told(3, {1: 200}))
    await tell(database, provider, odds_told(4, {1: 200, 2: 300}))
    async with database.reader() as reader:
        history = await read_history(reader, (await see_one(database, provider)).id)
    told = [(1, 195, 2), (1, 200, 3), (2, 300, 4)]
    expected = [Change(bet, odds, derived=False, version=each) for bet, odds, each in told]
    assert expected == [row.change for row in history]
    assert history[0].changed == history[1].changed < history[2].changed


async def test_odds_that_come_late_do_not_overwrite_newer_ones(database, provider):
    await tell(database, provider, head_told(1), odds_told(6, {1: 200}))
    assert [STALE] == await tell(database, provider, odds_told(5, {1: 300}))
    assert [UNCHANGED] == await tell(database, provider, odds_told(6, {1: 200}))
    assert [APPLIED] == await tell(database, provider, odds_told(5, {1: 300, 2: 350}))
    assert [200, 350] == (await see_one(database, provider)).offer.odds


async def test_suspensions_of_market_line_bet_and_event_stand_on_the_event(database, provider):
    told = [
        head_told(1),
        suspension_told(2, market="MRFT"),
        suspension_told(3, market="OUFT", line="2.5"),
        suspension_told(4, suspended=False, bet=2),
        suspension_told(5),
    ]
    assert [APPLIED] * 5 == await tell(database, provider, *told)
    seen = await see_one(database, provider)
    closed = [1, 3, *(b.id for b in FOOTBALL.bets.values() if (b.market, b.line) == OVER_2_5)]
    assert ("scheduled", ["provider"], closed) == await columns_of(database, seen.id)
    assert [APPLIED] == await tell(database, provider, suspension_told(6, suspended=False))
    assert ("scheduled", [], closed) == await columns_of(database, seen.id)


async def test_a_suspension_that_comes_late_is_news_of_what_it_speaks_of(database, provider):
    await tell(database, provider, head_told(9), odds_told(8, {1: 200}))
    assert [APPLIED] == await tell(database, provider, suspension_told(2, bet=1))
    assert [1] == (await see_one(database, provider)).standing.closed


async def test_odds_that_jump_stop_the_event_and_are_not_taken(database, provider):
    await tell(database, provider, head_told(1), odds_told(2, {1: 200, 2: 300}))
    jumping = odds_told(3, {1: 2000, 2: 310})
    assert [SUSPICIOUS] == await tell(database, provider, jumping)
    seen = await see_one(database, provider)
    assert [200, 300] == seen.offer.odds
    assert ("scheduled", ["suspicious"], []) == await columns_of(database, seen.id)
    await tell(database, provider, suspension_told(4), suspension_told(5, suspended=False))
    assert {Stop.SUSPICIOUS} == (await see_one(database, provider)).standing.stops


async def test_a_postponed_event_is_on_again_with_a_newer_date(database, provider):
    await tell(database, provider, head_told(1), result_told(2, POSTPONED))
    assert State.POSTPONED is (await see_one(database, provider)).standing.state
    assert [APPLIED] == await tell(database, provider, head_told(3, starts=FUTURE))
    seen = await see_one(database, provider)
    assert (State.SCHEDULED, FUTURE) == (seen.standing.state, seen.standing.head.starts)
    assert ("scheduled", [], []) == await columns_of(database, seen.id)


async def test_results_are_versions_and_the_last_is_the_fact(database, provider):
    told = [
        head_told(1),
        result_told(2),
        result_told(3, DRAWN),
        result_told(4, DRAWN, corrects=True),
    ]
    assert [APPLIED, APPLIED, REFUSED, APPLIED] == await tell(database, provider, *told)
    seen = await see_one(database, provider)
    assert [(1, WON), (2, DRAWN)] == [(each.version, each.result) for each in seen.results]
    assert DRAWN == seen.standing.fact.result
    assert ("finished", [], []) == await columns_of(database, seen.id)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (odds_told(2, {1: 200}, event="nobody"), "The event is not known."),
        (result_told(2, event="nobody"), "The event is not known."),
        (result_told(2), "The event has not started."),
        (odds_told(2, {32_000: 200}), "Football has no bet 32000."),
        (suspension_told(2, market="NONE"), "Football has no NONE."),
        (head_told(2, sport="chess"), "There is no sport chess."),
        (head_told(2, home="japs-47"), "A team does not play against itself."),
    ],
)
async def test_what_does_not_fit_is_refused_alone(database, provider, told, sentence):
    told = [head_told(1, starts=FAR), told, odds_told(3, {1: 200})]
    outcomes = await apply_entries(database, provider, told, Source.FEED)
    assert [APPLIED, REFUSED, APPLIED] == [outcome.judged.verdict for outcome in outcomes]
    assert sentence == outcomes[1].judged.message


async def test_an_event_that_has_not_started_may_be_cancelled(database, provider):
    told = [head_told(1, starts=FAR), result_told(2, CANCELLED)]
    assert [APPLIED, APPLIED] == await tell(database, provider, *told)


async def test_an_entry_that_the_database_cannot_hold_fails_alone(database, provider):
    async with database.writer() as writer:
        await writer.run("ALTER TABLE team ADD CONSTRAINT team_is_sane CHECK (slug <> 'poison')")
    told = [
        head_told(1),
        head_told(1, event="bad", home="poison"),
        odds_told(2, {1: 200}, event="bad"),
        odds_told(2, {1: 200}),
    ]
    assert [APPLIED, REFUSED, REFUSED, APPLIED] == await tell(database, provider, *told)
    assert ["x1"] == list(await see(database, provider))


def body_of(*entries):
    body = json.dumps({"entries": entries}).encode()
    return hashlib.sha256(body).digest(), parse_batch(body)


NAME = {"slug": "football", "name": "Football"}
EVENT = {
    "kind": "event",
    "event": "x1",
    "version": 1,
    "starts": "2026-05-01T12:00:00Z",
    "sport": NAME,
    "category": {"slug": "finland", "name": "Finland"},
    "league": {"slug": "football/finland/kakkonen", "name": "Kakkonen"},
    "home_team": {"slug": "ppj", "name": "PPJ"},
    "away_team": {"slug": "japs-47", "name": "JaPS/47"},
}
ODDS = {"kind": "odds", "event": "x1", "version": 2, "prices": [{"bet": 1, "odds": 1.95}]}
ALIVE = {"kind": "alive"}


async def test_a_batch_is_answered_entry_by_entry(database, provider):
    answer = await apply_batch(database, provider, *body_of(EVENT, {"kind": "odds"}, ALIVE, ODDS))
    verdicts = [(each.entry, each.verdict, each.event) for each in answer.verdicts]
    assert [
        (0, APPLIED, "x1"),
        (1, EntryVerdict.DEFECTIVE, None),
        (2, APPLIED, None),
        (3, APPLIED, "x1"),
    ] == verdicts
    seen = await see_one(database, provider)
    assert {None, seen.id} == {each.event_id for each in answer.verdicts}
    assert "kakkonen" == seen.standing.head.league.slug


async def test_a_batch_that_comes_again_gets_its_answer_and_does_nothing(database, provider):
    first = await apply_batch(database, provider, *body_of(EVENT, ODDS, ALIVE))
    await tell(database, provider, suspension_told(3))
    before = await see(database, provider)
    async with database.writer() as writer:
        await writer.run("UPDATE provider_alive SET seen = seen - interval '1 h'")
    assert first == await apply_batch(database, provider, *body_of(EVENT, ODDS, ALIVE))
    assert before == await see(database, provider)
    async with database.reader() as reader:
        assert await reader.value("SELECT seen < now() - interval '59 min' FROM provider_alive")


async def test_alive_alone_is_news_each_time(database, provider):
    for _ in range(2):
        answer = await apply_batch(database, provider, *body_of(ALIVE))
        assert [APPLIED] == [each.verdict for each in answer.verdicts]
        async with database.writer() as writer:
            query = "UPDATE provider_alive SET seen = seen - interval '1 h' RETURNING seen"
            assert await writer.value(query) is not None
    async with database.reader() as reader:
        assert 0 == await reader.value("SELECT count(*) FROM feed_batch")


async def test_two_providers_have_events_of_their_own(database, provider):
    other = await add_provider(database, "other")
    await tell(database, provider, head_told(1))
    assert [REFUSED] == await tell(database, other, odds_told(2, {1: 200}))
    assert [APPLIED] == await tell(database, other, head_told(1))
    assert (await see_one(database, other)).id != (await see_one(database, provider)).id


async def test_names_that_were_told_first_stay(database, provider):
    await tell(database, provider, head_told(1))
    renamed = head_told(2, league=Name("kakkonen", "Kakkonen A"))
    assert [UNCHANGED] == await tell(database, provider, renamed)
    assert "Kakkonen" == (await see_one(database, provider)).standing.head.league.name
