"""A real browser at the size of a phone; where there is none, tests say so loudly."""

import contextlib
import os
import shutil

import pytest
from playwright.async_api import async_playwright

PHONE = {"width": 360, "height": 740}
NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW = "no Chromium: pages are not tested in a browser; apt-get install chromium brings it"


def chromium():
    """Find the system's browser; CI has to have one."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI"):
        pytest.fail(HOW)
    if found is None:
        pytest.skip(HOW)
    return found


@contextlib.asynccontextmanager
async def phone(*, has_script=True):
    """Open a page of a phone, and check that nothing went wrong in it."""
    wrong = []
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = await browser.new_context(viewport=PHONE, java_script_enabled=has_script)
        page = await context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        try:
            yield page
        finally:
            await browser.close()
    assert [] == wrong


async def fits(page):
    """Tell whether nothing stands beyond the edge of the page."""
    return await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
