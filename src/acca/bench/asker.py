"""A caller over HTTP that costs little beside what answers it: whole requests out, lengths in."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

_LENGTH, _END = b"content-length: ", b"\r\n\r\n"
_NOT_MODIFIED = b"304"


class Answered(NamedTuple):
    """Answers of some seconds: how many there were in one, and how long they took, in ms."""

    per_second: float
    p50_ms: float
    p99_ms: float


class _Connection(asyncio.Protocol):
    """Sends the next request as soon as an answer is whole."""

    def __init__(self, make: Callable[[], bytes], status: bytes) -> None:
        self._make: Callable[[], bytes] = make
        self._status: bytes = status
        self._transport: asyncio.Transport | None = None
        self._left: bytes = b""
        self._sent: float = 0.0
        self.took: deque[float] = deque()
        self.fault: bytes | None = None

    def connection_made(  # pyright: ignore[reportImplicitOverride] - typing has it from 3.12
        self, transport: asyncio.BaseTransport
    ) -> None:
        assert isinstance(transport, asyncio.Transport), "a socket is read and written"
        self._transport = transport
        self._send()

    def data_received(  # pyright: ignore[reportImplicitOverride] - typing has it from 3.12
        self, data: bytes
    ) -> None:
        self._left += data
        end = self._left.find(_END)
        if end < 0:
            return
        at = self._left.find(_LENGTH, 0, end)
        told = self._left[at + len(_LENGTH) : self._left.find(b"\r\n", at)]
        body = 0 if self._left[9:12] == _NOT_MODIFIED else int(told)
        if len(self._left) < end + len(_END) + body:
            return
        if self._left[9:12] != self._status:
            self.fault = self._left
        self._left = b""
        self.took.append(time.perf_counter() - self._sent)
        self._send()

    def _send(self) -> None:
        assert self._transport is not None, "it is connected"
        self._sent = time.perf_counter()
        self._transport.write(self._make())


async def ask_for(
    port: int, seconds: float, connections: int, make: Callable[[], bytes], status: bytes = b"200"
) -> Answered:
    """Ask again and again for some seconds; every answer has to be of the status."""
    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: _Connection(make, status), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.sleep(seconds / 5)
    for _, connection in opened:
        connection.took.clear()
    begun = time.perf_counter()
    await asyncio.sleep(seconds)
    spent = time.perf_counter() - begun
    took = sorted(each for _, connection in opened for each in connection.took)
    for transport, connection in opened:
        assert connection.fault is None, connection.fault
        transport.close()
    return Answered(len(took) / spent, _part(took, 0.5), _part(took, 0.99))


def _part(took: list[float], part: float) -> float:
    return took[min(len(took) - 1, int(part * len(took)))] * 1e3


def request(method: str, path: str, body: bytes = b"", *headers: str) -> bytes:
    """Make a request that keeps its connection."""
    head = [f"{method} {path} HTTP/1.1", "host: acca", *headers]
    if body:
        head += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join(head).encode() + _END + body
