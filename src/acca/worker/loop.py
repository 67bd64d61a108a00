"""The loop of a worker: every duty on its own beat, none twice at once, and one that fails again.

A beat is missed, and not made up for, where the work takes longer than its interval.
"""

import asyncio
import contextlib
from collections.abc import Sequence

from structlog.typing import FilteringBoundLogger

from acca.engine import Engine
from acca.store.connection import OVERTAKEN
from acca.worker.duties import Duty

RETRY_SECONDS_MIN = 0.5
RETRY_SECONDS_MAX = 5.0
"""Silent providers are suspended within this time after the database is back."""
_OVERTAKEN_MAX = 3
STOP_SECONDS_MAX = 10.0
"""A duty under way may take so long to end; then its transaction is given up."""


async def run_duties(
    engine: Engine,
    duties: Sequence[Duty],
    stopping: asyncio.Event,
    stop_seconds_max: float = STOP_SECONDS_MAX,
) -> None:
    """Do the duties until `stopping` is set and those under way have ended."""
    async with asyncio.TaskGroup() as group:
        beats = [group.create_task(_Beat(engine, duty).keep(stopping)) for duty in duties]
        _ = await stopping.wait()
        if beats:
            _, late = await asyncio.wait(beats, timeout=stop_seconds_max)
            for beat in late:
                _ = beat.cancel()


class _Beat:
    """One duty of this process, with what is known of its failures."""

    def __init__(self, engine: Engine, duty: Duty) -> None:
        self._engine: Engine = engine
        self._duty: Duty = duty
        self._failures: int = 0
        self._told: str | None = None

    async def keep(self, stopping: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        while not stopping.is_set():
            begun = loop.time()
            more = await self._do_once()
            spent = loop.time() - begun
            with contextlib.suppress(TimeoutError):
                pause = 0.0 if more else self._pause_seconds(spent)
                _ = await asyncio.wait_for(stopping.wait(), pause)

    def _pause_seconds(self, spent: float) -> float:
        if not self._failures:
            return max(0.0, self._duty.every_seconds - spent)
        doubled = RETRY_SECONDS_MIN * 2 ** min(self._failures - 1, 10)
        return min(doubled, RETRY_SECONDS_MAX)

    async def _do_once(self) -> bool:
        # A duty that fails must not end the others.
        try:
            more = await self._duty.work(self._engine)
        except OVERTAKEN as overtaken:
            # Another stood in the way, as when months are made; that is over in a moment.
            self._failures += 1
            if self._failures >= _OVERTAKEN_MAX:
                self._tell(overtaken)
            return False
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is logged
            self._failures += 1
            self._tell(failure)
            return False
        if self._told is not None:
            self._log().info("a duty works again", failures=self._failures)
        self._failures, self._told = 0, None
        return more

    def _tell(self, failure: Exception) -> None:
        said = f"{type(failure).__name__}: {failure}"
        if said != self._told:
            self._log().error("a duty fails and is tried again", exc_info=failure)
        self._told = said

    def _log(self) -> FilteringBoundLogger:
        return self._engine.log.bind(duty=self._duty.name)
