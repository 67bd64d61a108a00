from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.fixtures import Fixture, KnownEvent, League, Team, identify, remember
from acca.core.score import Ending, Result, Score

COUNTRY = Team("football/england", "England")
ONCE = League("E0", COUNTRY, "football/england/premier-league", "Premier League", "UTC")
TWICE = ONCE._replace(code="SC0", meetings=2)
HOME, AWAY = Team("arsenal", "Arsenal"), Team("chelsea", "Chelsea")
PLAYED = Result(Ending.PLAYED, Score((1, 0)))
FIRST = datetime(2026, 1, 31, 15, tzinfo=UTC)
EARLY = datetime(2025, 12, 1, tzinfo=UTC)
LATE = datetime(2026, 6, 30, tzinfo=UTC)


def fixture(days=0, league=ONCE, result=None, line=2, odds=None, **more):
    starts = FIRST + timedelta(days=days)
    whole = Fixture(line, league, HOME, AWAY, starts, has_time=True, result=result, odds=odds or {})
    return whole._replace(**more)


def known(days=0, league=ONCE, *, finished=False, number=1):
    pair = (league.code, HOME.slug, AWAY.slug)
    key = f"{league.code}-2025-arsenal-chelsea-{number}"
    return KnownEvent(key, pair, FIRST + timedelta(days=days), finished)


def one(row, *events, as_of=EARLY):
    (found,) = identify([row], events, as_of).rows
    return found


def test_a_match_that_nobody_knows_is_a_new_event():
    found = one(fixture())
    assert (None, "E0-2025-arsenal-chelsea-1") == (found.event, found.key)


@pytest.mark.parametrize("days", [-50, -3, 1, 77, 140])
def test_clubs_that_meet_once_are_followed_through_the_season(days):
    found = one(fixture(days), known())
    assert known() == found.event
    assert FIRST == found.moved_from


@pytest.mark.parametrize(("days", "is_same"), [(-15, False), (-14, True), (60, True), (61, False)])
def test_clubs_that_meet_twice_are_followed_as_far_as_a_match_is_moved(days, is_same):
    found = one(fixture(days, TWICE), known(0, TWICE))
    assert is_same == (found.event is not None)
    assert found.key.endswith("-1" if is_same else "-2")


@pytest.mark.parametrize("league", [ONCE, TWICE])
def test_a_second_meeting_after_a_finished_one_is_another_event(league):
    finished, between = known(0, league, finished=True), FIRST + timedelta(days=5)
    assert one(fixture(20, league), finished, as_of=between).event is None
    assert one(fixture(20, league, PLAYED), finished, as_of=LATE).event is None


@pytest.mark.parametrize("league", [ONCE, TWICE])
def test_the_same_day_is_the_same_event_though_it_is_finished(league):
    found = one(fixture(1, league, PLAYED), known(0, league, finished=True))
    assert known(0, league, finished=True) == found.event
    assert found.moved_from is None


@pytest.mark.parametrize("days", [-30, 4])
def test_an_old_telling_joins_a_finished_event_and_moves_nothing(days):
    found = one(fixture(days), known(finished=True), as_of=LATE)
    assert found.event is not None
    assert (None, True) == (found.moved_from, found.is_stale)


def test_a_telling_from_before_a_move_does_not_move_it_back():
    found = one(fixture(0), known(20), as_of=FIRST + timedelta(days=10))
    assert (None, True) == (found.moved_from, found.is_stale)


def test_without_a_time_the_day_alone_moves_an_event():
    noon = FIRST.replace(hour=12)
    same = one(fixture(starts=noon, has_time=False), known())
    next_day = one(fixture(starts=noon + timedelta(days=1), has_time=False), known())
    assert (None, FIRST) == (same.moved_from, next_day.moved_from)


def test_a_match_told_twice_is_taken_once_where_it_has_odds():
    rows = [fixture(0, line=2), fixture(1, line=3, odds={("MRFT", None, "1"): 150})]
    found = identify(rows, [], EARLY)
    assert [3] == [row.fixture.line for row in found.rows]
    assert [(2, "tells of the same match as line 3")] == [tuple(row) for row in found.refused]


def test_two_rows_of_one_file_never_take_the_same_event():
    rows = [fixture(0, TWICE, PLAYED), fixture(39, TWICE, PLAYED, line=3)]
    found = identify(rows, [known(-5, TWICE)], LATE).rows
    assert [known(-5, TWICE).key, "SC0-2025-arsenal-chelsea-2"] == [row.key for row in found]


def test_a_key_that_is_too_long_ends_in_a_digest():
    keys = {
        one(fixture(home=Team("h" * 60, "H"), away=Team("a" * 60 + end, "A"))).key for end in "bc"
    }
    assert [64, 64] == [len(key) for key in keys]


@given(st.lists(st.tuples(st.integers(0, 250), st.booleans()), max_size=6), st.permutations([0, 1]))
def test_a_file_imported_again_finds_its_own_events(days, leagues):
    rows = [
        fixture(day, [ONCE, TWICE][leagues[0]], PLAYED if played else None, line=line)
        for line, (day, played) in enumerate(days)
    ]
    first = identify(rows, [], EARLY)
    events = remember([], first.rows)
    assert len(events) == len({row.key for row in first.rows}) == len(first.rows)
    again = identify(rows, events, EARLY)
    assert [row.key for row in first.rows] == [row.key for row in again.rows]
    assert events == remember(events, again.rows)
