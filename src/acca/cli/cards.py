"""Commands of bet cards: `card`."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from acca.boot import new_card_code, person
from acca.cli.app import PARTIES, app, fail
from acca.cli.opened import on_database
from acca.cli.settings import minute
from acca.flows.add_card import add_card
from acca.flows.move_card import PlacedCard, close, publish, read_card
from acca.store.cards import StoredCard, list_cards
from acca.store.connection import Database
from acca.store.operators import get_operator
from acca.wire.card_files import CardFile, parse_card_file
from acca.wire.defects import Defective, TooLarge
from acca.wire.document import render

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


def _read(file: Path) -> CardFile:
    try:
        return parse_card_file(file.read_bytes())
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
