"""The ticket object, in the three shapes of its five types (spec 3)."""

from datetime import datetime
from enum import Enum
from typing import Annotated, ClassVar

from acca.core.finance import ExtType
from acca.core.ticket import Source, Status, TicketResult, TicketType
from acca.wire.document import ANSWER_BYTES_MAX, Document, kept, nested, parse_by, variants
from acca.wire.kinds import BOOLEAN, Kind, array, choice, nullable
from acca.wire.parts import Coded, EventScore, Named, Prize
from acca.wire.times import LOCAL_TIME
from acca.wire.words import (
    BET_ID,
    CENTS,
    COUNT,
    CURRENCY,
    ID,
    IDENTIFIER,
    LIST_LENGTH_MAX,
    ODDS,
    PLAYER_ID,
    RATE,
    TAG,
    TOTAL_ODDS,
)

TICKETS_IN_LIST_MAX = 10_000

_AFTER_EXT_TYPE = (
    "status", "result", "approved", "source", "type", "atag", "rtag",
    "aff_instant_comm_amt", "aff_instant_comm_pct", "user_id", "created", "updated",
)  # fmt: skip
_PAYOUT = ("gross_payout", "net_payout", "wht_amount", "wht", "ext_amount", "ext", "ext_type")
TICKET_HEAD_ORDER = ("id", "code", "psp", "price", "stake", "currency", *_PAYOUT, *_AFTER_EXT_TYPE)
SUPERBET_HEAD_ORDER = (
    "id", "code", "psp", "price", "stake", *_PAYOUT, "currency", *_AFTER_EXT_TYPE,
)  # fmt: skip


class LegResult(Enum):
    """How one bet of a ticket ended."""

    PENDING = "pending"
    WON = "won"
    LOST = "lost"
    VOID = "void"
    HALF_WON = "half_won"
    HALF_LOST = "half_lost"


class TicketEvent(Document, frozen=True, kw_only=True):
    """What a ticket shows of an event, whatever was bet on it."""

    id: Annotated[int, ID]
    starts: Annotated[datetime, LOCAL_TIME]
    sport: Annotated[Named, nested(Named)]
    category: Annotated[Named, nested(Named)]
    league: Annotated[Named, nested(Named)]
    home_team: Annotated[Named, nested(Named)]
    away_team: Annotated[Named, nested(Named)]


class TicketLeg(TicketEvent, frozen=True, kw_only=True):
    """An event inside a ticket, with the bet that was struck; odds in hundredths."""

    market: Annotated[Coded, nested(Coded)]
    bet: Annotated[Coded, nested(Coded)]
    line: Annotated[Coded | None, nullable(nested(Coded))]
    bet_id: Annotated[int, BET_ID]
    odds: Annotated[int, ODDS]
    result: Annotated[LegResult, choice(LegResult)]
    score: Annotated[EventScore | None, nullable(nested(EventScore))]


class SuperbetEvent(TicketEvent, frozen=True, kw_only=True):
    """The one event of a superbet ticket."""

    score: Annotated[EventScore | None, nullable(nested(EventScore))]


class SuperbetBet(Document, frozen=True, kw_only=True):
    """The answer to one question of a superbet."""

    market: Annotated[Coded, nested(Coded)]
    bet: Annotated[Coded, nested(Coded)]
    line: Annotated[Coded | None, nullable(nested(Coded))]
    bet_id: Annotated[int, BET_ID]
    result: Annotated[LegResult, choice(LegResult)]


class TicketHead(Document, frozen=True, kw_only=True):
    """What the tickets of all types share; amounts as spec 6 shows them for the status."""

    ORDER: ClassVar[tuple[str, ...]] = TICKET_HEAD_ORDER

    id: Annotated[str, IDENTIFIER]
    code: Annotated[str, IDENTIFIER]
    psp: Annotated[str | None, nullable(TAG)]
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
    status: Annotated[Status, choice(Status)]
    result: Annotated[TicketResult, choice(TicketResult)]
    approved: Annotated[bool, BOOLEAN]
    source: Annotated[Source, choice(Source)]
    type: Annotated[TicketType, choice(TicketType)]
    atag: Annotated[str | None, nullable(TAG)]
    rtag: Annotated[str | None, nullable(TAG)]
    aff_instant_comm_amt_cents: Annotated[int | None, nullable(CENTS)]
    aff_instant_comm_pct_rate: Annotated[int | None, nullable(RATE)]
    user_id: Annotated[str, PLAYER_ID]
    created: Annotated[datetime, LOCAL_TIME]
    updated: Annotated[datetime, LOCAL_TIME]


class AccumulatorTicket(TicketHead, frozen=True, kw_only=True):
    """A quicktip, smartbet or quickbet; odds in hundredths, `settled_odds` None until resulted."""

    ORDER: ClassVar[tuple[str, ...]] = (
        *TICKET_HEAD_ORDER, "events", "odds", "betcard_code", "settled_odds",
    )  # fmt: skip

    events: Annotated[tuple[TicketLeg, ...], array(kept(nested(TicketLeg)), LIST_LENGTH_MAX)]
    odds: Annotated[int, TOTAL_ODDS]
    betcard_code: Annotated[str | None, nullable(IDENTIFIER)]
    settled_odds: Annotated[int | None, nullable(TOTAL_ODDS)]


class SuperbetTicket(TicketHead, frozen=True, kw_only=True):
    """A superbet; its payout is 0 until resulted."""

    ORDER: ClassVar[tuple[str, ...]] = (
        *SUPERBET_HEAD_ORDER, "event", "bets", "betcard_code", "prizes",
    )  # fmt: skip

    event: Annotated[SuperbetEvent, nested(SuperbetEvent)]
    bets: Annotated[tuple[SuperbetBet, ...], array(nested(SuperbetBet), LIST_LENGTH_MAX)]
    betcard_code: Annotated[str | None, nullable(IDENTIFIER)]
    prizes: Annotated[tuple[Prize, ...], array(nested(Prize), LIST_LENGTH_MAX)]


class JackpotTicket(TicketHead, frozen=True, kw_only=True):
    """A jackpot; its events repeat per pick, in the request's order; payout 0 until resulted."""

    ORDER: ClassVar[tuple[str, ...]] = (
        *TICKET_HEAD_ORDER, "events", "betcard_code", "prize", "bonus_prizes", "lines",
    )  # fmt: skip

    events: Annotated[tuple[TicketLeg, ...], array(kept(nested(TicketLeg)), LIST_LENGTH_MAX)]
    betcard_code: Annotated[str, IDENTIFIER]
    prize_cents: Annotated[int, CENTS]
    bonus_prizes: Annotated[tuple[int, ...], array(CENTS, LIST_LENGTH_MAX)]
    lines: Annotated[int, COUNT]


Ticket = AccumulatorTicket | SuperbetTicket | JackpotTicket

TICKET: Kind[Ticket] = variants(
    "type",
    TicketHead,
    {
        "quicktip": AccumulatorTicket,
        "smartbet": AccumulatorTicket,
        "quickbet": AccumulatorTicket,
        "superbet": SuperbetTicket,
        "jackpot": JackpotTicket,
    },
)
TICKETS = array(TICKET, TICKETS_IN_LIST_MAX)


def parse_ticket(body: bytes, bytes_max: int = ANSWER_BYTES_MAX) -> Ticket:
    """Read one ticket object."""
    return parse_by(TICKET.read, body, bytes_max)


def parse_tickets(body: bytes, bytes_max: int = ANSWER_BYTES_MAX) -> tuple[Ticket, ...]:
    """Read a list of ticket objects."""
    return parse_by(TICKETS.read, body, bytes_max)
