"""One URL of one operator: its connections, pinned to an address that was checked (spec 4)."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import NamedTuple

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PyreqwestError
from pyreqwest.http import Url
from pyreqwest.response import Response

from acca.core.delivery import Verdict, judge_status
from acca.outbound.addresses import AddressRefused, Place, Resolve, pin, place_of
from acca.outbound.answer import BODY_BYTES_MAX, Answer, parse_retry_after

LATE_SECONDS = 60.0
"""So long an answer is waited for after the time was up, so that no discard overtakes a create."""
LATE_MAX = 256
_PINNED_SECONDS = 60.0
_KEPT_SECONDS = 300.0
"""So long a checked address is called on while its name cannot be looked up."""
_CONNECTING = "client error (Connect)"


class Machine(NamedTuple):
    """The clocks of this process: seconds of the day for headers, and the monotonic one."""

    unix_seconds: Callable[[], int]
    monotonic: Callable[[], float]


class CallerSettings(NamedTuple):
    """Where to call, and how."""

    url: str
    connect_timeout: timedelta
    allow_private: bool


class Caller:
    """Calls one URL; its connections are the bulkhead of its operator."""

    def __init__(self, settings: CallerSettings, machine: Machine, resolve: Resolve) -> None:
        self._settings: CallerSettings = settings
        self._machine: Machine = machine
        self._resolve: Resolve = resolve
        self._pinned: str | None = None
        self._checked_at: float = 0.0
        self._looked_at: float = 0.0
        self._lookup: asyncio.Task[str] | None = None
        self._client: Client | None = None
        self._url: Url | None = None
        self._pinning: asyncio.Lock = asyncio.Lock()
        self._late: set[asyncio.Task[Answer]] = set()

    async def call(self, body: bytes, headers: Mapping[str, str], timeout_seconds: float) -> Answer:
        """Send bytes once and read what is answered within the time, whatever it is."""
        if timeout_seconds <= 0:
            return Answer.unsent()
        if self._client is not None and self._is_fresh():
            # The client keeps the time itself, of the whole call, for a tenth of what ours costs.
            return await self._exchange(body, headers, timeout_seconds)
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self._exchange(body, headers, timeout_seconds)
        except TimeoutError:
            return self._timed_out(timeout_seconds)

    async def call_and_follow(
        self, body: bytes, headers: Mapping[str, str], timeout_seconds: float
    ) -> Answer:
        """Send bytes once; an answer that does not come in time is waited for in `late`."""
        if timeout_seconds <= 0:
            return Answer.unsent()
        whole = timeout_seconds + LATE_SECONDS
        task = asyncio.create_task(self._exchange(body, headers, whole))
        try:
            await _wait(task, timeout_seconds)
        except asyncio.CancelledError:
            _ = task.cancel()
            raise
        if task.done():
            return task.result()
        if len(self._late) >= LATE_MAX:
            _ = task.cancel()
            return self._timed_out(timeout_seconds)
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        return self._timed_out(timeout_seconds)._replace(late=task)

    async def close(self) -> None:
        """Give up what is still waited for, and the connections."""
        for task in tuple(self._late):
            _ = task.cancel()
        if self._lookup is not None:
            _ = self._lookup.cancel()
        if self._client is not None:
            await self._client.close()

    def _timed_out(self, seconds: float) -> Answer:
        return Answer(Verdict.UNREACHED, duration_ms=int(seconds * 1000), was_sent=True)

    async def _exchange(
        self, body: bytes, headers: Mapping[str, str], timeout_seconds: float
    ) -> Answer:
        began = self._machine.monotonic()
        try:
            client = await self._connected()
            request = (
                client.post(self._url or self._settings.url)
                .headers(headers)
                .timeout(timedelta(seconds=timeout_seconds))
                .body_bytes(body)
                .build_streamed()
            )
            async with request as response:
                return await self._read(response, began)
        except (PyreqwestError, OSError) as fault:
            was_sent = not _is_before_sending(fault)
            return Answer(Verdict.UNREACHED, duration_ms=self._since(began), was_sent=was_sent)

    def _since(self, began: float) -> int:
        return int((self._machine.monotonic() - began) * 1000)

    async def _read(self, response: Response, began: float) -> Answer:
        read = bytearray()
        reader = response.body_reader
        while (chunk := await reader.read_chunk()) is not None:
            read += chunk
            if len(read) > BODY_BYTES_MAX:
                return Answer(
                    Verdict.UNREACHED,
                    response.status,
                    bytes(read[:BODY_BYTES_MAX]),
                    self._since(began),
                    was_sent=True,
                )
        told = _header(response, "retry-after")
        retry_after = None
        if told is not None:
            retry_after = parse_retry_after(told, self._machine.unix_seconds())
        return Answer(
            judge_status(response.status),
            response.status,
            bytes(read),
            self._since(began),
            retry_after,
            was_sent=True,
        )

    async def _connected(self) -> Client:
        """Return a client that is pinned to an address, checked again every minute."""
        if self._client is not None and self._is_fresh():
            return self._client
        async with self._pinning:
            if self._client is not None and self._is_fresh():
                return self._client
            place = place_of(self._settings.url)
            try:
                address = await self._look_up(place)
            except AddressRefused:
                self._client = None
                raise
            except OSError:
                now = self._machine.monotonic()
                if self._client is None or now - self._checked_at >= _KEPT_SECONDS:
                    raise
                # An outage of names is not the wallet's.
                self._looked_at = now
                return self._client
            self._checked_at = self._looked_at = self._machine.monotonic()
            if self._client is None or address != self._pinned:
                # Calls that run on the client before end there; its connections go with it.
                self._client, self._pinned = self._build(place, address), address
                self._url = Url(self._settings.url)
            return self._client

    def _is_fresh(self) -> bool:
        return self._machine.monotonic() - self._looked_at < _PINNED_SECONDS

    async def _look_up(self, place: Place) -> str:
        """Look a name up; one that hangs holds one thread, however many calls wait for it."""
        if self._lookup is None or self._lookup.done():
            allow_private = self._settings.allow_private
            self._lookup = asyncio.create_task(
                pin(place, self._resolve, allow_private=allow_private)
            )
            self._lookup.add_done_callback(_pass_over)
        async with asyncio.timeout(self._settings.connect_timeout.total_seconds()):
            return await asyncio.shield(self._lookup)

    def _build(self, place: Place, address: str) -> Client:
        builder = (
            ClientBuilder()
            .no_proxy()
            .http1_only()
            .follow_redirects(enable=False)
            .gzip(enable=False)
            .brotli(enable=False)
            .zstd(enable=False)
            .deflate(enable=False)
            .referer(enable=False)
            .tcp_nodelay(enabled=True)
            .user_agent("acca")
            .connect_timeout(self._settings.connect_timeout)
        )
        if address != place.host:
            builder = builder.resolve(place.host, address, place.port)
        return builder.build()


async def _wait(task: asyncio.Task[Answer], seconds: float) -> None:
    """Wait for a task, at most so long, for half of what `asyncio.wait` costs."""
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()

    def end(_: object = None) -> None:
        if not over.done():
            over.set_result(None)

    timer = loop.call_later(seconds, end)
    task.add_done_callback(end)
    try:
        await over
    finally:
        timer.cancel()
        _ = task.remove_done_callback(end)


def _header(response: Response, name: str) -> str | None:
    try:
        return response.get_header(name)
    except ValueError:
        # Its bytes are no text.
        return None


def _pass_over(lookup: asyncio.Task[str]) -> None:
    """Take note of a failed lookup that no call waits for any more."""
    if not lookup.cancelled():
        _ = lookup.exception()


def _is_before_sending(fault: PyreqwestError | OSError) -> bool:
    """Tell whether a call ended before its connection stood.

    Only the causes tell: the client's ConnectError is also that of a connection that was closed
    instead of an answer, and its ConnectTimeoutError that of an answer that did not come.
    """
    if not isinstance(fault, DetailedPyreqwestError):
        return not isinstance(fault, PyreqwestError)
    causes = fault.details["causes"] or []
    return any(cause["message"] == _CONNECTING for cause in causes)
