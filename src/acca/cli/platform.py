"""Commands of the platform's own settings, the same for all operators: `platform`."""

import typer
from rich.table import Table

from acca.boot import person, random_bytes
from acca.cli.app import PARTIES, app
from acca.cli.opened import on_database
from acca.cli.settings import (
    AskedArguments,
    minute,
    show_changes,
    show_settings,
    show_table,
    tell_changed,
)
from acca.core.platform import PlatformSettings
from acca.core.signing_key import PublicKey
from acca.flows.rotate_signing_key import rotate_signing_key
from acca.flows.set_platform import set_platform
from acca.store.connection import Database
from acca.store.platform_settings import get_platform_settings, list_platform_setting_changes
from acca.store.setting_changes import SettingChange
from acca.store.signing_keys import list_signing_keys
from acca.wire.ed25519 import KEY_BYTES
from acca.wire.receipts import render_keys

platform = typer.Typer(no_args_is_help=True, help="Settings that all operators share.")
app.add_typer(platform, name="platform", rich_help_panel=PARTIES)
key = typer.Typer(no_args_is_help=True, help="The deployment's keys, which sign receipts.")
platform.add_typer(key, name="key")


@platform.command()
def show() -> None:
    """Show the settings of the platform."""
    show_settings("Platform", on_database(_read))


@platform.command("set")
def set_several(settings: AskedArguments) -> None:
    """Change settings of the platform, all that are named or none."""
    tell_changed(on_database(lambda opened: set_platform(opened, settings, person())))


@platform.command()
def history() -> None:
    """Show who changed which setting of the platform, and when."""
    show_changes(on_database(_read_changes))


@key.command("list")
def list_keys() -> None:
    """List the keys that sign or signed receipts."""
    _show_keys(on_database(_list_keys))


@key.command()
def publish() -> None:
    """Print the public keys as the deployment publishes them, for `acca verify --keys`."""
    typer.echo(render_keys(on_database(_list_keys)))


@key.command()
def rotate() -> None:
    """Let a new key sign from now on; receipts of the old one stay good."""
    private = random_bytes(KEY_BYTES)
    _show_keys(on_database(lambda opened: rotate_signing_key(opened, private, person())))


def _show_keys(keys: list[PublicKey]) -> None:
    table = Table("Key", "Signs from (UTC)", "Until")
    for one in keys:
        until = "" if one.retired is None else minute(one.retired)
        table.add_row(one.id, minute(one.valid_from), until)
    show_table(table)


async def _list_keys(opened: Database) -> list[PublicKey]:
    async with opened.reader() as reader:
        return await list_signing_keys(reader)


async def _read(opened: Database) -> PlatformSettings:
    async with opened.reader() as reader:
        return await get_platform_settings(reader)


async def _read_changes(opened: Database) -> list[SettingChange]:
    async with opened.reader() as reader:
        return await list_platform_setting_changes(reader)
