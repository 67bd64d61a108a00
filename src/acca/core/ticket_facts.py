"""A ticket as it is kept: facts written once, the state that moves, entries of its journal."""

from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from acca.core.finance import Charge, Payout
from acca.core.lifecycle import Message
from acca.core.settling import VoidRefund
from acca.core.ticket import Source, Status, TicketResult, TicketType

ENTRY_OF_VERDICT = 2
"""The journal entry that confirms, refuses or recovers a new ticket: the first of them wins."""


class Lane(Enum):
    """Where a journal entry is sent to."""

    PAM = "pam"
    SMS = "sms"


class Task(Enum):
    """What the life lane of a ticket waits to do."""

    RECOVER = "recover"
    EXPIRE = "expire"
    DECLINE = "decline"
    SETTLE = "settle"
    CLOSE = "close"


class Key(NamedTuple):
    """What names a ticket everywhere in the store: its operator and its id of twelve bytes."""

    operator: int
    id: bytes


class Buyer(NamedTuple):
    """What a request tells of who buys and where; `msisdn` is for notifications."""

    source: Source
    psp: str | None
    atag: str | None
    rtag: str | None
    msisdn: str | None


class Naming(NamedTuple):
    """What names a new ticket, when it is made and in which way."""

    key: Key
    code: str
    created: datetime
    is_reservation: bool
    void_refund: VoidRefund


class Facts(NamedTuple):
    """What is written of a ticket once; `payout` as struck, nothing for superbet and jackpot.

    `events`, `bets` and `odds` stand side by side in the order of the request; a superbet repeats
    its event and has no odds.
    """

    key: Key
    code: str
    type: TicketType
    source: Source
    currency: str
    player: str
    psp: str | None
    atag: str | None
    rtag: str | None
    msisdn: str | None
    charge: Charge
    payout: Payout
    cap_cents: int | None
    tax_profile: int
    void_refund: VoidRefund
    affiliate_cents: int | None
    affiliate_rate: int | None
    total_odds: int | None
    events: tuple[int, ...]
    bets: tuple[int, ...]
    odds: tuple[int, ...]
    card: str | None
    lines: int | None
    is_reservation: bool
    created: datetime


class Leg(NamedTuple):
    """A bet on an event."""

    event: int
    bet: int


class LegResult(NamedTuple):
    """How a leg ended: won or lost in part counts as won or lost."""

    leg: Leg
    result: TicketResult


class Amounts(NamedTuple):
    """What a ticket pays: net = gross - wht, always."""

    gross_cents: int
    wht_cents: int
    net_cents: int


class State(NamedTuple):
    """Where a ticket stands after entry `n` of its journal; amounts as they are in force.

    `told` are the amounts in the last body that the wallet got of any, None where these are the
    ones that were struck. `held` is decided and not told, until staff releases it. `closing` has
    been told closed: a correction comes too late.
    """

    n: int
    status: Status
    result: TicketResult
    approved: bool
    gross_cents: int
    wht_cents: int
    net_cents: int
    updated: datetime
    settled_odds: int | None = None
    sealed: bool = False
    expires: datetime | None = None
    held: bool = False
    closing: bool = False
    told: Amounts | None = None


class Ticket(NamedTuple):
    """A ticket as it stands."""

    facts: Facts
    state: State


class Telling(NamedTuple):
    """What an entry sends: the exact bytes, and how long to wait before the first attempt."""

    lane: Lane
    action: Message
    body: bytes
    delay: timedelta = timedelta(0)


class Entry(NamedTuple):
    """One entry of a journal, before it has its number."""

    kind: str
    telling: Telling | None = None
    actor: str | None = None
    refusal: int | None = None
    detail: str | None = None


class Waiting(NamedTuple):
    """What a ticket's life waits for, and until when in business time, or for staff."""

    task: Task
    due: datetime
    attention: bool = False


class Change(NamedTuple):
    """A ticket's move: from journal number `n` on, to a state, by entries; the first to come wins.

    `waiting` None empties the lane of its life. `ends` rests its code. The state's own `n` and
    `updated` are given by the store: n plus the entries, and the time of the statement.
    """

    key: Key
    n: int
    state: State
    entries: tuple[Entry, ...]
    waiting: Waiting | None = None
    ends: bool = False


class Sent(NamedTuple):
    """One sending of a journal entry, and what was answered; `answer` is its first 2 KiB."""

    key: Key
    n: int
    number: int
    is_late: bool
    verdict: str
    http_status: int | None
    duration_ms: int
    answer: bytes
