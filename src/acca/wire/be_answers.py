"""What the Bet Engine API answers beside the ticket object (spec 3)."""

from datetime import datetime
from enum import Enum
from typing import Annotated

from acca.core.delivery import Verdict
from acca.core.finance import ExtType
from acca.core.ticket import Status, TicketResult, TicketType
from acca.wire.be_requests import PickedEvent
from acca.wire.document import ANSWER_BYTES_MAX, Document, nested, parse_by
from acca.wire.kinds import BOOLEAN, array, choice, integer, nullable, text
from acca.wire.times import LOCAL_TIME, TIME
from acca.wire.words import (
    CENTS,
    COUNT,
    CURRENCY,
    HASH,
    ID,
    IDENTIFIER,
    LIST_LENGTH_MAX,
    RATE,
    SENTENCE_LENGTH_MAX,
    TOTAL_ODDS,
)

EVENTS_IN_PAGE_MAX = 1_000
_ENTRIES_MAX = 100_000
_BODY_LENGTH_MAX = 64 * 1024

_LEGS_MAX = 10_000
SMS_LENGTH_MAX = 160

_SENTENCE = text(_BODY_LENGTH_MAX)
_BODY = text(_BODY_LENGTH_MAX, minimum=0)


class Lane(Enum):
    """Where a journal entry is sent to."""

    PAM = "pam"
    SMS = "sms"


class Audience(Enum):
    """Whom a ticket is explained to."""

    PLAYER = "player"
    FINANCE = "finance"


class ErrorAnswer(Document, frozen=True, kw_only=True):
    """The body of a refusal: 400, 403, 404, 405, 409, 413, 429 and 503."""

    code: Annotated[int, integer(1, 999)]
    message: Annotated[str, text(SENTENCE_LENGTH_MAX)]


class Quote(Document, frozen=True, kw_only=True):
    """What create would answer, as far as it is known without doing it.

    `events` are those of the request at their present odds, and `odds` the total of these; both
    None for a superbet. `max_price` is the largest price that create would accept.
    """

    price_cents: Annotated[int, CENTS]
    stake_cents: Annotated[int, CENTS]
    currency: Annotated[str, CURRENCY]
    gross_payout_cents: Annotated[int, CENTS]
    net_payout_cents: Annotated[int, CENTS]
    wht_amount_cents: Annotated[int, CENTS]
    wht_rate: Annotated[int, RATE]
    ext_amount_cents: Annotated[int, CENTS]
    ext_rate: Annotated[int, RATE]
    ext_type: Annotated[ExtType, choice(ExtType)]
    approved: Annotated[bool, BOOLEAN]
    type: Annotated[TicketType, choice(TicketType)]
    events: Annotated[
        tuple[PickedEvent, ...] | None, nullable(array(nested(PickedEvent), LIST_LENGTH_MAX))
    ]
    odds: Annotated[int | None, nullable(TOTAL_ODDS)]
    max_price_cents: Annotated[int, CENTS]


class CashOutOffer(Document, frozen=True, kw_only=True):
    """What a ticket is worth now; `amount` is what its acceptance has to name."""

    amount_cents: Annotated[int, CENTS]
    gross_payout_cents: Annotated[int, CENTS]
    wht_amount_cents: Annotated[int, CENTS]
    net_payout_cents: Annotated[int, CENTS]
    valid_until: Annotated[datetime, TIME]


class Attempt(Document, frozen=True, kw_only=True):
    """One try to send a journal entry; `answer` is the first 2 KiB of what came back.

    What is late came after the entry had its verdict, and changed nothing.
    """

    attempt: Annotated[int, integer(1)]
    is_late: Annotated[bool, BOOLEAN]
    at: Annotated[datetime, LOCAL_TIME]
    verdict: Annotated[Verdict, choice(Verdict)]
    http_status: Annotated[int | None, nullable(integer(100, 999))]
    duration_ms: Annotated[int, COUNT]
    answer: Annotated[str | None, nullable(_BODY)]


class TimelineEntry(Document, frozen=True, kw_only=True):
    """One journal entry of a ticket: what made it, how the ticket stood then, what was sent.

    `lane`, `action` and `body` are None for an entry that is sent nowhere. `body` is the exact text
    that is signed, with tokens and one-time passwords masked; `actor` the member of staff, if any.
    """

    n: Annotated[int, integer(1)]
    at: Annotated[datetime, LOCAL_TIME]
    kind: Annotated[str, IDENTIFIER]
    status: Annotated[Status, choice(Status)]
    result: Annotated[TicketResult, choice(TicketResult)]
    actor: Annotated[str | None, nullable(IDENTIFIER)]
    lane: Annotated[Lane | None, nullable(choice(Lane))]
    action: Annotated[str | None, nullable(IDENTIFIER)]
    body: Annotated[str | None, nullable(_BODY)]
    attempts: Annotated[tuple[Attempt, ...], array(nested(Attempt), _ENTRIES_MAX)]


class StreamEvent(Document, frozen=True, kw_only=True):
    """One journal entry of the operator's stream; `body` is the exact text that is signed.

    `lane`, `action` and `body` are None for an entry that is sent nowhere. How `hash` follows from
    the one before it and from the other members: core.chain.
    """

    number: Annotated[int, ID]
    hash: Annotated[str, HASH]
    at: Annotated[datetime, LOCAL_TIME]
    ticket_id: Annotated[str, IDENTIFIER]
    delivery_id: Annotated[str, IDENTIFIER]
    kind: Annotated[str, IDENTIFIER]
    status: Annotated[Status, choice(Status)]
    result: Annotated[TicketResult, choice(TicketResult)]
    lane: Annotated[Lane | None, nullable(choice(Lane))]
    action: Annotated[str | None, nullable(IDENTIFIER)]
    body: Annotated[str | None, nullable(_BODY)]


class StreamHead(Document, frozen=True, kw_only=True):
    """The last entry of the operator's hash chain; number 0 before the first."""

    number: Annotated[int, integer(0)]
    hash: Annotated[str, HASH]


class EventsPage(Document, frozen=True, kw_only=True):
    """A page of the stream: `next` is the cursor for the page after it."""

    events: Annotated[tuple[StreamEvent, ...], array(nested(StreamEvent), EVENTS_IN_PAGE_MAX)]
    next: Annotated[int, integer(0)]
    head: Annotated[StreamHead, nested(StreamHead)]


class OtpSent(Document, frozen=True, kw_only=True):
    """A one-time password is on its way."""

    expires_in_seconds: Annotated[int, COUNT]


class OtpVerified(Document, frozen=True, kw_only=True):
    """A one-time password was right."""

    verified: Annotated[bool, BOOLEAN]


class Explanation(Document, frozen=True, kw_only=True):
    """A ticket explained: a sentence for each leg, one for the money, and all of it in one SMS."""

    lang: Annotated[str, IDENTIFIER]
    audience: Annotated[Audience, choice(Audience)]
    legs: Annotated[tuple[str, ...], array(_SENTENCE, _LEGS_MAX)]
    money: Annotated[str, _SENTENCE]
    sms: Annotated[str, text(SMS_LENGTH_MAX)]


TIMELINE = array(nested(TimelineEntry), _ENTRIES_MAX)


def parse_timeline(body: bytes, bytes_max: int = ANSWER_BYTES_MAX) -> tuple[TimelineEntry, ...]:
    """Read the entries of a ticket's timeline."""
    return parse_by(TIMELINE.read, body, bytes_max)
