"""Commands of the platform's own settings, the same for all operators: `platform`."""

import typer

from acca.boot import person
from acca.cli.app import PARTIES, app
from acca.cli.opened import on_database
from acca.cli.settings import AskedArguments, show_changes, show_settings, tell_changed
from acca.core.platform import PlatformSettings
from acca.flows.set_platform import set_platform
from acca.store.connection import Database
from acca.store.platform_settings import get_platform_settings, list_platform_setting_changes
from acca.store.setting_changes import SettingChange

platform = typer.Typer(no_args_is_help=True, help="Settings that all operators share.")
app.add_typer(platform, name="platform", rich_help_panel=PARTIES)


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


async def _read(opened: Database) -> PlatformSettings:
    async with opened.reader() as reader:
        return await get_platform_settings(reader)


async def _read_changes(opened: Database) -> list[SettingChange]:
    async with opened.reader() as reader:
        return await list_platform_setting_changes(reader)
