"""Cards of jackpots and what is seen of their events, for tests of how they count."""

from datetime import UTC, datetime, timedelta

from acca.core.cards.card import CardEvent
from acca.core.cards.jackpot import (
    Jackpot,
    PrizeKind,
    Tier,
    VoidPolicy,
    VoidStep,
    find_faults,
)
from acca.core.finance import RATE_ONE
from acca.core.jackpot_judging import (
    Refunded,
    RefundReason,
    Seen,
    judge_card,
)
from acca.core.public_draw import hold_draw
from acca.core.score import Ending, Result, Score

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEED = bytes(range(32))
CODE = "a1b2c3"
FIXED = Tier(PrizeKind.FIXED_PER_LINE, 100_000)
REFUND_BY_POLICY = Refunded(RefundReason.POLICY)
NO_POLICY_LEFT = Refunded(RefundReason.NO_POLICY_LEFT)
DRAW = VoidStep(VoidPolicy.PUBLIC_DRAW, after_hours=24, max_events=2)
COUNT = VoidStep(VoidPolicy.COUNT_AS_CORRECT, prize_factors=(RATE_ONE, 500_000, 200_000))
REDUCE = VoidStep(VoidPolicy.REDUCE)
VOID = VoidStep(VoidPolicy.VOID_SELECTION)
RESERVES = VoidStep(VoidPolicy.RESERVES)
CANCELLED, POSTPONED = Result(Ending.CANCELLED), Result(Ending.POSTPONED)
STOPPED = Result(Ending.ABANDONED, Score((3, 0)))


def refund_from(threshold):
    return VoidStep(VoidPolicy.REFUND_ALL, threshold)


def played(home, away):
    return Result(Ending.PLAYED, Score((home, away)))


def card(*steps, tiers=2, reserves=()):
    return Jackpot(1_000, 100, (FIXED,) * tiers, (11, 12, 13, 14), steps, reserves)


def seen(*results):
    """Make what is known of events that were planned an hour after each other."""
    plans = [NOON + place * HOUR for place in range(len(results))]
    return [Seen(plan, plan, result) for plan, result in zip(plans, results, strict=True)]


def faults_of(its_card):
    return list(find_faults(its_card, {event: CardEvent(NOON, {}) for event in its_card.events}))


def after(hours):
    return NOON + hours * HOUR


HOME, LEVEL, AWAY = played(2, 1), played(0, 0), played(0, 3)
LONG_AFTER = after(1_000)


def hows(verdict):
    return [place.how for place in verdict.places]


def judge(steps, results, now=LONG_AFTER, reserves=(), **more):
    return judge_card(card(*steps, reserves=reserves, **more), seen(*results), now)


def drawn(places=(2,), scores="1:2-1,3:0-3,4:2-1"):
    return hold_draw(SEED, CODE, places, scores)
