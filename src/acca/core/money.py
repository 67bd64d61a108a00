"""Amounts: integer cents, 1/100 of a currency's unit whatever ISO 4217 says of its minor unit."""

from iso4217 import Currency

from acca.core.numbers import Malformed, parse_scaled, render_fixed

AMOUNT_CENTS_MAX = 10**15 - 1
"""Greatest amount that a request may name: ten trillion units; all sums of a ticket fit 64 bits."""

_CURRENCIES = frozenset(currency.code for currency in Currency)


def parse_amount_cents(text: str, minimum_cents: int = 0) -> int:
    """Read integer cents (`5000`, `5000.0`) between a minimum and AMOUNT_CENTS_MAX."""
    cents = parse_scaled(text, 0)
    if not minimum_cents <= cents <= AMOUNT_CENTS_MAX:
        message = f"has to be between {minimum_cents} and {AMOUNT_CENTS_MAX}"
        raise Malformed(message)
    return cents


def parse_currency(text: str) -> str:
    """Read an ISO 4217 code of three capital letters."""
    if text not in _CURRENCIES:
        message = "is not a currency of ISO 4217"
        raise Malformed(message)
    return text


def render_units(cents: int) -> str:
    """Write cents as units for people, with thousands apart: 123456 is `1,234.56`."""
    whole, fraction = render_fixed(abs(cents), 2).split(".")
    sign = "-" if cents < 0 else ""
    return f"{sign}{int(whole):,}.{fraction}"
