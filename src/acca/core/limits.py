"""The limits of an operator for one ticket type and currency (spec 7)."""

from dataclasses import dataclass
from typing import NamedTuple, final

from acca.core.kinds import cents, optional, total_odds, whole
from acca.core.money import AMOUNT_CENTS_MAX
from acca.core.setting import Setting, Settings
from acca.core.ticket import TicketType

LEGS_MAX = 1_000_000

_AMOUNT = optional(cents(1))


@final
@dataclass(frozen=True)
class Limits(Settings):
    """What a ticket may cost, hold and pay, and from where a trader has to approve it."""

    price_cents_min = Setting(cents(1), 1, "Least price of a ticket (208).")
    price_cents_max = Setting(cents(1), AMOUNT_CENTS_MAX, "Greatest price of a ticket (208).")
    legs_min = Setting(whole(1, LEGS_MAX), 1, "Least number of events; jackpot: lines (212).")
    legs_max = Setting(whole(1, LEGS_MAX), 100, "Most events; jackpot: lines (212).")
    total_odds_max = Setting(optional(total_odds()), None, "Greatest total odds (227).")
    payout_cents_max = Setting(_AMOUNT, None, "Greatest gross payout of a ticket (219, or capped).")
    day_stake_cents_max = Setting(_AMOUNT, None, "Stakes of a player in a day (208).")
    day_payout_cents_max = Setting(
        _AMOUNT, None, "Payouts of a player in a day, for types in update_types."
    )
    approval_price_cents = Setting(_AMOUNT, None, "From this price on a trader approves.")
    approval_payout_cents = Setting(_AMOUNT, None, "From this gross payout on a trader approves.")
    approval_day_stake_cents = Setting(
        _AMOUNT, None, "From these stakes of the player's day on a trader approves."
    )


class LimitsOf(NamedTuple):
    """Limits, and the tickets that they are for."""

    ticket_type: TicketType
    currency: str
    limits: Limits


def judge_limits(limits: Limits) -> list[str]:
    """Name what does not fit together, a sentence each."""
    defects: list[str] = []
    if limits.price_cents_min > limits.price_cents_max:
        defects.append("price_cents_min has to be at most price_cents_max.")
    if limits.legs_min > limits.legs_max:
        defects.append("legs_min has to be at most legs_max.")
    return defects
