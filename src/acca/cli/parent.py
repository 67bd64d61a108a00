"""The parent of a group: it owns the database and the socket, and keeps the others running."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Generator, Mapping
from typing import NamedTuple

import typer

from acca.boot import child_environment, embedded_postgres
from acca.cli.app import fail
from acca.cli.group import Numbers
from acca.cli.logged import open_log
from acca.cli.supervising import Group, Post
from acca.config import Config
from acca.store.connection import open_database
from acca.store.embedded.server import EmbeddedPostgres
from acca.store.migrate import migrate, require_schema

_LOOK_SECONDS = 0.5
_START = (sys.executable, "-m", "acca", "serve")


class _Source(NamedTuple):
    """The database of the group, and its server where that is ours."""

    url: str
    server: EmbeddedPostgres | None


def run_parent(
    here: Config, door: socket.socket | None, wanted: Numbers, *, migrates: bool, sandbox: bool
) -> None:
    """Run a group until it is told to end; a group that is one of several does not migrate."""
    with _database(here) as source:
        asyncio.run(_prepare(source.url, migrates=migrates, sandbox=sandbox))
        asyncio.run(_run(source, door, wanted))
        if source.server is not None and not source.server.runs():
            fail("The database server has gone; its last words are in postgres.log of the home.")


@contextlib.contextmanager
def _database(here: Config) -> Generator[_Source]:
    if here.database_url is not None:
        yield _Source(here.database_url, None)
        return
    with embedded_postgres(here) as server:
        yield _Source(server.url, server)


async def _prepare(url: str, *, migrates: bool, sandbox: bool) -> None:
    if migrates:
        _ = await migrate(url, sandbox=sandbox)
        return
    async with open_database(url, connections_max=1) as database:
        await require_schema(database)


async def _run(source: _Source, door: socket.socket | None, wanted: Numbers) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    with child_environment(source.url) as environment:
        async with asyncio.TaskGroup() as tasks:
            group = _group(door, wanted, environment)
            keeping = tasks.create_task(group.keep(stopping))
            telling = tasks.create_task(_tell_ready(group, door, wanted))
            await _wait_for_end(source.server, stopping)
            _ = telling.cancel()
            if door is not None:
                # Nobody is to wait at a door that nobody opens again.
                door.close()
            await keeping


def _group(door: socket.socket | None, wanted: Numbers, environment: Mapping[str, str]) -> Group:
    child_of = ("--child-of", *map(str, wanted))
    posts = [Post("worker", (*_START, "worker", *child_of))] * wanted.workers
    if door is not None:
        number = door.fileno()
        command = (*_START, "api", *child_of, "--fd", str(number))
        posts += [Post("api", command, (number,))] * wanted.api
    return Group(posts, environment, open_log(role="parent"))


async def _tell_ready(group: Group, door: socket.socket | None, wanted: Numbers) -> None:
    _ = await group.ready.wait()
    kinds = (("api", wanted.api), ("worker", wanted.workers))
    counted = ", ".join(f"{kind} {number}" for kind, number in kinds if number)
    place = "" if door is None else f"{_url(door)}  "
    typer.echo(f"ready  {place}({counted})")


def _url(door: socket.socket) -> str:
    host, port, *_ = door.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _wait_for_end(server: EmbeddedPostgres | None, stopping: asyncio.Event) -> None:
    """Wait until we are told to end, or have to because our database has gone."""
    while server is None or server.runs():
        with contextlib.suppress(TimeoutError):
            _ = await asyncio.wait_for(stopping.wait(), None if server is None else _LOOK_SECONDS)
        if stopping.is_set():
            return
    stopping.set()
