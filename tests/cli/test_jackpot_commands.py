import asyncio

import pytest
from settling_made import CANCELLED, begin, publish_card
from typer.testing import CliRunner

from acca.cli import app
from acca.core.public_draw import Sign, commit_to, draw
from acca.flows import settle_tickets
from acca.store.connection import open_database

SEED = bytes(range(32))


@pytest.fixture
def run(sandbox_url):
    def run(*arguments):
        environment = {"DATABASE_URL": sandbox_url, "COLUMNS": "200"}
        return CliRunner().invoke(app, ["jackpot", *arguments], env=environment)

    return run


async def open_season(url):
    async with open_database(url) as database:
        return await begin(database)


async def publish(url, season, **changes):
    """Publish a jackpot, and let all of its events but the first be cancelled or won."""
    async with open_database(url) as database:
        season = season._replace(database=database)
        card = {
            "type": "jackpot",
            "title": "Midweek",
            "currency": "KES",
            "price": 1000,
            "max_lines": 100,
            "tiers": [{"kind": "fixed_per_line", "amount": 500_000}],
            "events": season.events,
            **changes,
        }
        code = await publish_card(database, card)
        await season.wait(hours=3)
        await season.end(season.events[0], CANCELLED)
        for event in season.events[1:]:
            await season.end(event)
        while await settle_tickets.list_job(database):
            pass
        await season.wait(hours=48)
        return code


def test_a_public_draw_is_promised_held_once_and_verified(run, sandbox_url):
    season = asyncio.run(open_season(sandbox_url))
    promised = run("seed", "site")
    commitment = promised.output.strip()
    assert (0, 64) == (promised.exit_code, len(commitment))
    steps = [{"policy": "public_draw", "after_hours": 24, "max_events": 2}]
    code = asyncio.run(publish(sandbox_url, season, void_steps=steps, commitment=commitment))
    held = run("draw", "site", code)
    assert (0, held.output) == (
        run("draw", "site", code).exit_code,
        run("draw", "site", code).output,
    )
    said = dict(line.split(" ", 1) for line in held.output.splitlines())
    ((sign, scores),) = [(k[2:], v) for k, v in said.items() if k.startswith("1=")]
    asked = ["--seed", said["seed"], "--commitment", commitment]
    asked += ["--scores", scores.strip().removeprefix("over ")]
    assert "drawn as promised" in run("verify", code, f"1={sign}", *asked).output
    other = "X" if sign == "1" else "1"
    wrong = run("verify", code, f"1={other}", *asked)
    assert (1, True) == (wrong.exit_code, f"was drawn {sign}, not {other}" in wrong.output)
    assert "drawn" in run("show", "site", code).output


def test_a_seed_that_was_not_promised_is_named(run):
    asked = ["--seed", SEED.hex(), "--commitment", commit_to(bytes(32))]
    refused = run("verify", "ABCDEF", "1=X", *asked)
    assert (1, True) == (
        refused.exit_code,
        "not the one that the card committed to" in refused.output,
    )


@pytest.mark.parametrize("wrong", ["1", "x=1", "1=3", "0001=X", "1=X "])
def test_what_is_no_outcome_is_a_wrong_argument(run, wrong):
    sign = draw(SEED, "ABCDEF", 1, "")
    assert sign in Sign
    asked = ["--seed", SEED.hex(), "--commitment", commit_to(SEED)]
    assert 2 == run("verify", "ABCDEF", wrong, *asked).exit_code


def test_outcomes_of_another_draw_are_entered_once(run, sandbox_url):
    season = asyncio.run(open_season(sandbox_url))
    code = asyncio.run(publish(sandbox_url, season, void_steps=[{"policy": "reduce"}]))
    assert "1 entered" in run("enter", "site", code, "1=X").output
    again = run("enter", "site", code.lower(), "1=2")
    assert (1, True) == (again.exit_code, "Already drawn, and that stays: 1" in again.output)
    nowhere = run("enter", "site", "ABCDEF", "1=2")
    assert (1, True) == (nowhere.exit_code, "no jackpot ABCDEF" in nowhere.output)
    assert 0 == run("pool", "site").exit_code
    assert 1 == run("show", "site", "ABCDEF").exit_code


def test_a_jackpot_is_forecast_tier_by_tier(run, sandbox_url):
    season = asyncio.run(open_season(sandbox_url))
    steps = [{"policy": "refund_all", "threshold": 1}]
    code = asyncio.run(publish(sandbox_url, season, void_steps=steps))
    told = run("forecast", "site", code.lower(), "--lines", "1000")
    assert 0 == told.exit_code, told.output
    assert "Expected to pay" in told.output
    assert "of what 1,000 lines bring" in told.output
    assert 1 == run("forecast", "site", "FFFFFF").exit_code
