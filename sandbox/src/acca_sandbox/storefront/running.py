"""Starting and stopping a storefront: inside a loop, or as a process of its own."""

import contextlib
import socket
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import httpx2
import uvicorn
import uvloop
from litestar import Litestar

from acca_client.betcards import AsyncBetCards
from acca_client.conversation import Patience
from acca_client.engine import AsyncEngine
from acca_sandbox.clock import VirtualClock
from acca_sandbox.serving import GRACE_SECONDS, serving, stay_until_told
from acca_sandbox.storefront.app import make_app
from acca_sandbox.storefront.shop import Shop
from acca_sandbox.storm.control import WalletControl

_PATIENCE = Patience(total_seconds=15.0)
"""Nobody looks at a page that loads for longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorefrontOptions:
    """Which Acca it sells from, in whose name, whose wallet pays, and where it listens."""

    acca: str
    operator: str
    key: str = field(repr=False)
    wallet: str
    host: str = "127.0.0.1"
    port: int = 0
    clock: VirtualClock | None = None
    patience: Patience = _PATIENCE


@contextlib.asynccontextmanager
async def run_storefront(options: StorefrontOptions) -> AsyncGenerator[str]:
    """Run a storefront in the present loop; give its address."""
    plain = httpx2.AsyncHTTPTransport
    async with (
        AsyncEngine(
            options.acca,
            options.operator,
            options.key,
            patience=options.patience,
            transport=plain(),
        ) as engine,
        AsyncBetCards(
            options.acca, options.operator, patience=options.patience, transport=plain()
        ) as cards,
    ):
        wallet = WalletControl(options.wallet)
        shop = Shop(engine, cards, wallet, options.clock, options.wallet)
        try:
            with socket.create_server((options.host, options.port)) as listener:
                async with serving(_config(make_app(shop)), listener):
                    yield f"http://{options.host}:{listener.getsockname()[1]}"
        finally:
            await wallet.close()


def _config(app: Litestar) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def serve_storefront(options: StorefrontOptions) -> None:
    """Run a storefront until SIGTERM or Ctrl-C; print one JSON line when it answers."""
    uvloop.run(_serve_until_told(options))


async def _serve_until_told(options: StorefrontOptions) -> None:
    async with run_storefront(options) as url:
        await stay_until_told({"url": url})
