import asyncio

import pytest
from typer.testing import CliRunner

from acca.cli import app
from acca.store.catalogue import read_open_events
from acca.store.connection import open_database

TOTAL = "Avg>2.5,Avg<2.5"
SEASON = f"""Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HTHG,HTAG,HTR,AvgH,AvgD,AvgA,{TOTAL}
E0,16/08/2025,15:00,Alpha,Beta,2,1,H,1,0,H,1.95,3.50,3.90,1.90,1.92
E0,17/08/2025,15:00,Gamma,Delta,0,0,D,0,0,D,2.50,3.20,2.90,2.10,1.75
E0,31/02/2025,15:00,Beta,Gamma,1,1,D,0,0,D,2.50,3.20,2.90,2.10,1.75
"""
FIXTURES = """Div,Date,Time,HomeTeam,AwayTeam,AvgH,AvgD,AvgA,Avg>2.5,Avg<2.5
E0,{day}/02/2030,15:00,Beta,Alpha,1.95,3.50,3.90,1.90,{under}
"""


@pytest.fixture
def run(database_url):
    def run(*arguments):
        environment = {"DATABASE_URL": database_url, "COLUMNS": "200"}
        return CliRunner().invoke(app, ["import", *map(str, arguments)], env=environment)

    return run


@pytest.fixture
def season(tmp_path):
    file = tmp_path / "E0_2526.csv"
    file.write_text(SEASON, encoding="utf-8-sig")
    return file


def snapshot(folder, stamp, day, under):
    file = folder / f"fixtures_{stamp}Z_x.csv"
    file.write_text(FIXTURES.format(day=day, under=under))
    return file


# The command runs an event loop of its own, so these tests have none.


def test_a_season_is_imported_and_a_refused_row_is_named(run, season):
    result = run(season)
    assert 0 == result.exit_code
    assert "2 rows, 2 new events" in result.output
    assert "10 offered odds" in result.output
    assert "line 4: " in result.output
    assert "8 applied" in result.output


def test_the_same_file_again_changes_nothing(run, season):
    run(season)
    again = run(season)
    assert "0 new events" in again.output
    assert "applied" not in again.output


def test_a_dry_run_reports_and_leaves_nothing(run, season):
    assert "2 new events" in run("--dry-run", season).output
    assert "2 new events" in run(season).output


def test_a_later_snapshot_moves_the_event_and_its_odds(run, tmp_path, database_url):
    early = snapshot(tmp_path, "20300120T1200", 2, "1.92")
    late = snapshot(tmp_path, "20300125T1200", 6, "1.80")
    result = run(early, late)
    assert "1 new events, 0 moved" in result.output
    assert "0 new events, 1 moved" in result.output
    (event,) = asyncio.run(read(database_url))
    assert "2030-02-06" == event.starts.date().isoformat()
    assert 180 in event.odds
    assert 192 not in event.odds


async def read(url):
    async with open_database(url) as database, database.reader() as reader:
        return await read_open_events(reader)


def test_what_is_no_file_of_ours_is_said_and_the_rest_is_imported(run, season, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("nothing of the kind")
    result = run(other, season)
    assert 1 == result.exit_code
    assert "notes.txt: not imported" in result.output
    assert "8 applied" in result.output


def test_a_missing_file_stops_the_import_before_it_begins(run, season, tmp_path):
    result = run(season, tmp_path / "missing.csv")
    assert 1 == result.exit_code
    assert "missing.csv; nothing was imported" in result.output
