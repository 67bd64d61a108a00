"""Settlement of accumulators from leg outcomes, exact until the one rounding (spec 7)."""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from acca.core.finance import Charge, TaxTerms, pay_out
from acca.core.numbers import round_ratio
from acca.core.odds import ONE
from acca.core.outcome import LEG_ONE, VOID, Outcome
from acca.core.ticket import TicketResult


class VoidRefund(Enum):
    """What a full void gives back: all that the player paid, or only the stake."""

    PRICE = "price"
    STAKE = "stake"


class Settlement(NamedTuple):
    """How a ticket ended, and its amounts; `uncapped_cents` is the gross payout before the cap."""

    result: TicketResult
    settled_odds: int
    gross_cents: int
    wht_cents: int
    net_cents: int
    uncapped_cents: int


class Terms(NamedTuple):
    """What was frozen into the ticket that decides its money: charge, taxes, cap, void rule."""

    charge: Charge
    tax: TaxTerms
    cap_cents: int | None = None
    void_refund: VoidRefund = VoidRefund.PRICE


_LOST = Settlement(TicketResult.LOST, 0, 0, 0, 0, 0)


def settle_accumulator(
    odds: Sequence[int], outcomes: Sequence[Outcome | None], terms: Terms
) -> Settlement | None:
    """Settle a ticket as soon as its outcome is certain, else None.

    Odds struck (hundredths) and outcomes, None while open, stand leg by leg. One lost leg decides
    at once, whatever is still open. All legs void is a refund. A product or a payout that rounds
    to nothing is lost: a won ticket pays at least one cent.
    """
    product = multiply_factors(odds, outcomes)
    if product is None:
        return None
    numerator, denominator, voids = product
    if not numerator:
        return _LOST
    if voids == len(odds):
        return refund(terms)
    settled_odds = round_ratio(numerator * ONE, denominator, terms.tax.rounding)
    return _pay(settled_odds, terms)


def multiply_factors(
    odds: Sequence[int], outcomes: Sequence[Outcome | None]
) -> tuple[int, int, int] | None:
    """Multiply leg factors exactly: numerator, denominator, and how many legs are void.

    Zero as soon as one leg is lost, else None while one is open.
    """
    assert len(odds) > 0, "an accumulator has at least one leg"
    numerator = denominator = 1
    voids = 0
    is_open = False
    for each, outcome in zip(odds, outcomes, strict=True):
        if outcome is None:
            is_open = True
            continue
        # `outcome.factor(each)`, spelled out: the call would be half of the time.
        won, void_halves, sharing = outcome
        factor = void_halves * ONE * sharing + (2 - void_halves) * won * each
        if not factor:
            return 0, 1, 0
        numerator *= factor
        denominator *= LEG_ONE * sharing
        voids += void_halves == _ALL_HALVES
    return None if is_open else (numerator, denominator, voids)


_ALL_HALVES = VOID.void_halves


def refund(terms: Terms) -> Settlement:
    """Void a ticket in full: what was paid goes back, or the stake by the operator's rule."""
    back = terms.charge.price_cents
    if terms.void_refund is VoidRefund.STAKE:
        back = terms.charge.stake_cents
    return Settlement(TicketResult.VOID, ONE, back, 0, back, back)


def _pay(settled_odds: int, terms: Terms) -> Settlement:
    paid = pay_out(terms.charge, settled_odds, terms.tax, terms.cap_cents)
    if not paid.gross_cents:
        return _LOST._replace(settled_odds=settled_odds)
    return Settlement(TicketResult.WON, settled_odds, *paid)
