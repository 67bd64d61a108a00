"""Doors: what many ask for at once is saved in one statement; one save is in flight at a time."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Generic, TypeVar

from acca.store.connection import BAD_ROWS

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

BATCH_SIZE_MAX = 256
_TURNS_MAX = 16
_IDLE_TURNS = 2
"""So many turns in a row that bring nobody begin a save; an idle loop has them in microseconds."""


class Door(Generic[Asked, Answer]):
    """Where concurrent requests meet: what arrives during a save is the next batch.

    `save` takes a list and answers each in its order. A batch with a bad row is repeated one by
    one, so that only the guilty one fails. Nobody waits for a timer: only for those who are at work
    in this process and come along at once, since one large save costs less than two small ones.
    """

    def __init__(self, save: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]]) -> None:
        self._save: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]] = save
        self._waiting: deque[tuple[Asked, asyncio.Future[Answer]]] = deque()
        self._saving: asyncio.Task[None] | None = None

    async def enter(self, asked: Asked) -> Answer:
        """Pass with the next batch; a caller that goes away does not take its request back."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if self._saving is None:
            self._saving = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._let_come()
                size = min(len(self._waiting), BATCH_SIZE_MAX)
                await self._pass([self._waiting.popleft() for _ in range(size)])
        except asyncio.CancelledError:
            _cancel(self._waiting)
            raise
        finally:
            self._saving = None

    async def _let_come(self) -> None:
        """Let the others of the loop have turns while these bring somebody along."""
        came, idle = 0, 0
        for _ in range(_TURNS_MAX):
            idle = idle + 1 if len(self._waiting) == came else 0
            if idle == _IDLE_TURNS:
                return
            came = len(self._waiting)
            await asyncio.sleep(0)

    async def _pass(self, batch: list[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._save([asked for asked, _ in batch])
        except BAD_ROWS as fault:
            await self._pass_alone(batch, fault)
        except asyncio.CancelledError:
            _cancel(batch)
            raise
        except Exception as fault:  # noqa: BLE001 - whoever waits for the batch is told of it
            _fail(batch, fault)
        else:
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)

    async def _pass_alone(
        self, batch: list[tuple[Asked, asyncio.Future[Answer]]], fault: Exception
    ) -> None:
        if len(batch) == 1:
            _fail(batch, fault)
            return
        for one in batch:
            await self._pass([one])


def _fail(batch: Sequence[tuple[object, asyncio.Future[Answer]]], fault: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(fault)


def _cancel(batch: Iterable[tuple[object, asyncio.Future[Answer]]]) -> None:
    for _, future in batch:
        _ = future.cancel()
