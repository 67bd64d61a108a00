"""Settings on the command line: asked for as `name=value`, shown with their defaults."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from acca.cli.app import reader
from acca.core.setting import Asked, Settings, declarations, parse_asked, render_settings
from acca.store.setting_changes import SettingChange

AskedArguments = Annotated[
    list[Asked],
    typer.Argument(parser=reader(parse_asked), metavar="NAME=VALUE…", help="All are set, or none."),
]


def show_table(table: Table) -> None:
    """Print a table whose texts are somebody's, so that nothing in them is markup."""
    Console(markup=False, emoji=False).print(table)


def show_settings(title: str, settings: Settings) -> None:
    """Print every setting with its value, and its default where that is another."""
    defaults = render_settings(type(settings)())
    table = Table("Setting", "Value", "Default", "Means", title=title, title_justify="left")
    for column in table.columns:
        column.overflow = "fold"
    for name, text in render_settings(settings).items():
        default = "" if text == defaults[name] else defaults[name] or '""'
        table.add_row(name, text or '""', default, declarations(type(settings))[name].meaning)
    show_table(table)


def show_changes(changes: list[SettingChange]) -> None:
    """Print who changed what, the newest first."""
    table = Table("When (UTC)", "Who", "Setting", "Value", "Reason")
    for change in changes:
        reason = change.reason or ""
        table.add_row(minute(change.created), change.who, change.name, change.value, reason)
    show_table(table)


def tell_changed(changed: dict[str, str]) -> None:
    """Print the settings that differ now."""
    for name, text in changed.items():
        typer.echo(f"{name}={text}")
    if not changed:
        typer.echo("Nothing changed: it was so already.")


def minute(instant: datetime) -> str:
    """Write an instant of the database, which is UTC, to the minute."""
    return f"{instant:%Y-%m-%d %H:%M}"
