"""Commands of tickets that wait for staff, came too late or took money back: `ticket`."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table

from acca.boot import person
from acca.cli.app import reader
from acca.cli.opened import on_database
from acca.cli.settings import minute, show_table
from acca.cli.tickets import OperatorArgument, TicketArgument, show_line, ticket
from acca.core.durations import parse_duration
from acca.core.money import render_units
from acca.core.operating import parse_reason
from acca.flows.release_tickets import Released, Waived, Way, release_ticket, waive_clawback
from acca.store.clawbacks import ClawbackRow, list_clawbacks
from acca.store.clock import read_clock
from acca.store.connection import Database
from acca.store.settling import LateRow, Waiting, list_attention, list_late

AnyOperatorOption = Annotated[
    str | None, typer.Option("--operator", metavar="OPERATOR", help="Only this operator's.")
]
LimitOption = Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")]
LastOption = Annotated[
    timedelta | None,
    typer.Option(parser=reader(parse_duration), metavar="TIME", help="Only of the last 24h, 7d …"),
]
ByOption = Annotated[
    Way | None,
    typer.Option(
        help="A plain win, whose amounts the wallet reads; a void that carries them; or an update."
    ),
]
ReasonOption = Annotated[
    str, typer.Option(parser=reader(parse_reason), metavar="TEXT", help="Why; kept with it.")
]


@ticket.command()
def held(operator: AnyOperatorOption = None, limit: LimitOption = 50) -> None:
    """List tickets whose settlement waits for staff."""
    waiting = on_database(lambda opened: _read_waiting(opened, operator, limit))
    table = Table("Operator", "Ticket", "Code", "Type", "Since (UTC)", "Why")
    for one in waiting:
        named = one.ticket.hex(), one.code, one.type
        table.add_row(one.operator, *named, minute(one.since), _why(one))
    show_table(table)


def _why(one: Waiting) -> str:
    if not one.held:
        return "not settled, see the log"
    return "amounts changed" if one.status == "open" else "a payout to be taken back"


@ticket.command()
def release(operator: OperatorArgument, identifier: TicketArgument, by: ByOption = None) -> None:
    """Tell the wallet how a held ticket ended; a payout is taken back."""
    asked = Released(operator, identifier, person(), by)
    show_line(on_database(lambda opened: release_ticket(opened, asked)))


@ticket.command()
def waive(operator: OperatorArgument, identifier: TicketArgument, reason: ReasonOption) -> None:
    """Leave a payout that is held as it was paid, and close its ticket."""
    asked = Waived(operator, identifier, person(), reason)
    show_line(on_database(lambda opened: waive_clawback(opened, asked)))


@ticket.command()
def clawbacks(
    operator: AnyOperatorOption = None, last: LastOption = None, limit: LimitOption = 50
) -> None:
    """List payouts that corrections take back, with what has become of each, and their sums."""
    found = on_database(lambda opened: _read_clawbacks(opened, operator, last, limit))
    table = Table("Operator", "Ticket", "Player", "Since (UTC)", "Paid", "Due", "To take back", "")
    sums: Counter[tuple[str, str, str]] = Counter()
    for one in found:
        cents = one.was_net_cents - one.net_cents
        sums[one.operator, one.currency, one.course] += cents
        money = (one.was_net_cents, one.net_cents, cents)
        course = f"{one.course} ({one.policy})"
        named = one.operator, one.ticket.hex(), one.player, minute(one.at)
        table.add_row(*named, *map(render_units, money), course)
    show_table(table)
    if len(found) == limit:
        typer.echo(f"These are the newest {limit}, and the sums are theirs: --limit for more.")
    for (name, currency, course), cents in sorted(sums.items()):
        typer.echo(f"{name}: {render_units(cents)} {currency} {course}")


@ticket.command()
def late(operator: AnyOperatorOption = None, limit: LimitOption = 50) -> None:
    """List corrections that came after a ticket was closed, with the difference in money."""
    found = on_database(lambda opened: _read_late(opened, operator, limit))
    table = Table("Operator", "Ticket", "Code", "Type", "Found (UTC)", "Was", "Is", "Difference")
    for one in found:
        was = f"{one.was_result} {render_units(one.was_net_cents)}"
        now = f"{one.result} {render_units(one.net_cents)}"
        difference = f"{render_units(one.net_cents - one.was_net_cents)} {one.currency}"
        named = one.ticket.hex(), one.code, one.type
        table.add_row(one.operator, *named, minute(one.found), was, now, difference)
    show_table(table)


async def _read_waiting(opened: Database, operator: str | None, limit: int) -> list[Waiting]:
    async with opened.reader() as connection:
        return await list_attention(connection, operator, limit)


async def _read_late(opened: Database, operator: str | None, limit: int) -> list[LateRow]:
    async with opened.reader() as connection:
        return await list_late(connection, operator, limit)


async def _read_clawbacks(
    opened: Database, operator: str | None, last: timedelta | None, limit: int
) -> list[ClawbackRow]:
    async with opened.reader() as connection:
        since: datetime | None = None
        if last is not None:
            since = (await read_clock(connection)).now - last
        return await list_clawbacks(connection, operator, since, limit)
