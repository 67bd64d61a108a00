"""What tickets cost and pay, computed in fractions from the rules alone."""

from fractions import Fraction
from math import floor, prod
from typing import NamedTuple

MILLION = 1_000_000
HALF = Fraction(1, 2)


class Profile(NamedTuple):
    """Taxes in force: rates in millionths, the threshold in cents."""

    ext_rate: int = 0
    ext_formula: str = "none"
    wht_rate: int = 0
    wht_base: str = "net"
    threshold: int = 0
    on_excess: bool = False
    rounding: str = "half_up"


class Charge(NamedTuple):
    """What the player pays, what of it bets, and the excise."""

    price: int
    stake: int
    ext: int


class Payment(NamedTuple):
    """What a settled ticket pays, in cents; settled odds in hundredths, None without odds."""

    result: str
    gross: int
    wht: int
    net: int
    settled_odds: int | None


ROUNDINGS = {
    "half_up": lambda exact: floor(exact + HALF),
    "half_even": round,
    "down": floor,
}


def whole(exact, rounding="half_up"):
    """Round a fraction that is not negative to a whole number."""
    return ROUNDINGS[rounding](Fraction(exact))


def charge(amount, profile, *, names_stake=False):
    """Split the price of a request, or add the excise to the stake that it names."""
    rate = Fraction(profile.ext_rate, MILLION)
    if profile.ext_formula == "none":
        return Charge(amount, amount, 0)
    if profile.ext_formula == "deducted":
        ext = whole(amount * rate, profile.rounding)
        return Charge(amount, amount - ext, ext)
    if names_stake:
        ext = whole(amount * rate, profile.rounding)
        return Charge(amount + ext, amount, ext)
    stake = whole(amount / (1 + rate), profile.rounding)
    return Charge(amount, stake, amount - stake)


def withheld(gross, charged, profile):
    spent = {"net": charged.stake, "net_of_price": charged.price, "gross": 0}[profile.wht_base]
    base = gross - spent
    if base <= profile.threshold:
        return 0
    taxable = base - profile.threshold if profile.on_excess else base
    return whole(max(0, taxable) * Fraction(profile.wht_rate, MILLION), profile.rounding)


def pay(gross, charged, profile, cap, settled_odds=None):
    """Pay a gross amount, capped and taxed; what pays nothing is lost."""
    gross = gross if cap is None else min(gross, cap)
    if gross == 0:
        return Payment("lost", 0, 0, 0, settled_odds)
    wht = withheld(gross, charged, profile)
    return Payment("won", gross, wht, gross - wht, settled_odds)


def refund(charged, void_refund, settled_odds=None):
    back = charged.stake if void_refund == "stake" else charged.price
    return Payment("void", back, 0, back, settled_odds)


def product_of(odds, rounding="half_up"):
    """Return the total odds, rounded once, in hundredths."""
    return whole(prod(Fraction(each, 100) for each in odds) * 100, rounding)


def settle_accumulator(legs, charged, profile, cap=None, void_refund="price"):
    """Settle legs of (triple or None, odds); None while the ticket is undecided."""
    factors = [None if triple is None else triple.factor(odds) for triple, odds in legs]
    if 0 in factors:
        return Payment("lost", 0, 0, 0, 0)
    if None in factors:
        return None
    if all(triple.void == 1 for triple, _ in legs):
        return refund(charged, void_refund, 100)
    odds = whole(prod(factors) * 100, profile.rounding)
    gross = whole(charged.stake * Fraction(odds, 100), profile.rounding)
    return pay(gross, charged, profile, cap, odds)


def settle_superbet(answers, prizes, rule, charged, profile, cap=None, void_refund="price"):
    """Settle one triple for each question; `prizes` are by the number of correct answers.

    By `lower` the table shifts to the questions left: with one void, what paid for six correct pays
    for five; none correct pays nothing.
    """
    if None in answers:
        return None
    voids = sum(answer.void == 1 for answer in answers)
    if voids == len(answers) or (voids and rule == "void_all"):
        return refund(charged, void_refund)
    correct = sum(answer.result == 1 and answer.void < 1 for answer in answers)
    if rule == "count_as_correct":
        return pay(prizes.get(correct + voids, 0), charged, profile, cap)
    shifted = {needed - voids: prize for needed, prize in prizes.items() if needed > voids}
    return pay(shifted.get(correct, 0), charged, profile, cap)
