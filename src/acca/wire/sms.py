"""Notifications to the operator's SMS endpoint (spec 5)."""

from typing import Annotated, ClassVar

from acca.core.ticket import Status, TicketResult
from acca.wire.document import Document
from acca.wire.envelope import Envelope, Message
from acca.wire.kinds import choice, lenient, text
from acca.wire.words import BET_ID, ID, IDENTIFIER, MSISDN

_ANSWER_LENGTH_MAX = 2_048


class Otp(Message, frozen=True, kw_only=True):
    """A one-time password for a telephone."""

    WORD: ClassVar[str] = "otp"

    code: Annotated[str, IDENTIFIER]
    msisdn: Annotated[str, MSISDN]


class TicketStatus(Message, frozen=True, kw_only=True):
    """News of a ticket: it was paid, or it has its result."""

    WORD: ClassVar[str] = "ticket_status"

    ticket_code: Annotated[str, IDENTIFIER]
    ticket_id: Annotated[str, IDENTIFIER]
    msisdn: Annotated[str, MSISDN]
    status: Annotated[Status, choice(Status)]
    result: Annotated[TicketResult, choice(TicketResult)]


class BetResult(Message, frozen=True, kw_only=True):
    """The result of one leg."""

    WORD: ClassVar[str] = "bet_result"

    ticket_id: Annotated[str, IDENTIFIER]
    result: Annotated[TicketResult, choice(TicketResult)]
    event_id: Annotated[int, ID]
    bet_id: Annotated[int, BET_ID]


Notification = Otp | TicketStatus | BetResult

NOTIFICATIONS: Envelope[Notification] = Envelope("type", Notification.__args__)
"""The notifications, `{"type": …, "data": …}`."""


class SmsAnswer(Document, frozen=True, kw_only=True):
    """What the endpoint answers beside its 200; any text, and never needed."""

    message: Annotated[str | None, lenient(text(_ANSWER_LENGTH_MAX, minimum=0))] = None
