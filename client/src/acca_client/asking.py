"""Each request to the Bet Engine API as a value: its method, path and body, and how to read it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypedDict
from urllib.parse import quote, urlencode

from acca_client.conversation import Call, check_key
from acca_client.journal import EventsPage, TimelineEntry, read_page, read_timeline
from acca_client.placing import Request, render
from acca_client.tickets import Quote, Ticket, read_quote, read_ticket, read_tickets

PAGE_TICKETS = 500
PAGE_EVENTS = 1_000

_TICKETS = "/be/tickets"


class Filters(TypedDict, total=False):
    """Which tickets are listed; `new` and `cancelled` ones only where `status` asks for them."""

    user_id: str
    skip_types: Sequence[str]
    status: str
    result: str
    created_after: datetime
    created_before: datetime
    code_prefix: str


def create(operator: str, request: Request, key: str) -> Call[Ticket]:
    """Ask for a ticket that is paid at once from the wallet."""
    return Call("POST", _TICKETS, read_ticket, render(request, operator), check_key(key))


def reserve(operator: str, request: Request, key: str) -> Call[Ticket]:
    """Ask for a ticket that is paid later."""
    body = render(request, operator)
    return Call("POST", f"{_TICKETS}/reserve", read_ticket, body, check_key(key))


def paid(identifier: str, key: str) -> Call[Ticket]:
    """Tell that a reserved ticket has been paid."""
    path = f"{_ticket_path(identifier)}/paid"
    return Call("POST", path, read_ticket, idempotency_key=check_key(key))


def ticket(identifier: str) -> Call[Ticket]:
    """Ask for one ticket by its id or code."""
    return Call("GET", _ticket_path(identifier), read_ticket)


def tickets(limit: int, before: str | None, filters: Filters) -> Call[tuple[Ticket, ...]]:
    """Ask for tickets, the newest first, those `before` a ticket's id."""
    query = {"limit": str(limit), **{name: spelled(value) for name, value in filters.items()}}
    if before is not None:
        query["before"] = before
    return Call("GET", f"{_TICKETS}?{urlencode(query, doseq=True)}", read_tickets)


def quotation(operator: str, request: Request) -> Call[Quote]:
    """Ask what create would answer, without doing it."""
    return Call("POST", f"{_TICKETS}/quote", read_quote, render(request, operator))


def timeline(identifier: str) -> Call[tuple[TimelineEntry, ...]]:
    """Ask for the journal of a ticket."""
    return Call("GET", f"{_ticket_path(identifier)}/timeline", read_timeline)


def events(after: int, limit: int) -> Call[EventsPage]:
    """Ask for the deliveries that follow a cursor."""
    return Call("GET", f"/be/events?{urlencode({'after': after, 'limit': limit})}", read_page)


def _ticket_path(identifier: str) -> str:
    if identifier in {"", ".", ".."}:
        raise ValueError("a ticket is named by its id or its code")
    return f"{_TICKETS}/{quote(identifier, safe='')}"


def spelled(value: object) -> object:
    """Spell a value of a query; a time in UTC, as Acca reads it."""
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError("a time has to know its zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
