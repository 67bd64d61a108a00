"""Commands of bet cards: `card`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import typer

from acca.boot import new_card_code, person
from acca.cli.app import PARTIES, app, fail
from acca.cli.opened import on_database
from acca.cli.settings import minute
from acca.flows.add_card import add_card
from acca.flows.compose_cards import TIPSTER, compose_now
from acca.flows.keep_template import read_template
from acca.flows.move_card import close, publish, read_card, replace_card
from acca.store.card_moves import PlacedCard
from acca.store.cards import StoredCard, list_cards
from acca.store.connection import Database
from acca.store.operators import get_operator
from acca.wire.card_files import CardFile, parse_card_file
from acca.wire.defects import Defective, TooLarge
from acca.wire.document import render
from acca.wire.template_files import TemplateFile, parse_template_file

Read = TypeVar("Read")

OperatorOption = Annotated[str, typer.Option(help="Whose card it is.")]
CodeArgument = Annotated[str, typer.Argument(help="The card's code.", metavar="CODE")]

card = typer.Typer(no_args_is_help=True, help="What operators offer: cards of the five products.")
app.add_typer(card, name="card", rich_help_panel=PARTIES)


@card.command()
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="The card as JSON.")],
    operator: OperatorOption,
    draft: Annotated[bool, typer.Option("--draft", help="Do not publish it yet.")] = False,
) -> None:
    """Write a card from a file and publish it."""
    read = _read(file)
    made = on_database(lambda opened: add_card(opened, operator, read, new_card_code, person()))
    if draft:
        _tell(on_database(lambda opened: read_card(opened, operator, made.code)))
    else:
        _tell(on_database(lambda opened: publish(opened, operator, made.code, person())))


@card.command()
def compose(
    template: Annotated[
        str, typer.Argument(metavar="TEMPLATE", help="A file, or the name of a kept template.")
    ],
    operator: OperatorOption,
) -> None:
    """Make an operator's cards of a template now, from what is open and its present odds."""
    chosen = _choose_template(template)
    made = on_database(
        lambda opened: compose_now(opened, operator, chosen, new_card_code, person())
    )
    for each in made.cards:
        typer.echo(f"{each.code}  {each.type.value:8}  {each.file.title}")
    for sentence in made.refused:
        typer.echo(sentence, err=True)
    if not made.cards:
        fail("No card was made: what is open has too little for this template.")


@card.command("replace")
def replace_published(
    code: CodeArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="The card as JSON.")],
    operator: OperatorOption,
) -> None:
    """Close a card and publish another one in its place: an editor knows better."""
    read = _read(file)
    made = on_database(lambda opened: add_card(opened, operator, read, new_card_code, person()))
    _tell(
        on_database(
            lambda opened: replace_card(opened, operator, code.upper(), made.code, person())
        )
    )


@card.command("publish")
def publish_draft(code: CodeArgument, operator: OperatorOption) -> None:
    """Publish a draft: it opens at its time, and what it offers never changes again."""
    _tell(on_database(lambda opened: publish(opened, operator, code.upper(), person())))


@card.command("close")
def close_early(code: CodeArgument, operator: OperatorOption) -> None:
    """Close a card before its events do."""
    _tell(on_database(lambda opened: close(opened, operator, code.upper(), person())))


@card.command()
def show(code: CodeArgument, operator: OperatorOption) -> None:
    """Show a card: its life, and its file."""
    placed = on_database(lambda opened: read_card(opened, operator, code.upper()))
    _tell(placed)
    typer.echo(msgspec.json.format(render(placed.card.file), indent=2))


@card.command("list")
def list_newest(
    operator: OperatorOption, limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50
) -> None:
    """List an operator's cards, the newest first."""
    for each in on_database(lambda opened: _list(opened, operator, limit)):
        typer.echo(f"{each.code}  {each.type.value:8}  {minute(each.created)}  {each.file.title}")


async def _list(opened: Database, operator: str, limit: int) -> list[StoredCard]:
    async with opened.reader() as reader:
        return await list_cards(reader, (await get_operator(reader, operator)).id, limit)


def _choose_template(named: str) -> TemplateFile:
    path = Path(named)
    if path.suffix == ".json" or path.is_file():
        return read_file(path, parse_template_file)
    if named == TIPSTER.name:
        return TIPSTER
    found = on_database(lambda opened: read_template(opened, named)).file
    assert found is not None, "what is in force has a file"
    return found


def _read(file: Path) -> CardFile:
    return read_file(file, parse_card_file)


def read_file(file: Path, parse: Callable[[bytes], Read]) -> Read:
    """Read a file that a person wrote, or end with a sentence for each defect."""
    try:
        return parse(file.read_bytes())
    except OSError as fault:
        fail(f"{file}: {fault.strerror}.")
    except TooLarge as refused:
        fail(f"{file}: {refused}.")
    except Defective as refused:
        places = [
            (".".join(map(str, each.loc[1:])) or "file", each.msg) for each in refused.defects
        ]
        fail("\n".join(f"{file}: {place} {message}." for place, message in places))


def _tell(placed: PlacedCard) -> None:
    stored = placed.card
    typer.echo(f"{stored.code}  {stored.type.value}  {placed.state.value}")
    typer.echo(f"opens   {minute(stored.opens)} UTC\ncloses  {minute(placed.closes)} UTC")
