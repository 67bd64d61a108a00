"""The body of create, reserve and quote, read as the double's rules take it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn, get_args

from acca_client.documents import (
    Malformed,
    Members,
    Reader,
    array,
    integer,
    number,
    parse,
    text,
)
from acca_client.errors import NotAllowed
from acca_client.placing import Pick, Source, read_pick

TYPES = ("quicktip", "smartbet", "quickbet", "superbet", "jackpot")

_ONE, _ODDS_MAX = Decimal(1), Decimal(1_000_000)
_PRICE_MAX_CENTS = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for; a superbet's picks have odds of 1, which nobody judges."""

    type: str
    token: str
    price_cents: int
    currency: str
    source: str
    psp: str | None
    atag: str | None
    rtag: str | None
    odds_diff: Decimal
    picks: tuple[Pick, ...]
    card: str | None
    prizes_cents: tuple[int, ...]
    """The main prize and then the others; empty but for a jackpot."""


def read_order(body: bytes, operator: str) -> Order:
    """Read an order; Malformed, or NotAllowed for the order of another operator."""
    members = Members(parse(body), "body")
    require_own(members.take("operator", text), operator)
    type_ = members.take("type", _one_of(TYPES))
    return Order(
        type=type_,
        token=members.take("token", _filled),
        price_cents=members.take("price", positive),
        currency=members.take("currency", _filled),
        source=members.take("source", _one_of(get_args(Source))),
        psp=members.maybe("psp", text),
        atag=members.maybe("atag", text),
        rtag=members.maybe("rtag", text),
        odds_diff=members.maybe("odds_diff", _not_negative) or Decimal(0),
        picks=_picks(members, type_),
        card=members.take("betcard_code", text)
        if type_ == "jackpot"
        else members.maybe("betcard_code", text),
        prizes_cents=_prizes(members) if type_ == "jackpot" else (),
    )


def require_own(named: str, operator: str) -> None:
    """Raise NotAllowed where a body is that of another operator."""
    if named != operator:
        raise NotAllowed(2, "operator of the body is not the operator-name")


def _picks(members: Members, type_: str) -> tuple[Pick, ...]:
    if type_ == "superbet":
        event = members.take("event", integer)
        picks = tuple(Pick(event, bet, _ONE) for bet in members.take("bets", array(integer)))
    else:
        picks = members.take("events", array(_pick))
    if not picks:
        raise Malformed(f"body.{'bets' if type_ == 'superbet' else 'events'} has to hold one")
    return picks


def _pick(token: object, place: str) -> Pick:
    pick = read_pick(token, place)
    if not 1 <= pick.odds <= _ODDS_MAX or pick.odds != round(pick.odds, 2):
        raise Malformed(f"{place}.odds has to be odds with at most 2 decimals")
    return pick


def _prizes(members: Members) -> tuple[int, ...]:
    return members.take("prize", integer), *members.take("bonus_prizes", array(integer))


def _one_of(words: tuple[str, ...]) -> Reader[str]:
    def read(token: object, place: str) -> str:
        word = text(token, place).lower()
        if word not in words:
            raise Malformed(f"{place} has to be one of {', '.join(words)}")
        return word

    return read


def _filled(token: object, place: str) -> str:
    return text(token, place) or _refuse(place, "a text that is not empty")


def positive(token: object, place: str) -> int:
    """Read an amount of money that is asked for."""
    value = integer(token, place)
    sentence = f"from 1 to {_PRICE_MAX_CENTS}"
    return value if value in range(1, _PRICE_MAX_CENTS + 1) else _refuse(place, sentence)


def _not_negative(token: object, place: str) -> Decimal:
    value = number(token, place)
    return value if value >= 0 else _refuse(place, "0 or more")


def _refuse(place: str, what: str) -> NoReturn:
    raise Malformed(f"{place} has to be {what}")
