import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acca.core.markets.market import Part
from acca.core.markets.settlement import settle
from acca.core.markets.tennis import TENNIS
from acca.core.numbers import Malformed
from acca.core.outcome import LOST, VOID, WON
from acca.core.score import Ending, Result, Score

THREE_SETS = Score((2, 1), ((6, 4), (3, 6), (7, 6)))
FOUR_SETS = Score((1, 3), ((6, 4), (3, 6), (5, 7), (0, 6)))


def outcome(market, line, code, score, ending=Ending.PLAYED):
    return settle(TENNIS, TENNIS.bet(market, line, code), Result(ending, score))


def test_the_winner_has_more_sets():
    assert (WON, LOST) == tuple(outcome("MW", None, code, THREE_SETS) for code in "12")
    assert (LOST, WON) == tuple(outcome("MW", None, code, FOUR_SETS) for code in "12")


def test_sets_are_bet_on_in_a_match_of_their_length():
    assert WON == outcome("SB", "3", "2-1", THREE_SETS)
    assert LOST == outcome("SB", "3", "2-0", THREE_SETS)
    assert WON == outcome("NS", "3", "3", THREE_SETS)
    assert WON == outcome("SB", "5", "1-3", FOUR_SETS)
    assert WON == outcome("NS", "5", "4", FOUR_SETS)


def test_a_bet_on_a_match_of_another_length_stays_undecided():
    assert None is outcome("SB", "5", "3-0", THREE_SETS)
    assert None is outcome("NS", "3", "3", FOUR_SETS)


def test_set_betting_lists_the_scores_of_its_length():
    codes = {
        line: [bet.code for bet in TENNIS.bets.values() if (bet.market, bet.line) == ("SB", line)]
        for line in "35"
    }
    assert {
        "3": ["2-0", "2-1", "1-2", "0-2"],
        "5": ["3-0", "3-1", "3-2", "2-3", "1-3", "0-3"],
    } == codes


def test_the_first_set_has_a_winner():
    assert WON == outcome("W1S", None, "1", FOUR_SETS)


def test_games_are_those_of_all_sets():
    assert WON == outcome("OUG", "31.5", "O", THREE_SETS)
    assert VOID == outcome("OUG", "32", "O", THREE_SETS)
    assert VOID == outcome("HCG", "0", "1", THREE_SETS)
    assert WON == outcome("HCG", "9.5", "1", FOUR_SETS)
    assert LOST == outcome("HCG", "8.5", "1", FOUR_SETS)


def test_without_games_only_sets_are_settled():
    unknown = Score((2, 1))
    assert WON == outcome("SB", "3", "2-1", unknown)
    for market, line, code in (("W1S", None, "1"), ("OUG", "32.5", "U"), ("HCG", "0.5", "1")):
        assert None is outcome(market, line, code, unknown)


@pytest.mark.parametrize(
    ("market", "line", "code", "expected"),
    [
        ("MW", None, "1", VOID),
        ("SB", "3", "0-2", LOST),
        ("SB", "3", "2-0", VOID),
        ("SB", "5", "0-3", LOST),
        ("NS", "3", "2", VOID),
        ("W1S", None, "1", WON),
        ("OUG", "19.5", "O", WON),
        ("OUG", "20", "O", VOID),
        ("OUG", "20.5", "O", VOID),
        ("HCG", "0.5", "1", VOID),
    ],
)
def test_what_stands_when_a_player_retires_at_6_4_4_4(market, line, code, expected):
    """No match of two sets to win could have ended with fewer than twenty games."""
    stopped = Score((1, 0), ((6, 4), (4, 4)))
    assert expected == outcome(market, line, code, stopped, Ending.ABANDONED)


def test_at_one_set_each_the_number_of_sets_stands_in_a_match_of_three_only():
    stopped = Score((1, 1), ((6, 4), (4, 6)))
    assert WON == outcome("NS", "3", "3", stopped, Ending.ABANDONED)
    assert LOST == outcome("NS", "5", "3", stopped, Ending.ABANDONED)
    assert VOID == outcome("NS", "5", "4", stopped, Ending.ABANDONED)


def test_a_match_tie_break_may_be_all_that_was_missing():
    stopped = Score((1, 1), ((6, 4), (4, 6)))
    assert WON == outcome("OUG", "20.5", "O", stopped, Ending.ABANDONED)
    assert VOID == outcome("OUG", "21.5", "O", stopped, Ending.ABANDONED)


def test_in_the_first_set_only_its_games_so_far_are_certain():
    for stopped in (Score((0, 0)), Score((0, 0), ((5, 0),))):
        assert VOID == outcome("W1S", None, "2", stopped, Ending.ABANDONED)
        assert VOID == outcome("MW", None, "2", stopped, Ending.ABANDONED)
    at_5_6 = Score((0, 0), ((5, 6),))
    assert WON == outcome("OUG", "17.5", "O", at_5_6, Ending.ABANDONED)
    assert VOID == outcome("OUG", "18.5", "O", at_5_6, Ending.ABANDONED)


