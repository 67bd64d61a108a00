"""What became of deliveries is saved in groups: one save is under way, the rest gathers behind it.

An answer that came and was not saved is as good as none: the lease ends, the entry is sent again
under the same number, and the wallet knows it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import NamedTuple

from acca.core.delivering import Course
from acca.store.connection import BAD_ROWS, Database
from acca.store.deliveries import LeasedLane, Stepped, give_back, save_steps

_SAVED_MAX = 500


class Unsaved(NamedTuple):
    """A step to be saved; `ended` is called when it was, or could not be.

    `told` is who waits for it before the lane's next entry is sent: whether it may be.
    """

    stepped: Stepped
    ended: Callable[[], None]
    told: asyncio.Future[bool] | None


class Saver:
    """Saves steps with all that are there by then; it begins its own work by `begin`."""

    def __init__(
        self,
        database: Database,
        begin: Callable[[Coroutine[object, object, None]], None],
        report: Callable[[BaseException], None],
    ) -> None:
        self._database: Database = database
        self._begin: Callable[[Coroutine[object, object, None]], None] = begin
        self._report: Callable[[BaseException], None] = report
        self._unsaved: list[Unsaved] = []
        self._is_saving: bool = False

    def save(self, unsaved: Unsaved) -> None:
        """Save a step soon."""
        self._unsaved.append(unsaved)
        if not self._is_saving:
            self._is_saving = True
            self._begin(self._save_all())

    async def _save_all(self) -> None:
        try:
            while self._unsaved:
                batch = self._unsaved[:_SAVED_MAX]
                del self._unsaved[:_SAVED_MAX]
                try:
                    await self._save_batch(batch)
                finally:
                    for one in batch:
                        one.ended()
        finally:
            self._is_saving = False

    async def _save_batch(self, batch: Sequence[Unsaved]) -> None:
        try:
            async with self._database.writer() as writer:
                ours = await save_steps(writer, [one.stepped for one in batch])
        except BAD_ROWS as fault:
            if len(batch) == 1:
                self._fail(batch, fault)
            else:
                for one in batch:
                    await self._save_batch([one])
        except Exception as fault:  # noqa: BLE001 - whatever it is, what comes next is to be saved
            self._fail(batch, fault)
        else:
            await self._tell(batch, ours)

    async def _tell(self, batch: Sequence[Unsaved], ours: Sequence[bool]) -> None:
        """Tell who waits; what is still ours after its last entry has more by now."""
        more: list[LeasedLane] = []
        for (stepped, _, told), is_ours in zip(batch, ours, strict=True):
            if told is None:
                if is_ours:
                    more.append(stepped.leased)
            elif not told.done():
                told.set_result(is_ours and stepped.step.course is Course.NEXT)
        if more:
            async with self._database.writer() as writer:
                await give_back(writer, more, timedelta(0))

    def _fail(self, batch: Sequence[Unsaved], fault: Exception) -> None:
        """Tell of a fault once; leases end by themselves, and the lanes are taken again."""
        for _, _, told in batch:
            if told is not None and not told.done():
                told.set_result(False)
        self._report(fault)
