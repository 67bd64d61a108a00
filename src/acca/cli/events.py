"""Commands of events: `event`."""

from typing import Annotated, NamedTuple

import typer
from rich.table import Table

from acca.boot import person
from acca.cli.app import DATABASE, app, fail, reader
from acca.cli.opened import on_database
from acca.cli.settings import minute, show_table
from acca.core.catalogue.standing import Standing, State
from acca.core.catalogue.stopping import Doubt
from acca.core.markets.market import Sport
from acca.core.odds import render_odds
from acca.core.operating import parse_reason
from acca.flows.stop_events import Lift, lift_event, stop_event
from acca.store.connection import Database
from acca.store.events import Located, SeenEvent, list_events, read_event
from acca.store.stops import Doubted, KeptChange, list_doubts, list_stop_changes

EventArgument = Annotated[int, typer.Argument(metavar="EVENT", help="Our id of the event.")]
ReasonOption = Annotated[
    str | None, typer.Option(parser=reader(parse_reason), help="Why; it is kept.")
]

event = typer.Typer(no_args_is_help=True, help="What bets are taken on: stop it, look it up.")
app.add_typer(event, name="event", rich_help_panel=DATABASE)


@event.command()
def stop(number: EventArgument, reason: ReasonOption = None) -> None:
    """Stop an event: no bet is taken on it until staff lifts the stop."""
    _tell(number, on_database(lambda opened: stop_event(opened, number, person(), reason)))


@event.command()
def lift(
    number: EventArgument,
    accept: Annotated[
        bool, typer.Option("--accept-odds", help="The odds in doubt stand from now on.")
    ] = False,
    drop: Annotated[
        bool, typer.Option("--drop-odds", help="Forget the odds in doubt; those before stand.")
    ] = False,
    reason: ReasonOption = None,
) -> None:
    """Lift the stops of staff and of odds in doubt, and say what becomes of those odds."""
    if accept and drop:
        message = "Odds in doubt are accepted or dropped, not both."
        raise typer.BadParameter(message)
    doubt = Doubt.ACCEPT if accept else Doubt.DROP if drop else None
    asked = Lift(number, doubt, person(), reason)
    _tell(number, on_database(lambda opened: lift_event(opened, asked)))


@event.command()
def show(number: EventArgument) -> None:
    """Show an event: why it is stopped, odds in doubt, who stopped it and lifted it."""
    found = on_database(lambda opened: _read(opened, number))
    if found is None:
        fail("The event is not known.")
    head = found.located.standing.head
    typer.echo(f"{found.located.key}  {head.home_team.name} - {head.away_team.name}")
    typer.echo(f"{head.league.name}, {head.category.name}, starts {minute(head.starts)} UTC")
    _tell(number, found.located.standing)
    _show_doubts(found.located.standing.sport, found.doubts)
    _show_changes(found.changes)


@event.command("list")
def list_some(
    state: Annotated[
        State | None, typer.Option(help="Only these; scheduled and live ones if not given.")
    ] = None,
    suspended: Annotated[
        bool, typer.Option("--suspended", help="Only those of which something is suspended.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
) -> None:
    """List events: open ones from the next to start, others from the newest."""
    table = Table("Id", "Starts (UTC)", "State", "Event", "League", "Stopped by", "Closed bets")
    for each in on_database(lambda opened: _list(opened, state, limit, suspended=suspended)):
        table.add_row(
            str(each.id),
            minute(each.starts),
            each.state.value,
            f"{each.home} - {each.away}",
            each.league,
            ", ".join(sorted(each.stops)),
            str(len(each.closed) or ""),
        )
    show_table(table)


class _Whole(NamedTuple):
    located: Located
    doubts: list[Doubted]
    changes: list[KeptChange]


async def _read(opened: Database, number: int) -> _Whole | None:
    async with opened.reader() as connection:
        located = await read_event(connection, number)
        if located is None:
            return None
        doubts = await list_doubts(connection, number)
        return _Whole(located, doubts, await list_stop_changes(connection, number))


async def _list(
    opened: Database, state: State | None, limit: int, *, suspended: bool
) -> list[SeenEvent]:
    async with opened.reader() as connection:
        return await list_events(connection, state, limit, suspended=suspended)


def _tell(number: int, standing: Standing) -> None:
    stops = ", ".join(sorted(stop.value for stop in standing.stops))
    said = f"stopped by {stops}" if stops else "not stopped"
    closed = f", {len(standing.closed)} bets closed" if standing.closed else ""
    typer.echo(f"event {number}, {standing.state.value}: {said}{closed}")


def _show_doubts(sport: Sport, doubts: list[Doubted]) -> None:
    if not doubts:
        return
    table = Table("Bet", "Market", "Outcome", "Stands", "In doubt", "Version")
    for change, standing in doubts:
        bet = sport.bets[change.bet]
        table.add_row(
            str(change.bet),
            " ".join(filter(None, (bet.market, bet.line))),
            bet.code,
            "" if standing is None else render_odds(standing),
            render_odds(change.odds),
            str(change.version),
        )
    show_table(table)


def _show_changes(changes: list[KeptChange]) -> None:
    if not changes:
        return
    table = Table("When (UTC)", "Who", "Did", "Odds in doubt", "Reason")
    for created, change in changes:
        pairs = zip(change.bets, change.odds, strict=True)
        said = "" if change.doubt is None else change.doubt.value
        shown = " ".join([said, *(f"{bet}={render_odds(odds)}" for bet, odds in pairs)])
        who, reason = change.who, change.reason or ""
        table.add_row(minute(created), who, change.action.value, shown, reason)
    show_table(table)
