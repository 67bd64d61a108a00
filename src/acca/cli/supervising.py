"""A group of processes is kept complete: who ends is replaced, until all are told to end."""

import asyncio
import contextlib
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from structlog.typing import FilteringBoundLogger

END_SECONDS_MAX = 20.0
"""A process that was told to end, and has not by then, is killed."""
_READ_BYTES = 4096
_STEADY_SECONDS = 30.0
_PAUSE_SECONDS_MIN = 0.1
_PAUSE_SECONDS_MAX = 10.0


class Post(NamedTuple):
    """One place of the group: the command of who fills it, and the sockets that it inherits."""

    role: str
    command: tuple[str, ...]
    sockets: tuple[int, ...] = ()


class Group:
    """The processes of one parent.

    Each has a pipe of ours as its standard input, which ends when we do, however we end, and says
    on its standard output, in a line, that it is ready.
    """

    def __init__(
        self,
        posts: Sequence[Post],
        environment: Mapping[str, str],
        log: FilteringBoundLogger,
        end_seconds_max: float = END_SECONDS_MAX,
    ) -> None:
        self._posts: Sequence[Post] = posts
        self._environment: Mapping[str, str] = environment
        self._log: FilteringBoundLogger = log
        self._end_seconds_max: float = end_seconds_max
        self._unready: set[int] = set(range(len(posts)))
        self.ready: asyncio.Event = asyncio.Event()

    async def keep(self, stopping: asyncio.Event) -> None:
        """Keep every post filled until `stopping` is set, and then until all have ended."""
        async with asyncio.TaskGroup() as group:
            for place in range(len(self._posts)):
                _ = group.create_task(self._keep_post(place, stopping))

    async def _keep_post(self, place: int, stopping: asyncio.Event) -> None:
        failures = 0
        while not stopping.is_set():
            begun = time.monotonic()
            status = await self._run_one(place, stopping)
            if stopping.is_set():
                return
            log = self._log.bind(post=self._posts[place].role, status=status)
            log.error("a process ended and is started again")
            failures = 0 if time.monotonic() - begun > _STEADY_SECONDS else failures + 1
            pause = min(_PAUSE_SECONDS_MIN * 2 ** min(failures, 10), _PAUSE_SECONDS_MAX)
            with contextlib.suppress(TimeoutError):
                _ = await asyncio.wait_for(stopping.wait(), pause)

    async def _run_one(self, place: int, stopping: asyncio.Event) -> int | str:
        """Run a process to its end, and return its status, or why it could not begin."""
        try:
            process = await self._start(self._posts[place])
        except OSError as fault:
            return str(fault)
        async with asyncio.TaskGroup() as group:
            ended = group.create_task(process.wait())
            told = group.create_task(stopping.wait())
            hearing = group.create_task(self._hear(place, process))
            _ = await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                await self._end(process, ended)
            _ = told.cancel()
            _ = hearing.cancel()
        return ended.result()

    async def _start(self, post: Post) -> Process:
        # In a session of its own, the terminal's Ctrl-C reaches the parent alone, which ends it.
        return await asyncio.create_subprocess_exec(
            *post.command,
            stdin=PIPE,
            stdout=PIPE,
            env=self._environment,
            pass_fds=post.sockets,
            start_new_session=True,
        )

    async def _hear(self, place: int, process: Process) -> None:
        assert process.stdout is not None, "it was started with a pipe"
        if await process.stdout.readline():
            self._unready.discard(place)
        if not self._unready:
            self.ready.set()
        # It says no more; were it to, a full pipe that nobody reads would stop it.
        while await process.stdout.read(_READ_BYTES):
            pass

    async def _end(self, process: Process, ended: asyncio.Task[int]) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        _ = await asyncio.wait({ended}, timeout=self._end_seconds_max)
        if not ended.done():
            self._log.error("a process did not end and is killed", pid=process.pid)
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            _ = await ended
