import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acca.core.markets.basketball import BASKETBALL
from acca.core.markets.settlement import settle
from acca.core.numbers import Malformed
from acca.core.outcome import LOST, VOID, WON
from acca.core.score import Ending, Result, Score

OVERTIME = Score((101, 98), ((20, 30), (25, 20), (30, 20), (15, 20)))
"""Level after four quarters, 90-90."""


def outcome(market, line, code, score, ending=Ending.PLAYED):
    return settle(BASKETBALL, BASKETBALL.bet(market, line, code), Result(ending, score))


def test_the_winner_total_and_handicap_count_overtime():
    assert WON == outcome("MWOT", None, "1", OVERTIME)
    assert LOST == outcome("MWOT", None, "2", OVERTIME)
    assert WON == outcome("OUOT", "198.5", "O", OVERTIME)
    assert LOST == outcome("OUOT", "199.5", "O", OVERTIME)
    assert WON == outcome("HCOT", "-2.5", "1", OVERTIME)
    assert LOST == outcome("HCOT", "-3.5", "1", OVERTIME)


def test_a_whole_line_that_is_met_is_void():
    assert VOID == outcome("OUOT", "199", "U", OVERTIME)
    assert VOID == outcome("HCOT", "-3", "2", OVERTIME)


def test_a_quarter_is_settled_by_its_own_points():
    assert WON == outcome("MRQ1", None, "2", OVERTIME)
    assert WON == outcome("MRQ2", None, "1", OVERTIME)
    assert WON == outcome("OUQ3", "49.5", "O", OVERTIME)
    assert VOID == outcome("OUQ4", "35", "O", OVERTIME)
    assert WON == outcome("MRQ4", None, "X", Score((80, 70), ((20, 20),) * 4))


def test_a_quarter_that_is_not_known_stays_undecided():
    known = Score((80, 70), ((20, 20),))
    assert WON == outcome("MRQ1", None, "X", known)
    assert None is outcome("MRQ2", None, "X", known)
    assert WON == outcome("MWOT", None, "1", known)


@pytest.mark.parametrize(
    ("market", "line", "code", "expected"),
    [
        ("MWOT", None, "1", VOID),
        ("OUOT", "100", "O", VOID),
        ("OUOT", "100.5", "U", VOID),
        ("HCOT", "50", "1", VOID),
        ("MRQ1", None, "2", WON),
        ("OUQ1", "50", "U", VOID),
        ("MRQ2", None, "1", VOID),
        ("OUQ2", "44.5", "O", WON),
        ("OUQ2", "45", "O", VOID),
        ("OUQ2", "45.5", "O", VOID),
        ("OUQ3", "20.5", "O", VOID),
    ],
)
def test_what_stands_in_the_second_quarter(market, line, code, expected):
    stopped = Score((45, 50), ((20, 30),))
    assert expected == outcome(market, line, code, stopped, Ending.ABANDONED)


def test_in_overtime_the_quarters_stand_and_the_total_goes_on():
    stopped = OVERTIME._replace(total=(95, 94))
    assert WON == outcome("OUQ4", "34.5", "O", stopped, Ending.ABANDONED)
    assert WON == outcome("OUOT", "188.5", "O", stopped, Ending.ABANDONED)
    assert VOID == outcome("OUOT", "190.5", "O", stopped, Ending.ABANDONED)


QUARTER = st.tuples(st.integers(0, 50), st.integers(0, 50))


@given(quarters=st.tuples(*[QUARTER] * 5), finished=st.integers(0, 4), part=QUARTER)
@settings(max_examples=50, deadline=None)
def test_what_stands_is_what_any_continuation_has_too(quarters, finished, part):
    """The fifth is overtime; play stopped within the quarter after those that were finished."""
    running = tuple(map(min, quarters[finished], part))
    stopped = Score(total([*quarters[:finished], running]), quarters[:finished])
    final = Score(total(quarters), quarters[:4])
    for bet in BASKETBALL.bets.values():
        stands = settle(BASKETBALL, bet, Result(Ending.ABANDONED, stopped))
        assert stands in (VOID, settle(BASKETBALL, bet, Result(Ending.PLAYED, final)))


def total(quarters):
    return tuple(map(sum, zip(*quarters, strict=True)))


@pytest.mark.parametrize(
    ("score", "sentence"),
    [
        (Score((400, 0)), "between 0 and 399"),
        (Score((80, 70), ((1, 1),) * 5), "more than 4 periods"),
        (Score((80, 70), ((81, 1),)), "more points in its periods"),
        (Score((80, 80)), "level"),
        (Score((80, 70), ((19, 17),) * 4), "do not add up"),
    ],
)
def test_a_score_that_cannot_be_is_refused(score, sentence):
    with pytest.raises(Malformed, match=sentence):
        BASKETBALL.check(Result(Ending.PLAYED, score))


@pytest.mark.parametrize(
    "result",
    [
        Result(Ending.CANCELLED),
        Result(Ending.PLAYED, OVERTIME),
        Result(Ending.PLAYED, Score((80, 70))),
        Result(Ending.PLAYED, Score((80, 68), ((20, 17),) * 4)),
        Result(Ending.ABANDONED, Score((80, 80), ((20, 17),))),
    ],
)
def test_a_score_that_can_be_is_not(result):
    BASKETBALL.check(result)
