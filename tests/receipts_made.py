"""Receipts made of plain values: any product, before what follows is worked out."""

import datetime as dt
from itertools import count

from acca.core.cards.superbet import Superbet
from acca.core.finance import Charge, TaxTerms, charge_price
from acca.core.markets.football import bet
from acca.core.receipt import (
    FORMAT,
    End,
    JackpotPart,
    Known,
    Leg,
    Named,
    Receipt,
    Stage,
    SuperbetPart,
)
from acca.core.score import Ending
from acca.core.settling import VoidRefund
from acca.core.ticket import Status, TicketResult, TicketType

CREATED = dt.datetime(2026, 5, 1, 12, 0, 0, 250_000, dt.UTC)
STARTS = dt.datetime(2026, 5, 2, 17, tzinfo=dt.UTC)
PRIVATE = b"\7" * 32
STATUSES = {Stage.STRUCK: Status.OPEN, Stage.CANCELLED: Status.CANCELLED}


def played(home, away, half=None, first=None):
    periods = () if half is None else (half, (home - half[0], away - half[1]))
    return Known(1, Ending.PLAYED, (home, away), periods, first)


def stopped(home, away, half=None):
    return Known(1, Ending.ABANDONED, (home, away), () if half is None else (half,), None)


CANCELLED = Known(1, Ending.CANCELLED, None, (), None)


def leg(result=None, market="MRFT", line=None, code="1", **changes):
    return Leg(
        event=7,
        sport="football",
        league="Premier League",
        home_team="Gor Mahia",
        away_team="AFC Leopards",
        starts=STARTS,
        bet_id=bet(market, line, code).id,
        market="",
        line=None,
        bet="",
        odds=150,
        result=result,
        not_played=False,
        outcome=None,
        factor=None,
    )._replace(**changes)


def receipt(*legs, stage=Stage.SETTLED, type_=TicketType.QUICKBET, tax=None, **changes):
    """Make the inputs of a receipt; a ticket of 10.00 unless a price or a charge is given."""
    tax = tax or TaxTerms()
    charge = changes.pop("charge", None) or charge_price(changes.pop("price", 1000), tax)
    numbers = count(7)
    own = tuple(
        one if type_ is TicketType.SUPERBET or one.event != 7 else one._replace(event=next(numbers))
        for one in legs
    )
    return Receipt(
        format=FORMAT,
        stage=stage,
        ticket=Named(
            "site",
            "69f49340a3f1c2d4e5b60718",
            "CD4BDD",
            type_,
            "player-1",
            "KES",
            CREATED,
            STATUSES.get(stage, Status.RESULTED),
        ),
        charge=Charge(*charge),
        tax=tax,
        cap_cents=None,
        void_refund=VoidRefund.PRICE,
        legs=own,
        struck=None,
        superbet=None,
        jackpot=None,
        steps=(),
        end=End(TicketResult.PENDING, None, 0, 0, 0),
    )._replace(**changes)


def superbet(rule, *legs, prizes, **changes):
    """Make a superbet whose questions are the bets of legs."""
    card = Superbet(7, 1000, tuple((one.bet_id,) for one in legs), prizes, rule)
    own = [one._replace(odds=None) for one in legs]
    part = SuperbetPart("ABC123", card, None)
    return receipt(*own, type_=TicketType.SUPERBET, superbet=part, **changes)


def jackpot(card, round_, picks, **changes):
    """Make a jackpot of picks as `{event: "1X"}`."""
    legs = [
        leg(None, code=sign, event=event, odds=None) for event, signs in picks.items()
        for sign in signs
    ]  # fmt: skip
    part = JackpotPart("ABC123", card, round_)
    return receipt(*legs, type_=TicketType.JACKPOT, jackpot=part, **changes)


def figures(made):
    """Tell the rounded figures of a completed receipt by name."""
    return {step.name: step.rounded for step in made.steps}
