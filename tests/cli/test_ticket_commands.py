import asyncio

import pytest
from catalogue_seen import add_provider
from settling_made import AWAY_WINS, begin, untax
from ticket_lives import open_unapproved, reserve
from tickets_made import add_events, add_operator
from typer.testing import CliRunner

from acca.cli import app
from acca.core.finance import Payout
from acca.store.connection import open_database


async def make(url):
    async with open_database(url) as database:
        operator = await add_operator(database)
        await untax(database)
        events = await add_events(database, await add_provider(database, "feeder"))
        waiting = await open_unapproved(database, operator, events, code="ABCDEF")
        reserved = await reserve(database, operator, events, code="BCDEF0")
        return waiting, reserved


@pytest.fixture
def tickets(database_url):
    """Return a ticket that waits for a trader, and one that is reserved."""
    return asyncio.run(make(database_url))


@pytest.fixture
def run(database_url):
    return runner(database_url)


def runner(url):
    def run(*arguments):
        environment = {"DATABASE_URL": url, "COLUMNS": "200"}
        return CliRunner().invoke(app, ["ticket", *arguments], env=environment)

    return run


def test_a_ticket_is_shown_by_code_and_by_id(run, tickets):
    for identifier in ("abcdef", tickets[0].facts.key.id.hex()):
        shown = run("show", "site", identifier)
        assert 0 == shown.exit_code
        wanted = ("ABCDEF", "open, pending, not approved", "10.00 KES", "X0-HOME", "1.5", "MRFT")
        assert [] == [each for each in wanted if each not in shown.output]
        assert [] == [each for each in ("confirm", "ticket_create") if each not in shown.output]


def test_a_reservation_shows_when_it_expires(run, tickets):
    shown = run("show", "site", tickets[1].facts.code)
    assert "expires 2090-01-01 15:00 UTC" in shown.output


@pytest.mark.usefixtures("tickets")
def test_a_ticket_is_explained_in_a_language_for_somebody(run):
    shown = run("explain", "site", "ABCDEF")
    assert 0 == shown.exit_code, repr(shown.exception)
    told = shown.output.splitlines()
    assert ("X0-HOME to win at 1.50", "SMS: Ticket ABCDEF WAITS") == (
        told[0].partition("your pick, ")[2].partition(",")[0],
        told[-1][:24],
    )
    assert "your ticket waits for approval" in told[-2]
    swahili = run("explain", "site", "abcdef", "--lang", "sw", "--for", "finance")
    assert "Tiketi ABCDEF, quickbet, inasubiri idhini" in swahili.output


@pytest.mark.usefixtures("tickets")
def test_a_language_that_is_not_there_is_a_usage_error(run):
    refused = run("explain", "site", "ABCDEF", "--lang", "de")
    assert (2, True) == (refused.exit_code, "en, fr, sw" in refused.output)
    assert 1 == run("explain", "site", "000000").exit_code


@pytest.mark.usefixtures("tickets")
def test_a_ticket_is_approved_once(run):
    assert "ABCDEF" in run("approve", "site", "ABCDEF").output
    again = run("approve", "site", "ABCDEF")
    assert (1, True) == (again.exit_code, "it is approved" in again.output)
    assert "command line" in run("show", "site", "ABCDEF").output


@pytest.mark.usefixtures("tickets")
def test_a_ticket_is_declined_with_a_reason(run):
    declined = run("decline", "site", "ABCDEF", "--reason", "too-much-risk")
    assert "resulted, void" in declined.output
    assert "ticket_refund" in run("show", "site", "ABCDEF").output


@pytest.mark.usefixtures("tickets")
def test_what_cannot_be_decided_is_said(run):
    assert 2 == run("decline", "site", "ABCDEF", "--reason", "Too much").exit_code
    for arguments, said in (
        (("decline", "site", "BCDEF0"), "it is reserved"),
        (("approve", "site", "000000"), "site has no ticket 000000"),
        (("show", "site", "000000"), "site has no ticket 000000"),
        (("show", "nobody", "ABCDEF"), "no operator nobody"),
    ):
        refused = run(*arguments)
        assert (1, True) == (refused.exit_code, said in refused.output)


async def make_held(url):
    async with open_database(url) as database:
        season = await begin(database)
        await season.set(update_types="quickbet", clawback="hold")
        events, paid = season.events[:1], Payout(1500, 0, 1500, 1500)
        tickets = [await season.open(events, payout=paid, total_odds=150) for _ in range(2)]
        await season.wait(hours=3)
        await season.end(events[0])
        await season.settle()
        await season.end(events[0], AWAY_WINS, 11, corrects=True)
        await season.settle()
        return [ticket.facts.key.id.hex() for ticket in tickets]


def test_a_payout_that_is_held_is_taken_back_or_waived(sandbox_url):
    run = runner(sandbox_url)
    first, second = asyncio.run(make_held(sandbox_url))
    assert 2 == run("held").output.count("a payout to be taken back")
    assert "site: 30.00 KES held" in run("clawbacks").output
    assert "resulted, lost" in run("release", "site", first).output
    assert 2 == run("waive", "site", second).exit_code
    assert "resulted, won" in run("waive", "site", second, "--reason", "our mistake").output
    told = run("clawbacks", "--operator", "site", "--last", "24h").output
    assert "site: 15.00 KES on its way" in told
    assert "site: 15.00 KES waived" in told
    assert "-15.00 KES" in run("late").output
    refused = run("waive", "site", first, "--reason", "why")
    assert (1, True) == (refused.exit_code, "is not held" in refused.output)
