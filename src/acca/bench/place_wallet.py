"""A wallet that knows every token and takes everything at once, in a process of its own."""

import asyncio
import multiprocessing
import re
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import NamedTuple, cast

import uvloop

_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
_TOKEN = re.compile(rb'"token":"([^"]+)"')
_END = b"\r\n\r\n"
_STOP_SECONDS_MAX = 5.0
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
_OK = _HEAD % (2, b"{}")
_PLAYER = b'{"player_id":"%b","lang":"en","balance":100000000,"currency":"KES","feature_flags":{}}'


class QuickWallet(NamedTuple):
    """A wallet that runs: where it is called, and the number of its process."""

    url: str
    process: int


@contextmanager
def run_quick_wallet() -> Generator[QuickWallet]:
    """Run a wallet until the context ends."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        port: object = ours.recv()
        yield QuickWallet(f"http://127.0.0.1:{port}/pam", process.pid or 0)
    finally:
        process.terminate()
        process.join(_STOP_SECONDS_MAX)


class _Talk(asyncio.Protocol):
    """One connection: each call is answered as soon as it is whole."""

    def __init__(self) -> None:
        self._read: bytes = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(  # pyright: ignore[reportImplicitOverride] - typing has it from 3.12 on
        self, transport: asyncio.BaseTransport
    ) -> None:
        # The loop's own class of a transport is no subclass of the one that it stands for.
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(  # pyright: ignore[reportImplicitOverride] - typing has it from 3.12 on
        self, data: bytes
    ) -> None:
        self._read += data
        while (head := self._read.find(_END)) >= 0:
            found = _LENGTH.search(self._read, 0, head)
            whole = head + len(_END) + (int(found[1]) if found else 0)
            if len(self._read) < whole:
                return
            self._answer(self._read[head + len(_END) : whole])
            self._read = self._read[whole:]

    def _answer(self, body: bytes) -> None:
        assert self._transport is not None, "what is read came over a connection"
        token = _TOKEN.search(body)
        if token is None:
            self._transport.write(_OK)
            return
        player = _PLAYER % token[1]
        self._transport.write(_HEAD % (len(player), player))


def _serve(told: "Connection[int, None]") -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_answer_all(told))


async def _answer_all(told: "Connection[int, None]") -> None:
    server = await asyncio.get_running_loop().create_server(_Talk, "127.0.0.1", 0)
    told.send(int(server.sockets[0].getsockname()[1]))
    await server.serve_forever()
