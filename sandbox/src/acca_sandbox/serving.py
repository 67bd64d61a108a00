"""Serving over HTTP in a loop that somebody else runs, until a context ends or a signal comes."""

import asyncio
import contextlib
import json
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Generator, Mapping

import uvicorn

GRACE_SECONDS = 5
"""Requests that run at the end may take so long."""


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
async def serving(config: uvicorn.Config, listener: socket.socket) -> AsyncGenerator[None]:
    """Serve on a socket from when it answers until the context ends."""
    server = _Server(config)
    running = asyncio.create_task(server.serve([listener]))
    try:
        _ = await server.ready.wait()
        yield
    finally:
        server.should_exit = True
        await running


async def stay_until_told(urls: Mapping[str, str]) -> None:
    """Print where something answers as one line of JSON, and wait for SIGTERM or Ctrl-C."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    print(json.dumps(urls), file=sys.stdout, flush=True)  # noqa: T201 - its one line of output
    _ = await told.wait()
