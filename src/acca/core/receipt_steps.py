"""The steps of a receipt: each figure with its formula, exactly and as it was rounded."""

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from acca.core.finance import RATE_ONE, Charge, ExciseFormula, TaxTerms, WithholdingBase
from acca.core.numbers import Rounding, render_fixed, round_ratio
from acca.core.odds import ONE
from acca.core.receipt import Step
from acca.core.settling import Terms, VoidRefund

_UNTAXED = {
    WithholdingBase.NET: "stake_cents",
    WithholdingBase.NET_OF_PRICE: "price_cents",
    WithholdingBase.GROSS: None,
}


class Steps:
    """The steps so far, in their order."""

    def __init__(self, rounding: Rounding) -> None:
        self._rounding: Rounding = rounding
        self.made: list[Step] = []

    def count(self, name: str, formula: str, value: int) -> int:
        """Note a whole figure, which needs no rounding."""
        self.made.append(Step(name, formula, Fraction(value), str(value), None))
        return value

    def round(
        self,
        name: str,
        formula: str,
        exact: Fraction,
        places: int = 0,
        rounding: Rounding | None = None,
    ) -> int:
        """Note a figure that is rounded to cents, or with two places to hundredths."""
        rounding = rounding or self._rounding
        scaled = exact * 10**places
        value = round_ratio(scaled.numerator, scaled.denominator, rounding)
        spelled = render_fixed(value, places) if places else str(value)
        self.made.append(Step(name, formula, exact, spelled, rounding))
        return value

    def tell(self, name: str, formula: str, exact: Fraction) -> None:
        """Note a figure that stays exact."""
        self.made.append(Step(name, formula, exact, spell(exact), None))


def spell(exact: Fraction) -> str:
    """Write an exact figure, always with its denominator: `39/20`, `2/1`."""
    return f"{exact.numerator}/{exact.denominator}"


def charge_steps(steps: Steps, charge: Charge, terms: TaxTerms, *, names_stake: bool) -> None:
    """Tell how the price was split, or found from a stake that was named."""
    price, stake, _ = charge
    rate = Fraction(terms.ext_rate, RATE_ONE)
    if names_stake:
        ext = steps.round("ext_cents", "stake_cents * ext_rate", stake * rate)
        _ = steps.count("price_cents", "stake_cents + ext_cents", stake + ext)
    elif terms.ext_formula is ExciseFormula.DEDUCTED:
        ext = steps.round("ext_cents", "price_cents * ext_rate", price * rate)
        _ = steps.count("stake_cents", "price_cents - ext_cents", price - ext)
    else:
        exact = Fraction(price * RATE_ONE, RATE_ONE + terms.ext_rate)
        stake = steps.round("stake_cents", "price_cents / (1 + ext_rate)", exact)
        _ = steps.count("ext_cents", "price_cents - stake_cents", price - stake)


def total_odds_step(steps: Steps, odds: Sequence[int]) -> int:
    """Tell the product of the odds struck."""
    product = Fraction(prod(odds), ONE ** len(odds))
    return steps.round("total_odds", "product of the odds struck", product, 2)


def accumulator_steps(
    steps: Steps, factors: Sequence[Fraction | None], terms: Terms, day_cap_cents: int | None
) -> None:
    """Tell what a decided accumulator pays; an open leg stands only beside a lost one."""
    if any(factor == 0 for factor in factors):
        steps.tell("product", "0: a leg is lost", Fraction(0))
        lost_step(steps)
        return
    product = prod((factor for factor in factors if factor is not None), start=Fraction(1))
    steps.tell("product", "product of the leg factors", product)
    settled = steps.round("settled_odds", "product", product, 2)
    payout_steps(steps, settled, terms, day_cap_cents)


def payout_steps(steps: Steps, odds: int, terms: Terms, day_cap_cents: int | None) -> None:
    """Tell what a stake pays at odds in hundredths, capped and taxed."""
    word = "settled_odds" if steps.made[-1].name == "settled_odds" else "total_odds"
    exact = Fraction(terms.charge.stake_cents * odds, ONE)
    uncapped = steps.round("uncapped_gross_cents", f"stake_cents * {word}", exact)
    gross_steps(steps, uncapped, terms, day_cap_cents)


def gross_steps(steps: Steps, uncapped: int, terms: Terms, day_cap_cents: int | None) -> None:
    """Tell what is left of a gross payout by caps and taxes."""
    caps = {"cap_cents": terms.cap_cents, "day_cap_cents": day_cap_cents}
    known = {name: cap for name, cap in caps.items() if cap is not None}
    formula = "uncapped_gross_cents"
    if known:
        formula = f"min({', '.join([formula, *known])})"
    gross = steps.count("gross_cents", formula, min([uncapped, *known.values()]))
    if not gross:
        lost_step(steps)
        return
    tax_steps(steps, gross, terms.charge, terms.tax)


def tax_steps(steps: Steps, gross: int, charge: Charge, terms: TaxTerms) -> None:
    """Tell what is withheld of a gross payout, and what is left."""
    word = _UNTAXED[terms.wht_base]
    untaxed = {None: 0, "stake_cents": charge.stake_cents, "price_cents": charge.price_cents}[word]
    formula = "gross_cents" if word is None else f"gross_cents - {word}"
    base = steps.count("base_cents", formula, gross - untaxed)
    if base <= terms.wht_threshold_cents:
        taxable = steps.count("taxable_cents", "0: base_cents <= wht_threshold_cents", 0)
    elif terms.wht_on_excess:
        taxable = base - terms.wht_threshold_cents
        _ = steps.count("taxable_cents", "base_cents - wht_threshold_cents", taxable)
    else:
        taxable = steps.count("taxable_cents", "base_cents", base)
    exact = Fraction(taxable * terms.wht_rate, RATE_ONE)
    wht = steps.round("wht_cents", "taxable_cents * wht_rate", exact)
    _ = steps.count("net_cents", "gross_cents - wht_cents", gross - wht)


def lost_step(steps: Steps) -> None:
    """Tell that nothing is paid."""
    _ = steps.count("net_cents", "0: a lost ticket pays nothing", 0)


def refund_step(steps: Steps, terms: Terms) -> None:
    """Tell what a full void gives back, without tax."""
    is_price = terms.void_refund is VoidRefund.PRICE
    word = "price_cents" if is_price else "stake_cents"
    back = terms.charge.price_cents if is_price else terms.charge.stake_cents
    _ = steps.count("net_cents", f"{word}: void, given back without tax", back)
