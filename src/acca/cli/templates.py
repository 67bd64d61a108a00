"""Commands of templates of cards: `template`."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from acca.boot import person
from acca.cli.app import PARTIES, app
from acca.cli.cards import read_file
from acca.cli.opened import on_database
from acca.cli.settings import minute
from acca.flows.keep_template import end_template, keep_template, read_template
from acca.store.connection import Database
from acca.store.templates import StoredTemplate, list_templates
from acca.wire.document import render
from acca.wire.template_files import parse_template_file

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The template's name.")]

template = typer.Typer(
    no_args_is_help=True, help="What cards are copied from for operators, each day anew."
)
app.add_typer(template, name="template", rich_help_panel=PARTIES)


@template.command()
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="The template as JSON.")],
) -> None:
    """Keep a template; one of the same name is replaced by it."""
    read = read_file(file, parse_template_file)
    _tell(on_database(lambda opened: keep_template(opened, read, person())))


@template.command("list")
def list_kept() -> None:
    """List the templates that are in force."""
    for each in on_database(_list):
        _tell(each)


@template.command()
def show(name: NameArgument) -> None:
    """Show a template as a file."""
    kept = on_database(lambda opened: read_template(opened, name))
    assert kept.file is not None, "what is in force has a file"
    typer.echo(msgspec.json.format(render(kept.file), indent=2))


@template.command()
def end(name: NameArgument) -> None:
    """End a template: no more copies are made of it."""
    _ = on_database(lambda opened: end_template(opened, name, person()))


async def _list(opened: Database) -> list[StoredTemplate]:
    async with opened.reader() as reader:
        return await list_templates(reader)


def _tell(kept: StoredTemplate) -> None:
    assert kept.file is not None, "what is in force has a file"
    version = f"version {kept.version} of {minute(kept.at)} by {kept.who}"
    typer.echo(f"{kept.name}  {kept.file.type.value}  {version}")
