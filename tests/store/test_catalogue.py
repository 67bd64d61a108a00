import datetime as dt

import asyncpg
import pytest
from catalogue_seen import add_provider, see_one
from feed_entries import BETS, DRAWN, PAST, head_told, odds_told, result_told, suspension_told

from acca.core.markets.sports import SPORTS
from acca.flows.apply_feed import apply_entries
from acca.store.catalogue import OpenEvent, read_open_events
from acca.store.odds import prepare_history, read_history
from acca.store.results import Source


@pytest.fixture
async def event(database):
    provider = await add_provider(database, "feeder")
    told = [head_told(1), odds_told(2, {1: 200, 2: 310}), result_told(3)]
    (outcome, *_) = await apply_entries(database, provider, told, Source.FEED)
    return outcome.event_id


async def run(database, statement):
    async with database.writer() as writer:
        await writer.run(statement)


async def test_the_sports_of_the_database_are_those_of_the_rules(database):
    async with database.reader() as reader:
        rows = await reader.rows("SELECT id, code, name FROM sport")
    expected = {(sport.id, sport.code, sport.name) for sport in SPORTS.values()}
    assert expected == {tuple(row) for row in rows}


async def test_what_is_written_is_read_back_as_it_was(database):
    provider = await add_provider(database, "feeder")
    told = [
        head_told(7, live=True),
        odds_told(8, dict.fromkeys(BETS, 250)),
        suspension_told(9, market="MRFT"),
        suspension_told(10, suspended=False, bet=2),
        suspension_told(11),
        result_told(12, DRAWN),
    ]
    await apply_entries(database, provider, told, Source.FEED)
    seen = await see_one(database, provider)
    assert [1, 3] == seen.standing.closed
    assert {1: 9, 2: 10, 3: 9} == {bet: s.version for bet, s in seen.standing.suspensions.items()}
    assert (7, 11, 12) == (
        seen.standing.head_version,
        seen.standing.stop_version,
        seen.standing.result_version,
    )
    assert (list(BETS), [250] * 5, [False] * 5, [8] * 5) == seen.offer
    assert DRAWN == seen.results[0].result == seen.standing.fact.result


async def test_the_open_catalogue_is_one_reading(database):
    provider = await add_provider(database, "feeder")
    told = [
        head_told(1, "x1"),
        odds_told(2, {1: 200, 2: 300}, "x1"),
        suspension_told(3, event="x1", bet=2),
        head_told(1, "x2", live=True),
        head_told(1, "x3"),
        result_told(2, event="x3"),
    ]
    outcomes = await apply_entries(database, provider, told, Source.FEED)
    async with database.reader() as reader:
        first, second = await read_open_events(reader)
    league, home, away = first.league, first.home_team, first.away_team
    expected = OpenEvent(
        outcomes[0].event_id, 1, league, home, away, PAST, "scheduled", [], [2], [1, 2], [200, 300],
        first.updated,
    )  # fmt: skip
    assert expected == first
    assert ("live", [], None) == (second.state, second.bets, second.updated)


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE event SET state = 'over'", "event_state_is_known"),
        ("UPDATE event SET stops = '{rain}'", "event_stops_are_known"),
        ("UPDATE event SET closed = '{0}'", "event_closed_bets_have_ids"),
        ("UPDATE event SET away_team = home_team", "event_has_two_teams"),
        ("UPDATE event SET sport = 2", "event_is_in_a_league_of_its_sport"),
        ("UPDATE event_odds SET odds = '{99,200}'", "event_odds_are_within_bounds"),
        ("UPDATE event_odds SET odds = '{100}'", "event_odds_stand_side_by_side"),
        ("UPDATE event_odds SET versions = '{-1,0}'", "event_odds_versions_are_not_negative"),
        ("UPDATE event_feed SET head_version = -2", "event_feed_versions_are_not_negative"),
        (
            "UPDATE event_feed SET suspension_bets = '{1}'",
            "event_feed_has_a_version_for_each_bet",
        ),
        ("UPDATE result SET ending = 'cancelled'", "result_is_only_confirmed"),
        ("UPDATE result SET confirmed = now()", "result_is_only_confirmed"),
        ("DELETE FROM result", "result_is_never_deleted"),
        ("UPDATE odds_history SET odds = 100", "odds_history_is_only_added_to"),
        ("DELETE FROM odds_history", "odds_history_is_only_added_to"),
        ("TRUNCATE odds_history", "odds_history_is_only_added_to"),
    ],
)
async def test_the_database_refuses_what_cannot_be(database, statement, rule):
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await run(database, statement)
    assert rule == refused.value.constraint_name


INSERT = (
    "INSERT INTO result (event, version, ending, total, source, entered, entered_by, confirmed)"
)


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ("1, 9, 'played', NULL, 'feed', now(), NULL, now()", "result_played_has_a_score"),
        (
            "1, 9, 'cancelled', '{1,0}', 'feed', now(), NULL, now()",
            "result_has_a_score_only_where_there_was_play",
        ),
        ("1, 9, 'played', '{1}', 'feed', now(), NULL, now()", "result_total_is_a_pair"),
        (
            "1, 9, 'cancelled', NULL, 'feed', now(), NULL, NULL",
            "result_of_a_machine_needs_no_confirmation",
        ),
        (
            "1, 9, 'cancelled', NULL, 'person', now(), NULL, NULL",
            "result_of_a_person_names_the_person",
        ),
        (
            "1, 9, 'cancelled', NULL, 'person', now(), 'ann', now()",
            "result_of_a_person_is_confirmed_by_a_person",
        ),
    ],
)
async def test_the_database_refuses_a_result_that_cannot_be(database, values, rule):
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await run(database, f"{INSERT} VALUES ({values})")
    assert rule == refused.value.constraint_name


async def test_months_of_history_are_made_two_ahead_and_once(database):
    async with database.writer() as writer:
        assert 3 == await prepare_history(writer)
        assert 0 == await prepare_history(writer)


async def test_history_that_came_before_its_month_was_made_moves_there(sandbox):
    await run(sandbox, "UPDATE clock SET ahead = '8766 hours'")
    provider = await add_provider(sandbox, "feeder")
    told = [head_told(1), odds_told(2, {1: 200})]
    (outcome, _) = await apply_entries(sandbox, provider, told, Source.FEED)
    async with sandbox.writer() as writer:
        assert 1 == await writer.value("SELECT count(*) FROM odds_history_other")
        assert 3 == await prepare_history(writer)
        assert 0 == await writer.value("SELECT count(*) FROM odds_history_other")
        (row,) = await read_history(writer, outcome.event_id)
    assert dt.datetime.now(dt.UTC) + dt.timedelta(days=300) < row.changed
    await apply_entries(sandbox, provider, [odds_told(3, {1: 210})], Source.FEED)
    async with sandbox.reader() as reader:
        assert 0 == await reader.value("SELECT count(*) FROM odds_history_other")
