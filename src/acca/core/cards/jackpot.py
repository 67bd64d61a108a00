"""Jackpot: one list of matches, 1 X 2 each, a fixed price for each line, prizes by tiers."""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from acca.core.cards.card import Events, find_event_faults, first_start
from acca.core.finance import RATE_ONE


class PrizeKind(Enum):
    """What becomes of a jackpot's prize with several winners (spec 7)."""

    FIXED_PER_LINE = "fixed_per_line"
    SHARED_AMOUNT = "shared_amount"
    SHARED_PERCENT_OF_POOL = "shared_percent_of_pool"


class VoidPolicy(Enum):
    """What a jackpot does about events that are not played (spec 7)."""

    PUBLIC_DRAW = "public_draw"
    COUNT_AS_CORRECT = "count_as_correct"
    RESERVES = "reserves"
    REDUCE = "reduce"
    REFUND_ALL = "refund_all"
    VOID_SELECTION = "void_selection"


class Tier(NamedTuple):
    """The prize of a tier: an amount in cents, or for a percentage of the pool its rate."""

    kind: PrizeKind
    amount_cents: int
    pool_rate: int | None = None


class VoidStep(NamedTuple):
    """A policy that applies from `threshold` unplayed events on; None is what it does not use.

    `prize_factors` are rates of the prizes, by the number of such events: 0, 1, 2 …
    """

    policy: VoidPolicy
    threshold: int | None = None
    after_hours: int | None = None
    max_events: int | None = None
    prize_factors: tuple[int, ...] | None = None


class Jackpot(NamedTuple):
    """The body of the card: `tiers` for 0, 1, 2 … wrong picks; reserves are picked once each.

    `commitment` is the SHA-256 of the seed of a public draw, in hex; the seed is kept elsewhere.
    """

    price_cents: int
    max_lines: int
    tiers: tuple[Tier, ...]
    events: tuple[int, ...]
    void_steps: tuple[VoidStep, ...]
    reserves: tuple[int, ...] = ()
    highest_tier_only: bool = True
    carries_over: bool = False
    commitment: str | None = None


_NEEDS: dict[VoidPolicy, tuple[str, ...]] = {
    VoidPolicy.PUBLIC_DRAW: ("after_hours", "max_events"),
    VoidPolicy.COUNT_AS_CORRECT: ("prize_factors",),
    VoidPolicy.REFUND_ALL: ("threshold",),
}


def event_ids(card: Jackpot) -> tuple[int, ...]:
    """Tell the events of a card in its order, reserves last."""
    return (*card.events, *card.reserves)


def find_faults(card: Jackpot, events: Events) -> Iterator[str]:
    """Say all that is wrong with a card."""
    yield from find_event_faults(event_ids(card), events)
    if not 1 <= len(card.tiers) <= len(card.events):
        yield "a jackpot has from one tier to as many as events"
    if card.max_lines < 1:
        yield "max_lines has to be at least 1"
    for wrong, tier in enumerate(card.tiers):
        yield from _find_tier_faults(wrong, tier)
    yield from _find_policy_faults(card)


def _find_tier_faults(wrong: int, tier: Tier) -> Iterator[str]:
    is_percent = tier.kind is PrizeKind.SHARED_PERCENT_OF_POOL
    if is_percent != (tier.pool_rate is not None):
        yield f"the tier of {wrong} wrong needs a pool_rate just when it is a share of the pool"
    if tier.pool_rate is not None and not 0 < tier.pool_rate <= RATE_ONE:
        yield f"the pool_rate of {wrong} wrong has to be above 0 and at most 100 %"


def _find_policy_faults(card: Jackpot) -> Iterator[str]:
    if not card.void_steps:
        yield "a jackpot has to say what happens when an event is not played"
    for step in card.void_steps:
        for needed in _NEEDS.get(step.policy, ()):
            if getattr(step, needed) is None:
                yield f"the policy {step.policy.value} needs {needed}"
        if step.prize_factors is not None and step.prize_factors[:1] != (RATE_ONE,):
            yield "prize_factors have to begin with 100 %, for no such event"
    has_reserves = any(step.policy is VoidPolicy.RESERVES for step in card.void_steps)
    if has_reserves != bool(card.reserves):
        yield "reserve events and the policy reserves need each other"
    has_draw = any(step.policy is VoidPolicy.PUBLIC_DRAW for step in card.void_steps)
    if has_draw != (card.commitment is not None):
        yield "a public draw and the commitment to its seed need each other"


def closing(card: Jackpot, events: Events) -> datetime:
    """Tell when a card closes: at the start of its first event."""
    return first_start(event_ids(card), events)
