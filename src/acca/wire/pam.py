"""Calls to the operator's wallet, and its answer to identify (spec 4)."""

from functools import partial
from typing import Annotated, ClassVar

from acca.core.finance import ExtType
from acca.core.ticket import TicketType
from acca.wire.document import Document, parse_by, read
from acca.wire.envelope import Envelope, Message
from acca.wire.kinds import INTEGER_MAX, Kind, choice, flags, integer, lenient, nullable
from acca.wire.tokens import Json
from acca.wire.words import (
    CENTS,
    CURRENCY,
    IDENTIFIER,
    MSISDN,
    OPERATOR,
    PLAYER_ID,
    RATE,
    SLUG,
    TAG,
    TOKEN,
)

_FLAGS_MAX = 100

_AMOUNTS = (
    "price", "stake", "wht_amount", "wht", "ext_amount", "ext", "ext_type",
    "gross_payout", "net_payout",
)  # fmt: skip
TOLD_ORDER = (
    "operator", "ticket_id", "ticket_code", "player_id", "psp",
    *_AMOUNTS, "currency", "atag", "rtag", "ticket_type",
)  # fmt: skip
"""The documented order of create, reserve and update; create has no `psp`."""
VOID_ORDER = ("operator", "ticket_id", *_AMOUNTS)


class Ping(Message, frozen=True, kw_only=True):
    """A health check: the one call that is not signed."""

    WORD: ClassVar[str] = "ping"

    operator: Annotated[str, OPERATOR]


class Identify(Message, frozen=True, kw_only=True):
    """Asks who the player of a token is."""

    WORD: ClassVar[str] = "identify"

    operator: Annotated[str, OPERATOR]
    token: Annotated[str, TOKEN]


class _TicketMessage(Message, frozen=True, kw_only=True):
    operator: Annotated[str, OPERATOR]
    ticket_id: Annotated[str, IDENTIFIER]


class _Amounts(_TicketMessage, frozen=True, kw_only=True):
    price_cents: Annotated[int, CENTS]
    stake_cents: Annotated[int, CENTS]
    wht_amount_cents: Annotated[int, CENTS]
    wht_rate: Annotated[int, RATE]
    ext_amount_cents: Annotated[int, CENTS]
    ext_rate: Annotated[int, RATE]
    ext_type: Annotated[ExtType, choice(ExtType)]
    gross_payout_cents: Annotated[int, CENTS]
    net_payout_cents: Annotated[int, CENTS]


class TicketCreate(_Amounts, frozen=True, kw_only=True):
    """Takes the price from the player."""

    WORD: ClassVar[str] = "ticket_create"
    ORDER: ClassVar[tuple[str, ...]] = TOLD_ORDER

    ticket_code: Annotated[str, IDENTIFIER]
    player_id: Annotated[str, PLAYER_ID]
    currency: Annotated[str, CURRENCY]
    atag: Annotated[str | None, nullable(TAG)]
    rtag: Annotated[str | None, nullable(TAG)]
    ticket_type: Annotated[TicketType, choice(TicketType)]


class TicketReserve(TicketCreate, frozen=True, kw_only=True):
    """Tells of an unpaid ticket; takes nothing."""

    WORD: ClassVar[str] = "ticket_reserve"

    psp: Annotated[str | None, nullable(TAG)]


class TicketUpdate(TicketReserve, frozen=True, kw_only=True):
    """Tells amounts that have changed."""

    WORD: ClassVar[str] = "ticket_update"


class TicketClosed(_TicketMessage, frozen=True, kw_only=True):
    """Nothing more will come, 24 hours after the outcome."""

    WORD: ClassVar[str] = "ticket_closed"


class TicketWin(_TicketMessage, frozen=True, kw_only=True):
    """Won, or cashed out."""

    WORD: ClassVar[str] = "ticket_win"


class TicketLost(_TicketMessage, frozen=True, kw_only=True):
    """Lost."""

    WORD: ClassVar[str] = "ticket_lost"


class TicketVoid(_Amounts, frozen=True, kw_only=True):
    """Voided; the amounts are the refund."""

    WORD: ClassVar[str] = "ticket_void"
    ORDER: ClassVar[tuple[str, ...]] = VOID_ORDER


class _Reasoned(_TicketMessage, frozen=True, kw_only=True):
    reason: Annotated[str, SLUG]


class TicketRefund(_Reasoned, frozen=True, kw_only=True):
    """Declined after the wallet had processed it."""

    WORD: ClassVar[str] = "ticket_refund"


class TicketDiscard(_Reasoned, frozen=True, kw_only=True):
    """Create or reserve did not succeed."""

    WORD: ClassVar[str] = "ticket_discard"


class TicketRollback(_Reasoned, frozen=True, kw_only=True):
    """A result is taken back: for the wallet the ticket is open again."""

    WORD: ClassVar[str] = "ticket_rollback"


Call = (
    Ping
    | Identify
    | TicketCreate
    | TicketReserve
    | TicketUpdate
    | TicketClosed
    | TicketRefund
    | TicketWin
    | TicketLost
    | TicketVoid
    | TicketDiscard
    | TicketRollback
)

CALLS: Envelope[Call] = Envelope("action", Call.__args__)
"""The calls, `{"action": …, "data": …}`.

For an operator with `webhook_blanks: remove`, send what `signature.without_blanks` makes of the
rendered bytes.
"""


def read_told_cents(body: bytes) -> int:
    """Read the net payout out of a call that carries new amounts."""
    call = CALLS.parse(body)
    assert isinstance(call, TicketUpdate | TicketVoid), "only these carry new amounts"
    return call.net_payout_cents


def _read_player_id(token: Json) -> str:
    return PLAYER_ID.read(str(token) if type(token) is int else token)


class IdentifyAnswer(Document, frozen=True, kw_only=True):
    """What the wallet knows of a player; only `player_id` and `currency` are needed.

    The rest counts as missing where it makes no sense. `balance` in cents is not judged.
    """

    player_id: Annotated[str, Kind("string", _read_player_id, PLAYER_ID.schema)]
    lang: Annotated[str | None, lenient(IDENTIFIER)] = None
    balance_cents: Annotated[int | None, lenient(integer(-INTEGER_MAX))] = None
    currency: Annotated[str, IDENTIFIER]
    feature_flags: Annotated[dict[str, bool] | None, lenient(flags(64, _FLAGS_MAX))] = None
    msisdn: Annotated[str | None, lenient(MSISDN)] = None


def parse_identify_answer(body: bytes) -> IdentifyAnswer:
    """Read the body of a 200 to identify; Malformed makes it no answer (218)."""
    return parse_by(partial(read, IdentifyAnswer), body, passed_over=("name",))
