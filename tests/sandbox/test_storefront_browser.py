"""The storefront in a real browser at the size of a phone, with its script and without."""

import pytest
from sandbox.browsers import fits, phone
from sandbox.shops import CASHING_OUT, open_shop


@pytest.fixture
async def shop(sandbox):
    async with open_shop(sandbox, has_clock=True, **CASHING_OUT) as opened:
        yield opened


def placed(shop):
    return [ticket.taken_cents for ticket in shop.wallet.ledger.tickets.values()]


async def test_every_page_fits_on_a_phone(shop, tmp_path):
    async with phone() as page:
        for path in ("", "coupons", "smart", "super", "jackpot", "tickets"):
            await page.goto(f"{shop.url}/{path}")
            assert await fits(page), path
            assert await page.locator("h1").count() == 1
            await page.screenshot(path=tmp_path / f"{path or 'tips'}.png")


async def test_a_dark_phone_has_dark_pages(shop, tmp_path):
    async with phone() as page:
        await page.emulate_media(color_scheme="dark")
        await page.goto(shop.url)
        await page.locator("form[action='/slip'] button").first.click()
        await page.get_by_text("Withholding tax").wait_for()
        assert await fits(page)
        await page.screenshot(path=tmp_path / "slip.png")
        paper = "getComputedStyle(document.body).backgroundColor"
        assert "rgb(16, 20, 18)" == await page.evaluate(paper)
        await page.locator("button.go").click()
        await page.get_by_text("Placed. Good luck!").wait_for()
        assert await fits(page)
        await page.screenshot(path=tmp_path / "ticket.png")


@pytest.mark.parametrize("has_script", [True, False])
async def test_a_tip_is_placed(shop, has_script):
    async with phone(has_script=has_script) as page:
        await page.goto(shop.url)
        await page.locator("[name=price]").first.fill("25")
        await page.locator("form[action='/slip'] button").first.click()
        assert "KES 25" in await page.locator("main").inner_text()
        await page.locator("button.go").click()
        await page.get_by_text("Placed. Good luck!").wait_for()
        assert await fits(page)
    assert [2500] == placed(shop)


@pytest.mark.parametrize("has_script", [True, False])
async def test_a_ticket_is_cashed_out(shop, tmp_path, has_script):
    async with phone(has_script=has_script) as page:
        await page.goto(shop.url)
        await page.locator("form[action='/slip'] button").first.click()
        await page.locator("button.go").click()
        button = page.get_by_role("button", name="Cash out for KES")
        await button.wait_for()
        assert await fits(page)
        await page.screenshot(path=tmp_path / "offer.png", full_page=True)
        shown = (await button.inner_text()).removeprefix("Cash out for ")
        await button.click()
        await page.get_by_text(f"Cashed out: you receive {shown}.").wait_for()
        assert await fits(page)
        await page.screenshot(path=tmp_path / "cashed-out.png", full_page=True)


async def test_a_double_tap_places_once(shop):
    async with phone() as page:
        await page.goto(shop.url)
        await page.locator("form[action='/slip'] button").first.click()
        await page.locator("button.go").dblclick()
        await page.get_by_text("Placed. Good luck!").wait_for()
    assert 1 == len(placed(shop))


async def test_the_slider_composes_without_loading_the_page(shop):
    async with phone() as page:
        await page.goto(f"{shop.url}/smart")
        await page.evaluate("window.here = true")
        slider = page.locator("[name=at]")
        await slider.focus()
        for _ in range(3):
            await slider.press("ArrowLeft")
        await page.locator("#found article").wait_for()
        assert await page.evaluate("window.here")
        shown = await page.locator("[data-win]").inner_text()
        assert shown.startswith("KES ")
        await page.locator("#found button").click()
        await page.locator("button.go").click()
        await page.get_by_text("Placed. Good luck!").wait_for()
    assert 1 == len(placed(shop))


async def test_the_slider_works_without_script(shop):
    async with phone(has_script=False) as page:
        await page.goto(f"{shop.url}/smart")
        await page.get_by_role("button", name="Compose it").click()
        await page.locator("#found article").wait_for()


async def test_a_match_of_a_coupon_has_one_bet_and_odds_are_added_up(shop):
    async with phone() as page:
        await page.goto(f"{shop.url}/coupons")
        bets = page.locator("label.bet")
        for place in (0, 1, 3):
            await bets.nth(place).click()
        assert 2 == await page.locator(".one:checked").count()
        assert "2 picked, odds about 8.40" == await page.locator("[data-shown]").inner_text()


async def test_a_jackpot_counts_its_lines(shop):
    async with phone() as page:
        await page.goto(f"{shop.url}/jackpot")
        shown = page.locator("[data-shown]")
        assert "3 matches left" == await shown.inner_text()
        bets = page.locator("label.bet")
        for place in (0, 1, 3, 6):
            await bets.nth(place).click()
        assert "2 lines, KES 10" == await shown.inner_text()
        await page.locator("form[action='/slip'] button").click()
        await page.locator("button.go").click()
        await page.get_by_text("Placed. Good luck!").wait_for()
    assert [1000] == placed(shop)


async def test_everything_is_reached_by_the_keyboard_and_named(shop):
    async with phone() as page:
        await page.goto(shop.url)
        await page.keyboard.press("Tab")
        assert "Skip to the bets" == await page.evaluate("document.activeElement.textContent")
        unnamed = await page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]),select,button')]"
            ".filter((e) => !e.labels?.length && !e.textContent.trim()).length"
        )
        assert 0 == unnamed
