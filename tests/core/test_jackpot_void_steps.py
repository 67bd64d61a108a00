import pytest
from jackpots_seen import (
    AWAY,
    CANCELLED,
    COUNT,
    DRAW,
    HOME,
    LEVEL,
    LONG_AFTER,
    NO_POLICY_LEFT,
    POSTPONED,
    REDUCE,
    REFUND_BY_POLICY,
    RESERVES,
    VOID,
    after,
    card,
    drawn,
    hows,
    judge,
    refund_from,
    seen,
)

from acca.core.finance import RATE_ONE
from acca.core.jackpot_judging import (
    Decided,
    DrawDue,
    How,
    Place,
    Waiting,
    judge_card,
)
from acca.core.public_draw import Sign

# Count as correct, reduce, void selection, refund.


def test_unplayed_events_count_as_correct_for_lower_prizes():
    one = judge((COUNT,), (HOME, CANCELLED, AWAY, HOME))
    assert [How.PLAYED, How.COUNTED, How.PLAYED, How.PLAYED] == hows(one)
    assert 500_000 == one.prize_rate
    assert 200_000 == judge((COUNT,), (CANCELLED, CANCELLED, AWAY, HOME)).prize_rate
    assert RATE_ONE == judge((COUNT,), (LEVEL, HOME, AWAY, HOME)).prize_rate


def test_more_than_there_are_prize_factors_for_do_not_count_as_correct():
    assert NO_POLICY_LEFT == judge((COUNT,), (CANCELLED,) * 3 + (HOME,), tiers=1)
    steps = (COUNT, refund_from(3))
    assert REFUND_BY_POLICY == judge(steps, (CANCELLED,) * 3 + (HOME,), tiers=1)
    assert NO_POLICY_LEFT == judge(
        (COUNT._replace(prize_factors=None),), (CANCELLED,) + (HOME,) * 3
    )


def test_unplayed_events_are_dropped():
    verdict = judge((REDUCE,), (HOME, CANCELLED, CANCELLED, HOME))
    assert [How.PLAYED, How.DROPPED, How.DROPPED, How.PLAYED] == hows(verdict)
    assert RATE_ONE == verdict.prize_rate
    assert Place(12, How.DROPPED) == verdict.places[1]


def test_a_card_is_not_reduced_until_every_line_would_win():
    # Two tiers and one event left: a line with that one wrong would win the second tier.
    assert NO_POLICY_LEFT == judge((REDUCE,), (CANCELLED, CANCELLED, CANCELLED, HOME))
    assert isinstance(judge((REDUCE,), (CANCELLED,) * 3 + (HOME,), tiers=1), Decided)
    assert NO_POLICY_LEFT == judge((REDUCE,), (CANCELLED,) * 4, tiers=1)
    many = COUNT._replace(prize_factors=(RATE_ONE,) * 5)
    assert NO_POLICY_LEFT == judge((many,), (CANCELLED, CANCELLED, CANCELLED, HOME))


def test_a_selection_that_is_not_played_is_void():
    verdict = judge((VOID,), (HOME, CANCELLED, AWAY, HOME))
    assert [How.PLAYED, How.VOID, How.PLAYED, How.PLAYED] == hows(verdict)


def test_selections_are_not_void_where_no_line_could_win():
    assert NO_POLICY_LEFT == judge((VOID,), (CANCELLED, CANCELLED, AWAY, HOME))
    assert NO_POLICY_LEFT == judge((VOID,), (CANCELLED, HOME, AWAY, HOME), tiers=1)


def test_all_is_refunded_from_a_number_of_events_on():
    steps = (refund_from(2),)
    assert NO_POLICY_LEFT == judge(steps, (CANCELLED, HOME, AWAY, HOME))
    assert REFUND_BY_POLICY == judge(steps, (CANCELLED, CANCELLED, AWAY, HOME))
    assert isinstance(judge(steps, (LEVEL, HOME, AWAY, HOME)), Decided)


def test_nothing_is_refunded_before_every_event_is_known():
    steps = (refund_from(1),)
    assert Waiting(None) == judge(steps, (CANCELLED, CANCELLED, AWAY, None))


# Reserves.


def replaced(event, sign, reserve):
    return Place(event, How.REPLACED, sign, reserve)


def test_unplayed_events_are_replaced_in_order_by_reserves_that_were_played():
    results = (HOME, CANCELLED, AWAY, CANCELLED, CANCELLED, AWAY, LEVEL, HOME)
    verdict = judge((RESERVES,), results, reserves=(21, 22, 23, 24))
    assert replaced(12, Sign.TWO, 22) == verdict.places[1]
    assert replaced(14, Sign.X, 23) == verdict.places[3]
    assert [How.PLAYED, How.REPLACED, How.PLAYED, How.REPLACED] == hows(verdict)


def test_reserves_are_looked_at_only_where_they_are_needed():
    results = (HOME, CANCELLED, AWAY, HOME, LEVEL, None)
    assert isinstance(judge((RESERVES,), results, after(9), (21, 22)), Decided)
    results = (HOME, LEVEL, AWAY, HOME, None, None)
    assert isinstance(judge((RESERVES,), results, after(9), (21, 22)), Decided)


def test_a_reserve_that_is_needed_is_waited_for():
    results = (HOME, CANCELLED, AWAY, HOME, None, LEVEL)
    assert Waiting(None) == judge((RESERVES,), results, LONG_AFTER, (21, 22))
    results = (HOME, CANCELLED, AWAY, HOME, POSTPONED, LEVEL)
    assert Waiting(after(52)) == judge((RESERVES,), results, after(9), (21, 22))
    verdict = judge((RESERVES,), results, after(52), (21, 22))
    assert replaced(12, Sign.X, 22) == verdict.places[1]


TWO_MISSING = (HOME, CANCELLED, AWAY, CANCELLED, LEVEL, CANCELLED)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (DRAW, DrawDue((4,), "1:2-1,3:0-3")),
        (REDUCE, How.DROPPED),
        (COUNT, How.COUNTED),
        (VOID, How.VOID),
        (refund_from(1), REFUND_BY_POLICY),
        (refund_from(2), REFUND_BY_POLICY),
        (refund_from(3), NO_POLICY_LEFT),
    ],
    ids=lambda each: str(getattr(each, "policy", "")),
)
def test_what_reserves_leave_goes_to_the_next_step(step, expected):
    verdict = judge((RESERVES, step), TWO_MISSING, reserves=(21, 22))
    if isinstance(expected, How):
        assert [How.PLAYED, How.REPLACED, How.PLAYED, expected] == hows(verdict)
        # Factors count what the reserves have left: one event.
        assert (500_000 if step is COUNT else RATE_ONE) == verdict.prize_rate
    else:
        assert expected == verdict


def test_reserves_that_do_not_suffice_refund_all():
    assert NO_POLICY_LEFT == judge((RESERVES,), TWO_MISSING, reserves=(21, 22))


def test_what_was_drawn_is_not_replaced_by_a_reserve_that_is_played_later():
    steps = (RESERVES, DRAW)
    facts = seen(HOME, POSTPONED, AWAY, HOME, CANCELLED)
    its_card = card(*steps, reserves=(21,))
    assert DrawDue((2,), "1:2-1,3:0-3,4:2-1") == judge_card(its_card, facts, LONG_AFTER)
    facts[4] = facts[4]._replace(result=HOME)
    assert How.DRAWN is judge_card(its_card, facts, LONG_AFTER, drawn()).places[1].how
