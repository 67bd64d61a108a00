"""The tickets that Acca answers with: every type in one class, read tolerantly.

Words such as `status` stay texts, so that a new one does not break an older client. Times know
their zone; odds and percentages are `Decimal`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from acca_client.amounts import Amounts, take_amounts
from acca_client.documents import Members, array, boolean, instant, integer, number, text
from acca_client.placing import Pick, read_pick


@dataclass(frozen=True, slots=True)
class Named:
    """A sport, category, league or team."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Coded:
    """A market, bet or line."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Score:
    """Points such as `2-1` at half-time, where known, and at full time."""

    ht: str | None
    ft: str


@dataclass(frozen=True, slots=True)
class Prize:
    """What a superbet pays for so many correct answers."""

    correct: int
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent:
    """An event of a ticket; `operator_time_starts` is the same instant in the operator's zone."""

    id: int
    starts: datetime
    operator_time_starts: datetime
    sport: Named
    category: Named
    league: Named
    home_team: Named
    away_team: Named
    score: Score | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A bet that was struck; of a superbet, whose bets share one event, it has no odds.

    `result` is `pending`, `won`, `lost`, `void`, `half_won` or `half_lost`.
    """

    event: TicketEvent
    market: Coded
    bet: Coded
    line: Coded | None
    bet_id: int
    odds: Decimal | None
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as it is now; what its type does not have is None or empty.

    `odds` are those at which it was struck, `settled_odds` are told once it is resulted. `extra`
    holds the members that this version does not know.
    """

    id: str
    code: str
    type: str
    status: str
    result: str
    approved: bool
    psp: str | None
    currency: str
    amounts: Amounts
    source: str
    atag: str | None
    rtag: str | None
    aff_instant_comm_cents: int | None
    aff_instant_comm_percent: Decimal | None
    user_id: str
    created: datetime
    operator_time_created: datetime
    updated: datetime
    operator_time_updated: datetime
    legs: tuple[Leg, ...]
    odds: Decimal | None
    settled_odds: Decimal | None
    betcard_code: str | None
    prize_cents: int | None
    bonus_prizes_cents: tuple[int, ...]
    lines: int | None
    prizes: tuple[Prize, ...]
    extra: dict[str, object] = field(repr=False)

    @property
    def is_cashed_out(self) -> bool:
        """Tell whether it was cashed out: won, though its legs came to no odds."""
        return self.result == "won" and self.odds is not None and self.settled_odds is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What create would answer, and the largest price that it would accept.

    `picks` are those of the request at their present odds; None for a superbet, as are `odds`.
    """

    type: str
    currency: str
    amounts: Amounts
    approved: bool
    picks: tuple[Pick, ...] | None
    odds: Decimal | None
    max_price_cents: int
    extra: dict[str, object] = field(repr=False)


def read_ticket(token: object, place: str = "ticket") -> Ticket:
    """Read a ticket object of any type."""
    members = Members(token, place)
    created, updated = members.take("created", instant), members.take("updated", instant)
    return Ticket(
        id=members.take("id", text),
        code=members.take("code", text),
        type=members.take("type", text),
        status=members.take("status", text),
        result=members.take("result", text),
        approved=members.take("approved", boolean),
        psp=members.maybe("psp", text),
        currency=members.take("currency", text),
        amounts=take_amounts(members),
        source=members.take("source", text),
        atag=members.maybe("atag", text),
        rtag=members.maybe("rtag", text),
        aff_instant_comm_cents=members.maybe("aff_instant_comm_amt", integer),
        aff_instant_comm_percent=members.maybe("aff_instant_comm_pct", number),
        user_id=members.take("user_id", text),
        created=created,
        operator_time_created=members.local("created", created),
        updated=updated,
        operator_time_updated=members.local("updated", updated),
        legs=_take_legs(members),
        odds=members.maybe("odds", number),
        settled_odds=members.maybe("settled_odds", number),
        betcard_code=members.maybe("betcard_code", text),
        prize_cents=members.maybe("prize", integer),
        bonus_prizes_cents=members.maybe("bonus_prizes", array(integer)) or (),
        lines=members.maybe("lines", integer),
        prizes=members.maybe("prizes", array(_prize)) or (),
        extra=members.rest(),
    )


def read_tickets(token: object) -> tuple[Ticket, ...]:
    """Read a list of ticket objects."""
    return array(read_ticket)(token, "tickets")


def read_quote(token: object) -> Quote:
    """Read the answer to a quote."""
    members = Members(token, "quote")
    return Quote(
        type=members.take("type", text),
        currency=members.take("currency", text),
        amounts=take_amounts(members),
        approved=members.take("approved", boolean),
        picks=members.maybe("events", array(read_pick)),
        odds=members.maybe("odds", number),
        max_price_cents=members.take("max_price", integer),
        extra=members.rest(),
    )


def _take_legs(members: Members) -> tuple[Leg, ...]:
    event = members.maybe("event", _event)
    if event is None:
        return members.take("events", array(_leg))

    def answer(token: object, place: str) -> Leg:
        return _bet(event, Members(token, place))

    return members.take("bets", array(answer))


def _leg(token: object, place: str) -> Leg:
    return _bet(_event(token, place), Members(token, place))


def _bet(event: TicketEvent, members: Members) -> Leg:
    return Leg(
        event=event,
        market=members.take("market", _coded),
        bet=members.take("bet", _coded),
        line=members.maybe("line", _coded),
        bet_id=members.take("bet_id", integer),
        odds=members.maybe("odds", number),
        result=members.take("result", text),
    )


def _event(token: object, place: str) -> TicketEvent:
    members = Members(token, place)
    starts = members.take("starts", instant)
    return TicketEvent(
        id=members.take("id", integer),
        starts=starts,
        operator_time_starts=members.local("starts", starts),
        sport=members.take("sport", _named),
        category=members.take("category", _named),
        league=members.take("league", _named),
        home_team=members.take("home_team", _named),
        away_team=members.take("away_team", _named),
        score=members.maybe("score", _score),
    )


def _named(token: object, place: str) -> Named:
    members = Members(token, place)
    return Named(members.take("id", integer), members.take("name", text))


def _coded(token: object, place: str) -> Coded:
    members = Members(token, place)
    return Coded(members.take("code", text), members.take("name", text))


def _score(token: object, place: str) -> Score:
    members = Members(token, place)
    return Score(members.maybe("ht", text), members.take("ft", text))


def _prize(token: object, place: str) -> Prize:
    members = Members(token, place)
    return Prize(members.take("correct", integer), members.take("amount", integer))
