"""Decimal odds as integer hundredths: 1.95 is 195."""

from collections.abc import Iterable
from math import prod

from acca.core.numbers import (
    Malformed,
    Rounding,
    parse_scaled,
    render_fixed,
    render_scaled,
    round_ratio,
)

ONE = 100
"""Odds of 1.00: the stake comes back."""
ODDS_MAX = 10_000_000
"""Greatest odds of one bet, 100,000.00: beyond any offer, and a bound for every product."""


def parse_odds(text: str) -> int:
    """Read odds of 1.00 to ODDS_MAX with at most two decimals, as hundredths."""
    hundredths = parse_scaled(text, 2)
    if not ONE <= hundredths <= ODDS_MAX:
        message = f"has to be between 1.00 and {render_fixed(ODDS_MAX, 2)}"
        raise Malformed(message)
    return hundredths


def render_odds(hundredths: int) -> str:
    """Write odds in the shortest form, as the wire does: 150 is `1.5`."""
    return render_scaled(hundredths, 2)


def total_odds(odds: Iterable[int], rounding: Rounding = Rounding.HALF_UP) -> int:
    """Multiply odds exactly and round the product once, to hundredths."""
    factors = tuple(odds)
    return round_ratio(prod(factors) * ONE, ONE ** len(factors), rounding)
