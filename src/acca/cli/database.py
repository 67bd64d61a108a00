"""Commands of the database: `database`, `migrate`, `clock`."""

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta
from typing import Annotated, NamedTuple

import typer

from acca.boot import config, database_url, embedded_postgres, person, random_bytes
from acca.cli.app import DATABASE, app, fail, reader
from acca.cli.opened import on_database, sentences
from acca.core.durations import parse_duration
from acca.core.numbers import Malformed
from acca.flows.advance_clock import advance_by, advance_to
from acca.flows.rotate_signing_key import make_first_key
from acca.store.clock import Clock, read_clock
from acca.store.connection import Database, open_database
from acca.store.migrate import Migration
from acca.store.migrate import migrate as apply_migrations
from acca.wire.ed25519 import KEY_BYTES

_LOOK_SECONDS = 0.5

SandboxOption = Annotated[
    bool, typer.Option("--sandbox", help="Create it as a sandbox, whose clock may be moved.")
]

database = typer.Typer(no_args_is_help=True, help="The embedded database.")
clock = typer.Typer(no_args_is_help=True, help="Business time; a sandbox may move it forward.")
app.add_typer(database, name="database", rich_help_panel=DATABASE)
app.add_typer(clock, name="clock", rich_help_panel=DATABASE)


class Jump(NamedTuple):
    """How far the clock is to move: by a duration, or to an instant."""

    by: timedelta | None = None
    to: datetime | None = None


def _parse_jump(text: str) -> Jump:
    with contextlib.suppress(Malformed):
        return Jump(by=parse_duration(text))
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        message = "is neither a duration such as 24h nor an instant such as 2026-08-01T15:00:00"
        raise Malformed(message) from None
    return Jump(to=instant if instant.tzinfo else instant.replace(tzinfo=UTC))


@database.command()
def start(sandbox: SandboxOption = False) -> None:
    """Run the embedded database in the foreground, up to date, until Ctrl-C."""
    here = config()
    with (
        sentences(),
        contextlib.suppress(KeyboardInterrupt),
        embedded_postgres(here) as server,
    ):
        _tell_applied(asyncio.run(apply_migrations(server.url, sandbox=sandbox)))
        typer.echo(f"home    {here.home}\nready   {server.url}")
        while server.runs():
            time.sleep(_LOOK_SECONDS)
        fail("The database server has gone; its last words are in postgres.log of the home.")


@app.command(rich_help_panel=DATABASE)
def migrate(sandbox: SandboxOption = False) -> None:
    """Bring the database of DATABASE_URL, else the embedded one, up to date."""
    with sentences(), database_url(config()) as url:
        _tell_applied(asyncio.run(apply_migrations(url, sandbox=sandbox)))
        asyncio.run(_make_first_key(url))


async def _make_first_key(url: str) -> None:
    async with open_database(url, connections_max=1) as opened:
        await make_first_key(opened, random_bytes(KEY_BYTES), person())


@clock.command()
def show() -> None:
    """Show business time, and how far it is ahead of the database's own."""
    _tell_clock(on_database(_read))


@clock.command()
def advance(
    jump: Annotated[
        Jump,
        typer.Argument(
            parser=reader(_parse_jump),
            metavar="DURATION|INSTANT",
            help="Such as 90m, 24h, 2d12h, or 2026-08-01T15:00:00 (UTC).",
        ),
    ],
) -> None:
    """Move business time forward, in a sandbox."""
    _tell_clock(on_database(lambda opened: _advance(opened, jump)))


async def _read(opened: Database) -> Clock:
    async with opened.reader() as connection:
        return await read_clock(connection)


async def _advance(opened: Database, jump: Jump) -> Clock:
    if jump.to is not None:
        return await advance_to(opened, jump.to)
    return await advance_by(opened, jump.by or timedelta(0))


def _tell_applied(applied: list[Migration]) -> None:
    names = ", ".join(f"{step.number:04} {step.name}" for step in applied)
    typer.echo(f"schema  {'applied ' + names if names else 'up to date'}")


def _tell_clock(read: Clock) -> None:
    kind = "sandbox" if read.sandbox else "no sandbox: its clock stands still for nobody"
    typer.echo(f"{read.now:%Y-%m-%d %H:%M:%S} UTC, {read.ahead} ahead ({kind})")
