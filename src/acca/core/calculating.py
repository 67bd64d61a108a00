"""The calculator: what a price at some odds would cost and pay, judged by no limit (spec 2)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from acca.core.finance import Charge, Payout, TaxTerms, charge, pay_out
from acca.core.limits import Limits
from acca.core.money import AMOUNT_CENTS_MAX
from acca.core.numbers import Malformed
from acca.core.odds import render_odds, total_odds
from acca.core.placing import Rules, bounds_of, limits_of, terms_in_force
from acca.core.ticket import TicketType

_ACCUMULATORS = (TicketType.QUICKTIP, TicketType.SMARTBET, TicketType.QUICKBET)


class Asked(NamedTuple):
    """What is to be calculated: a price or a stake in cents, odds in hundredths."""

    price_cents: int | None
    stake_cents: int | None
    odds: Sequence[int]
    type: TicketType | None


class Calculated(NamedTuple):
    """What came out, and the taxes it was calculated by."""

    charge: Charge
    total_odds: int
    payout: Payout
    terms: TaxTerms


def calculate(asked: Asked, rules: Rules, now: datetime) -> Calculated:
    """Calculate; NoTaxProfile in a gap of the profiles, Malformed for what no ticket can hold."""
    terms = terms_in_force(rules, now, asked.type)
    charged = charge(asked.price_cents, asked.stake_cents, terms)
    total = total_odds(asked.odds, terms.rounding)
    largest = bounds_of(rules, Limits()).total_odds_max
    if total > largest:
        raise Malformed(f"make total odds of more than {render_odds(largest)}")
    types = _ACCUMULATORS if asked.type is None else (asked.type,)
    payout = pay_out(charged, total, terms, _cap(rules, types))
    if payout.gross_cents > AMOUNT_CENTS_MAX:
        raise Malformed(f"make a payout of more than {AMOUNT_CENTS_MAX}")
    return Calculated(charged, total, payout, terms)


def _cap(rules: Rules, types: Iterable[TicketType]) -> int | None:
    """Tell the greatest cap of tickets that these might become, None where one has none.

    Neither the currency nor, often, the type is asked for: nobody is told of less than he may win.
    """
    currencies = rules.settings.currencies
    limits = [limits_of(rules, type_, currency) for type_ in types for currency in currencies]
    caps = [bounds_of(rules, each).cap_cents for each in limits]
    return None if None in caps else max(filter(None, caps), default=None)
