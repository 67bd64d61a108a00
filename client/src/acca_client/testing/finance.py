"""What a ticket of the double costs and pays: excise inclusive, withholding on what is won."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

_CENT = Decimal(1)
_HUNDREDTH = Decimal("0.01")
_HUNDRED = Decimal(100)
_DIGITS = 400
"""Enough for the exact product of the odds of any ticket."""


@dataclass(frozen=True, slots=True)
class Taxes:
    """The operator's taxes in percent: excise in the price, withholding on winnings."""

    ext_percent: Decimal = Decimal("12.5")
    wht_percent: Decimal = Decimal(20)

    def charge(self, price_cents: int) -> dict[str, object]:
        """Tell the amounts of a ticket whose payout is not known, in the order of a webhook."""
        return self.amounts(price_cents, 0)

    def pay(self, price_cents: int, odds: Decimal) -> dict[str, object]:
        """Tell the amounts of a ticket at such total odds."""
        return self.amounts(price_cents, _round(self.stake(price_cents) * odds))

    def amounts(self, price_cents: int, gross_cents: int) -> dict[str, object]:
        """Tell the amounts of a ticket with such a gross payout."""
        stake = self.stake(price_cents)
        wht = _round(max(gross_cents - stake, 0) * self.wht_percent / _HUNDRED)
        return self._told(price_cents, gross_cents, wht)

    def refund(self, price_cents: int) -> dict[str, object]:
        """Tell the amounts of a ticket whose price goes back."""
        return self._told(price_cents, price_cents, 0)

    def stake(self, price_cents: int) -> int:
        """Tell what of a price is staked."""
        return _round(price_cents * _HUNDRED / (_HUNDRED + self.ext_percent))

    def _told(self, price_cents: int, gross_cents: int, wht_cents: int) -> dict[str, object]:
        stake = self.stake(price_cents)
        return {
            "price": price_cents,
            "stake": stake,
            "wht_amount": wht_cents,
            "wht": self.wht_percent,
            "ext_amount": price_cents - stake,
            "ext": self.ext_percent,
            "ext_type": "inclusive",
            "gross_payout": gross_cents,
            "net_payout": gross_cents - wht_cents,
        }


def net_cents(amounts: Mapping[str, object]) -> int:
    """Tell the net payout of amounts."""
    net = amounts["net_payout"]
    assert isinstance(net, int), "amounts are cents"
    return net


def total_odds(odds: Sequence[Decimal]) -> Decimal:
    """Multiply odds, and round once, half up, to hundredths."""
    with localcontext() as context:
        context.prec = _DIGITS
        product = Decimal(1)
        for each in odds:
            product *= each
        return product.quantize(_HUNDREDTH, ROUND_HALF_UP)


def _round(value: Decimal) -> int:
    return int(value.quantize(_CENT, ROUND_HALF_UP))
