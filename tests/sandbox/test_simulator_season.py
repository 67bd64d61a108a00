import datetime as dt
import os
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from acca.wire.feed import EntryDefects, OddsEntry, parse_batch
from acca_client.feed import batches
from acca_sandbox.simulator.bets import BETS
from acca_sandbox.simulator.match import tell_match
from acca_sandbox.simulator.timeline import digest, make_stream
from acca_sandbox.simulator.world import LEAD, Fate, make_world

START = dt.datetime(2024, 1, 1, 6, 30, tzinfo=dt.UTC)
DIGEST = "2e0b20ec427494a4535debbd158dc39ece26bb0fb3d64576db6c03a8014bcdf3"
"""Of seed 7: what was told once is told for ever."""
DAY = dt.timedelta(days=1)


def small_world(seed=7, start=START):
    return make_world(seed, start, leagues=1, teams=8)


@pytest.fixture(scope="module")
def moments():
    return list(make_stream(small_world()))


@pytest.fixture(scope="module")
def entries(moments):
    return [entry for moment in moments for entry in moment.entries]


def told_of(fate):
    world = small_world()
    moved = world.fixtures[0].starts + 3 * DAY if fate is Fate.MOVED else None
    fixture = world.fixtures[0]._replace(fate=fate, moved_to=moved)
    return fixture, list(tell_match(fixture, world.seed))


def results_of(told):
    entries = [(moment.instant, entry) for moment in told for entry in moment.entries]
    return [each for each in entries if each[1]["kind"] in {"result", "correction"}]


# ---- the same seed, the same season


def test_the_same_seed_tells_the_same_season(moments):
    assert DIGEST == digest(moments) == digest(make_stream(small_world()))


