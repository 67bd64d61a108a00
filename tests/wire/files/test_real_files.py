"""All real files read, joined to events and counted; the data is not ours, so it stands outside."""

import os
import pathlib
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from acceptance.count_files import Count, count_all

from acca.core.fixtures import identify, remember
from acca.wire.files.entries import plan
from acca.wire.files.formats import Format, Hints, read_file, recognise
from acca.wire.files.report import FileReport, render, report

BESIDE = pathlib.Path(__file__).parents[4] / "shared" / "data"
DATA = pathlib.Path(os.environ.get("ACCA_DATA", BESIDE))
FOLDERS = ("fixtures", "football-data.co.uk", "multimarket", "openfootball")
AFTER = datetime(2026, 7, 1, tzinfo=UTC)
MARGIN = 80_000
SEASON_SECONDS_MAX = 10


class Imported(NamedTuple):
    reports: dict
    rows: dict
    known: list


def paths_of(*folders):
    return [
        path
        for folder in folders
        for path in sorted((DATA / folder).iterdir())
        if path.suffix != ".md"
    ]


def imported(paths, margin=None):
    """Import files one after another, as if each were of a second later than the one before."""
    reports, rows, known = {}, {}, []
    for place, path in enumerate(paths):
        raw = path.read_bytes()
        found = recognise(raw)
        read = read_file([raw], found, Hints(path.name, AFTER + timedelta(seconds=place)))
        identified = identify(read.fixtures, known, read.as_of)
        known = remember(known, identified.rows)
        planned = plan(identified.rows, read.as_of, margin) if margin is not None else []
        rows[path] = identified.rows
        refused = read.refused + identified.refused
        reports[path] = report(path.name, found.value, planned, refused)
    return Imported(reports, rows, known)


@pytest.fixture(scope="module", autouse=True)
def _needs_data():
    if missing := [str(DATA / folder) for folder in FOLDERS if not (DATA / folder).is_dir()]:
        pytest.skip(f"no real data to read: {missing} not found; ACCA_DATA names another folder")


@pytest.fixture(scope="module")
def everything():
    return imported(paths_of(*FOLDERS), MARGIN)


@pytest.fixture(scope="module")
def snapshots():
    return imported(paths_of("fixtures"))


@pytest.fixture(scope="module")
def seasons():
    return imported(paths_of("fixtures", "football-data.co.uk"))


def test_each_file_is_recognised_by_what_it_holds():
    formats = {
        "fixtures": Format.FIXTURES,
        "football-data.co.uk": Format.SEASON,
        "multimarket": Format.MULTIMARKET,
        "openfootball": Format.OPENFOOTBALL,
    }
    for path in paths_of(*FOLDERS):
        assert formats[path.parent.name] is recognise(path.read_bytes())


def test_an_independent_count_finds_as_many_matches_results_and_odds(everything):
    counted = count_all(DATA)
    found = {
        path: Count(each.rows, each.results, each.offered_odds)
        for path, each in everything.reports.items()
    }
    assert counted == found


def test_no_row_is_lost_in_silence(everything):
    for path, each in everything.reports.items():
        if path.suffix == ".csv":
            lines = path.read_bytes().decode("utf-8-sig").splitlines()
            assert len(lines) - 1 == each.rows + len(each.refused)


def test_only_the_known_dirt_is_refused(everything):
    reasons = Counter(
        row.reason.partition(" line ")[0]
        for each in everything.reports.values()
        for row in each.refused
    )
    assert {
        "is blank": 290,
        "tells of the same match as": 11,
        "is dated 2025-08-10, but the file is of 2026-01-28": 1,
        "is dated 2025-08-11, but the file is of 2026-01-28": 1,
    } == reasons


def test_the_snapshots_hold_1862_events_of_which_17_move(snapshots):
    moves = [row for rows in snapshots.rows.values() for row in rows if row.moved_from]
    assert (1862, 17) == (len(snapshots.known), len(moves))


def test_every_match_of_a_season_is_one_event_and_every_fixture_finds_its_result(seasons):
    season = [rows for path, rows in seasons.rows.items() if "2526" in path.name]
    assert sum(map(len, season)) == len({row.key for rows in season for row in rows}) == 7647
    assert 7647 == len(seasons.known)
    # Of one match of the second French league the source has no score.
    assert ["F2"] == [event.pair[0] for event in seasons.known if not event.is_finished]


def test_the_order_of_snapshots_and_seasons_makes_no_other_event():
    found = imported(paths_of("football-data.co.uk", "fixtures"))
    assert 7647 == len(found.known)


def test_other_providers_find_the_same_events(everything):
    leagues = Counter(event.pair[0] for event in everything.known)
    once = {"E0": 380, "SP1": 380, "D1": 306, "I1": 380, "T1": 306, "KE1": 89, "NG1": 1725}
    assert once == {code: leagues[code] for code in once}
    assert 7647 + 89 + 1725 == len(everything.known)


def test_two_meetings_at_one_ground_stay_two_events(seasons):
    pairs = Counter(event.pair for event in seasons.known)
    twice = Counter(pair[0] for pair, times in pairs.items() if times > 1)
    expected = {"SC0": 89, "SC1": 90, "SC2": 90, "SC3": 90, "B1": 71, "G1": 54}
    assert expected == twice


def test_importing_a_season_again_adds_and_moves_nothing(everything):
    path = DATA / "football-data.co.uk" / "SC0_2526.csv"
    read = read_file([path.read_bytes()], Format.SEASON, Hints(path.name, AFTER))
    again = identify(read.fixtures, everything.known, AFTER)
    assert all(row.event and row.moved_from is None for row in again.rows)


def test_a_season_with_all_derived_markets_is_read_in_seconds(record_property):
    path = DATA / "football-data.co.uk" / "E0_2526.csv"
    began = time.perf_counter()
    found = imported([path], MARGIN).reports[path]
    seconds = time.perf_counter() - began
    record_property("seconds", seconds)
    assert 380 == found.rows == found.results
    assert found.derived_odds > 200 * found.rows
    assert seconds < SEASON_SECONDS_MAX


def test_a_report_names_each_line_and_reason(everything):
    path = DATA / "fixtures" / "fixtures_20260324T1341Z_77364d092d.csv"
    found = everything.reports[path]
    assert isinstance(found, FileReport)
    assert "204 rows" in render(found)
    assert "  lines 19-188: is blank" in render(found).splitlines()
