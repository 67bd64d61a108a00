"""The wallet's pages: what it holds, and the switches of its failures."""

import re

import httpx2
import pytest
from sandbox.browsers import fits, phone
from sandbox.wallet_calls import KEY, TICKET, body, post, signed, written

from acca_sandbox.clock import VirtualClock
from acca_sandbox.wallet.running import WalletOptions, run_wallet

BALANCE = 1_000_000
PAGES = (
    "/",
    "/players/player-1",
    f"/tickets/{TICKET}",
    "/ledger",
    "/inbox",
    "/faults",
    "/violations",
)
SMS = written("otp", {"msisdn": "+254700000001", "otp": "<b>1234</b>"}).replace(b"action", b"type")


@pytest.fixture
async def running():
    async with run_wallet(WalletOptions(players=120, balance_cents=BALANCE)) as wallet:
        yield wallet


@pytest.fixture
async def client(running):
    async with httpx2.AsyncClient(base_url=running.url, timeout=20) as opened:
        assert 200 == (await post(opened, "", body("ticket_create"), 1)).status_code
        await opened.post("/sms", content=SMS, headers={**signed(SMS), "operator-name": "site"})
        yield opened


async def send(client, path, origin=None, **fields):
    headers = {} if origin is None else {"origin": origin}
    return await client.post(path, data=fields, headers=headers, follow_redirects=False)


async def test_every_page_is_shown_and_keeps_the_key(client):
    for path in PAGES:
        answer = await client.get(path)
        assert 200 == answer.status_code, path
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert KEY not in answer.text
    assert 200 == (await client.get("/style.css")).status_code


async def test_players_are_found_and_paged(client):
    first = (await client.get("/")).text
    assert "120 players" in first
    assert 50 == first.count('href="/players/')
    assert "player-100" in (await client.get("/?from=50")).text
    found = (await client.get("/?q=player-77")).text
    assert ["player-77"] == re.findall(r'href="/players/([^"]+)"', found)


async def test_a_player_shows_the_money_and_a_ticket_its_story(client, running):
    player = (await client.get("/players/player-1")).text
    ticket = running.ledger.tickets[TICKET]
    balance = (BALANCE - ticket.taken_cents) / 100
    assert f"{balance:,.2f} KES" in player
    assert f"/tickets/{TICKET}" in player
    story = (await client.get(f"/tickets/{TICKET}")).text
    assert "player-1" in story
    assert f"{ticket.price_cents / 100:,.2f} KES" in story


async def test_sms_are_shown_and_escaped(client):
    page = (await client.get("/inbox")).text
    assert "&lt;b&gt;1234&lt;/b&gt;" in page
    assert "No SMS yet" in (await client.get("/inbox?q=nobody")).text


async def test_faults_are_switched_on_and_off(client, running):
    assert 303 == (await send(client, "/faults", do="preset", preset="slow line")).status_code
    assert ["slow"] == [fault.kind for fault in running.faults.in_force]
    added = {"kind": "drop", "action": "ticket_win", "share": "20", "seconds": "1"}
    assert 303 == (await send(client, "/faults", do="add", **added)).status_code
    shown = (await client.get("/faults")).text
    assert "20 %" in shown
    assert "2 faults on" in shown
    assert 303 == (await send(client, "/faults", do="clear")).status_code
    assert [] == running.faults.in_force


async def test_a_player_is_added(client, running):
    answer = await send(client, "/players", balance="250")
    assert "/players/player-121" == answer.headers["location"]
    assert "250.00 KES" in (await client.get("/players/player-121")).text
    assert 121 == len(running.ledger.players)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/faults", {"do": "preset", "preset": "flood"}),
        ("/faults", {"do": "add", "kind": "flood", "action": "*", "share": "1"}),
        ("/faults", {"do": "add", "kind": "slow", "action": "*", "share": "101"}),
        ("/faults", {"do": "add", "kind": "slow", "action": "*", "share": "x"}),
        ("/faults", {}),
        ("/players", {"balance": "-5"}),
        ("/players", {"balance": "9" * 30}),
    ],
)
async def test_bad_forms_change_nothing_and_are_answered_in_words(client, running, path, fields):
    answer = await send(client, path, **fields)
    assert (400, True) == (answer.status_code, "That was not done" in answer.text)
    assert ([], 120) == (running.faults.in_force, len(running.ledger.players))


async def test_forms_of_other_pages_are_not_taken(client, running):
    for origin in ("http://evil.example", "null"):
        answer = await send(client, "/faults", origin, do="preset", preset="slow line")
        assert 403 == answer.status_code
    own = await send(client, "/faults", running.url, do="preset", preset="slow line")
    assert 303 == own.status_code


async def test_what_is_not_there_is_said(client):
    paths = "/nothing", "/players/nobody", "/tickets/none", "/?from=x"
    assert [404, 404, 404, 400] == [(await client.get(path)).status_code for path in paths]
    assert 404 == (await send(client, "/clock", hours="1")).status_code


async def test_a_long_ledger_is_paged(client, running):
    for n in range(60):
        ticket = f"{n:024x}"
        await post(client, "", body("ticket_create", ticket), 1, ticket)
    page = (await client.get("/players/player-1")).text
    assert 50 == page.count(">create<")
    older = re.search(r'href="\?before=(\d+)"', page)
    assert older is not None
    assert ">create<" in (await client.get(f"/players/player-1?before={older[1]}")).text
    assert running.ledger.book.entries


async def test_the_clock_is_moved():
    moved = []

    async def run(*arguments):
        moved.append(arguments[1:])
        return "2026-05-01 12:00:00 UTC, 0:00:00 ahead (sandbox)\n"

    async with (
        run_wallet(WalletOptions(players=1, clock=VirtualClock(run))) as wallet,
        httpx2.AsyncClient(base_url=wallet.url, timeout=20) as client,
    ):
        assert "Fri 01 May 12:00" in (await client.get("/")).text
        assert 303 == (await send(client, "/clock", hours="24")).status_code
        assert 400 == (await send(client, "/clock", hours="0")).status_code
    assert [("show",), ("advance", "86400s")] == moved


async def test_the_pages_fit_on_a_phone(client, running, tmp_path):
    assert client
    async with phone() as page:
        for path in PAGES:
            await page.goto(f"{running.url}{path}")
            assert await fits(page), path
            await page.screenshot(
                path=tmp_path / f"{path.strip('/').replace('/', '-') or 'all'}.png"
            )
        await page.goto(f"{running.url}/faults")
        await page.get_by_role("button", name="drops after doing it").click()
        await page.get_by_text("1 faults on").wait_for()
    assert ["drop"] == [fault.kind for fault in running.faults.in_force]
