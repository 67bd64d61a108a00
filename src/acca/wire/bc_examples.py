"""Documents of the Bet Card API as its readers are shown them, made of the classes themselves."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from acca.core.board import BoardEvent, Label
from acca.core.calculating import Calculated
from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier, VoidPolicy, VoidStep
from acca.core.cards.picking_jackpot import Strategy
from acca.core.cards.products import Body
from acca.core.cards.quickbet import CouponEvent, Quickbet
from acca.core.cards.quicktip import Quicktip, Tip
from acca.core.cards.smartbet import Band, Smartbet
from acca.core.cards.superbet import Prize, Superbet
from acca.core.finance import ExciseFormula, TaxTerms, WithholdingBase, charge_price, pay_out
from acca.core.odds import total_odds
from acca.core.probability.chances import Quoted, chances_of
from acca.core.ticket import TicketType
from acca.wire.bc import (
    JackpotPickAnswer,
    JackpotPickRequest,
    Kept,
    SmartbetAnswer,
    SmartbetRequest,
)
from acca.wire.bc_showing import Head, finance_details, show_card, show_leg, show_picked
from acca.wire.card_files import CardHeadFile
from acca.wire.document import render
from acca.wire.openapi import Example

ZONE = ZoneInfo("Africa/Nairobi")
_NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
_TERMS = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000, WithholdingBase.NET)
_BAND = Band(125, 499)
_RISKS = (Band(125, 199), _BAND)
_PRICES = {1: 195, 2: 340, 3: 410}
(_CHANCES,) = chances_of([Quoted("football", _PRICES)])
_LEAGUE = Label(3, "premier-league", "Premier League")
_CARD_CODE = "A1B2C3"


def _event(number: int) -> BoardEvent:
    return BoardEvent(
        id=100_000 + number,
        starts=_NOW + timedelta(hours=29 + number),
        sport="football",
        country=Label(2, "kenya", "Kenya"),
        league=_LEAGUE,
        home=Label(10 + number, f"home-{number}", f"Home {number}"),
        away=Label(20 + number, f"away-{number}", f"Away {number}"),
        is_stopped=False,
        closed=frozenset(),
        odds=_PRICES,
        chances=_CHANCES,
        updated=_NOW - timedelta(minutes=5),
    )


_EVENTS = {event.id: event for event in map(_event, (1, 2, 3))}
_IDS = tuple(_EVENTS)
_BODIES: Mapping[TicketType, Body] = {
    TicketType.QUICKTIP: Quicktip(tuple(Tip(id_, 1, "Strong at home.") for id_ in _IDS[:2])),
    TicketType.SMARTBET: Smartbet((2_000, 5_000), (25_000, 100_000), _RISKS, 20, _IDS),
    TicketType.QUICKBET: Quickbet(
        (2_000, 5_000), 1, 3, tuple(CouponEvent(id_, (1, 2, 3)) for id_ in _IDS)
    ),
    TicketType.SUPERBET: Superbet(_IDS[0], 5_000, ((1, 2, 3),), (Prize(1, 8_000),)),
    TicketType.JACKPOT: Jackpot(
        5_000,
        100,
        (Tier(PrizeKind.SHARED_AMOUNT, 100_000_000), Tier(PrizeKind.FIXED_PER_LINE, 50_000)),
        _IDS,
        (VoidStep(VoidPolicy.REFUND_ALL, 2),),
    ),
}


def card_example(type_: TicketType) -> Example:
    """Show a card of a product."""
    said = "Matches of the day"
    file = CardHeadFile(type=type_, title="Saturday", description=said, currency="KES")
    head = Head(_CARD_CODE, "acme", _NOW, _EVENTS[_IDS[0]].starts, _NOW)
    shown = show_card(head, file, _BODIES[type_], _EVENTS, _NOW)
    assert shown is not None, "an example can be shown"
    return Example(type_.value, render(shown, ZONE))


def finance_example() -> Example:
    """Show the published answer: 10.00 at odds of 1.24 and 2.76."""
    charged, total = charge_price(1_000, _TERMS), total_odds((124, 276))
    found = Calculated(charged, total, pay_out(charged, total, _TERMS), _TERMS)
    return Example("published", render(finance_details(found)))


def smartbet_examples() -> tuple[Example, Example]:
    """Show a wish and what is composed for it."""
    wish = SmartbetRequest(stake_cents=2_000, win_cents=5_000, risk=_BAND, seed=7)
    charged, total = charge_price(2_000, _TERMS), total_odds((195, 195))
    payout = pay_out(charged, total, _TERMS)
    answer = SmartbetAnswer(
        price_cents=charged.price_cents,
        stake_cents=charged.stake_cents,
        total_odds=total,
        ext_rate=_TERMS.ext_rate,
        ext_amount_cents=charged.ext_cents,
        wht_rate=_TERMS.wht_rate,
        wht_amount_cents=payout.wht_cents,
        gross_payout_cents=payout.gross_cents,
        net_payout_cents=payout.net_cents,
        risk=_RISKS[0],
        events=tuple(show_leg(_EVENTS[id_], 1) for id_ in _IDS[:2]),
        probability_basis_points=2_401,
        seed=7,
    )
    return Example("wish", render(wish)), Example("composed", render(answer, ZONE))


def jackpot_examples() -> tuple[Example, Example]:
    """Show a wish and the jackpot that is filled for it."""
    kept = (Kept(id=_IDS[0], bet=1),)
    wish = JackpotPickRequest(strategy=Strategy.FAVOURITES, lines=2, keep=kept, seed=7)
    answer = JackpotPickAnswer(
        price_cents=10_000,
        lines=2,
        probability_e10=1_848_770_000,
        seed=7,
        events=tuple(
            show_picked(_EVENTS[id_], bets)
            for id_, bets in zip(_IDS, ((1,), (1, 2), (1,)), strict=True)
        ),
    )
    return Example("wish", render(wish)), Example("filled", render(answer, ZONE))
