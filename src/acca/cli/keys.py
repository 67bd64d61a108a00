"""Commands of secret keys, the same for operators and providers."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

import typer
from rich.table import Table

from acca.boot import new_secret, person
from acca.cli.app import fail, reader
from acca.cli.opened import on_database
from acca.cli.settings import minute, show_table
from acca.core.durations import parse_duration
from acca.core.keys import Holder, Key
from acca.core.operating import parse_name
from acca.flows.rotate_key import add_key, retire_key
from acca.store.clock import read_clock
from acca.store.connection import Database
from acca.store.keys import list_keys
from acca.store.operators import get_operator
from acca.store.providers import get_provider

NameArgument = Annotated[str, typer.Argument(parser=reader(parse_name), metavar="NAME")]
NumberArgument = Annotated[int, typer.Argument(help="The number of the key.")]
InOption = Annotated[
    timedelta | None,
    typer.Option(
        "--in",
        parser=reader(parse_duration),
        metavar="DURATION",
        help="How long it stays valid, such as 24h.",
    ),
]


def make_key_commands(holder: Holder) -> typer.Typer:
    """Make the group `key` of one kind of holder."""
    commands = typer.Typer(no_args_is_help=True, help=f"Secret keys of {holder.value}s.")

    @commands.command()
    def add(name: NameArgument) -> None:
        """Add a key, which signs from now on, and print its secret."""
        secret = new_secret()
        tell_key(on_database(lambda opened: add_key(opened, holder, name, secret, person())))

    @commands.command("list")
    def list_all(name: NameArgument) -> None:
        """List the keys, their secrets masked."""
        show_keys(*on_database(partial(read_keys, holder, name)))

    @commands.command()
    def show(name: NameArgument, number: NumberArgument) -> None:
        """Print the secret of a key."""
        keys, _ = on_database(partial(read_keys, holder, name))
        found = next((key for key in keys if key.number == number), None)
        if found is None:
            fail(f"There is no key {number}.")
        typer.echo(found.secret.text)

    @commands.command()
    def retire(name: NameArgument, number: NumberArgument, delay: InOption = None) -> None:
        """Retire a key, at once or later; the other one has to be without an end."""
        wait = delay or timedelta()
        retired = on_database(
            lambda opened: retire_key(opened, holder, name, number, wait, person())
        )
        assert retired.retires is not None, "a retired key has an end"
        typer.echo(f"key     {number}, retires {minute(retired.retires)} UTC")

    # The decorators have hung them up; nobody calls them by these names.
    _ = add, list_all, show, retire
    return commands


async def read_keys(holder: Holder, name: str, opened: Database) -> tuple[list[Key], datetime]:
    """Read the keys of a holder, and the time at which they are valid or not."""
    async with opened.reader() as reads:
        get = get_operator if holder is Holder.OPERATOR else get_provider
        found = await get(reads, name)
        keys = await list_keys(reads, holder, found.id)
        return keys, (await read_clock(reads)).now


def tell_key(key: Key) -> None:
    """Print a new key with its secret."""
    typer.echo(f"key     {key.number}\nsecret  {key.secret.text}")


def show_keys(keys: list[Key], now: datetime) -> None:
    """Print keys without giving their secrets away."""
    table = Table("Key", "Secret", "Created (UTC)", "State")
    for key in keys:
        table.add_row(str(key.number), key.secret.masked, minute(key.created), _state(key, now))
    show_table(table)


def _state(key: Key, now: datetime) -> str:
    if key.retires is None:
        return "valid"
    return f"{'valid until' if key.is_valid(now) else 'retired'} {minute(key.retires)}"
