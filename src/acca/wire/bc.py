"""Calculator, smartbet composer, jackpot picker and list filters of the Bet Card API (spec 2)."""

from datetime import datetime
from typing import Annotated, ClassVar

from acca.core.cards.picking_jackpot import Strategy
from acca.core.cards.smartbet import Band
from acca.core.finance import ExtType
from acca.core.ticket import TicketType
from acca.wire.bc_cards import BAND, BetEvent, CardBet, CardEvent
from acca.wire.document import Document, nested
from acca.wire.kinds import array, choice, integer, optional
from acca.wire.times import INSTANT
from acca.wire.words import (
    BASIS_POINTS,
    BET_ID,
    CENTS,
    COUNT,
    FINE_PERCENT,
    ID,
    LIST_LENGTH_MAX,
    ODDS,
    OPERATOR,
    PRICE_CENTS,
    RATE,
    TOTAL_ODDS,
)

CARDS_IN_LIST_MAX = 1_000
_EXCLUDED_MAX = 1_000

_SEED = integer(0)


class FinanceQuery(Document, frozen=True, kw_only=True):
    """What the calculator is asked: odds in hundredths; `type` chooses the tax profile."""

    ONE_OF: ClassVar[tuple[tuple[str, ...], ...]] = (("price", "stake"),)

    operator: Annotated[str, OPERATOR]
    price_cents: Annotated[int | None, optional(PRICE_CENTS)] = None
    stake_cents: Annotated[int | None, optional(PRICE_CENTS)] = None
    odds: Annotated[tuple[int, ...], array(ODDS, LIST_LENGTH_MAX, 1)]
    type: Annotated[TicketType | None, optional(choice(TicketType))] = None


class FinanceDetails(Document, frozen=True, kw_only=True):
    """What the calculator answers."""

    price_cents: Annotated[int, CENTS]
    total_odds: Annotated[int, TOTAL_ODDS]
    stake_cents: Annotated[int, CENTS]
    ext_rate: Annotated[int, RATE]
    ext_amount_cents: Annotated[int, CENTS]
    ext_type: Annotated[ExtType, choice(ExtType)]
    wht_rate: Annotated[int, RATE]
    wht_amount_cents: Annotated[int, CENTS]
    gross_payout_cents: Annotated[int, CENTS]
    net_payout_cents: Annotated[int, CENTS]


class CardsQuery(Document, frozen=True, kw_only=True):
    """Which of an operator's open cards."""

    operator: Annotated[str, OPERATOR]
    league_id: Annotated[int | None, optional(ID)] = None
    country_id: Annotated[int | None, optional(ID)] = None
    starts_before: Annotated[datetime | None, optional(INSTANT)] = None
    starts_after: Annotated[datetime | None, optional(INSTANT)] = None
    limit: Annotated[int | None, optional(integer(1, CARDS_IN_LIST_MAX))] = None


class SmartbetRequest(Document, frozen=True, kw_only=True):
    """The stake, the wanted win and the band of odds; `exclude` are event ids."""

    stake_cents: Annotated[int, PRICE_CENTS]
    win_cents: Annotated[int, PRICE_CENTS]
    risk: Annotated[Band, BAND]
    exclude: Annotated[tuple[int, ...], array(ID, _EXCLUDED_MAX)] = ()
    seed: Annotated[int | None, optional(_SEED)] = None


class SmartbetAnswer(Document, frozen=True, kw_only=True):
    """A composed smartbet; `price` is the request's stake, odds are hundredths.

    The probability is in hundredths of a percent.
    """

    price_cents: Annotated[int, CENTS]
    stake_cents: Annotated[int, CENTS]
    total_odds: Annotated[int, TOTAL_ODDS]
    ext_rate: Annotated[int, RATE]
    ext_amount_cents: Annotated[int, CENTS]
    wht_rate: Annotated[int, RATE]
    wht_amount_cents: Annotated[int, CENTS]
    gross_payout_cents: Annotated[int, CENTS]
    net_payout_cents: Annotated[int, CENTS]
    risk: Annotated[Band, BAND]
    events: Annotated[tuple[BetEvent, ...], array(nested(BetEvent), LIST_LENGTH_MAX)]
    probability_basis_points: Annotated[int, BASIS_POINTS]
    seed: Annotated[int, _SEED]


class Kept(Document, frozen=True, kw_only=True):
    """A pick that the player has made already."""

    id: Annotated[int, ID]
    bet: Annotated[int, BET_ID]


class JackpotPickRequest(Document, frozen=True, kw_only=True):
    """How a jackpot is to be filled, and what of it stands already."""

    strategy: Annotated[Strategy, choice(Strategy)] = Strategy.WEIGHTED
    lines: Annotated[int, integer(1, 2**31 - 1)] = 1
    keep: Annotated[tuple[Kept, ...], array(nested(Kept), LIST_LENGTH_MAX)] = ()
    seed: Annotated[int | None, optional(_SEED)] = None


class PickedCardEvent(CardEvent, frozen=True, kw_only=True):
    """An event of a filled jackpot: one `bet`, or several `bets` that make up the lines."""

    ONE_OF: ClassVar[tuple[tuple[str, ...], ...]] = (("bet", "bets"),)

    bet: Annotated[CardBet | None, optional(nested(CardBet))] = None
    bets: Annotated[
        tuple[CardBet, ...] | None, optional(array(nested(CardBet), LIST_LENGTH_MAX, 2))
    ] = None


class JackpotPickAnswer(Document, frozen=True, kw_only=True):
    """A filled jackpot; the probability of all correct in parts of 10**10."""

    price_cents: Annotated[int, CENTS]
    lines: Annotated[int, COUNT]
    probability_e10: Annotated[int, FINE_PERCENT]
    seed: Annotated[int, _SEED]
    events: Annotated[tuple[PickedCardEvent, ...], array(nested(PickedCardEvent), LIST_LENGTH_MAX)]
