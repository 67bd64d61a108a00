"""The README's examples run: against the double, and the first one against a real engine."""

import asyncio
import functools
import pathlib
import re
import subprocess
import sys

import pytest
from api.conftest import serving
from bc_made import add_matches, add_published, cards_on
from catalogue_seen import add_provider
from client.doubles import IMPATIENT, bet
from placing_made import open_shop, secret_of

from acca.core.ticket import TicketType
from acca.engine import open_engine
from acca_client.engine import AsyncEngine, Engine
from acca_client.errors import OddsChanged, TicketNotReserved
from acca_client.testing import AccaDouble

README = pathlib.Path(__file__).parents[2] / "client" / "README.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
PLACE, PRODUCTS, FOLLOW, ASYNCIO, VERIFY, TEST, FEED, FAILING = EXAMPLES


def run(*examples, names=(), **changes):
    """Run examples one after another, as a reader would, and return what they leave."""
    left = dict(names)
    for example in examples:
        text = example
        for sample, real in changes.items():
            text = text.replace(SAMPLES[sample], real)
        exec(text, left)
    return left


SAMPLES = {
    "url": "https://acca.example",
    "key": "your-secret-key",
    "token": "player-token",
}


@pytest.fixture
def served():
    with AccaDouble() as double:
        yield double


def lines_of(example):
    return [line for line in example.splitlines() if line.strip()]


def test_a_ticket_is_placed_in_under_ten_lines():
    assert len(lines_of(PLACE)) < 10


def test_examples_are_short():
    assert 20 >= max(len(lines_of(example)) for example in EXAMPLES if example is not TEST)


def test_a_ticket_is_placed_and_followed(served, capsys):
    names = run(PLACE, FOLLOW, ASYNCIO, url=served.url)
    assert capsys.readouterr().out.splitlines() == [
        "quicktip open 6.14 4544",
        "['new', 'confirm']",
        "1 ticket_create new pending",
        "2 None open pending",
        "1",
    ]
    assert served.ticket(names["ticket"].id) == names["ticket"]


def test_the_requests_of_all_products_are_accepted(served):
    names = run(PLACE, PRODUCTS, url=served.url)
    with served.engine() as engine:
        made = [engine.create(names[type_]) for type_ in ("quickbet", "smartbet", "superbet")]
        assert ["quickbet", "smartbet", "superbet"] == [ticket.type for ticket in made]
        assert 4 == engine.reserve(names["multiple"]).lines


def test_a_feed_is_sent(served, capsys):
    run(FEED, url=served.url)
    assert ["0 applied None"] == capsys.readouterr().out.splitlines()


def test_failures_are_met(served, capsys):
    with served.engine() as engine:
        request = bet()
        names = {**run(PLACE, url=served.url), "request": request}
        run(FAILING, names=names, url=served.url)
        served.refuse(OddsChanged)
        run(FAILING, names=names, url=served.url)
        assert "show the player the new odds: Ticket odds changed" in capsys.readouterr().out
        served.refuse(TicketNotReserved)
        with pytest.raises(TicketNotReserved):
            run(FAILING, names=names, url=served.url)
        assert 2 == len(engine.tickets())


def test_a_lost_answer_is_asked_for_again(served):
    served.lose_answers()
    impatient = functools.partial(Engine, patience=IMPATIENT)
    left = run(FAILING, names={"Engine": impatient, "request": bet()}, url=served.url)
    first, second = served.calls
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    with served.engine() as engine:
        assert (left["ticket"],) == engine.tickets()


def test_the_tests_of_the_readme_pass(tmp_path):
    (tmp_path / "test_of_a_reader.py").write_text(VERIFY + "\n\n" + TEST, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "acca_client.testing.plugin", "-p",
               "no:asyncio", "--rootdir", str(tmp_path), "-W", "error"]  # fmt: skip
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (0, True) == (ran.returncode, "2 passed" in ran.stdout), ran.stdout + ran.stderr


async def publish_all(database):
    """Publish a card of each product, and return their codes."""
    events = await add_matches(database, await add_provider(database, "feeder"), 6)
    return {
        type_: await add_published(database, "acme", type=type_.value, **told)
        for type_, told in cards_on(events).items()
    }


async def test_a_ticket_of_each_product_is_placed_on_a_real_engine(database, true_means):
    async with open_shop(database, "acme", time_zone="Africa/Nairobi") as shop:
        assert await publish_all(database)
        async with open_engine(database, true_means) as engine, serving(engine) as port:
            url, key = f"http://127.0.0.1:{port}", secret_of("acme")
            token = shop.token(single_use=False)
            left = await asyncio.to_thread(run, PLACE, PRODUCTS, url=url, key=key, token=token)
            async with AsyncEngine(url, "acme", key) as client:
                names = ("quickbet", "smartbet", "superbet", "multiple")
                made = [await client.create(left[name]) for name in names]
    assert ["quickbet", "smartbet", "superbet", "jackpot"] == [ticket.type for ticket in made]
    assert {"open"} == {ticket.status for ticket in made}
    assert 4 == made[-1].lines


async def test_a_ticket_is_placed_on_a_real_engine(database, true_means, capsys):
    """Who has only this README places a ticket: card, engine, wallet and database are real."""
    async with open_shop(database, "acme", time_zone="Africa/Nairobi") as shop:
        code = (await publish_all(database))[TicketType.QUICKTIP]
        async with open_engine(database, true_means) as engine, serving(engine) as port:
            real = {
                "url": f"http://127.0.0.1:{port}",
                "key": secret_of("acme"),
                "token": shop.token(),
            }
            left = await asyncio.to_thread(run, PLACE, FOLLOW, ASYNCIO, **real)
    ticket = left["ticket"]
    assert ("open", "player-1", code) == (ticket.status, ticket.user_id, ticket.betcard_code)
    told = capsys.readouterr().out.splitlines()
    assert ["quicktip open 3.15 3150", "['new', 'confirm']"] == told[:2]
    assert "1" == told[-1]
