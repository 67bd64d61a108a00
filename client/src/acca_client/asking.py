"""Each request to the Bet Engine API as a value: its method, path and body, and how to read it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypedDict
from urllib.parse import quote, urlencode

from acca_client.cashing_out import CashOutOffer, read_offer, write_acceptance
from acca_client.conversation import Call, check_key
from acca_client.documents import Members, boolean, integer, write
from acca_client.errors import Unreadable
from acca_client.journal import (
    EventsPage,
    Explanation,
    TimelineEntry,
    read_explanation,
    read_page,
    read_receipt,
    read_timeline,
)
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


def cash_out_offer(identifier: str) -> Call[CashOutOffer]:
    """Ask what a ticket is bought back for."""
    return Call("GET", f"{_ticket_path(identifier)}/cashout", read_offer)


def cash_out(operator: str, identifier: str, amount_cents: int, key: str) -> Call[Ticket]:
    """Accept an offer."""
    body = write_acceptance(operator, amount_cents)
    path = f"{_ticket_path(identifier)}/cashout"
    return Call("POST", path, read_ticket, body, check_key(key))


def timeline(identifier: str) -> Call[tuple[TimelineEntry, ...]]:
    """Ask for the journal of a ticket."""
    return Call("GET", f"{_ticket_path(identifier)}/timeline", read_timeline)


def explanation(identifier: str, lang: str, audience: str) -> Call[Explanation]:
    """Ask for a ticket in sentences."""
    query = urlencode({"lang": lang, "audience": audience})
    return Call("GET", f"{_ticket_path(identifier)}/explain?{query}", read_explanation)


def send_code(operator: str, msisdn: str) -> Call[int]:
    """Ask for a one-time password."""
    return Call("POST", "/be/otp", _read_lasts, write({"operator": operator, "msisdn": msisdn}))


def verify_code(operator: str, msisdn: str, code: str) -> Call[None]:
    """Ask whether a one-time password is right."""
    body = write({"operator": operator, "msisdn": msisdn, "code": code})
    return Call("POST", "/be/otp/verify", _read_verified, body)


def _read_lasts(token: object) -> int:
    return Members(token, "code").take("expires_in", integer)


def _read_verified(token: object) -> None:
    if not Members(token, "code").take("verified", boolean):
        raise Unreadable("a code is right or refused")


def receipt(identifier: str) -> Call[dict[str, object]]:
    """Ask for the receipt of a ticket."""
    return Call("GET", f"{_ticket_path(identifier)}/receipt", read_receipt)


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
