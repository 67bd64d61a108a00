import pytest
from hypothesis import given
from hypothesis import strategies as st
from jackpots_seen import (
    AWAY,
    CANCELLED,
    CODE,
    COUNT,
    DRAW,
    HOME,
    HOUR,
    LEVEL,
    LONG_AFTER,
    NO_POLICY_LEFT,
    POSTPONED,
    REDUCE,
    REFUND_BY_POLICY,
    RESERVES,
    SEED,
    STOPPED,
    VOID,
    after,
    card,
    drawn,
    faults_of,
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
    Refunded,
    Waiting,
    judge_card,
    sign_of,
)
from acca.core.public_draw import Sign, commit_to, hold_draw
from acca.core.score import Ending, Result


def test_a_card_that_is_played_counts_by_its_scores():
    signs = (Sign.ONE, Sign.X, Sign.TWO, Sign.ONE)
    expected = Decided(
        tuple(Place(11 + place, How.PLAYED, sign) for place, sign in enumerate(signs))
    )
    assert expected == judge((DRAW,), (HOME, LEVEL, AWAY, HOME), after(5))


@pytest.mark.parametrize(
    ("points", "sign"), [((1, 0), Sign.ONE), ((2, 2), Sign.X), ((0, 1), Sign.TWO)]
)
def test_the_points_say_who_won(points, sign):
    assert sign is sign_of(points)


def test_a_card_waits_for_facts_without_end():
    assert Waiting(None) == judge((DRAW,), (HOME, LEVEL, AWAY, None))
    without_score = Result(Ending.PLAYED)
    assert Waiting(None) == judge((DRAW,), (HOME, LEVEL, AWAY, without_score))
    assert Waiting(None) == judge((DRAW,), (POSTPONED, LEVEL, AWAY, None), after(5))


def test_a_postponed_event_is_waited_for_within_the_window():
    results = (HOME, POSTPONED, AWAY, HOME)
    # The second event was planned an hour after noon.
    assert Waiting(after(25)) == judge((DRAW,), results, after(24))
    assert DrawDue((2,), "1:2-1,3:0-3,4:2-1") == judge((DRAW,), results, after(25))


def test_a_card_waits_for_the_last_of_its_events():
    results = (POSTPONED, HOME, STOPPED, HOME)
    assert Waiting(after(26)) == judge((DRAW,), results, after(5))
    assert Waiting(after(26)) == judge((DRAW,), results, after(25))


def test_a_card_that_names_no_hours_waits_two_days():
    results = (POSTPONED, LEVEL, AWAY, HOME)
    assert Waiting(after(48)) == judge((REDUCE,), results, after(47))
    assert isinstance(judge((REDUCE,), results, after(48)), Decided)


def test_a_cancelled_event_is_not_waited_for_but_by_a_draw():
    results = (HOME, LEVEL, AWAY, CANCELLED)
    assert isinstance(judge((REDUCE,), results, after(5)), Decided)
    assert Waiting(after(27)) == judge((DRAW,), results, after(5))
    assert DrawDue((4,), "1:2-1,2:0-0,3:0-3") == judge((DRAW,), results, after(27))


def test_an_abandoned_event_counts_as_unplayed_whatever_its_score():
    results = (HOME, LEVEL, AWAY, STOPPED)
    assert Waiting(after(27)) == judge((DRAW,), results, after(5))
    assert DrawDue((4,), "1:2-1,2:0-0,3:0-3") == judge((DRAW,), results, after(27))


def test_an_event_played_later_but_within_the_window_is_played():
    facts = seen(HOME, LEVEL, AWAY, HOME)
    facts[0] = facts[0]._replace(starts=after(24))
    assert [How.PLAYED] * 4 == hows(judge_card(card(DRAW), facts, after(30)))


def test_an_event_played_after_the_window_is_unplayed_whenever_one_looks():
    facts = seen(HOME, LEVEL, AWAY, HOME)
    facts[0] = facts[0]._replace(starts=after(25))
    assert Waiting(after(24)) == judge_card(card(DRAW), facts, after(20))
    for now in (after(24), LONG_AFTER):
        assert DrawDue((1,), "2:0-0,3:0-3,4:2-1") == judge_card(card(DRAW), facts, now)


def test_an_event_that_is_under_way_when_the_window_ends_is_waited_for():
    assert Waiting(None) == judge((DRAW,), (None, LEVEL, AWAY, HOME), LONG_AFTER)


# Public draw.


def test_what_was_drawn_counts():
    facts = seen(HOME, POSTPONED, AWAY, HOME)
    verdict = judge_card(card(DRAW), facts, after(25), drawn())
    assert [How.PLAYED, How.DRAWN, How.PLAYED, How.PLAYED] == hows(verdict)
    assert Place(12, How.DRAWN, drawn()[0].sign) == verdict.places[1]
    assert RATE_ONE == verdict.prize_rate


@pytest.mark.parametrize("result", [HOME, LEVEL, AWAY, None, CANCELLED, POSTPONED])
def test_what_was_drawn_stays_when_the_match_is_played_later(result):
    first = judge_card(card(DRAW), seen(HOME, POSTPONED, AWAY, HOME), after(25), drawn())
    assert first == judge_card(card(DRAW), seen(HOME, result, AWAY, HOME), after(90), drawn())


def test_a_corrected_score_leaves_the_draw_as_it_was():
    verdict = judge_card(card(DRAW), seen(AWAY, POSTPONED, AWAY, HOME), LONG_AFTER, drawn())
    assert Sign.TWO is verdict.places[0].sign
    assert drawn()[0].sign is verdict.places[1].sign


