"""Commands of results: `result`."""

from typing import Annotated

import typer

from acca.boot import person
from acca.cli.app import DATABASE, app, reader
from acca.cli.legs import parse_result
from acca.cli.opened import on_database
from acca.core.score import Result
from acca.flows.enter_results import Entered, confirm, enter
from acca.store.connection import Database
from acca.store.platform_settings import get_platform_settings

EventArgument = Annotated[int, typer.Argument(metavar="EVENT", help="Our id of the event.")]

result = typer.Typer(no_args_is_help=True, help="How events ended, entered by people.")
app.add_typer(result, name="result", rich_help_panel=DATABASE)


@result.command("enter")
def enter_result(
    event: EventArgument,
    ended: Annotated[
        Result,
        typer.Argument(
            parser=reader(parse_result),
            metavar="RESULT",
            help="Such as 2-1, 2-1ht1-0, abandoned2-0, cancelled or postponed.",
        ),
    ],
    correct: Annotated[
        bool, typer.Option("--correct", help="Replace the result that is known.")
    ] = False,
) -> None:
    """Enter how a football match ended; where two have to agree, another person confirms it."""
    entered = Entered(event, ended, person(), correct)
    version, waits = on_database(lambda opened: _enter(opened, entered))
    said = "waits for another person" if waits else "is the fact now"
    typer.echo(f"event {event}, version {version} of its result: {said}")


@result.command("confirm")
def confirm_result(
    event: EventArgument,
    version: Annotated[int, typer.Argument(metavar="VERSION", help="What `enter` printed.")],
) -> None:
    """Confirm what another person entered; from then on it is the fact."""
    on_database(lambda opened: confirm(opened, event, version, person()))
    typer.echo(f"event {event}, version {version} of its result: is the fact now")


async def _enter(opened: Database, entered: Entered) -> tuple[int, bool]:
    async with opened.reader() as connection:
        settings = await get_platform_settings(connection)
    version = await enter(opened, entered, two_persons=settings.two_person_results)
    return version, settings.two_person_results
