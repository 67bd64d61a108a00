"""Each football market, as a player would tell it."""

import pytest

from acca.core.markets import football
from acca.core.markets.football import FOOTBALL
from acca.core.markets.market import Bet
from acca.core.markets.settlement import settle
from acca.core.numbers import Malformed
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON
from acca.core.score import Ending, Result, Score, Side

HALVES = {"MRHT", "DCHT", "OUHT", "HTFT", "MR2H", "OU2H"}


def points(text):
    home, away = text.split("-")
    return int(home), int(away)


def played(full, half=None, first=None):
    periods = () if half is None else (points(half),)
    return Result(Ending.PLAYED, Score(points(full), periods, first))


def won(market, result, line=None):
    """Return the codes of a market's line that win."""
    bets = [bet for bet in football.BETS.values() if (bet.market, bet.line) == (market, line)]
    assert bets
    return [bet.code for bet in bets if settle(FOOTBALL, bet, result) == WON]


def outcome(market, line, code, result):
    return settle(FOOTBALL, football.bet(market, line, code), result)


def test_the_documented_bet_has_its_documented_names():
    bet = football.BETS[1]
    assert Bet(1, "MRFT", "Match Result Full Time", None, None, "1", "Home", bet.halves) == bet
    assert bet is football.bet("MRFT", None, "1")
    assert ["Home", "Draw", "Away"] == [football.BETS[bet_id].name for bet_id in (1, 2, 3)]


def test_an_unknown_bet_is_none():
    assert None is football.bet("OUFT", "0.4", "O")


@pytest.mark.parametrize(("market", "part"), [("MRFT", "full"), ("MRHT", "half"), ("MR2H", "late")])
def test_a_result_is_home_draw_or_away_in_its_part(market, part):
    for codes, score in {"1": "2-1", "X": "2-2", "2": "0-1"}.items():
        result = {
            "full": played(score),
            "half": played("5-5", score),
            "late": played(score, "0-0"),
        }[part]
        assert [codes] == won(market, result)


def test_the_second_half_counts_only_its_own_goals():
    result = played("2-2", "2-0")
    assert ["2"] == won("MR2H", result)
    assert (WON, LOST) == tuple(outcome("OU2H", line, "O", result) for line in ("1.5", "2.5"))


def test_a_double_chance_wins_with_two_of_three_results():
    for market, half in (("DCFT", None), ("DCHT", "same")):
        for score, codes in {"1-0": ["1X", "12"], "1-1": ["1X", "X2"], "0-3": ["12", "X2"]}.items():
            result = played(score) if half is None else played("9-9", score)
            assert codes == won(market, result)


def test_draw_no_bet_is_void_at_a_draw():
    assert (VOID, VOID) == tuple(outcome("DNBFT", None, code, played("1-1")) for code in "12")
    assert ["2"] == won("DNBFT", played("1-2"))


def test_both_teams_score_or_they_do_not():
    assert ["Y"] == won("BTTSFT", played("1-1"))
    assert ["N"] == won("BTTSFT", played("3-0")) == won("BTTSFT", played("0-1"))


def test_over_and_under_half_lines():
    assert ["O"] == won("OUFT", played("2-1"), "2.5")
    assert ["U"] == won("OUFT", played("2-0"), "2.5")
    assert ["O"] == won("OUHT", played("2-0", "1-0"), "0.5")


def test_over_and_under_whole_lines_are_void_when_met():
    assert (VOID, VOID) == tuple(outcome("OUFT", "3", code, played("2-1")) for code in "OU")


@pytest.mark.parametrize(
    ("line", "code", "score", "expected"),
    [
        ("2.25", "O", "1-1", HALF_LOST),
        ("2.25", "U", "1-1", HALF_WON),
        ("2.25", "O", "2-1", WON),
        ("2.75", "O", "2-1", HALF_WON),
        ("2.75", "U", "2-1", HALF_LOST),
        ("2.75", "U", "1-1", WON),
        ("2.75", "O", "1-1", LOST),
    ],
)
def test_a_quarter_line_is_two_bets_of_half_the_stake(line, code, score, expected):
    assert expected == outcome("OUFT", line, code, played(score))


@pytest.mark.parametrize(
    ("line", "code", "score", "expected"),
    [
        ("-0.5", "1", "1-1", LOST),
        ("-0.5", "2", "1-1", WON),
        ("-0.75", "1", "1-0", HALF_WON),
        ("-0.75", "2", "1-0", HALF_LOST),
        ("-1", "1", "2-1", VOID),
        ("-1.25", "1", "1-0", HALF_LOST),
        ("0.25", "1", "0-0", HALF_WON),
        ("0", "2", "0-0", VOID),
        ("3", "1", "0-3", VOID),
        ("-3", "1", "4-0", WON),
    ],
)
def test_an_asian_handicap_is_given_to_the_home_side(line, code, score, expected):
    assert expected == outcome("AHFT", line, code, played(score))


def test_each_side_of_a_handicap_is_named_by_its_own_goals():
    bets = [football.bet("AHFT", "-0.75", code) for code in "12"]
    assert ["Home (-0.75)", "Away (+0.75)"] == [bet.name for bet in bets]
    assert "+1" == football.bet("EHFT", "1", "X").line_name


