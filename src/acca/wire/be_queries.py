"""The query parameters of the Bet Engine API (spec 3)."""

from datetime import datetime
from typing import Annotated

from acca.core.ticket import Status, TicketResult, TicketType
from acca.wire.be_answers import EVENTS_IN_PAGE_MAX, Audience
from acca.wire.be_tickets import TICKETS_IN_LIST_MAX
from acca.wire.document import Document
from acca.wire.kinds import Kind, array, choice, integer, optional, spelled
from acca.wire.languages import MODEL, list_codes, parse_code
from acca.wire.times import INSTANT
from acca.wire.words import IDENTIFIER, LIST_LENGTH_MAX, PLAYER_ID

LANGUAGE: Kind[str] = spelled("language", parse_code, {"enum": list_codes()})


class TicketsQuery(Document, frozen=True, kw_only=True):
    """Which of the operator's tickets, newest first; `before` is a ticket id."""

    limit: Annotated[int, integer(1, TICKETS_IN_LIST_MAX)] = 10
    user_id: Annotated[str | None, optional(PLAYER_ID)] = None
    skip_types: Annotated[tuple[TicketType, ...], array(choice(TicketType), LIST_LENGTH_MAX)] = ()
    status: Annotated[Status | None, optional(choice(Status))] = None
    result: Annotated[TicketResult | None, optional(choice(TicketResult))] = None
    created_after: Annotated[datetime | None, optional(INSTANT)] = None
    created_before: Annotated[datetime | None, optional(INSTANT)] = None
    code_prefix: Annotated[str | None, optional(IDENTIFIER)] = None
    before: Annotated[str | None, optional(IDENTIFIER)] = None


class EventsQuery(Document, frozen=True, kw_only=True):
    """Which part of the operator's stream: what follows the cursor `after`."""

    after: Annotated[int, integer(0)] = 0
    limit: Annotated[int, integer(1, EVENTS_IN_PAGE_MAX)] = 100


class ExplainQuery(Document, frozen=True, kw_only=True):
    """In which language, and for whom a ticket is explained."""

    lang: Annotated[str, LANGUAGE] = MODEL
    audience: Annotated[Audience, choice(Audience)] = Audience.PLAYER
