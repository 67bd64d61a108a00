"""A wallet that takes everything at once, in a process of its own, and counts what it was told."""

import asyncio
import contextlib
import multiprocessing
import re
import time
from collections.abc import Generator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import NamedTuple, Protocol

import uvloop

from acca.bench.talking import Talk

_OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
_NAMED = re.compile(rb"delivery-id: *([^\r]+)", re.IGNORECASE)
_STOP_SECONDS_MAX = 5.0


class Told(NamedTuple):
    """How many calls there were, of how many different deliveries, and when the first came.

    That is in seconds of the machine's monotonic clock, which all its processes share.
    """

    calls: int
    deliveries: int
    first: float | None


class _Asking(Protocol):
    """The near end of a wallet's pipe: of one class on Windows, and of another elsewhere."""

    def send(self, obj: None, /) -> None: ...

    def recv(self) -> Told: ...


class FastWallet(NamedTuple):
    """A wallet that runs: where it is called, and its process."""

    url: str
    process: BaseProcess
    asking: _Asking

    def ask(self) -> Told:
        """Ask what it was told since it was last asked."""
        self.asking.send(None)
        return self.asking.recv()


@contextlib.contextmanager
def run_fast_wallet() -> Generator[FastWallet]:
    """Run a wallet until the context ends."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        port: object = ours.recv()
        yield FastWallet(f"http://127.0.0.1:{port}/pam", process, ours)
    finally:
        process.terminate()
        process.join(_STOP_SECONDS_MAX)


class _Counted:
    """What a wallet was told, until somebody asks."""

    def __init__(self) -> None:
        self.calls: int = 0
        self.deliveries: set[bytes] = set()
        self.first: float | None = None

    def take(self, named: bytes | None) -> None:
        """Count a call, and the delivery that it names; a health check names none."""
        self.calls += 1
        if named is not None:
            self.deliveries.add(named)
            self.first = self.first or time.monotonic()

    def answer(self, head: bytes, _body: bytes) -> bytes:
        """Take whatever comes."""
        named = _NAMED.search(head)
        self.take(named[1] if named else None)
        return _OK

    def tell(self) -> Told:
        """Tell of all since this was asked last."""
        told = Told(self.calls, len(self.deliveries), self.first)
        self.calls, self.deliveries, self.first = 0, set(), None
        return told


def _serve(asked: "Connection[Told | int, None]") -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_answer_all(asked))


async def _answer_all(asked: "Connection[Told | int, None]") -> None:
    counted, loop = _Counted(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Talk(counted.answer), "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    asked.send(port)
    gone = asyncio.Event()

    def tell() -> None:
        try:
            asked.recv()
            asked.send(counted.tell())
        except (EOFError, OSError):
            gone.set()

    loop.add_reader(asked.fileno(), tell)
    _ = await gone.wait()
