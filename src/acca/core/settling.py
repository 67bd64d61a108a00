"""Settlement of accumulators from leg outcomes, exact until the one rounding (spec 7)."""

from collections.abc import Iterable, Sequence
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


class Leg(NamedTuple):
    """One leg of an accumulator: odds struck (hundredths), and its outcome, None while open."""

    odds: int
    outcome: Outcome | None


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


def settle_accumulator(legs: Sequence[Leg], terms: Terms) -> Settlement | None:
    """Settle a ticket as soon as its outcome is certain, else None.

    One lost leg decides at once, whatever is still open. All legs void is a refund. A product or a
    payout that rounds to nothing is lost: a won ticket pays at least one cent.
    """
    assert legs, "an accumulator has at least one leg"
    product = multiply_factors(legs)
    if product is None:
        return None
    if not product.numerator:
        return _LOST
    if product.voids == len(legs):
        return _refund(terms)
    odds = round_ratio(product.numerator * ONE, product.denominator, terms.tax.rounding)
    return _pay(odds, terms)


class Product(NamedTuple):
    """The exact product of leg factors, and how many of the legs were void."""

    numerator: int
    denominator: int
    voids: int


def multiply_factors(legs: Iterable[Leg]) -> Product | None:
    """Multiply leg factors exactly: zero at once if one is lost, else None while one is open."""
    numerator = denominator = 1
    voids = 0
    is_open = False
    for odds, outcome in legs:
        if outcome is None:
            is_open = True
            continue
        numerator *= outcome.factor(odds)
        if not numerator:
            return _NOTHING
        denominator *= LEG_ONE * outcome.dead_heat
        voids += outcome.void_halves == VOID.void_halves
    return None if is_open else Product(numerator, denominator, voids)


_NOTHING = Product(0, 1, 0)


def _refund(terms: Terms) -> Settlement:
    back = terms.charge.price_cents
    if terms.void_refund is VoidRefund.STAKE:
        back = terms.charge.stake_cents
    return Settlement(TicketResult.VOID, ONE, back, 0, back, back)


def _pay(settled_odds: int, terms: Terms) -> Settlement:
    paid = pay_out(terms.charge, settled_odds, terms.tax, terms.cap_cents)
    if not paid.gross_cents:
        return _LOST
    return Settlement(TicketResult.WON, settled_odds, *paid)
