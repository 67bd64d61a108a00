"""Commands of providers, who feed events, odds and results: `provider`."""

import typer

from acca.boot import new_secret, person
from acca.cli.app import PARTIES, app
from acca.cli.keys import NameArgument, make_key_commands, read_keys, show_keys, tell_key
from acca.cli.opened import on_database
from acca.cli.settings import minute
from acca.core.keys import Holder
from acca.flows.enrol_provider import enrol_provider
from acca.store.connection import Database
from acca.store.providers import Provider, get_provider, list_providers

provider = typer.Typer(no_args_is_help=True, help="Who feeds events, odds and results.")
app.add_typer(provider, name="provider", rich_help_panel=PARTIES)
provider.add_typer(make_key_commands(Holder.PROVIDER), name="key")


@provider.command()
def add(name: NameArgument) -> None:
    """Enrol a provider, and print the secret of its first key."""
    secret = new_secret()
    made = on_database(lambda opened: enrol_provider(opened, name, secret, person()))
    typer.echo(f"added   {made.provider.name}")
    tell_key(made.key)


@provider.command("list")
def list_all() -> None:
    """List all providers."""
    for each in on_database(_list):
        typer.echo(each.name)


@provider.command()
def show(name: NameArgument) -> None:
    """Show a provider and its keys, their secrets masked."""
    found = on_database(lambda opened: _get(opened, name))
    typer.echo(f"{found.name}, enrolled {minute(found.created)} UTC")
    show_keys(*on_database(lambda opened: read_keys(Holder.PROVIDER, name, opened)))


async def _list(opened: Database) -> list[Provider]:
    async with opened.reader() as reader:
        return await list_providers(reader)


async def _get(opened: Database, name: str) -> Provider:
    async with opened.reader() as reader:
        return await get_provider(reader, name)
