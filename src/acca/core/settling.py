"""Settlement of accumulators from leg outcomes, exact until the one rounding (spec 7)."""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import NamedTuple

from acca.core.finance import Charge, TaxTerms, pay_out
from acca.core.numbers import Rounding, round_ratio
from acca.core.odds import ONE
from acca.core.outcome import Outcome
from acca.core.ticket import TicketResult

_LEG_ONE = 2 * ONE
"""A leg factor is a whole number over 200, times the number that share a dead heat."""
_VOID_HALVES = 2


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
    outcomes = [leg.outcome for leg in legs]
    if any(_is_lost(outcome) for outcome in outcomes):
        return _LOST
    if None in outcomes:
        return None
    if all(outcome is not None and outcome.void_halves == _VOID_HALVES for outcome in outcomes):
        return _refund(terms)
    return _pay(product_of_factors(legs, terms.tax.rounding), terms)


def product_of_factors(legs: Iterable[Leg], rounding: Rounding = Rounding.HALF_UP) -> int:
    """Multiply the factors of decided legs exactly, and round the product once, to hundredths."""
    numerator, denominator = ONE, 1
    for odds, outcome in legs:
        assert outcome is not None, "only decided legs have a factor"
        numerator *= outcome.factor(odds)
        denominator *= _LEG_ONE * outcome.dead_heat
    return round_ratio(numerator, denominator, rounding)


def _is_lost(outcome: Outcome | None) -> bool:
    return outcome is not None and not outcome.won and not outcome.void_halves


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
