"""Wishes for tickets as tests make them, what is seen of their events, and rules."""

import datetime as dt

from acca.core.cards.card import CardState
from acca.core.cards.fitting import Pick
from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier, VoidPolicy, VoidStep
from acca.core.cards.quickbet import CouponEvent, Quickbet
from acca.core.cards.quicktip import Quicktip, Tip
from acca.core.cards.smartbet import Band, Smartbet
from acca.core.cards.superbet import Prize, Superbet
from acca.core.finance import TaxTerms
from acca.core.limits import Limits
from acca.core.markets.football import bet
from acca.core.operator import OperatorSettings
from acca.core.placing import (
    CardSeen,
    EventSeen,
    NumberedProfile,
    Rules,
    Seen,
    Wish,
    strike,
)
from acca.core.refusals import (
    Refusal,
)
from acca.core.tax_profiles import TaxProfile
from acca.core.ticket import TicketType

NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
YES, NO = (bet("BTTSFT", None, code).id for code in ("Y", "N"))
RESULT = (1, 2, 3)
FIXED = Tier(PrizeKind.FIXED_PER_LINE, 100_000)
OPEN, CLOSED = CardState.OPEN, CardState.CLOSED
TIPS = Quicktip(tuple(Tip(number, 1) for number in (1, 2, 3, 4)))
COUPON = Quickbet((1000,), 2, 3, tuple(CouponEvent(number, RESULT) for number in (1, 2, 3, 4)))
SMART = Smartbet((2000,), (25_000,), (Band(125, 499),), 2, (1, 2, 3))
SUPER = Superbet(4, 5000, (RESULT, (YES, NO)), (Prize(2, 90_000),))
JACKPOT = Jackpot(1000, 6, (FIXED, FIXED), (1, 2), (VoidStep(VoidPolicy.REFUND_ALL, threshold=1),))


def event(**changes):
    odds = dict.fromkeys((1, 2, 3, YES, NO), 150)
    seen = EventSeen("football", NOW + HOUR, "scheduled", is_stopped=False, closed=(), odds=odds)
    return seen._replace(**changes)


def card(body, kind, state=OPEN, code="ABCDEF", **changes):
    return CardSeen(code, kind, "KES", state, body)._replace(**changes)


def wish(kind=TicketType.QUICKTIP, picks=None, **changes):
    if picks is None:
        picks = tuple(Pick(number, 1, 150) for number in (1, 2, 3, 4))
    made = Wish(kind, "KES", 1000, None, picks, 0, None, prizes=None, has_atag=False)
    return made._replace(**changes)


def seen(*cards, **changes):
    return Seen(NOW, {number: event() for number in (1, 2, 3, 4)}, cards)._replace(**changes)


def rules(limits=None, terms=None, profiles=None, **settings):
    if profiles is None:
        profiles = [NumberedProfile(7, TaxProfile(terms or TaxTerms(), NOW - HOUR))]
    chosen = OperatorSettings({"currencies": frozenset({"KES"}), **settings})
    given = Limits(limits or {})
    return Rules(chosen, {(kind, "KES"): given for kind in TicketType}, profiles)


def answer(wished, looked_at=None, ruled=None):
    """Return the type of the refusal, None where a ticket is struck."""
    try:
        strike(wished, looked_at or seen(), ruled or rules())
    except Refusal as refusal:
        return type(refusal)
    return None