def test_another_seed_or_start_tells_another_season():
    others = [small_world(8), small_world(start=START + DAY)]
    assert 3 == len({DIGEST, *(digest(make_stream(world)) for world in others)})


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_another_process_tells_the_same_season(hash_seed):
    program = (
        "import datetime as dt\n"
        "from acca_sandbox.simulator.timeline import digest, make_stream\n"
        "from acca_sandbox.simulator.world import make_world\n"
        f"start = dt.datetime.fromisoformat('{START.isoformat()}')\n"
        "print(digest(make_stream(make_world(7, start, leagues=1, teams=8))))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert DIGEST == done.stdout.strip()


def test_a_start_in_another_zone_is_the_same_instant():
    zoned = START.astimezone(dt.timezone(dt.timedelta(hours=3)))
    assert small_world() == small_world(start=zoned)


# ---- the calendar


@pytest.mark.parametrize("seed", range(5))
def test_each_team_meets_each_other_at_home_and_away(seed):
    world = make_world(seed, START, leagues=2)
    for league in world.leagues:
        names = [team.name for team in league.teams]
        expected = {(home, away) for home in names for away in names if home != away}
        matches = [each for each in world.fixtures if each.league == league]
        assert expected == {(each.home.name, each.away.name) for each in matches}
        assert len(expected) == len(matches)


def test_matches_are_at_weekends_and_no_team_plays_twice_in_one():
    world = make_world(5, START, leagues=3)
    assert {5, 6} == {fixture.starts.weekday() for fixture in world.fixtures}
    weeks = Counter(
        (team.name, fixture.starts.isocalendar()[:2])
        for fixture in world.fixtures
        for team in (fixture.home, fixture.away)
    )
    assert {1} == set(weeks.values())
    assert world.fixtures[0].starts >= START + LEAD


def test_keys_and_teams_are_different():
    world = make_world(5, START, leagues=21)
    keys = [fixture.key for fixture in world.fixtures]
    slugs = [team.name.slug for league in world.leagues for team in league.teams]
    paths = [(league.country, league.name) for league in world.leagues]
    for names in (keys, slugs, paths):
        assert len(names) == len(set(names))


@pytest.mark.parametrize("teams", [7, 9, 6, 22])
def test_a_league_that_cannot_be_paired_is_a_bug(teams):
    with pytest.raises(AssertionError, match="even number"):
        make_world(1, START, 1, teams)


# ---- what is told


def test_every_entry_is_a_document_of_the_feed(entries):
    parsed = [entry for batch in batches(entries) for entry in parse_batch(batch.body).entries]
    assert len(entries) == len(parsed)
    assert [] == [each for each in parsed if isinstance(each, EntryDefects)]
    odds = next(each for each in parsed if isinstance(each, OddsEntry))
    told = next(each for each in entries if each["kind"] == "odds")
    assert [int(price["odds"] * 100) for price in told["prices"]] == [p.odds for p in odds.prices]


def test_a_stream_is_in_the_order_of_time(moments):
    assert all(one.instant < other.instant for one, other in pairwise(moments))
    assert moments[0].instant >= START


def test_versions_of_an_event_count_up(entries):
    versions = defaultdict(list)
    for entry in entries:
        versions[entry["event"]].append(entry["version"])
    assert 56 == len(versions)
    for seen in versions.values():
        assert list(range(1, len(seen) + 1)) == seen


def test_no_odds_jump_and_every_entry_tells_news(entries):
    known = {}
    for entry in entries:
        for price in entry.get("prices", ()):
            bet = (entry["event"], price["market"], price.get("line"), price["code"])
            before = known.get(bet)
            assert before is None or (before != price["odds"])
            assert before is None or before / 10 < price["odds"] < before * 10
            known[bet] = price["odds"]
    assert 56 * len(BETS) == len(known)


def test_odds_are_told_a_week_before_and_drift():
    fixture, told = told_of(Fate.PLAYED)
    home = [
        (moment.instant, price["odds"])
        for moment in told
        for entry in moment.entries
        for price in entry.get("prices", ())
        if (price["market"], price["code"]) == ("MRFT", "1") and moment.instant < fixture.starts
    ]
    assert home[0][0] <= fixture.starts - 7 * DAY
    assert len(home) > 10


def test_each_suspension_of_the_match_is_lifted_until_it_is_over():
    for fate in (Fate.PLAYED, Fate.ABANDONED):
        _, told = told_of(fate)
        whole = [
            entry["suspended"]
            for moment in told
            for entry in moment.entries
            if entry["kind"] == "suspension" and "market" not in entry
        ]
        assert [True, False] * (len(whole) // 2) + [True] == whole


def test_a_goal_suspends_the_match_before_new_odds_are_told():
    world = small_world()
    stops = 0
    for fixture in world.fixtures:
        entries = [e for moment in tell_match(fixture, world.seed) for e in moment.entries]
        stopped = [e.get("suspended") for e in entries if _is_of_match(e)]
        score = next((e["score"] for e in entries if e["kind"] == "correction"), None)
        score = score or next((e.get("score") for e in entries if e["kind"] == "result"), None)
        if score and fixture.fate is not Fate.ABANDONED:
            stops += 1
            assert sum(score["total"]) == stopped.count(False)
    assert stops > 50


def _is_of_match(entry):
    return entry["kind"] == "suspension" and "market" not in entry


def test_a_match_is_live_and_over_before_its_result_is_told():
    fixture, told = told_of(Fate.PLAYED)
    ((instant, result),) = results_of(told)
    heads = [(m.instant, e["state"]) for m in told for e in m.entries if e["kind"] == "event"]
    assert ["scheduled", "live"] == [state for _, state in heads]
    assert fixture.starts <= heads[1][0] < instant
    assert dt.timedelta(minutes=105) < instant - fixture.starts < dt.timedelta(minutes=140)
    assert "played" == result["ending"]


def test_a_postponed_match_is_played_on_its_new_day():
    fixture, told = told_of(Fate.MOVED)
    (off, postponed), (over, played) = results_of(told)
    assert off < fixture.starts < fixture.moved_to < over
    assert ["postponed", "played"] == [postponed["ending"], played["ending"]]
    starts = [e["starts"] for moment in told for e in moment.entries if e["kind"] == "event"]
    assert f"{fixture.moved_to:%Y-%m-%dT%H:%M:%SZ}" == starts[1] == starts[2] != starts[0]


@pytest.mark.parametrize(
    ("fate", "ending"), [(Fate.NEVER, "postponed"), (Fate.CANCELLED, "cancelled")]
)
def test_a_match_that_is_not_played_ends_before_it_starts(fate, ending):
    fixture, told = told_of(fate)
    ((instant, result),) = results_of(told)
    assert (ending, None) == (result["ending"], result.get("score"))
    assert instant < fixture.starts
    assert result == told[-1].entries[-1]


def test_a_wrong_result_is_corrected_some_minutes_later():
    _, told = told_of(Fate.CORRECTED)
    (first, wrong), (later, right) = results_of(told)
    assert ["result", "correction"] == [wrong["kind"], right["kind"]]
    assert wrong["score"]["total"] != right["score"]["total"]
    assert dt.timedelta(minutes=3) <= later - first <= dt.timedelta(minutes=90)


def test_an_abandoned_match_has_the_score_as_it_stood():
    _, told = told_of(Fate.ABANDONED)
    ((_, result),) = results_of(told)
    assert "abandoned" == result["ending"]
    assert "total" in result["score"]


def test_lines_that_are_decided_stay_closed_when_their_market_opens_again(moments):
    closed, lifts = defaultdict(set), 0
    for moment in moments:
        before = {event: set(lines) for event, lines in closed.items()}
        for entry in moment.entries:
            if entry["kind"] != "suspension" or "market" not in entry:
                continue
            lines = closed[entry["event"]]
            if "line" in entry:
                lines.add((entry["market"], entry["line"]))
            elif not entry["suspended"]:
                lifts += 1
                lines -= {each for each in lines if each[0] == entry["market"]}
        assert all(lines <= closed[event] for event, lines in before.items())
    assert lifts > 50
