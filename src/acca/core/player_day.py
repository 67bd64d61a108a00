"""What a player may still stake in a day, on tickets of one type and currency (spec 7, limits).

The day is the operator's, from midnight in its time zone. All that the player pays counts, of
reservations too, and nothing of what was cancelled.
"""

from datetime import datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from acca.core.limits import Limits
from acca.core.refusals import PriceOutOfLimits


class DayRule(NamedTuple):
    """When the player's day began, what it may cost in all, and from where a trader approves."""

    began: datetime
    price_cents_min: int
    stake_cents_max: int | None
    approval_cents: int | None


class Judged(NamedTuple):
    """What the day says of a price: what was left of it, and whether a trader has to approve."""

    left_cents: int | None
    fits: bool
    approved: bool


def day_rule(limits: Limits, now: datetime, zone: ZoneInfo) -> DayRule | None:
    """Tell by what a player's day is judged; None where nothing is set."""
    most, approval = limits.day_stake_cents_max, limits.approval_day_stake_cents
    if most is None and approval is None:
        return None
    return DayRule(day_of(now, zone), limits.price_cents_min, most, approval)


def day_of(now: datetime, zone: ZoneInfo) -> datetime:
    """Tell when the day of an instant began in a time zone."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def judge_day(rule: DayRule, staked_cents: int, price_cents: int) -> Judged:
    """Judge a price by what the player has staked today."""
    left = None if rule.stake_cents_max is None else max(rule.stake_cents_max - staked_cents, 0)
    total = staked_cents + price_cents
    return Judged(
        left,
        left is None or price_cents <= left,
        rule.approval_cents is None or total < rule.approval_cents,
    )


def refuse_price(rule: DayRule, left_cents: int) -> PriceOutOfLimits:
    """Refuse a price with what the player's day has left."""
    return PriceOutOfLimits(min=rule.price_cents_min, max=left_cents)
