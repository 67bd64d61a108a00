"""An API process: the HTTP server on a socket that is open already, until it is told to stop."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator
from typing import cast

import uvicorn
from litestar.enums import HttpMethod
from litestar.types import HTTPScope, Receive, Send

from acca.api.lane import Application

_KNOWN_METHODS = frozenset(method.value for method in HttpMethod)
DRAIN_SECONDS_MAX = 15
"""Requests that run when the process is told to stop may take so long to end."""


class _Server(uvicorn.Server):
    """The server without signal handlers: who runs the process tells it when to end."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready: Callable[[], None] = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def startup(  # pyright: ignore[reportImplicitOverride] - typing has `override` from 3.12
        self, sockets: list[socket.socket] | None = None
    ) -> None:
        await super().startup(sockets)
        self._ready()


async def serve_api(
    app: Application,
    listening: socket.socket,
    stopping: asyncio.Event,
    ready: Callable[[], None],
) -> None:
    """Answer requests until `stopping` is set and those that run have ended."""
    config = uvicorn.Config(
        _answer_any_method(app),
        http="httptools",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS_MAX,
    )
    server = _Server(config, ready)
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(_stop_when_told(server, stopping))
        await server.serve([listening])
        _ = watching.cancel()


def _answer_any_method(app: Application) -> Application:
    """Let routes refuse methods that the framework does not know, which tell those that they have.

    Such a method arrives as one that the framework knows and no route has.
    """

    async def answer(scope: HTTPScope, receive: Receive, send: Send) -> None:
        # The server speaks nothing but HTTP, and its callers say whatever they like.
        if cast("str", scope["method"]) not in _KNOWN_METHODS:
            scope["method"] = HttpMethod.TRACE.value
        await app(scope, receive, send)

    return cast("Application", answer)


async def _stop_when_told(server: uvicorn.Server, stopping: asyncio.Event) -> None:
    _ = await stopping.wait()
    server.should_exit = True
