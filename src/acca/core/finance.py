"""What the player pays, what the taxes take and what the ticket pays (spec 7)."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from acca.core.money import AMOUNT_CENTS_MAX
from acca.core.numbers import Malformed, Rounding, parse_scaled, render_scaled, round_ratio
from acca.core.odds import ONE

RATE_ONE = 1_000_000
"""A rate of 100 %: rates are integer millionths, so 12.5 % is 125,000."""
_PERCENT_PLACES = 4


class ExtType(Enum):
    """Whether the excise is inside what the player names, or comes on top."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


class ExciseFormula(Enum):
    """How the excise on a stake is found; what is reported as `ext_type` follows from it."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"
    DEDUCTED = "deducted"
    NONE = "none"

    @property
    def ext_type(self) -> ExtType:
        """Tell the word that the wire shows: only `exclusive` is not `inclusive`."""
        return ExtType.EXCLUSIVE if self is ExciseFormula.EXCLUSIVE else ExtType.INCLUSIVE


class WithholdingBase(Enum):
    """What the withholding tax is taken from: gross less stake, gross less price, or gross."""

    NET = "net"
    NET_OF_PRICE = "net_of_price"
    GROSS = "gross"


@dataclass(frozen=True, slots=True)
class TaxTerms:
    """The arithmetic of a tax profile; rates in millionths. Frozen into each ticket."""

    ext_rate: int = 0
    ext_formula: ExciseFormula = ExciseFormula.NONE
    wht_rate: int = 0
    wht_base: WithholdingBase = WithholdingBase.NET
    wht_threshold_cents: int = 0
    wht_on_excess: bool = False
    rounding: Rounding = Rounding.HALF_UP

    def __post_init__(self) -> None:
        assert 0 <= self.ext_rate <= RATE_ONE, "an excise is between 0 and 100 %"
        assert 0 <= self.wht_rate <= RATE_ONE, "a withholding is between 0 and 100 %"
        assert self.wht_threshold_cents >= 0, "a threshold is not below zero"
        assert self.ext_rate == 0 or self.ext_formula is not ExciseFormula.NONE, (
            "an excise rate needs a formula"
        )


class Charge(NamedTuple):
    """What the player pays, and its two parts: price = stake + ext, always."""

    price_cents: int
    stake_cents: int
    ext_cents: int


class Payout(NamedTuple):
    """What a winning ticket pays: net = gross - wht, always; `uncapped_cents` is before the cap."""

    gross_cents: int
    wht_cents: int
    net_cents: int
    uncapped_cents: int


# Members of an Enum are looked up slowly, and every ticket passes here several times.
_DEDUCTED = ExciseFormula.DEDUCTED
_NET, _GROSS = WithholdingBase.NET, WithholdingBase.GROSS


def parse_percent(text: str) -> int:
    """Read a percentage of 0 to 100 with at most four decimals, as millionths."""
    rate = parse_scaled(text, _PERCENT_PLACES)
    if not 0 <= rate <= RATE_ONE:
        message = "has to be between 0 and 100"
        raise Malformed(message)
    return rate


def render_percent(rate: int) -> str:
    """Write a rate as a percentage in its shortest form: 125000 is `12.5`."""
    return render_scaled(rate, _PERCENT_PLACES)


def charge_price(price_cents: int, terms: TaxTerms) -> Charge:
    """Split all that the player pays into stake and excise."""
    if terms.ext_formula is _DEDUCTED:
        ext = round_ratio(price_cents * terms.ext_rate, RATE_ONE, terms.rounding)
        return Charge(price_cents, price_cents - ext, ext)
    stake = round_ratio(price_cents * RATE_ONE, RATE_ONE + terms.ext_rate, terms.rounding)
    return Charge(price_cents, stake, price_cents - stake)


def charge_stake(stake_cents: int, terms: TaxTerms) -> Charge:
    """Find the price for a named `stake`.

    That is the stake itself only where the excise comes on top (`exclusive`); everywhere else the
    word is the documentation's older name of `price`.
    """
    if terms.ext_formula is not ExciseFormula.EXCLUSIVE:
        return charge_price(stake_cents, terms)
    ext = round_ratio(stake_cents * terms.ext_rate, RATE_ONE, terms.rounding)
    return Charge(stake_cents + ext, stake_cents, ext)


def charge(price_cents: int | None, stake_cents: int | None, terms: TaxTerms) -> Charge:
    """Charge what a request names: a price, a stake, or both if they fit; else Malformed."""
    if stake_cents is None:
        if price_cents is None:
            message = "is missing"
            raise Malformed(message)
        return charge_price(price_cents, terms)
    charged = charge_stake(stake_cents, terms)
    if price_cents not in {None, charged.price_cents}:
        message = f"does not fit the stake, which makes it {charged.price_cents}"
        raise Malformed(message)
    if charged.price_cents > AMOUNT_CENTS_MAX:
        message = f"has to be at most {AMOUNT_CENTS_MAX}"
        raise Malformed(message)
    return charged


def withhold(gross_cents: int, charged: Charge, terms: TaxTerms) -> int:
    """Find the withholding tax of a gross payout, in cents."""
    _, taxable = find_taxable(gross_cents, charged, terms)
    return round_ratio(taxable * terms.wht_rate, RATE_ONE, terms.rounding)


def find_taxable(gross_cents: int, charged: Charge, terms: TaxTerms) -> tuple[int, int]:
    """Find the base of the withholding tax, which may be below zero, and what of it is taxed."""
    base = gross_cents - _untaxed_cents(charged, terms.wht_base)
    if base <= terms.wht_threshold_cents:
        return base, 0
    return base, base - terms.wht_threshold_cents if terms.wht_on_excess else base


def pay_out(
    charged: Charge, total_odds: int, terms: TaxTerms, cap_cents: int | None = None
) -> Payout:
    """Pay a stake at total odds (hundredths), capped and taxed."""
    uncapped = round_ratio(charged.stake_cents * total_odds, ONE, terms.rounding)
    gross = uncapped if cap_cents is None else min(uncapped, cap_cents)
    wht = withhold(gross, charged, terms)
    return Payout(gross, wht, gross - wht, uncapped)


def _untaxed_cents(charged: Charge, base: WithholdingBase) -> int:
    if base is _NET:
        return charged.stake_cents
    return 0 if base is _GROSS else charged.price_cents
