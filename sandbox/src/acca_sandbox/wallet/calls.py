"""The calls of Acca to a wallet, and its SMS notifications, as typed values read from bytes.

The rates (`wht`, `ext`) must be there but are kept as they were spelled: a wallet moves amounts.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

Cents = Annotated[int, Meta(ge=0)]
Text = Annotated[str, Meta(min_length=1)]


class BadCall(Exception):
    """A call that cannot be read; the sentence says where."""


class OperatorData(Struct, frozen=True, kw_only=True):
    """What every call tells."""

    operator: Text


class IdentifyData(OperatorData, frozen=True, kw_only=True):
    """Whose token it is that a player has brought."""

    token: Text


class TicketData(OperatorData, frozen=True, kw_only=True):
    """Which ticket a call is about."""

    ticket_id: Text


class ReasonedData(TicketData, frozen=True, kw_only=True):
    """A ticket, and why something is taken back."""

    reason: Text


class AmountsData(TicketData, frozen=True, kw_only=True):
    """A ticket, and its amounts in cents."""

    price: Cents
    stake: Cents
    wht_amount: Cents
    wht: Raw
    ext_amount: Cents
    ext: Raw
    ext_type: str
    gross_payout: Cents
    net_payout: Cents


class ToldData(AmountsData, frozen=True, kw_only=True):
    """All that is told of a ticket when it is created, reserved or updated."""

    ticket_code: Text
    player_id: Text
    currency: Text
    ticket_type: Text
    psp: str | None = None
    atag: str | None = None
    rtag: str | None = None


class _Call(Struct, frozen=True, tag_field="action"):
    pass


class Ping(_Call, frozen=True, tag="ping"):
    """A health check, the one call without a signature."""

    data: OperatorData


class Identify(_Call, frozen=True, tag="identify"):
    """Asks who the player of a token is."""

    data: IdentifyData


class TicketCreate(_Call, frozen=True, tag="ticket_create"):
    """Takes the price from the player."""

    data: ToldData


class TicketReserve(_Call, frozen=True, tag="ticket_reserve"):
    """Tells of an unpaid ticket; takes nothing."""

    data: ToldData


class TicketUpdate(_Call, frozen=True, tag="ticket_update"):
    """Tells amounts that have changed."""

    data: ToldData


class TicketWin(_Call, frozen=True, tag="ticket_win"):
    """Won: the net payout that was told last is due."""

    data: TicketData


class TicketLost(_Call, frozen=True, tag="ticket_lost"):
    """Lost: nothing is due."""

    data: TicketData


class TicketVoid(_Call, frozen=True, tag="ticket_void"):
    """Voided: the net payout of this call is due."""

    data: AmountsData


class TicketRefund(_Call, frozen=True, tag="ticket_refund"):
    """Declined by the operator's people: the whole price goes back."""

    data: ReasonedData


class TicketDiscard(_Call, frozen=True, tag="ticket_discard"):
    """The ticket never came to be: what was taken for it goes back."""

    data: ReasonedData


class TicketRollback(_Call, frozen=True, tag="ticket_rollback"):
    """The outcome is taken back, with what it paid."""

    data: ReasonedData


class TicketClosed(_Call, frozen=True, tag="ticket_closed"):
    """Nothing more will come."""

    data: TicketData


TicketCall = (
    TicketCreate
    | TicketReserve
    | TicketUpdate
    | TicketWin
    | TicketLost
    | TicketVoid
    | TicketRefund
    | TicketDiscard
    | TicketRollback
    | TicketClosed
)
Call = Ping | Identify | TicketCall


class Notification(Struct, frozen=True):
    """An SMS that the operator is to send."""

    type: Text
    data: dict[str, object]


_CALLS: msgspec.json.Decoder[Call] = msgspec.json.Decoder(Call)
_NOTIFICATIONS = msgspec.json.Decoder(Notification)


def action_of(call: Call) -> str:
    """Return the name of a call's action."""
    return str(call.__struct_config__.tag)


def read_call(body: bytes) -> Call:
    """Read the body of a call; BadCall says what is wrong with it."""
    try:
        return _CALLS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise BadCall(str(wrong)) from wrong


def read_notification(body: bytes) -> Notification:
    """Read the body of an SMS notification; BadCall says what is wrong with it."""
    try:
        return _NOTIFICATIONS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise BadCall(str(wrong)) from wrong
