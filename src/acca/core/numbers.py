"""Decimal texts read exactly into scaled integers, and written back in their shortest form."""

import re
from enum import Enum

_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?", re.ASCII)
_TEXT_LENGTH_MAX = 64


class Malformed(ValueError):
    """A text that is not the value it should be; its sentence is fit for the caller."""


class Rounding(Enum):
    """How an exact ratio becomes an integer; tax profiles choose among these."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


# A member of an Enum is looked up slowly, and every amount passes here.
_HALF_UP, _DOWN = Rounding.HALF_UP, Rounding.DOWN


def round_ratio(numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Round a ratio of whole numbers, not below zero, to a whole number.

    Every rounding of money and odds in Acca happens in this function.
    """
    assert numerator >= 0 < denominator, "money and odds are rounded at or above zero"
    if rounding is _HALF_UP:
        return (2 * numerator + denominator) // (2 * denominator)
    quotient, rest = divmod(numerator, denominator)
    if rounding is _DOWN:
        return quotient
    return quotient + (2 * rest + (quotient & 1) > denominator)


def parse_scaled(text: str, places: int) -> int:
    """Read a number as JSON spells it into an integer of `10**-places`; exact or Malformed.

    `1.5`, `1.50`, `15e-1` are one value. A value with more than `places` decimals is refused,
    never rounded.
    """
    match = _NUMBER.fullmatch(text) if len(text) <= _TEXT_LENGTH_MAX else None
    if match is None:
        message = "is not a number"
        raise Malformed(message)
    sign, whole, fraction, exponent = match.groups(default="")
    digits = int(whole + fraction)
    if digits == 0:
        return 0
    shift = int(exponent or 0) + places - len(fraction)
    scaled, rest = (digits * 10**shift, 0) if shift >= 0 else divmod(digits, 10**-shift)
    if rest:
        message = f"has more than {places} decimals" if places else "is not a whole number"
        raise Malformed(message)
    return -scaled if sign else scaled


def render_scaled(scaled: int, places: int) -> str:
    """Write a scaled integer in its shortest decimal form: 150 of 2 places is `1.5`."""
    return render_fixed(scaled, places).rstrip("0").rstrip(".") if places else str(scaled)


def render_fixed(scaled: int, places: int) -> str:
    """Write a scaled integer with all its decimals: 150 of 2 places is `1.50`."""
    whole, fraction = divmod(abs(scaled), 10**places)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole}.{fraction:0{places}}"
