"""What a ticket of the double is bought back for: by the odds of now, less five percent."""

from datetime import datetime, timedelta
from fractions import Fraction

from acca_client.errors import CashOutNotAvailable, CashOutValueChanged
from acca_client.testing.book import Kept
from acca_client.testing.finance import Taxes, net_cents
from acca_client.testing.offer import Match, Offer, spell
from acca_client.testing.refusing import sample

_KEPT = Fraction(95, 100)
_LASTS = timedelta(seconds=30)


def worth(kept: Kept, offer: Offer, taxes: Taxes, now: datetime) -> dict[str, object]:
    """Tell what a ticket pays if it is cashed out; CashOutNotAvailable where it cannot be.

    Each leg counts as its odds when it was struck over those of now.
    """
    order, struck = kept.struck.order, kept.struck
    matches = [offer.matches[pick.event] for pick in order.picks]
    is_on = all(
        _is_on(match, pick.bet, now) for match, pick in zip(matches, order.picks, strict=True)
    )
    if kept.status != "open" or struck.total_odds is None or not is_on:
        raise sample(CashOutNotAvailable)
    fair = Fraction(taxes.stake(order.price_cents))
    for match, pick, odds in zip(matches, order.picks, struck.odds, strict=True):
        fair *= Fraction(odds) / Fraction(match.odds[pick.bet])
    most = taxes.pay(order.price_cents, struck.total_odds)["gross_payout"]
    assert isinstance(most, int), "amounts are cents"
    amounts = taxes.amounts(order.price_cents, min(_round(fair * _KEPT), most))
    if not net_cents(amounts):
        raise sample(CashOutNotAvailable)
    return amounts


def show_offer(kept: Kept, offer: Offer, taxes: Taxes, now: datetime) -> dict[str, object]:
    """Show what a ticket is bought back for, and until when that is likely to stand."""
    amounts = worth(kept, offer, taxes, now)
    starts = (offer.matches[pick.event].starts for pick in kept.struck.order.picks)
    return {
        "amount": net_cents(amounts),
        **{name: amounts[name] for name in ("gross_payout", "wht_amount", "net_payout")},
        "valid_until": spell(min([now + _LASTS, *starts])),
    }


def gross_of(
    accepted_cents: int, price_cents: int, offered: dict[str, object], taxes: Taxes
) -> int:
    """Find the least gross payout that leaves what was accepted; CashOutValueChanged if less is."""
    low, high = accepted_cents, offered["gross_payout"]
    assert isinstance(high, int), "amounts are cents"
    if accepted_cents > net_cents(offered):
        raise sample(CashOutValueChanged)
    while low < high:
        middle = (low + high) // 2
        enough = net_cents(taxes.amounts(price_cents, middle)) >= accepted_cents
        low, high = (low, middle) if enough else (middle + 1, high)
    return low


def _is_on(match: Match, bet: int, now: datetime) -> bool:
    """Tell whether a bet has odds now; the double tells none of matches under way."""
    return not match.is_closed and match.starts > now and bet not in match.suspended


def _round(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
