import asyncio
import json

import pytest
from catalogue_seen import add_provider
from feed_entries import head_told
from typer.testing import CliRunner

from acca.cli import app
from acca.flows.apply_feed import apply_entries
from acca.store.connection import open_database
from acca.store.results import Source


async def one_event(url):
    async with open_database(url) as database:
        provider = await add_provider(database, "feeder")
        (outcome,) = await apply_entries(database, provider, [head_told(1)], Source.FEED)
        return outcome.event_id


@pytest.fixture
def event(database_url):
    """Return the id of an event that has started."""
    return asyncio.run(one_event(database_url))


@pytest.fixture
def run(database_url):
    def run(*arguments):
        environment = {"DATABASE_URL": database_url, "COLUMNS": "200"}
        return CliRunner().invoke(app, list(map(str, arguments)), env=environment)

    return run


def test_a_result_waits_for_another_person(run, event):
    assert "version 1 of its result: waits" in run("result", "enter", event, "2-1ht1-0").output
    same = run("result", "confirm", event, 1)
    assert (1, True) == (same.exit_code, "Another person has to confirm it" in same.output)


def test_where_one_person_is_enough_a_result_is_the_fact_until_it_is_corrected(run, event):
    run("platform", "set", "two_person_results=off")
    assert "is the fact now" in run("result", "enter", event, "2-1").output
    other = run("result", "enter", event, "0-0")
    assert (1, True) == (other.exit_code, "a correction is needed" in other.output)
    assert (
        "version 2 of its result: is the fact"
        in run("result", "enter", event, "0-0", "--correct").output
    )


def test_what_is_no_result_or_no_event_is_said(run, event):
    assert 2 == run("result", "enter", event, "two-one").exit_code
    assert "The event is not known" in run("result", "enter", 999_999, "2-1").output


def test_a_result_is_tried_before_it_is_entered(run, event):
    shown = run("result", "try", event, "2-1")
    assert "To commit just this: --as-shown" in shown.output
    mark = json.loads(run("result", "try", event, "2-1", "--json").output)["mark"]
    assert mark in shown.output
    assert "waits for another" in run("result", "enter", event, "2-1", "--as-shown", mark).output
    refused = run("result", "enter", event, "3-1", "--as-shown", mark)
    assert (1, True) == (refused.exit_code, "The mark is of event" in refused.output)
