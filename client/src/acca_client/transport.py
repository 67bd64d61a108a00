"""The two drivers of a conversation: one that blocks, one that awaits."""

import asyncio
import time
from collections.abc import Mapping
from typing import TypeVar

import httpx2

from acca_client.conversation import Call, Caller, Lost, Pause, Reply, Send, Step, Talk

Value = TypeVar("Value")

ANSWER_BYTES_MAX = 64 * 1024 * 1024
"""Longer answers are cut, and count as lost."""

CONNECT_SECONDS = 4.0
"""A connection that takes longer than this is tried again."""

_HEADERS = {"accept": "application/json", "user-agent": "acca-client"}


class _Gathered:
    """The chunks of an answer, up to the limit of its size and of its time."""

    def __init__(self, end: float) -> None:
        self._end: float = end
        self._chunks: list[bytes] = []
        self._length: int = 0

    def add(self, chunk: bytes) -> str | None:
        """Take a chunk; a sentence if it is one too many, or too late."""
        self._chunks.append(chunk)
        self._length += len(chunk)
        if self._length > ANSWER_BYTES_MAX:
            return "the answer is too long"
        return "the answer took too long" if time.monotonic() > self._end else None

    def reply(self, response: httpx2.Response) -> Reply:
        """Make the reply of all chunks."""
        return Reply(response.status_code, _lower(response.headers), b"".join(self._chunks))


class SyncConnections:
    """Connections to one server; a driver that blocks. May be shared by threads."""

    def __init__(self, caller: Caller, transport: httpx2.BaseTransport | None = None) -> None:
        self._caller: Caller = caller
        self._client: httpx2.Client = httpx2.Client(transport=transport, headers=_HEADERS)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def call(self, call: Call[Value]) -> Value:
        """Call until there is an answer, or no more patience."""
        talk: Talk[Value] = self._caller.converse(call)
        outcome: Reply | Lost | None = None
        try:
            while True:
                outcome = self._carry_out(talk.send(outcome))
        except StopIteration as end:
            return end.value

    def _carry_out(self, step: Step) -> Reply | Lost | None:
        if isinstance(step, Pause):
            time.sleep(step.seconds)
            return None
        try:
            return self._send(step)
        except httpx2.RequestError as error:
            return _lost(error)

    def _send(self, send: Send) -> Reply | Lost:
        gathered = _Gathered(time.monotonic() + send.timeout_seconds)
        with self._client.stream(
            send.method,
            self._caller.origin + send.path,
            headers=send.headers,
            content=send.body or None,
            timeout=_timeout(send),
        ) as response:
            for chunk in response.iter_bytes():
                too_much = gathered.add(chunk)
                if too_much is not None:
                    return Lost(too_much)
            return gathered.reply(response)


class AsyncConnections:
    """Connections to one server; a driver that awaits, on asyncio."""

    def __init__(self, caller: Caller, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._caller: Caller = caller
        self._client: httpx2.AsyncClient = httpx2.AsyncClient(transport=transport, headers=_HEADERS)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def call(self, call: Call[Value]) -> Value:
        """Call until there is an answer, or no more patience."""
        talk: Talk[Value] = self._caller.converse(call)
        outcome: Reply | Lost | None = None
        try:
            while True:
                outcome = await self._carry_out(talk.send(outcome))
        except StopIteration as end:
            return end.value

    async def _carry_out(self, step: Step) -> Reply | Lost | None:
        if isinstance(step, Pause):
            await asyncio.sleep(step.seconds)
            return None
        try:
            async with asyncio.timeout(step.timeout_seconds):
                return await self._send(step)
        except httpx2.RequestError as error:
            return _lost(error)
        except TimeoutError:
            return Lost("the answer took too long")

    async def _send(self, send: Send) -> Reply | Lost:
        gathered = _Gathered(time.monotonic() + send.timeout_seconds)
        async with self._client.stream(
            send.method,
            self._caller.origin + send.path,
            headers=send.headers,
            content=send.body or None,
            timeout=_timeout(send),
        ) as response:
            async for chunk in response.aiter_bytes():
                too_much = gathered.add(chunk)
                if too_much is not None:
                    return Lost(too_much)
            return gathered.reply(response)


def _timeout(send: Send) -> httpx2.Timeout:
    seconds = send.timeout_seconds
    return httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _lost(error: httpx2.RequestError) -> Lost:
    return Lost(f"{type(error).__name__}: {error}".removesuffix(": "))
