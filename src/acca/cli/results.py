"""Commands of results: `result`."""

from typing import Annotated

import typer

from acca.boot import person
from acca.cli.app import DATABASE, app, reader
from acca.cli.legs import parse_result
from acca.cli.opened import on_database
from acca.cli.trial_shown import render_trial, show_trial
from acca.core.score import Result
from acca.flows.enter_results import Entered, confirm, enter, try_result
from acca.store.connection import Database
from acca.store.platform_settings import get_platform_settings
from acca.store.supposed_worlds import spell_result

EventArgument = Annotated[int, typer.Argument(metavar="EVENT", help="Our id of the event.")]

result = typer.Typer(no_args_is_help=True, help="How events ended, entered by people.")
app.add_typer(result, name="result", rich_help_panel=DATABASE)


_RESULT = typer.Argument(
    parser=reader(parse_result),
    metavar="RESULT",
    help="Such as 2-1, 2-1ht1-0, abandoned2-0, cancelled or postponed.",
)
_MARK = typer.Option(
    "--as-shown", metavar="MARK", help="Only if it does just what `result try` has shown."
)


@result.command("try")
def try_out(
    event: EventArgument,
    ended: Annotated[Result, _RESULT],
    correct: Annotated[
        bool, typer.Option("--correct", help="Replace the result that is known.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show what a result would do to tickets, money and wallets, and write nothing of it."""
    entered = Entered(event, ended, person(), correct)
    trial = on_database(lambda opened: try_result(opened, entered))
    if as_json:
        typer.echo(render_trial(trial))
        return
    show_trial(trial, f"event {event} ends {spell_result(ended)}")


@result.command("enter")
def enter_result(
    event: EventArgument,
    ended: Annotated[Result, _RESULT],
    correct: Annotated[
        bool, typer.Option("--correct", help="Replace the result that is known.")
    ] = False,
    as_shown: Annotated[str | None, _MARK] = None,
) -> None:
    """Enter how a football match ended; where two have to agree, another person confirms it."""
    entered = Entered(event, ended, person(), correct, as_shown)
    version, waits = on_database(lambda opened: _enter(opened, entered))
    said = "waits for another person" if waits else "is the fact now"
    typer.echo(f"event {event}, version {version} of its result: {said}")


@result.command("confirm")
def confirm_result(
    event: EventArgument,
    version: Annotated[int, typer.Argument(metavar="VERSION", help="What `enter` printed.")],
    as_shown: Annotated[str | None, _MARK] = None,
) -> None:
    """Confirm what another person entered; from then on it is the fact."""
    on_database(lambda opened: confirm(opened, event, version, person(), as_shown))
    typer.echo(f"event {event}, version {version} of its result: is the fact now")


async def _enter(opened: Database, entered: Entered) -> tuple[int, bool]:
    async with opened.reader() as connection:
        settings = await get_platform_settings(connection)
    version = await enter(opened, entered, two_persons=settings.two_person_results)
    return version, settings.two_person_results
