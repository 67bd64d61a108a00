"""What stands of an abandoned match is what every continuation would have confirmed."""

import dataclasses
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acca.core.markets import football
from acca.core.markets.football import FOOTBALL
from acca.core.markets.market import Part
from acca.core.markets.settlement import settle
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON
from acca.core.score import Ending, Result, Score, Side

FEW, MANY = st.integers(0, 4), st.integers(0, 30)
NOBODY_SCORED = {(1, 0), (0, 1), (0, 0)}


def add(*goals):
    return tuple(map(sum, zip(*goals, strict=True)))


def abandoned(full, *halves, first=None):
    return Result(Ending.ABANDONED, Score(full, halves, first))


def outcome(market, line, code, result):
    return settle(FOOTBALL, football.bet(market, line, code), result)


def halves_of(bet):
    """Return both half-stakes of a quarter line as bets of their own, any other bet as it is."""
    return [bet._replace(halves=(half,)) for half in bet.halves]


HALF_STAKES = [half for bet in football.BETS.values() for half in halves_of(bet)]


@st.composite
def stopped_scores(draw):
    """Draw how a match stood: in the first half, in the second, or after regular time."""
    early, late = draw(st.tuples(FEW, FEW)), draw(st.tuples(FEW, FEW))
    stage = draw(st.integers(0, 2))
    score = (
        Score(early),
        Score(add(early, late), (early,)),
        Score(add(early, late), (early, late)),
    )
    return score[stage]


def one_that_scored(draw, goals):
    scorers = [side for side, scored in zip((Side.HOME, Side.AWAY), goals, strict=True) if scored]
    return draw(st.sampled_from(scorers or [Side.NONE]))


@st.composite
def continued(draw):
    """Draw how a match stood, and one way in which it could have ended."""
    stopped = draw(stopped_scores())
    stage = len(stopped.periods)
    more = [draw(st.tuples(MANY, MANY)) if stage <= half else (0, 0) for half in (0, 1)]
    full = add(stopped.total, *more)
    early = stopped.periods[0] if stage else add(stopped.total, more[0])
    known = next((goals for goals in (*stopped.periods, stopped.total, early) if any(goals)), full)
    first = one_that_scored(draw, known)
    tells_first = draw(st.booleans()) and any(stopped.total)
    return stopped._replace(first=first if tells_first else None), Score(full, (early,), first)


@given(continued())
@settings(max_examples=300, deadline=None)
def test_each_half_of_a_stake_is_void_or_as_any_continuation_has_it(match):
    stopped, final = match
    for bet in HALF_STAKES:
        stands = settle(FOOTBALL, bet, Result(Ending.ABANDONED, stopped))
        assert stands in (VOID, settle(FOOTBALL, bet, Result(Ending.PLAYED, final)))


def every_score_from(points, beyond):
    end = max(points) + beyond + 1
    return list(product(range(points[0], end), range(points[1], end)))


def reachable_twice_as_far(score, part):
    """Read the rules of continuing a second time, up to twice as many goals."""
    beyond = 16
    if len(score.periods) == 2 or (score.periods and part is Part.FIRST):
        return [FOOTBALL.points(score, part)]
    if part is Part.OPENING:
        return NOBODY_SCORED if score.total == (0, 0) else [FOOTBALL.points(score, part)]
    if part is Part.SECOND:
        return every_score_from(FOOTBALL.points(score, part) or (0, 0), beyond)
    return every_score_from(score.total, beyond)


FURTHER = dataclasses.replace(FOOTBALL, reachable=reachable_twice_as_far)


@given(stopped_scores())
@settings(max_examples=60, deadline=None)
def test_twice_as_many_goals_decide_nothing_else(score):
    result = Result(Ending.ABANDONED, score)
    for bet in football.BETS.values():
        assert settle(FURTHER, bet, result) == settle(FOOTBALL, bet, result)