def test_a_european_handicap_has_a_draw():
    assert ["X"] == won("EHFT", played("2-1"), "-1")
    assert ["1"] == won("EHFT", played("3-1"), "-1")
    assert ["2"] == won("EHFT", played("1-1"), "-1")
    assert ["X"] == won("EHFT", played("0-2"), "2")
    assert ["1"] == won("EHFT", played("0-1"), "2")


def test_half_time_full_time_names_both_results():
    assert ["X/2"] == won("HTFT", played("0-2", "0-0"))
    assert ["1/X"] == won("HTFT", played("2-2", "2-1"))


def test_a_correct_score_or_any_other():
    assert ["2-1"] == won("CSFT", played("2-1"))
    assert ["5-5"] == won("CSFT", played("5-5"))
    assert ["other 1"] == won("CSFT", played("6-2"))
    assert ["other X"] == won("CSFT", played("6-6"))
    assert ["other 2"] == won("CSFT", played("0-9"))


def test_no_goal_is_even():
    assert ["even"] == won("OEFT", played("0-0")) == won("OEFT", played("3-1"))
    assert ["odd"] == won("OEFT", played("0-1"))


def test_total_goals_exactly_or_in_ranges():
    assert ["3"] == won("TGFT", played("2-1"), "6+")
    assert ["6+"] == won("TGFT", played("4-3"), "6+")
    assert ["7+"] == won("TGFT", played("4-3"), "7+")
    assert ["4-6"] == won("TGFT", played("5-0"), "0-1/2-3/4-6/7+")
    assert ["4+"] == won("TGFT", played("5-0"), "0-1/2-3/4+")
    assert "1 Goal" == football.bet("TGFT", "5+", "1").name


def test_totals_of_one_team_ignore_the_other():
    result = played("2-0")
    assert ["O"] == won("HTOU", result, "1.5")
    assert ["U"] == won("ATOU", result, "0.5")
    assert ["U"] == won("HTOU", result, "2.5")


def test_a_win_to_nil_is_a_win_without_a_goal_against():
    assert ["Y"] == won("HWTN", played("1-0"))
    assert ["N"] == won("HWTN", played("0-0")) == won("HWTN", played("2-1"))
    assert ["Y"] == won("AWTN", played("0-2"))
    assert ["N"] == won("AWTN", played("0-0"))


def test_a_clean_sheet_is_no_goal_against():
    assert ["Y"] == won("HCS", played("0-0")) == won("HCS", played("3-0"))
    assert ["N"] == won("HCS", played("3-1"))
    assert ["Y"] == won("ACS", played("0-1"))


def test_the_first_team_to_score_is_the_one_of_the_incident():
    assert ["2"] == won("FTSFT", played("2-1", first=Side.AWAY))
    assert ["1"] == won("FTSFT", played("2-1", first=Side.HOME))
    assert ["none"] == won("FTSFT", played("0-0", first=Side.NONE))


def test_the_first_team_to_score_is_known_where_no_other_did():
    assert ["none"] == won("FTSFT", played("0-0"))
    assert ["1"] == won("FTSFT", played("2-0"))
    assert ["2"] == won("FTSFT", played("0-1"))
    assert ["1"] == won("FTSFT", played("1-3", "1-0"))
    assert ["2"] == won("FTSFT", played("1-3", "0-0", Side.AWAY))


def test_without_the_incident_the_first_team_to_score_is_void_once_both_did():
    for result in (played("1-1"), played("1-3", "1-1"), played("1-1", "0-0")):
        outcomes = {code: outcome("FTSFT", None, code, result) for code in ("1", "none", "2")}
        assert {"1": VOID, "none": LOST, "2": VOID} == outcomes


@pytest.mark.parametrize(
    ("score", "sentence"),
    [
        (Score((-1, 0)), "between 0 and 99"),
        (Score((0, 100)), "between 0 and 99"),
        (Score((1, 0), ((0, -1),)), "between 0 and 99"),
        (Score((1, 0), ((0, 0),) * 3), "more than 2 periods"),
        (Score((1, 0), ((0, 1),)), "more points in its periods"),
        (Score((1, 0), ((2, 0),)), "more points in its periods"),
        (Score((3, 0), ((1, 0), (1, 0))), "two halves"),
        (Score((1, 0), (), Side.AWAY), "a first goal"),
        (Score((1, 0), (), Side.NONE), "a first goal"),
        (Score((1, 1), (), Side.NONE), "a first goal"),
        (Score((0, 0), (), Side.HOME), "a first goal"),
        (Score((1, 1), ((1, 0),), Side.AWAY), "a first goal"),
    ],
)
@pytest.mark.parametrize("ending", [Ending.PLAYED, Ending.ABANDONED])
def test_a_score_that_cannot_be_is_refused(score, sentence, ending):
    with pytest.raises(Malformed, match=sentence):
        FOOTBALL.check(Result(ending, score))


@pytest.mark.parametrize(
    "result",
    [
        Result(Ending.POSTPONED),
        Result(Ending.PLAYED, Score((2, 1), ((1, 0), (1, 1)), Side.HOME)),
        Result(Ending.PLAYED, Score((2, 1), (), Side.AWAY)),
        Result(Ending.ABANDONED, Score((0, 0), (), Side.NONE)),
        Result(Ending.ABANDONED, Score((99, 99))),
    ],
)
def test_a_score_that_can_be_is_not(result):
    FOOTBALL.check(result)
