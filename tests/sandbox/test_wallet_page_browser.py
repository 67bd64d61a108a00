"""The wallet's pages in a real browser at the size of a phone, with script and without."""

import httpx2
import pytest
from sandbox.browsers import fits, phone
from sandbox.wallet_calls import TICKET, body, post, signed
from sandbox.wallet_pages import SMS

from acca_sandbox.clock import VirtualClock
from acca_sandbox.wallet.running import WalletOptions, run_wallet

PAGES = {
    "players": "",
    "player": "players/player-1",
    "ticket": f"tickets/{TICKET}",
    "ledger": "ledger",
    "inbox": "inbox",
    "faults": "faults",
    "calls": "violations",
}


@pytest.fixture
async def running():
    async def run(*_):
        return "2026-05-01 12:00:00 UTC, 0:00:00 ahead (sandbox)\n"

    options = WalletOptions(players=60, clock=VirtualClock(run))
    async with (
        run_wallet(options) as wallet,
        httpx2.AsyncClient(base_url=wallet.url, timeout=20) as client,
    ):
        await client.post("/sms", content=SMS, headers={**signed(SMS), "operator-name": "site"})
        for n, action in ((1, "ticket_create"), (2, "ticket_win"), (2, "ticket_win")):
            await post(client, "", body(action), n)
        await post(client, "", body("ticket_lost"), 3)
        await client.post("/control/faults", json={"faults": [{"kind": "slow"}]})
        yield wallet


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_fits_on_a_phone(running, tmp_path, scheme):
    async with phone() as page:
        await page.emulate_media(color_scheme=scheme)
        for name, path in PAGES.items():
            await page.goto(f"{running.url}/{path}")
            await page.screenshot(path=tmp_path / f"{name}-{scheme}.png", full_page=True)
            assert await fits(page), path
            assert 1 == await page.locator("h1").count()


@pytest.mark.parametrize("has_script", [True, False])
async def test_failures_are_switched(running, has_script):
    async with phone(has_script=has_script) as page:
        await page.goto(f"{running.url}/faults")
        await page.get_by_role("button", name="All off").click()
        await page.get_by_text("All faults are off.").wait_for()
        await page.locator("[name=kind]").select_option("drop")
        await page.locator("[name=action]").select_option("ticket_win")
        await page.get_by_label("Share in percent").fill("50")
        await page.get_by_role("button", name="Switch on").click()
        await page.get_by_text("On: drop of ticket_win.").wait_for()
        await page.get_by_role("button", name="Switch off drop of ticket_win").click()
        await page.get_by_text("Off: drop of ticket_win.").wait_for()
    assert [] == running.faults.in_force


async def test_a_player_gets_money_and_the_clock_goes_on(running):
    async with phone(has_script=False) as page:
        await page.goto(f"{running.url}/players/player-2")
        await page.get_by_label("Add KES").fill("12.34")
        await page.get_by_role("button", name="Add money").click()
        await page.get_by_text("KES 12.34 was added.").wait_for()
        assert "KES 10,012.34" == await page.locator(".big").inner_text()
        await page.get_by_role("button", name="To midnight").click()
        await page.get_by_text("It is Fri 01 May 2026").wait_for()
        assert "player-2" == await page.locator("h1").inner_text()


async def test_everything_is_reached_by_the_keyboard_and_named(running):
    async with phone() as page:
        for path in PAGES.values():
            await page.goto(f"{running.url}/{path}")
            await page.keyboard.press("Tab")
            assert "Skip to the page" == await page.evaluate("document.activeElement.textContent")
            unnamed = await page.evaluate(
                "[...document.querySelectorAll('input:not([type=hidden]),select,button')]"
                ".filter((e) => !e.labels?.length && !e.textContent.trim()).length"
            )
            assert 0 == unnamed, path