def test_what_is_not_known_when_play_stops_stays_undecided():
    unknown = Score((1, 0))
    assert None is outcome("W1S", None, "1", unknown, Ending.ABANDONED)
    assert None is outcome("OUG", "12.5", "O", unknown, Ending.ABANDONED)
    beyond_a_tie_break = Score((0, 0), ((8, 8),))
    assert None is outcome("OUG", "12.5", "O", beyond_a_tie_break, Ending.ABANDONED)
    two_sets_ahead = Score((2, 0), ((6, 0), (6, 0)))
    assert None is outcome("SB", "3", "2-0", two_sets_ahead, Ending.ABANDONED)
    assert VOID == outcome("SB", "5", "3-0", two_sets_ahead, Ending.ABANDONED)


WON_SETS = st.sampled_from([*((6, lost) for lost in range(5)), (7, 5), (7, 6)])


@st.composite
def retirements(draw):
    """Draw a match as it was when a player retired, and as it could have ended."""
    needed = draw(st.integers(2, 3))
    sets = []
    while max(count(sets)) < needed:
        is_last = count(sets) == (needed - 1, needed - 1)
        won, lost = (1, 0) if is_last and draw(st.booleans()) else draw(WON_SETS)
        sets.append((won, lost) if draw(st.booleans()) else (lost, won))
    finished = draw(st.integers(0, len(sets) - 1))
    running = tuple(draw(st.integers(0, min(games, 6))) for games in sets[finished])
    if running == sets[finished] or sets[finished] in ((1, 0), (0, 1)):
        running = (0, 0)
    broken_off = [running] if any(running) or draw(st.booleans()) else []
    stopped = Score(count(sets[:finished]), (*sets[:finished], *broken_off))
    return stopped, Score(count(sets), tuple(sets))


def count(sets):
    return sum(home > away for home, away in sets), sum(home < away for home, away in sets)


@given(retirements())
@settings(deadline=None)
def test_what_stands_is_what_any_continuation_has_too(match):
    stopped, final = match
    TENNIS.check(Result(Ending.ABANDONED, stopped))
    for bet in TENNIS.bets.values():
        ended = settle(TENNIS, bet, Result(Ending.PLAYED, final))
        stands = settle(TENNIS, bet, Result(Ending.ABANDONED, stopped))
        assert stands in (VOID, ended) or ended is None


def test_every_way_to_end_is_named_once():
    stopped = Score((1, 0), ((6, 4), (6, 5)))
    assert {(2, 0), (2, 1), (1, 2)} == set(TENNIS.reachable(stopped, Part.BEST_OF_3))
    assert {(3, 0), (3, 1), (3, 2), (1, 3), (2, 3)} == set(
        TENNIS.reachable(stopped, Part.BEST_OF_5)
    )
    games = TENNIS.reachable(stopped, Part.GAMES)
    assert len(games) == len(set(games))
    assert (13, 9) in games
    assert (12, 10) not in games


@pytest.mark.parametrize(
    ("score", "ending", "sentence"),
    [
        (Score((2, 0), ((100, 1), (6, 1))), Ending.PLAYED, "between 0 and 99"),
        (Score((4, 0)), Ending.PLAYED, "more sets than"),
        (Score((3, 3)), Ending.PLAYED, "more sets than"),
        (Score((1, 0)), Ending.PLAYED, "too few sets"),
        (Score((2, 2)), Ending.PLAYED, "too few sets"),
        (Score((2, 0), ((6, 1),)), Ending.PLAYED, "games of each set"),
        (Score((2, 0), ((6, 1), (6, 1), (1, 0))), Ending.PLAYED, "games of each set"),
        (Score((2, 0), ((6, 1), (1, 6))), Ending.PLAYED, "do not make its sets"),
        (Score((2, 0), ((6, 1), (6, 6))), Ending.PLAYED, "do not make its sets"),
        (Score((1, 0), ((6, 1), (1, 0), (2, 1))), Ending.ABANDONED, "games of each set"),
        (Score((3, 0)), Ending.ABANDONED, "holds all sets"),
    ],
)
def test_a_score_that_cannot_be_is_refused(score, ending, sentence):
    with pytest.raises(Malformed, match=sentence):
        TENNIS.check(Result(ending, score))


@pytest.mark.parametrize(
    "result",
    [
        Result(Ending.CANCELLED),
        Result(Ending.PLAYED, THREE_SETS),
        Result(Ending.PLAYED, FOUR_SETS),
        Result(Ending.PLAYED, Score((2, 1))),
        Result(Ending.ABANDONED, Score((2, 0), ((6, 0), (6, 0), (6, 6)))),
        Result(Ending.ABANDONED, Score((0, 0))),
    ],
)
def test_a_score_that_can_be_is_not(result):
    TENNIS.check(result)
