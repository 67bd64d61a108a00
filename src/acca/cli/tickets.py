"""Commands of tickets: `ticket`."""

from typing import Annotated, NamedTuple

import typer
from rich.table import Table

from acca.boot import person
from acca.cli.app import PARTIES, app, fail, reader
from acca.cli.opened import on_database
from acca.cli.settings import minute, show_table
from acca.core.event_shown import EventShown
from acca.core.markets.sports import SPORTS
from acca.core.money import render_units
from acca.core.odds import render_odds
from acca.core.ticket_facts import Facts, State, Ticket
from acca.core.ticket_id import parse_identifier
from acca.flows.decide_approvals import Asked, parse_decline
from acca.flows.decide_approvals import approve as approve_ticket
from acca.flows.decide_approvals import decline as decline_ticket
from acca.store.connection import Database
from acca.store.explaining import ExplainedThere, read_explained
from acca.store.operators import get_operator
from acca.store.placing import read_events
from acca.store.stream import read_timeline
from acca.store.tickets import find_ticket
from acca.wire.be_answers import Attempt, Audience, TimelineEntry
from acca.wire.explaining import tell
from acca.wire.languages import MODEL, known_languages, list_codes, parse_code

OperatorArgument = Annotated[str, typer.Argument(metavar="OPERATOR", help="Whose ticket it is.")]
TicketArgument = Annotated[str, typer.Argument(metavar="TICKET", help="Its id or its code.")]
ReasonOption = Annotated[
    str, typer.Option(parser=reader(parse_decline), help="Why, as a slug; the wallet is told.")
]

LangOption = Annotated[
    str, typer.Option(parser=reader(parse_code), help=f"Its language: {', '.join(list_codes())}.")
]
AudienceOption = Annotated[
    Audience, typer.Option("--for", help="Finance sees every step with its numbers.")
]

ticket = typer.Typer(no_args_is_help=True, help="What players have placed: see it, decide on it.")
app.add_typer(ticket, name="ticket", rich_help_panel=PARTIES)


@ticket.command()
def show(operator: OperatorArgument, identifier: TicketArgument) -> None:
    """Show a ticket: what it is, where it stands, and its journal."""
    found = on_database(lambda opened: _read(opened, operator, identifier))
    if found is None:
        fail(f"{operator} has no ticket {identifier}.")
    facts, state = found.ticket
    show_line(found.ticket)
    typer.echo(f"player {facts.player}, placed {minute(facts.created)} UTC by {facts.source.value}")
    for line in _amounts(facts, state):
        typer.echo(line)
    _show_bets(facts, found.events)
    _show_journal(found.journal)


@ticket.command()
def explain(
    operator: OperatorArgument,
    identifier: TicketArgument,
    lang: LangOption = MODEL,
    audience: AudienceOption = Audience.PLAYER,
) -> None:
    """Explain a ticket: a sentence for each leg, one for the money, and one SMS."""
    found = on_database(lambda opened: _read_explained(opened, operator, identifier))
    if found is None:
        fail(f"{operator} has no ticket {identifier}.")
    told = tell(found.explained, known_languages()[lang], audience, found.zone)
    for line in (*told.legs, told.money, f"SMS: {told.sms}"):
        typer.echo(line)


@ticket.command()
def approve(operator: OperatorArgument, identifier: TicketArgument) -> None:
    """Approve a ticket that is over a limit of its operator."""
    asked = Asked(operator, identifier, person())
    show_line(on_database(lambda opened: approve_ticket(opened, asked)))


@ticket.command()
def decline(
    operator: OperatorArgument, identifier: TicketArgument, reason: ReasonOption = "declined"
) -> None:
    """Decline a ticket that waits for approval: the wallet gives back its price."""
    asked = Asked(operator, identifier, person())
    show_line(on_database(lambda opened: decline_ticket(opened, asked, reason)))


class _Whole(NamedTuple):
    ticket: Ticket
    events: dict[int, EventShown]
    journal: tuple[TimelineEntry, ...]


async def _read(opened: Database, operator: str, identifier: str) -> _Whole | None:
    async with opened.reader() as connection:
        owner = await get_operator(connection, operator)
        found = await find_ticket(connection, owner.id, parse_identifier(identifier))
        if found is None:
            return None
        read = await read_events(connection, frozenset(found.facts.events))
        events = {id_: event.shown for id_, event in read.events.items()}
        return _Whole(found, events, await read_timeline(connection, found.facts.key))


async def _read_explained(
    opened: Database, operator: str, identifier: str
) -> ExplainedThere | None:
    async with opened.snapshot() as connection:
        owner = await get_operator(connection, operator)
        found = await find_ticket(connection, owner.id, parse_identifier(identifier))
        return None if found is None else await read_explained(connection, found)


def show_line(found: Ticket) -> None:
    """Print what names a ticket and where it stands."""
    facts, state = found
    named = f"ticket {facts.code}, {facts.key.id.hex()}, {facts.type.value}"
    approval = "" if state.approved else ", not approved"
    typer.echo(f"{named}: {state.status.value}, {state.result.value}{approval}")


def _amounts(facts: Facts, state: State) -> list[str]:
    price, stake, ext = map(render_units, facts.charge)
    gross, wht, net = map(render_units, (state.gross_cents, state.wht_cents, state.net_cents))
    odds = "" if facts.total_odds is None else f", total odds {render_odds(facts.total_odds)}"
    card = "" if facts.card is None else f", card {facts.card}"
    expires = "" if state.expires is None else f", expires {minute(state.expires)} UTC"
    return [
        f"price {price} {facts.currency}: stake {stake}, excise {ext}{odds}{card}{expires}",
        f"payout {gross} {facts.currency}: withheld {wht}, net {net}",
    ]


def _show_bets(facts: Facts, events: dict[int, EventShown]) -> None:
    table = Table("Event", "Starts (UTC)", "Match", "Market", "Bet", "Odds")
    odds = facts.odds or (None,) * len(facts.bets)
    for id_, number, struck in zip(facts.events, facts.bets, odds, strict=True):
        event = events[id_]
        bet = SPORTS[event.sport_code].bets[number]
        table.add_row(
            str(id_),
            minute(event.starts),
            f"{event.home_team.name} - {event.away_team.name}",
            " ".join(filter(None, (bet.market, bet.line))),
            f"{number} {bet.code}",
            "" if struck is None else render_odds(struck),
        )
    show_table(table)


def _show_journal(journal: tuple[TimelineEntry, ...]) -> None:
    table = Table("Entry", "When (UTC)", "What", "Status", "Result", "Told", "Who", "Answers")
    for entry in journal:
        table.add_row(
            str(entry.n),
            f"{entry.at:%Y-%m-%d %H:%M:%S}",
            entry.kind,
            entry.status.value,
            entry.result.value,
            entry.action or "",
            entry.actor or "",
            ", ".join(map(_answer, entry.attempts)),
        )
    show_table(table)


def _answer(attempt: Attempt) -> str:
    late = "late " if attempt.is_late else ""
    status = "" if attempt.http_status is None else f" {attempt.http_status}"
    return f"{late}{attempt.verdict.value}{status}"