def test_an_event_that_turns_out_unplayed_after_a_draw_is_drawn_by_itself():
    facts = seen(CANCELLED, HOME, AWAY, HOME)
    assert DrawDue((1,), "3:0-3,4:2-1") == judge_card(card(DRAW), facts, LONG_AFTER, drawn())
    both = (*drawn(), *drawn((1,), "3:0-3,4:2-1"))
    verdict = judge_card(card(DRAW), facts, LONG_AFTER, both)
    assert [How.DRAWN, How.DRAWN, How.PLAYED, How.PLAYED] == hows(verdict)


def test_what_was_drawn_counts_as_unplayed_for_the_thresholds():
    facts = seen(CANCELLED, HOME, AWAY, HOME)
    its_card = card(DRAW, refund_from(2))
    assert REFUND_BY_POLICY == judge_card(its_card, facts, LONG_AFTER, drawn())


def test_more_than_a_draw_may_hold_are_left_to_the_next_step():
    three = (CANCELLED, CANCELLED, CANCELLED, HOME)
    assert REFUND_BY_POLICY == judge((DRAW, refund_from(1)), three)
    assert REFUND_BY_POLICY == judge((DRAW, refund_from(3)), three)
    assert NO_POLICY_LEFT == judge((DRAW,), three)
    assert DrawDue((1, 2), "3:2-1,4:2-1") == judge((DRAW, refund_from(3)), (*three[:2], HOME, HOME))
    # What was drawn before counts among them.
    facts = seen(CANCELLED, POSTPONED, CANCELLED, HOME)
    assert NO_POLICY_LEFT == judge_card(card(DRAW), facts, LONG_AFTER, drawn())


def test_a_whole_card_may_be_drawn_over_no_scores():
    step = DRAW._replace(max_events=4)
    assert DrawDue((1, 2, 3, 4), "") == judge((step,), (CANCELLED,) * 4)


# Thresholds.


@pytest.mark.parametrize(
    ("unplayed", "expected"),
    [(1, How.COUNTED), (2, How.DROPPED), (3, REFUND_BY_POLICY), (4, REFUND_BY_POLICY)],
)
def test_the_greatest_threshold_that_is_reached_decides(unplayed, expected):
    steps = (COUNT, refund_from(3), REDUCE._replace(threshold=2))
    verdict = judge(steps, (CANCELLED,) * unplayed + (HOME,) * (4 - unplayed), tiers=1)
    if isinstance(expected, How):
        assert expected is verdict.places[0].how
    else:
        assert expected == verdict


def test_a_step_that_does_not_reach_gives_way_to_one_of_a_lower_threshold():
    steps = (REDUCE, DRAW._replace(threshold=2, max_events=2))
    verdict = judge(steps, (CANCELLED,) * 3 + (HOME,), tiers=1)
    assert [How.DROPPED] * 3 == hows(verdict)[:3]


def test_of_two_steps_alike_the_first_on_the_card_decides():
    results = (CANCELLED, HOME, AWAY, HOME)
    assert How.DROPPED is judge((REDUCE, COUNT), results).places[0].how
    assert How.COUNTED is judge((COUNT, REDUCE), results).places[0].how


RESULTS = st.sampled_from([HOME, LEVEL, AWAY, CANCELLED, POSTPONED, STOPPED])
STEPS = st.lists(
    st.sampled_from([DRAW, COUNT, REDUCE, VOID, RESERVES, refund_from(2), refund_from(4)]),
    min_size=1,
    max_size=4,
)
FACTS = st.lists(st.one_of(RESULTS, st.none()), min_size=6, max_size=6)


@given(STEPS, FACTS, st.integers(0, 60))
def test_a_verdict_once_final_does_not_change_with_time(steps, results, hours):
    its_card = card(*steps, reserves=(21, 22))
    facts = seen(*results)
    verdict = judge_card(its_card, facts, after(hours))
    later = judge_card(its_card, facts, LONG_AFTER)
    if not isinstance(verdict, Waiting):
        assert verdict == later
    elif verdict.until is None:
        assert Waiting(None) == later
    else:
        assert after(hours) < verdict.until
        assert verdict == judge_card(its_card, facts, verdict.until - HOUR / 60)


@given(STEPS, st.lists(RESULTS, min_size=6, max_size=6))
def test_every_card_ends_by_one_draw_at_most(steps, results):
    its_card = card(*steps, reserves=(21, 22))
    facts = seen(*results)
    verdict = judge_card(its_card, facts, LONG_AFTER)
    if isinstance(verdict, DrawDue):
        held = hold_draw(SEED, CODE, *verdict)
        verdict = judge_card(its_card, facts, LONG_AFTER, held)
        assert {each.place for each in held} == {
            number for number, place in enumerate(verdict.places, 1) if place.how is How.DRAWN
        }
    assert isinstance(verdict, Decided | Refunded)
    if isinstance(verdict, Decided):
        assert its_card.events == tuple(place.event for place in verdict.places)


def test_every_event_of_the_card_has_to_be_seen():
    with pytest.raises(AssertionError):
        judge_card(card(REDUCE), seen(HOME), LONG_AFTER)


def test_a_public_draw_and_a_commitment_need_each_other():
    fault = "a public draw and the commitment to its seed need each other"
    with_draw = card(DRAW)
    committed = with_draw._replace(commitment=commit_to(SEED))
    assert [True, False, True] == [
        fault in faults_of(each)
        for each in (with_draw, committed, committed._replace(void_steps=(REDUCE,)))
    ]


def test_prize_factors_begin_with_no_event_at_all():
    fault = "prize_factors have to begin with 100 %, for no such event"
    wrong = [(500_000,), (), (RATE_ONE - 1, 500_000)]
    assert all(fault in faults_of(card(COUNT._replace(prize_factors=each))) for each in wrong)
    assert fault not in faults_of(card(COUNT))
