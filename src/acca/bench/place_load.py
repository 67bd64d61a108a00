"""Players' requests, signed beforehand: as fast as they are answered, or at a steady rate."""

import asyncio
import re
import time
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple, cast

_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
_END, _OK = b"\r\n\r\n", b"200"


class Load(NamedTuple):
    """How requests were answered: the seconds in all, and of each in milliseconds, in order."""

    seconds: float
    took_ms: list[float]

    def part(self, share: float) -> float:
        """Tell below how many milliseconds so large a share was answered."""
        return self.took_ms[min(len(self.took_ms) - 1, int(share * len(self.took_ms)))]


class _Queue:
    """Requests that wait for a connection.

    What comes at a steady rate is counted from when it was due, all else from when it is sent.
    """

    def __init__(self, answers: int) -> None:
        self.waiting: deque[tuple[bytes, float | None]] = deque()
        self.idle: list[_Line] = []
        self.took: list[float] = []
        self.left: int = answers
        self.done: asyncio.Event = asyncio.Event()
        self.fault: bytes | None = None

    def put(self, request: bytes, due: float | None) -> None:
        self.waiting.append((request, due))
        if self.idle:
            self.idle.pop().send()

    def note(self, begun: float, status: bytes, answer: bytes) -> None:
        if status != _OK:
            self.fault = self.fault or answer
        self.took.append((time.perf_counter() - begun) * 1e3)
        self.left -= 1
        if not self.left:
            self.done.set()


class _Line(asyncio.Protocol):
    """One connection: sends what waits, one request at a time."""

    def __init__(self, queue: _Queue) -> None:
        self._queue: _Queue = queue
        self._read: bytes = b""
        self._begun: float = 0.0
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(  # pyright: ignore[reportImplicitOverride] - typing has it from 3.12 on
        self, transport: asyncio.BaseTransport
    ) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._queue.idle.append(self)

    def send(self) -> None:
        assert self._transport is not None, "it is connected"
        request, due = self._queue.waiting.popleft()
        self._begun = time.perf_counter() if due is None else due
        self._transport.write(request)

    def data_received(  # pyright: ignore[reportImplicitOverride] - typing has it from 3.12 on
        self, data: bytes
    ) -> None:
        self._read += data
        head = self._read.find(_END)
        found = _LENGTH.search(self._read, 0, head) if head >= 0 else None
        if found is None or len(self._read) < head + len(_END) + int(found[1]):
            return
        answer, self._read = self._read, b""
        self._queue.note(self._begun, answer[9:12], answer)
        if self._queue.waiting:
            self.send()
        else:
            self._queue.idle.append(self)


async def send_all(
    port: int, requests: Sequence[bytes], connections: int, per_second: float | None = None
) -> Load:
    """Send requests, all at once or so many a second; every answer has to be 200."""
    queue = _Queue(len(requests))
    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: _Line(queue), "127.0.0.1", port)
        for _ in range(connections)
    ]
    begun = time.perf_counter()
    for place, request in enumerate(requests):
        due: float | None = None
        if per_second is not None:
            due = begun + place / per_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        queue.put(request, due)
    _ = await queue.done.wait()
    seconds = time.perf_counter() - begun
    for transport, _ in opened:
        transport.close()
    if queue.fault is not None:
        raise AssertionError(queue.fault.decode("utf-8", "replace"))
    return Load(seconds, sorted(queue.took))
