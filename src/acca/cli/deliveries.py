"""Commands of deliveries: `deliveries`."""

from typing import Annotated

import typer
from rich.table import Table

from acca.cli.app import PARTIES, app, fail
from acca.cli.opened import on_database
from acca.cli.settings import minute, show_table
from acca.flows.replay_deliveries import replay as replay_deliveries
from acca.flows.replay_deliveries import send_again
from acca.store.connection import Database
from acca.store.deliveries import WaitingLane, list_waiting

deliveries = typer.Typer(
    no_args_is_help=True, help="What wallets and SMS receivers have still to be told."
)
app.add_typer(deliveries, name="deliveries", rich_help_panel=PARTIES)


@deliveries.command("list")
def show(
    operator: Annotated[str | None, typer.Option(help="Only of this operator.")] = None,
    attention: Annotated[
        bool, typer.Option("--attention", help="Only what was given up and waits for staff.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 50,
) -> None:
    """List what waits to be delivered, the oldest first."""

    async def read(opened: Database) -> list[WaitingLane]:
        async with opened.reader() as connection:
            return await list_waiting(connection, operator, limit, attention=attention)

    table = Table("Operator", "Ticket", "Lane", "Entries", "Due (UTC)", "Attempts", "Attention")
    for lane in on_database(read):
        table.add_row(*_row(lane))
    show_table(table)


@deliveries.command()
def replay(
    operator: Annotated[str, typer.Argument(metavar="OPERATOR")],
    ticket: Annotated[
        str | None, typer.Argument(metavar="TICKET", help="Its id or its code.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All that waits for the operator.")
    ] = False,
    first: Annotated[
        int | None,
        typer.Option(
            "--from",
            min=2,
            metavar="N",
            help="Send the wallet again what it has acknowledged, from this entry on.",
        ),
    ] = None,
) -> None:
    """Let deliveries be tried at once: of a ticket, or of all; or be sent again to the wallet."""
    if (ticket is None) is not everything or (first is not None and ticket is None):
        fail("Name a ticket, or say --all.")
    number = on_database(lambda opened: _replay(opened, operator, ticket, first))
    typer.echo(f"{number} deliveries are due now")


async def _replay(opened: Database, operator: str, ticket: str | None, first: int | None) -> int:
    if ticket is None or first is None:
        return await replay_deliveries(opened, operator, ticket)
    return await send_again(opened, operator, ticket, first)


def _row(lane: WaitingLane) -> tuple[str, ...]:
    return (
        lane.operator,
        lane.ticket.hex(),
        lane.lane,
        f"{lane.next_n}-{lane.last_n}",
        minute(lane.due),
        str(lane.attempts),
        "" if lane.attention is None else minute(lane.attention),
    )
