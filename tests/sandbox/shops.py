"""A storefront that sells what a real engine offers, paid by the reference wallet."""

import contextlib
import re
from typing import NamedTuple

import httpx2
from api.conftest import serving
from api.test_be import real_means
from bc_made import open_site

from acca.core.keys import Holder, Secret
from acca.core.setting import Asked
from acca.engine import open_engine
from acca.flows.rotate_key import add_key
from acca.flows.set_operator import set_operator
from acca_client.conversation import Patience
from acca_sandbox.clock import VirtualClock
from acca_sandbox.storefront.running import StorefrontOptions, run_storefront
from acca_sandbox.wallet.running import RunningWallet, WalletOptions, run_wallet

KEY = "c" * 64
PRICE = ("price", "10")
CASHING_OUT = {"features": "reserve,paid,cash-out", "update_types": "quicktip,quickbet,superbet"}
"""Settings of an operator who buys tickets back."""
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Shop(NamedTuple):
    """What runs, how often the clock was moved, and what ends the engine and the wallet."""

    url: str
    wallet: RunningWallet
    site: object
    moved: list
    engine: contextlib.AsyncExitStack
    paying: contextlib.AsyncExitStack


@contextlib.asynccontextmanager
async def open_shop(database, *, has_clock=False, **settings):
    """Run an engine, a wallet and a storefront in this loop; the operator has `settings`."""
    site = await open_site(database)
    await add_key(database, Holder.OPERATOR, "site", Secret(KEY), "test")
    moved = []
    async with contextlib.AsyncExitStack() as stack:
        options = WalletOptions(operator="site", keys=[KEY], players=25)
        pays = await stack.enter_async_context(contextlib.AsyncExitStack())
        wallet = await pays.enter_async_context(run_wallet(options))
        asked = [Asked(*each) for each in {"pam_url": wallet.pam_url, **settings}.items()]
        await set_operator(database, "site", asked, "test", "it runs")
        serves = await stack.enter_async_context(contextlib.AsyncExitStack())
        engine = await stack.enter_async_context(open_engine(database, real_means([])))
        port = await serves.enter_async_context(serving(engine))

        async def run(*arguments):
            moved.append(arguments)
            return "2026-05-01 12:00:00 UTC, 0:00:00 ahead (sandbox)\n"

        url = await stack.enter_async_context(
            run_storefront(
                StorefrontOptions(
                    acca=f"http://127.0.0.1:{port}",
                    operator="site",
                    key=KEY,
                    wallet=wallet.url,
                    clock=VirtualClock(run) if has_clock else None,
                    patience=Patience(total_seconds=2.0),
                )
            )
        )
        yield Shop(url, wallet, site, moved, serves, pays)


def browser(url):
    """Make a browser without script: it keeps cookies and follows no redirect."""
    return httpx2.AsyncClient(
        base_url=url, transport=httpx2.AsyncHTTPTransport(), timeout=20, follow_redirects=False
    )


def forms(page):
    """Read the forms of a page: where each goes, and its hidden fields."""
    found = re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL)
    return [(action, HIDDEN.findall(body)) for action, body in found]


def form(page, action):
    """Read the hidden fields of the first form that goes somewhere."""
    return next(fields for target, fields in forms(page) if target == action)


async def send(client, path, fields, *more):
    """Send a form as a browser does."""
    encoded = str(httpx2.QueryParams([*fields, *more]))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return await client.post(path, content=encoded.encode(), headers=headers)


async def slip_of(client, path, *more):
    """Send the first form of a page to the betslip, and return the betslip."""
    page = (await client.get(path)).text
    answer = await send(client, "/slip", form(page, "/slip"), *more)
    assert 200 == answer.status_code, answer.text
    return answer.text


async def place(client, slip, *more):
    """Send a betslip."""
    return await send(client, "/place", form(slip, "/place"), ("do", "place"), *more)
