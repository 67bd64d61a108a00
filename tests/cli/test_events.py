import asyncio

import pytest
from catalogue_seen import add_provider
from feed_entries import head_told, odds_told
from typer.testing import CliRunner

from acca.cli import app
from acca.flows.apply_feed import apply_entries
from acca.store.connection import open_database
from acca.store.results import Source


async def suspicious_event(url):
    async with open_database(url) as database:
        provider = await add_provider(database, "feeder")
        told = [head_told(1), odds_told(2, {1: 200}), odds_told(3, {1: 2050})]
        outcomes = await apply_entries(database, provider, told, Source.FEED)
        return outcomes[0].event_id


@pytest.fixture
def event(database_url):
    """Return the id of an event whose odds jumped from 2.00 to 20.50."""
    return asyncio.run(suspicious_event(database_url))


@pytest.fixture
def run(database_url):
    def run(*arguments):
        environment = {"DATABASE_URL": database_url, "COLUMNS": "200"}
        return CliRunner().invoke(app, ["event", *map(str, arguments)], env=environment)

    return run


def test_an_event_is_stopped_and_lifted_by_hand(run, event):
    assert "stopped by staff, suspicious" in run("stop", event, "--reason", "Rain.").output
    assert "not stopped" in run("lift", event, "--drop-odds", "--reason", "Dry.").output
    shown = run("show", event).output
    assert all(each in shown for each in ("command line", "Rain.", "Dry.", "drop 1=20.5"))


def test_odds_in_doubt_are_shown_and_accepted(run, event):
    shown = run("show", event).output
    assert all(each in shown for each in ("PPJ - JaPS/47", "suspicious", "In doubt", "20.5"))
    assert "not stopped" in run("lift", event, "--accept-odds").output
    assert "accept 1=20.5" in run("show", event).output


def test_odds_in_doubt_want_a_word(run, event):
    refused = run("lift", event)
    assert (1, True) == (refused.exit_code, "accept them or drop them" in refused.output)
    assert 2 == run("lift", event, "--accept-odds", "--drop-odds").exit_code
    assert 2 == run("stop", event, "--reason", " ").exit_code


def test_events_are_listed_by_state_and_by_suspension(run, event):
    assert "PPJ - JaPS/47" in run("list").output
    assert "suspicious" in run("list", "--state", "scheduled", "--suspended").output
    assert "PPJ" not in run("list", "--state", "finished").output
    run("lift", event, "--drop-odds")
    assert "PPJ" not in run("list", "--suspended").output
    assert "PPJ" not in run("list", "--state", "live").output
    assert 2 == run("list", "--state", "over").exit_code


def test_an_event_that_nobody_knows_is_said(run):
    for command in ("stop", "lift", "show"):
        refused = run(command, 999)
        assert (1, True) == (refused.exit_code, "The event is not known" in refused.output)
