"""What operators send to the Bet Engine API (spec 3)."""

from collections.abc import Collection
from typing import Annotated, ClassVar

from acca.core.ticket import Source, TicketType
from acca.wire.document import Document, fields_of, nested, parse_by, variants
from acca.wire.kinds import Kind, Null, array, choice, nullable, optional
from acca.wire.signature import Order
from acca.wire.words import (
    BET_ID,
    CENTS,
    CURRENCY,
    ID,
    IDENTIFIER,
    LIST_LENGTH_MAX,
    MSISDN,
    ODDS,
    ODDS_DIFF,
    OPERATOR,
    PRICE_CENTS,
    TAG,
    TOKEN,
)

PLACE_ORDER = (
    "operator", "token", "psp", "price", "stake", "currency", "atag", "rtag", "source", "type",
    "odds_diff", "events", "event", "bets", "betcard_code", "prize", "bonus_prizes", "msisdn",
)  # fmt: skip
"""The documented order of create, reserve and quote, of all five types at once."""


class PickedEvent(Document, frozen=True, kw_only=True):
    """One selection: a bet of an event, and the odds that the player saw, in hundredths."""

    id: Annotated[int, ID]
    bet: Annotated[int, BET_ID]
    odds: Annotated[int, ODDS]


class PlaceHead(Document, frozen=True, kw_only=True):
    """What create, reserve and quote share in all five types.

    `stake` is the older name of `price`; which amounts fit which is the tax profile's business.
    """

    ORDER: ClassVar[tuple[str, ...]] = PLACE_ORDER
    ONE_OF: ClassVar[tuple[tuple[str, ...], ...]] = (("price", "stake"),)

    operator: Annotated[str, OPERATOR]
    token: Annotated[str, TOKEN]
    psp: Annotated[str | None, nullable(TAG)] = None
    price_cents: Annotated[int | None, optional(PRICE_CENTS)] = None
    stake_cents: Annotated[int | None, optional(PRICE_CENTS)] = None
    currency: Annotated[str, CURRENCY]
    atag: Annotated[str | None, nullable(TAG)] = None
    rtag: Annotated[str | None, nullable(TAG)] = None
    source: Annotated[Source, choice(Source, any_case=True)]
    type: Annotated[TicketType, choice(TicketType)]
    msisdn: Annotated[str | None, optional(MSISDN)] = None


class PlaceAccumulator(PlaceHead, frozen=True, kw_only=True):
    """A quicktip, smartbet or quickbet. `odds_diff` in hundredths."""

    odds_diff: Annotated[int, ODDS_DIFF] = 0
    events: Annotated[tuple[PickedEvent, ...], array(nested(PickedEvent), LIST_LENGTH_MAX, 1)]
    betcard_code: Annotated[str | None, optional(IDENTIFIER)] = None


class PlaceSuperbet(PlaceHead, frozen=True, kw_only=True):
    """A superbet: one event, and a bet for each question of its card."""

    event: Annotated[int, ID]
    bets: Annotated[tuple[int, ...], array(BET_ID, LIST_LENGTH_MAX, 1)]
    betcard_code: Annotated[str | None, optional(IDENTIFIER)] = None


class PlaceJackpot(PlaceHead, frozen=True, kw_only=True):
    """A jackpot: an event repeated with other bets is a combination. `odds_diff` in hundredths."""

    odds_diff: Annotated[int, ODDS_DIFF] = 0
    events: Annotated[tuple[PickedEvent, ...], array(nested(PickedEvent), LIST_LENGTH_MAX, 1)]
    betcard_code: Annotated[str, IDENTIFIER]
    prize_cents: Annotated[int, CENTS]
    bonus_prizes: Annotated[tuple[int, ...], array(CENTS, LIST_LENGTH_MAX)]


PlaceRequest = PlaceAccumulator | PlaceSuperbet | PlaceJackpot


class CashOutRequest(Document, frozen=True, kw_only=True):
    """The acceptance of a cash-out offer: `amount` is the offered `net_payout`."""

    operator: Annotated[str, OPERATOR]
    amount_cents: Annotated[int, PRICE_CENTS]


class OtpRequest(Document, frozen=True, kw_only=True):
    """The wish for a one-time password."""

    operator: Annotated[str, OPERATOR]
    msisdn: Annotated[str, MSISDN]


class OtpCheck(Document, frozen=True, kw_only=True):
    """A one-time password as the player typed it."""

    operator: Annotated[str, OPERATOR]
    msisdn: Annotated[str, MSISDN]
    code: Annotated[str, IDENTIFIER]


PLACE: Kind[PlaceRequest] = variants(
    "type",
    PlaceHead,
    {
        "quicktip": PlaceAccumulator,
        "smartbet": PlaceAccumulator,
        "quickbet": PlaceAccumulator,
        "superbet": PlaceSuperbet,
        "jackpot": PlaceJackpot,
    },
)


def parse_place(body: bytes) -> PlaceRequest:
    """Read the body of create, reserve or quote."""
    return parse_by(PLACE.read, body)


def _nullable(document: type[Document]) -> Collection[str]:
    return tuple(field.name for field in fields_of(document) if field.kind.null is Null.WRITTEN)


def _names(document: type[Document]) -> tuple[str, ...]:
    return tuple(field.name for field in fields_of(document))


PLACE_SIGNED = Order(
    PLACE_ORDER, _nullable(PlaceHead), ("psp", "rtag"), {"events": Order(_names(PickedEvent))}
)
"""The order of create, reserve and quote, for signatures over a rebuilt body."""
CASH_OUT_SIGNED = Order(_names(CashOutRequest))
OTP_SIGNED = Order(_names(OtpRequest))
OTP_CHECK_SIGNED = Order(_names(OtpCheck))
