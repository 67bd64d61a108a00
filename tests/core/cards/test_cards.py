from datetime import UTC, datetime, timedelta

import pytest

from acca.core.cards.card import CardEvent, CardState, CardTimes, state_at
from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier, VoidPolicy, VoidStep
from acca.core.cards.products import closing, find_faults
from acca.core.cards.quickbet import CouponEvent, Quickbet
from acca.core.cards.quicktip import Quicktip, Tip
from acca.core.cards.smartbet import Band, Smartbet
from acca.core.cards.superbet import Prize, Superbet, is_ambiguous
from acca.core.markets.football import BETS, bet

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EVENTS = {number: CardEvent(NOON + number * HOUR, BETS) for number in range(1, 6)}
RESULT = tuple(bet("MRFT", None, code).id for code in ("1", "X", "2"))
GOALS = tuple(bet("OUFT", "2.5", code).id for code in ("O", "U"))
BOTH = tuple(bet("BTTSFT", None, code).id for code in ("Y", "N"))
FIXED = Tier(PrizeKind.FIXED_PER_LINE, 100_000)
REFUND = VoidStep(VoidPolicy.REFUND_ALL, threshold=1)

QUICKTIP = Quicktip((Tip(2, RESULT[0]), Tip(3, GOALS[1])))
QUICKBET = Quickbet((1000,), 1, 2, (CouponEvent(2, RESULT), CouponEvent(4, GOALS)))
SMARTBET = Smartbet((2000,), (25_000,), (Band(125, 499),), 10, (3, 1, 5))
SUPERBET = Superbet(4, 5000, (RESULT, GOALS, BOTH), (Prize(3, 90_000), Prize(2, 5_000)))
JACKPOT = Jackpot(9900, 100, (FIXED, FIXED), (1, 2, 3), (REFUND,))


@pytest.mark.parametrize(
    ("card", "closes"),
    [(QUICKTIP, 2), (QUICKBET, 4), (SMARTBET, 5), (SUPERBET, 4), (JACKPOT, 1)],
    ids=lambda each: type(each).__name__,
)
def test_a_good_card_has_no_faults_and_closes_with_its_events(card, closes):
    assert [] == list(find_faults(card, EVENTS))
    assert EVENTS[closes].starts == closing(card, EVENTS)


def jackpot(**changes):
    return JACKPOT._replace(**changes)


def superbet(**changes):
    return SUPERBET._replace(**changes)


PERCENT = Tier(PrizeKind.SHARED_PERCENT_OF_POOL, 0, 500_000)


@pytest.mark.parametrize(
    ("card", "fault"),
    [
        (Quicktip(()), "a card needs at least one event"),
        (Quicktip((Tip(2, RESULT[0]), Tip(2, GOALS[0]))), "event 2 stands on the card twice"),
        (Quicktip((Tip(77, RESULT[0]),)), "event 77 is not in the catalogue"),
        (Quicktip((Tip(2, 32_000),)), "event 2 has no bet 32000"),
        (QUICKBET._replace(max_events=3), "min_events and max_events have to rise"),
        (QUICKBET._replace(min_events=0), "min_events and max_events have to rise"),
        (QUICKBET._replace(events=(CouponEvent(2, RESULT[:1]),), max_events=1), "at least two"),
        (
            QUICKBET._replace(events=(CouponEvent(2, (*RESULT, *GOALS)),), max_events=1),
            "not all of one market and line",
        ),
        (SMARTBET._replace(max_events=0), "max_events has to be at least 1"),
        (SMARTBET._replace(risks=()), "at least one band"),
        (superbet(questions=()), "needs at least one question"),
        (superbet(questions=(RESULT, RESULT)), "answers two questions"),
        (superbet(prizes=()), "prizes have to fall"),
        (superbet(prizes=(Prize(2, 1), Prize(3, 1))), "prizes have to fall"),
        (superbet(prizes=(Prize(4, 1),)), "as many correct answers as there are questions"),
        (superbet(prizes=(Prize(1, 1), Prize(0, 1))), "as many correct answers"),
        (superbet(prizes=(Prize(3, 1), Prize(2, 2))), "must not pay more"),
        (superbet(event=77), "event 77 is not in the catalogue"),
        (jackpot(tiers=()), "one tier to as many as events"),
        (jackpot(tiers=(FIXED,) * 4), "one tier to as many as events"),
        (jackpot(max_lines=0), "max_lines has to be at least 1"),
        (jackpot(tiers=(FIXED._replace(pool_rate=1),)), "just when it is a share of the pool"),
        (jackpot(tiers=(PERCENT._replace(pool_rate=None),)), "just when it is a share of the pool"),
        (jackpot(tiers=(PERCENT._replace(pool_rate=0),)), "above 0 and at most 100 %"),
        (jackpot(void_steps=()), "what happens when an event is not played"),
        (jackpot(void_steps=(VoidStep(VoidPolicy.REFUND_ALL),)), "refund_all needs threshold"),
        (jackpot(void_steps=(VoidStep(VoidPolicy.RESERVES),)), "need each other"),
        (jackpot(reserves=(4,)), "need each other"),
        (jackpot(reserves=(1,)), "event 1 stands on the card twice"),
    ],
)
def test_each_fault_of_a_card_is_named(card, fault):
    assert any(fault in found for found in find_faults(card, EVENTS))


TIMES = CardTimes(opens=NOON, closes=NOON + HOUR)


@pytest.mark.parametrize(
    ("times", "now", "state"),
    [
        (TIMES, NOON, CardState.DRAFT),
        (TIMES._replace(published=NOON), NOON - HOUR, CardState.SCHEDULED),
        (TIMES._replace(published=NOON), NOON, CardState.OPEN),
        (TIMES._replace(published=NOON), NOON + HOUR, CardState.CLOSED),
        (TIMES._replace(published=NOON, closed=NOON), NOON, CardState.CLOSED),
        (TIMES._replace(published=NOON, closed=NOON, settled=NOON), NOON, CardState.SETTLED),
    ],
)
def test_the_state_of_a_card_follows_from_what_happened_and_the_time(times, now, state):
    assert state is state_at(times, now)


@pytest.mark.parametrize(
    ("other", "ambiguous"),
    [
        (SUPERBET, True),
        (superbet(questions=(GOALS, BOTH, RESULT)), True),
        (superbet(questions=(RESULT[:2], GOALS, BOTH)), True),
        (superbet(price_cents=4999), False),
        (superbet(event=5), False),
        (superbet(questions=(RESULT, GOALS)), False),
        (superbet(questions=(RESULT, GOALS, (91, 92))), False),
    ],
)
def test_two_superbets_are_ambiguous_if_the_same_bets_could_answer_both(other, ambiguous):
    assert ambiguous is is_ambiguous(SUPERBET, other)
    assert ambiguous is is_ambiguous(other, SUPERBET)
