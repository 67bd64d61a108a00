"""Exact ratios spelled for people: a decimal where there is one, else a fraction."""

from math import gcd

from acca.core.numbers import render_scaled


def spell_exactly(numerator: int, denominator: int) -> str:
    """Write a ratio without rounding: `2.775`, `0.5`, `1`, or `37/60`."""
    common = gcd(numerator, denominator)
    numerator, denominator = numerator // common, denominator // common
    places = _places_of(denominator)
    if places is None:
        return f"{numerator}/{denominator}"
    return render_scaled(numerator * 10**places // denominator, places)


def _places_of(denominator: int) -> int | None:
    """Count the decimals that a ratio in its lowest terms has, None where they do not end."""
    twos = fives = 0
    while denominator % 2 == 0:
        twos, denominator = twos + 1, denominator // 2
    while denominator % 5 == 0:
        fives, denominator = fives + 1, denominator // 5
    return max(twos, fives) if denominator == 1 else None
