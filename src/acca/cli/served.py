"""One process of a group: it answers or works until its parent tells it to end, or is gone."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
import time
from typing import NoReturn

import uvloop
from structlog.typing import FilteringBoundLogger

from acca.api.app import build_app
from acca.api.measures import Measures
from acca.api.serving import serve_api
from acca.boot import calm_collector, config, monotonic_seconds, random_bytes, unix_seconds
from acca.cli.group import Numbers
from acca.cli.logged import open_log
from acca.cli.opened import sentences
from acca.config import Config
from acca.engine import Engine, Means, open_engine
from acca.store.clock import read_clock
from acca.store.connection import Database, open_database
from acca.store.migrate import require_schema
from acca.worker.duties import DUTIES
from acca.worker.loop import run_duties

ORPHAN_SECONDS_MAX = 5.0
"""So long a process whose parent is gone may take to end; its database may be gone as well."""
_STDIN = 0


def run_served(group: Numbers, listening: int | None) -> None:
    """Answer on a socket that was inherited, else work, until told to end."""
    log = open_log(role="worker" if listening is None else "api")
    with sentences(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(group, listening, config(), log))


async def _serve(
    group: Numbers, listening: int | None, here: Config, log: FilteringBoundLogger
) -> None:
    assert here.database_url is not None, "the parent names the database"
    stopping = asyncio.Event()
    _end_when_told(stopping)
    opening = open_database(here.database_url, connections_max=group.connections_max())
    async with opening as database:
        await require_schema(database)
        means = Means(
            unix_seconds,
            monotonic_seconds,
            random_bytes,
            log,
            allow_private=here.allow_private or await _is_sandbox(database),
            api_processes=group.api,
        )
        async with open_engine(database, means) as engine:
            calm_collector()
            if listening is None:
                _say_ready()
                await run_duties(engine, DUTIES, stopping)
            else:
                await _answer(engine, listening, here, stopping)


async def _is_sandbox(database: Database) -> bool:
    async with database.reader() as reader:
        return (await read_clock(reader)).sandbox


async def _answer(engine: Engine, listening: int, here: Config, stopping: asyncio.Event) -> None:
    with socket.socket(fileno=listening) as door:
        served = build_app(engine, Measures(here.measures_folder))
        await serve_api(served, door, stopping, _say_ready)


def _end_when_told(stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    threading.Thread(target=_end_without_parent, args=(loop, stopping), daemon=True).start()


def _end_without_parent(loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> NoReturn:
    """Wait for the end of the pipe whose other side the parent alone holds."""
    _ = os.read(_STDIN, 1)
    with contextlib.suppress(RuntimeError):
        _ = loop.call_soon_threadsafe(stopping.set)
    time.sleep(ORPHAN_SECONDS_MAX)
    os._exit(1)


def _say_ready() -> None:
    _ = sys.stdout.write("ready\n")
    _ = sys.stdout.flush()
