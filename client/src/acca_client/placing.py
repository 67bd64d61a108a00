"""What a player places: the bodies of create, reserve and quote, in their documented order."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypedDict

from acca_client.documents import Members, integer, number, write

Source = Literal["desktop", "mobile", "android", "iphone", "ussd", "sms", "telegram"]
AccumulatorType = Literal["quicktip", "smartbet", "quickbet"]

_NO_DIFFERENCE = Decimal(0)


class Tags(TypedDict, total=False):
    """What may be told with any request: how it is paid, affiliate and referral, a telephone."""

    psp: str | None
    atag: str | None
    rtag: str | None
    msisdn: str | None


@dataclass(frozen=True, slots=True)
class Pick:
    """A bet of an event, at the odds that the player saw."""

    event: int
    bet: int
    odds: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    token: str
    price_cents: int
    currency: str
    source: Source
    psp: str | None = None
    atag: str | None = None
    rtag: str | None = None
    msisdn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulator(_Placed):
    """A quicktip, smartbet or quickbet.

    `odds_diff` is how far the odds of any event may be from those that the player saw.
    """

    picks: Sequence[Pick]
    type: AccumulatorType = "quicktip"
    odds_diff: Decimal = _NO_DIFFERENCE
    betcard_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Superbet(_Placed):
    """A superbet: one event, and a bet for each question of its card."""

    event: int
    bets: Sequence[int]
    betcard_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Jackpot(_Placed):
    """A jackpot, with the prizes that the player saw; an event may be repeated with other bets."""

    picks: Sequence[Pick]
    betcard_code: str
    prize_cents: int
    bonus_prizes_cents: Sequence[int] = ()
    odds_diff: Decimal = _NO_DIFFERENCE


Request = Accumulator | Superbet | Jackpot


def render(request: Request, operator: str) -> bytes:
    """Write the body of a request: the bytes that are signed and sent."""
    return write(
        {
            "operator": operator,
            "token": request.token,
            "psp": request.psp,
            "price": request.price_cents,
            "currency": request.currency,
            "atag": request.atag,
            "rtag": request.rtag,
            "source": request.source,
            **_of_its_type(request),
            **({} if request.msisdn is None else {"msisdn": request.msisdn}),
        }
    )


def _of_its_type(request: Request) -> dict[str, object]:
    match request:
        case Accumulator():
            return {"type": request.type, **_picked(request), **_card(request.betcard_code)}
        case Superbet():
            picked = {"type": "superbet", "event": request.event, "bets": request.bets}
            return {**picked, **_card(request.betcard_code)}
        case Jackpot():
            return {
                "type": "jackpot",
                **_picked(request),
                **_card(request.betcard_code),
                "prize": request.prize_cents,
                "bonus_prizes": request.bonus_prizes_cents,
            }


def _picked(request: Accumulator | Jackpot) -> dict[str, object]:
    events = [{"id": pick.event, "bet": pick.bet, "odds": pick.odds} for pick in request.picks]
    return {"odds_diff": request.odds_diff, "events": events}


def _card(code: str | None) -> dict[str, object]:
    return {} if code is None else {"betcard_code": code}


def read_pick(token: object, place: str) -> Pick:
    """Read a pick of a quote."""
    members = Members(token, place)
    return Pick(
        members.take("id", integer), members.take("bet", integer), members.take("odds", number)
    )
