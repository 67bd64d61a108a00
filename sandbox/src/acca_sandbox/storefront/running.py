"""Starting and stopping a storefront: inside a loop, or as a process of its own."""

import asyncio
import contextlib
import json
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field

import httpx2
import uvicorn
import uvloop
from litestar import Litestar

from acca_client.betcards import AsyncBetCards
from acca_client.conversation import Patience
from acca_client.engine import AsyncEngine
from acca_sandbox.clock import VirtualClock
from acca_sandbox.storefront.app import make_app
from acca_sandbox.storefront.shop import Shop
from acca_sandbox.storm.control import WalletControl

_PATIENCE = Patience(total_seconds=15.0)
"""Nobody looks at a page that loads for longer."""
_GRACE_SECONDS = 5


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


class _Server(uvicorn.Server):
    """Says when it listens, and leaves the signals to whoever started it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready: asyncio.Event = asyncio.Event()

    async def startup(  # pyright: ignore[reportImplicitOverride] - typing has it from 3.12 on
        self, sockets: list[socket.socket] | None = None
    ) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


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
                async with _serving(make_app(shop), listener):
                    yield f"http://{options.host}:{listener.getsockname()[1]}"
        finally:
            await wallet.close()


@contextlib.asynccontextmanager
async def _serving(app: Litestar, listener: socket.socket) -> AsyncGenerator[None]:
    config = uvicorn.Config(
        app,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        _ = await server.ready.wait()
        yield
    finally:
        server.should_exit = True
        await serving


def serve_storefront(options: StorefrontOptions) -> None:
    """Run a storefront until SIGTERM or Ctrl-C; print one JSON line when it answers."""
    uvloop.run(_serve_until_told(options))


async def _serve_until_told(options: StorefrontOptions) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with run_storefront(options) as url:
        print(json.dumps({"url": url}), file=sys.stdout, flush=True)  # noqa: T201 - its one line
        _ = await told.wait()