@given(stopped_scores())
@settings(max_examples=30, deadline=None)
def test_half_time_full_time_is_judged_as_one_course_of_the_match(score):
    """Conditions are judged apart: no bet is lost by both together and by neither alone."""
    stage, extra = len(score.periods), every_score_from((0, 0), 4)
    first_extra, second_extra = extra if stage < 1 else [(0, 0)], extra if stage < 2 else [(0, 0)]
    courses = [
        Score(add(score.total, a, b), (score.periods[0] if stage else add(score.total, a),))
        for a, b in product(first_extra, second_extra)
    ]
    for code in ("/".join(both) for both in product("1X2", repeat=2)):
        bet = football.bet("HTFT", None, code)
        outcomes = {settle(FOOTBALL, bet, Result(Ending.PLAYED, course)) for course in courses}
        expected = outcomes.pop() if len(outcomes) == 1 else VOID
        if max(score.total) - min(score.total) < 4:
            assert expected == settle(FOOTBALL, bet, Result(Ending.ABANDONED, score))


@pytest.mark.parametrize(
    ("market", "line", "code", "expected"),
    [
        ("OUFT", "1.5", "O", WON),
        ("OUFT", "1.5", "U", LOST),
        ("OUFT", "1.75", "O", HALF_WON),
        ("OUFT", "1.75", "U", HALF_LOST),
        ("OUFT", "2", "O", VOID),
        ("OUFT", "2.5", "O", VOID),
        ("MRFT", None, "1", VOID),
        ("BTTSFT", None, "Y", VOID),
        ("HTOU", "1.5", "O", WON),
        ("ATOU", "0.5", "U", VOID),
        ("CSFT", None, "1-1", LOST),
        ("CSFT", None, "2-1", VOID),
        ("CSFT", None, "other 1", VOID),
        ("TGFT", "6+", "1", LOST),
        ("TGFT", "6+", "2", VOID),
        ("HWTN", None, "Y", VOID),
        ("HCS", None, "Y", VOID),
        ("ACS", None, "Y", LOST),
        ("FTSFT", None, "1", WON),
        ("FTSFT", None, "none", LOST),
        ("MRHT", None, "1", WON),
        ("MRHT", None, "X", LOST),
        ("OUHT", "1.5", "U", WON),
        ("MR2H", None, "1", VOID),
        ("OU2H", "0.5", "O", WON),
        ("HTFT", None, "1/1", VOID),
        ("HTFT", None, "X/1", LOST),
        ("AHFT", "-1", "1", VOID),
    ],
)
def test_what_stands_at_two_nil_in_the_second_half(market, line, code, expected):
    assert expected == outcome(market, line, code, abandoned((2, 0), (1, 0)))


def test_in_the_first_half_its_goals_so_far_stand():
    result = abandoned((1, 1))
    assert WON == outcome("OUHT", "1.5", "O", result)
    assert VOID == outcome("OUHT", "2.5", "O", result)
    assert VOID == outcome("MRHT", None, "X", result)
    assert VOID == outcome("OU2H", "0.5", "O", result)
    assert VOID == outcome("HTFT", None, "X/X", result)


def test_before_any_goal_nobody_has_scored_first():
    for result in (abandoned((0, 0)), abandoned((0, 0), (0, 0), first=Side.NONE)):
        for code in ("1", "none", "2"):
            assert VOID == outcome("FTSFT", None, code, result)


def test_in_extra_time_all_of_regular_time_stands():
    result = abandoned((1, 1), (0, 1), (1, 0))
    assert WON == outcome("MRFT", None, "X", result)
    assert WON == outcome("HTFT", None, "2/X", result)
    assert LOST == outcome("OUFT", "2.5", "O", result)
    goalless = abandoned((0, 0), (0, 0), (0, 0))
    assert WON == outcome("FTSFT", None, "none", goalless)


def test_a_comeback_of_any_size_is_possible():
    result = abandoned((0, 40), (0, 20))
    assert {VOID} == {outcome("MRFT", None, code, result) for code in "1X2"}
    assert VOID == outcome("AHFT", "-3", "1", result)
