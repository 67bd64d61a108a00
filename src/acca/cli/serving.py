"""The command `serve`: the database, the API and the workers, as one group of processes."""

import contextlib
import os
import socket
from collections.abc import Generator
from enum import Enum
from typing import Annotated

import typer

from acca.boot import config, cores
from acca.cli.app import app, fail
from acca.cli.database import SandboxOption
from acca.cli.group import Numbers
from acca.cli.opened import sentences
from acca.config import Config

_BACKLOG = 2048


class Role(Enum):
    """What a process of the group does; without one, the command runs them all."""

    API = "api"
    WORKER = "worker"


@app.command(rich_help_panel="Serve")
def serve(
    role: Annotated[
        Role | None,
        typer.Argument(help="Only these processes, on the database of DATABASE_URL."),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8080,
    api_processes: Annotated[
        int | None, typer.Option(min=1, help="One less than the processors, if not given.")
    ] = None,
    worker_processes: Annotated[int, typer.Option(min=1)] = 1,
    sandbox: SandboxOption = False,
    listening: Annotated[int | None, typer.Option("--fd", hidden=True)] = None,
    child_of: Annotated[tuple[int, int], typer.Option("--child-of", hidden=True)] = (0, 0),
) -> None:
    """Run Acca: database, API and workers, until Ctrl-C or SIGTERM."""
    if any(child_of):
        # The parent needs no web framework, and starts in half the time without.
        from acca.cli.served import run_served  # noqa: PLC0415 - start-up time

        run_served(Numbers(*child_of), listening)
        return
    from acca.cli.parent import run_parent  # noqa: PLC0415 - start-up time of the other commands

    here = config()
    if role is not None:
        _require_made(role, here, sandbox=sandbox)
    api = 0 if role is Role.WORKER else api_processes or max(1, cores() - 1)
    wanted = Numbers(api, 0 if role is Role.API else worker_processes)
    with sentences(), contextlib.suppress(KeyboardInterrupt), _listen(host, port, api) as door:
        run_parent(here, door, wanted, migrates=role is None, sandbox=sandbox)


def _require_made(role: Role, here: Config, *, sandbox: bool) -> None:
    if here.database_url is None:
        fail(f"`acca serve {role.value}` works on a server of yours: set DATABASE_URL.")
    if sandbox:
        fail("A sandbox is made by `acca migrate --sandbox`, before its first process.")


@contextlib.contextmanager
def _listen(host: str, port: int, api: int) -> Generator[socket.socket | None]:
    if not api:
        yield None
        return
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as fault:
        # The library adds the address to the system's words; a name not found has no such number.
        number = fault.errno or 0
        said = os.strerror(number) if number > 0 else fault.strerror
        fail(f"There is no listening at {host}, port {port}: {said}.")
    with door:
        yield door
