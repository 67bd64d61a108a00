import asyncio
import datetime as dt
import json

import pytest
from bc_made import add_matches
from catalogue_seen import add_provider
from feed_entries import head_told
from typer.testing import CliRunner

from acca.cli import app
from acca.flows.apply_feed import apply_entries
from acca.store.connection import open_database
from acca.store.results import Source

STARTS = dt.datetime(2090, 1, 1, 15, tzinfo=dt.UTC)


async def one_event(url):
    async with open_database(url) as database:
        provider = await add_provider(database, "feeder")
        told = [head_told(1, starts=STARTS)]
        (outcome,) = await apply_entries(database, provider, told, Source.FEED)
        return outcome.event_id


@pytest.fixture
def run(database_url):
    def run(*arguments):
        environment = {"DATABASE_URL": database_url, "COLUMNS": "200"}
        return CliRunner().invoke(app, list(map(str, arguments)), env=environment)

    return run


@pytest.fixture
def operator(run):
    assert 0 == run("operator", "add", "acme-kenya", "--currency", "KES").exit_code
    return ("--operator", "acme-kenya")


@pytest.fixture
def file(tmp_path, database_url):
    event = asyncio.run(one_event(database_url))
    path = tmp_path / "card.json"
    tips = [{"event": event, "bet": 1, "reason": "strong at home"}]
    card = {"type": "quicktip", "title": "Sure thing", "currency": "KES", "tips": tips}
    path.write_text(json.dumps(card))
    return path


def test_a_card_is_added_shown_listed_and_closed(run, operator, file):
    added = run("card", "add", file, *operator)
    assert 0 == added.exit_code, added.output
    code, product, state = added.output.splitlines()[0].split()
    assert ("quicktip", "open") == (product, state)
    shown = run("card", "show", code.lower(), *operator).output
    assert "closes  2090-01-01 15:00 UTC" in shown
    assert '"reason": "strong at home"' in shown
    assert f"{code}  quicktip" in run("card", "list", *operator).output
    assert "closed" in run("card", "close", code, *operator).output
    again = run("card", "close", code, *operator)
    assert (1, True) == (again.exit_code, "has to be scheduled or open" in again.output)


def test_a_draft_is_published_later(run, operator, file):
    draft = run("card", "add", "--draft", file, *operator).output
    assert "draft" in draft
    assert "open" in run("card", "publish", draft.split()[0], *operator).output


def test_every_defect_of_a_file_is_named(run, operator, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text('{"type": "quicktip", "title": "", "tips": [{"event": "x"}]}')
    result = run("card", "add", path, *operator)
    assert 1 == result.exit_code
    for place in ("title has", "currency is missing", "tips.0.event has", "tips.0.bet is missing"):
        assert f"bad.json: {place}" in result.output


def test_a_missing_file_an_unknown_card_and_operator_are_said(run, operator, tmp_path):
    assert "No such file" in run("card", "add", tmp_path / "none.json", *operator).output
    assert "no bet card ABC123" in run("card", "show", "abc123", *operator).output
    assert "no operator rival" in run("card", "list", "--operator", "rival").output


@pytest.fixture
def matches(database_url):
    """Offer six matches of the far future."""

    async def offer():
        async with open_database(database_url) as database:
            return await add_matches(database, await add_provider(database, "feeder"), 6)

    return asyncio.run(offer())


@pytest.fixture
def smart(tmp_path):
    path = tmp_path / "smart.json"
    told = {"name": "smart", "type": "smartbet", "stakes": [1000], "wins": [5000], "days": 14}
    path.write_text(json.dumps({**told, "risks": ["1.25-4.99"]}))
    return path


def test_a_template_is_kept_shown_listed_and_ended(run, smart):
    kept = run("template", "add", smart)
    assert (0, True) == (kept.exit_code, kept.output.startswith("smart  smartbet  version 1 of"))
    assert kept.output == run("template", "list").output
    assert '"risks": [' in run("template", "show", "smart").output
    assert 0 == run("template", "end", "smart").exit_code
    assert "" == run("template", "list").output
    missing = run("template", "show", "smart")
    assert (1, "There is no template smart.\n") == (missing.exit_code, missing.output)


def test_a_template_with_defects_names_them_all(run, smart):
    smart.write_text('{"name": "Smart", "type": "smartbet", "at": "25:00", "days": 0}')
    refused = run("template", "add", smart)
    assert 1 == refused.exit_code
    for place in ("name", "at", "days", "stakes", "wins", "risks"):
        assert f": {place} " in refused.output


def test_cards_are_composed_where_there_is_enough_for_them(run, operator, matches, smart):
    assert matches
    refused = run("card", "compose", smart, *operator)
    assert (1, True) == (refused.exit_code, "too little" in refused.output)
    assert 1 == run("card", "compose", "nobody", *operator).exit_code
    assert 1 == run("card", "compose", "tipster", *operator).exit_code


def test_a_card_is_replaced_by_a_file(run, operator, file):
    code = run("card", "add", file, *operator).output.split()[0]
    replaced = run("card", "replace", code.lower(), file, *operator)
    assert (0, True) == (replaced.exit_code, code not in replaced.output)
    assert "closed" in run("card", "show", code, *operator).output.splitlines()[0]
