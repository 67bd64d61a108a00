"""Documents of the Bet Engine API as its readers are shown them, made of the classes themselves."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import asdict, replace

from acca.core.chain import START, Linked, extend_chain
from acca.core.delivery import Verdict
from acca.core.finance import (
    ExciseFormula,
    Payout,
    TaxTerms,
    WithholdingBase,
    charge_price,
    pay_out,
    withhold,
)
from acca.core.ticket import Source, Status, TicketResult, TicketType
from acca.wire.be_answers import (
    TIMELINE,
    Attempt,
    Audience,
    CashOutOffer,
    EventsPage,
    Explanation,
    Lane,
    Quote,
    StreamEvent,
    StreamHead,
    TimelineEntry,
)
from acca.wire.be_requests import (
    PickedEvent,
    PlaceAccumulator,
    PlaceHead,
    PlaceJackpot,
    PlaceRequest,
    PlaceSuperbet,
)
from acca.wire.be_tickets import (
    AccumulatorTicket,
    JackpotTicket,
    LegResult,
    SuperbetBet,
    SuperbetEvent,
    SuperbetTicket,
    Ticket,
    TicketEvent,
    TicketHead,
    TicketLeg,
)
from acca.wire.document import render, render_list
from acca.wire.openapi import Example
from acca.wire.parts import Coded, Named, Prize

_ZONE = ZoneInfo("Africa/Nairobi")
_CREATED = datetime(2026, 5, 1, 12, 0, 0, 250_000, UTC)
_STARTS = datetime(2026, 5, 2, 17, tzinfo=UTC)
_ID = "69f49340a3f1c2d4e5b60718"
_PLACE = PlaceHead(
    operator="site",
    token="UnIqUe-ToKeN",  # noqa: S106 - of the documentation's samples, and nobody's
    price_cents=5000,
    currency="KES",
    atag="affiliate-1",
    source=Source.MOBILE,
    type=TicketType.QUICKTIP,
)
_PICKED = (PickedEvent(id=100001, bet=1, odds=150), PickedEvent(id=100002, bet=3, odds=400))
_EVENT = TicketEvent(
    id=100001,
    starts=_STARTS,
    sport=Named(id=1, name="Football"),
    category=Named(id=2, name="Kenya"),
    league=Named(id=3, name="Premier League"),
    home_team=Named(id=4, name="Home FC"),
    away_team=Named(id=5, name="Away FC"),
)
_BET = asdict(
    SuperbetBet(
        market=Coded(code="1X2FT", name="Match result"),
        bet=Coded(code="1", name="Home"),
        line=None,
        bet_id=1,
        result=LegResult.PENDING,
    )
)
_CARD = "A1B2C3"
_TERMS = TaxTerms(
    ext_rate=125_000,
    ext_formula=ExciseFormula.INCLUSIVE,
    wht_rate=200_000,
    wht_base=WithholdingBase.NET,
)
_CHARGE = charge_price(5000, _TERMS)
_ODDS = 600


def place_examples() -> tuple[Example, ...]:
    """List a request of each of the five types."""
    return tuple(Example(type_.value, render(_place(type_))) for type_ in TicketType)


def ticket_examples(status: Status) -> tuple[Example, ...]:
    """List a ticket of each of the five types, of one status."""
    return tuple(
        Example(type_.value, render(_ticket(type_, status), _ZONE)) for type_ in TicketType
    )


def list_example() -> Example:
    """Show a list of one ticket."""
    return Example("tickets", render_list([_ticket(TicketType.QUICKBET, Status.OPEN)], _ZONE))


def quote_example() -> Example:
    """Show the quote of the quickbet."""
    payout = pay_out(_CHARGE, _ODDS, _TERMS)
    quote = Quote(
        price_cents=_CHARGE.price_cents,
        stake_cents=_CHARGE.stake_cents,
        currency="KES",
        gross_payout_cents=payout.gross_cents,
        net_payout_cents=payout.net_cents,
        wht_amount_cents=payout.wht_cents,
        wht_rate=_TERMS.wht_rate,
        ext_amount_cents=_CHARGE.ext_cents,
        ext_rate=_TERMS.ext_rate,
        ext_type=_TERMS.ext_formula.ext_type,
        approved=True,
        type=TicketType.QUICKBET,
        events=_PICKED,
        odds=_ODDS,
        max_price_cents=2_000_000,
    )
    return Example("quote", render(quote, _ZONE))


def cash_out_example() -> Example:
    """Show what the quickbet is bought back for."""
    gross = 7_000
    wht = withhold(gross, _CHARGE, _TERMS)
    offer = CashOutOffer(
        amount_cents=gross - wht,
        gross_payout_cents=gross,
        wht_amount_cents=wht,
        net_payout_cents=gross - wht,
        valid_until=_CREATED,
    )
    return Example("offer", render(offer, _ZONE))


def timeline_example() -> Example:
    """Show the first entry of a ticket, and what became of it."""
    attempt = Attempt(
        attempt=1,
        is_late=False,
        at=_CREATED,
        verdict=Verdict.ACCEPTED,
        http_status=200,
        duration_ms=41,
        answer='{"status":"ok"}',
    )
    entry = TimelineEntry(
        n=1,
        at=_CREATED,
        kind="new",
        status=Status.NEW,
        result=TicketResult.PENDING,
        actor=None,
        lane=Lane.PAM,
        action="ticket_create",
        body=_told(),
        attempts=(attempt,),
    )
    written = TIMELINE.write
    assert written is not None, "local times are written in a zone"
    return Example("timeline", msgspec.json.encode(written((entry,), _ZONE)))


def explanation_example() -> Example:
    """Show a won ticket of one leg as its player reads it."""
    explanation = Explanation(
        lang="en",
        audience=Audience.PLAYER,
        legs=("Home FC - Away FC ended 2-1: your pick, Home FC to win at 6.00, won.",),
        money=(
            "You paid KES 50.00; 44.44 was staked after excise duty of 5.56; "
            "at total odds 6.00 you won 266.64, withholding tax 44.44, you receive KES 222.20."
        ),
        sms="Ticket E36E20 WON KES 222.20 (won 266.64, tax 44.44). Home FC 2-1 Away FC ok",
    )
    return Example("explanation", render(explanation))


def events_example() -> Example:
    """Show the first page of a stream, with the hash that follows from its one entry."""
    status, result = Status.NEW, TicketResult.PENDING
    linked = Linked(
        bytes.fromhex(_ID), 1, _CREATED, "new", status.value, result.value,
        Lane.PAM.value, "ticket_create", _told().encode(),
    )  # fmt: skip
    (link,) = extend_chain(START, [linked])
    event = StreamEvent(
        number=link.number,
        hash=link.hash.hex(),
        at=_CREATED,
        ticket_id=_ID,
        delivery_id=f"{_ID}-1",
        kind="new",
        status=status,
        result=result,
        lane=Lane.PAM,
        action="ticket_create",
        body=_told(),
    )
    head = StreamHead(number=link.number, hash=link.hash.hex())
    return Example("events", render(EventsPage(events=(event,), next=1, head=head), _ZONE))


def _told() -> str:
    told = {"action": "ticket_create", "data": {"operator": "site", "ticket_id": _ID}}
    return msgspec.json.encode(told).decode()


def _place(type_: TicketType) -> PlaceRequest:
    head = asdict(replace(_PLACE, type=type_))
    match type_:
        case TicketType.SUPERBET:
            return PlaceSuperbet(**head, event=100001, bets=(101, 104, 107))
        case TicketType.JACKPOT:
            return PlaceJackpot(
                **head,
                events=_PICKED,
                betcard_code=_CARD,
                prize_cents=100_000_000,
                bonus_prizes=(5_000_000, 100_000),
            )
        case _:
            return PlaceAccumulator(**head, odds_diff=10, events=_PICKED)


def _ticket(type_: TicketType, status: Status) -> Ticket:
    head = asdict(_head(type_, status))
    match type_:
        case TicketType.SUPERBET:
            prizes = (Prize(correct=3, amount_cents=1_000_000), Prize(correct=2, amount_cents=5000))
            event, bets = SuperbetEvent(**asdict(_EVENT), score=None), (SuperbetBet(**_BET),)
            return SuperbetTicket(**head, event=event, bets=bets, betcard_code=_CARD, prizes=prizes)
        case TicketType.JACKPOT:
            return JackpotTicket(
                **head,
                events=_legs(),
                betcard_code=_CARD,
                prize_cents=100_000_000,
                bonus_prizes=(5_000_000, 100_000),
                lines=1,
            )
        case _:
            return AccumulatorTicket(
                **head, events=_legs(), odds=_ODDS, betcard_code=None, settled_odds=None
            )


def _legs() -> tuple[TicketLeg, ...]:
    return tuple(
        TicketLeg(**asdict(replace(_EVENT, id=picked.id)), **_BET, odds=picked.odds, score=None)
        for picked in _PICKED
    )


def _head(type_: TicketType, status: Status) -> TicketHead:
    is_prize = type_ in {TicketType.SUPERBET, TicketType.JACKPOT}
    payout = Payout(0, 0, 0, 0) if is_prize else pay_out(_CHARGE, _ODDS, _TERMS)
    return TicketHead(
        id=_ID,
        code="E36E20",
        psp=None,
        price_cents=_CHARGE.price_cents,
        stake_cents=_CHARGE.stake_cents,
        currency="KES",
        gross_payout_cents=payout.gross_cents,
        net_payout_cents=payout.net_cents,
        wht_amount_cents=payout.wht_cents,
        wht_rate=_TERMS.wht_rate,
        ext_amount_cents=_CHARGE.ext_cents,
        ext_rate=_TERMS.ext_rate,
        ext_type=_TERMS.ext_formula.ext_type,
        status=status,
        result=TicketResult.PENDING,
        approved=True,
        source=Source.MOBILE,
        type=type_,
        atag="affiliate-1",
        rtag=None,
        aff_instant_comm_amt_cents=None,
        aff_instant_comm_pct_rate=None,
        user_id="player-1",
        created=_CREATED,
        updated=_CREATED,
    )
