"""Every match of the real data settles; the data is not ours, so it stands outside the project."""

import csv
import os
import pathlib
import re
from collections import Counter
from functools import cache

import pytest

from acca.core.markets.football import FOOTBALL
from acca.core.markets.settlement import settle
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON
from acca.core.score import Ending, Result, Score

BESIDE = pathlib.Path(__file__).parents[4] / "shared" / "data"
DATA = pathlib.Path(os.environ.get("ACCA_DATA", BESIDE))
FOLDERS = ("football-data.co.uk", "multimarket")

RESULTS = {"H": "1", "D": "X", "A": "2"}
SIDES = {">": "O", "<": "U", "Over": "O", "Under": "U"}
PART_RESULTS, PART_TOTALS = {"HT": "MRHT", "2H": "MR2H"}, {"HT": "OUHT", "2H": "OU2H", "FT": "OUFT"}
HALF_TIME_MARKETS = {*PART_RESULTS.values(), "OUHT", "OU2H"}
BOOKMAKER = "(?:B365|BFD|BFE|BMGM|BV|BW|CL|LB|PS?|Max|Avg)"

CORNERS = {
    *(f"odds_corners_{side}_{line}5" for side in ("over", "under") for line in range(7, 12)),
    *(f"odds_corners_{result}" for result in "1x2"),
}
"""Odds on corners, which no score tells: skipped."""
FACTS = {
    *("Div", "Date", "Time", "HomeTeam", "AwayTeam", "Referee", ""),
    *(f"{part}{fact}" for part in ("FT", "HT") for fact in ("HG", "AG", "R")),
    *(f"{side}{fact}" for side in "HA" for fact in ("S", "ST", "F", "C", "Y", "R")),
    *("HomeXG", "AwayXG", "AHh", "AHCh"),
}
"""What happened, and the handicap lines; E3 has a trailing comma."""

COLUMNS = (
    (f"{BOOKMAKER}C?([HDA])", lambda m: ("MRFT", None, RESULTS[m[1]])),
    (f"{BOOKMAKER}C?([<>])(2.5)", lambda m: ("OUFT", m[2], SIDES[m[1]])),
    (f"{BOOKMAKER}(C?)AH([HA])", lambda m: ("AHFT", f"AH{m[1]}h", RESULTS[m[2]])),
    (r"Odd_([1X2])_(HT|2H)", lambda m: (PART_RESULTS[m[2]], None, m[1])),
    (r"BTTS_([YN])(es|o)", lambda m: ("BTTSFT", None, m[1])),
    (
        r"(Over|Under)_(FT|HT|2H)_(\d)_(\d)",
        lambda m: (PART_TOTALS[m[2]], f"{m[3]}.{m[4]}", SIDES[m[1]]),
    ),
    (r"DC_(1X|12|X2)", lambda m: ("DCFT", None, m[1])),
    (r"DNB_([12])", lambda m: ("DNBFT", None, m[1])),
    (r"odds_win_to_nil_([12])", lambda m: ({"1": "HWTN", "2": "AWTN"}[m[1]], None, "Y")),
)
"""Odds columns, and the codes of their bet; that of a handicap names the column of its line."""


@cache
def codes_of(column):
    found = [codes(m) for pattern, codes in COLUMNS if (m := re.fullmatch(pattern, column))]
    assert len(found) < 2, f"{column} is read in two ways"
    return found[0] if found else None


def read_all():
    for folder in FOLDERS:
        for path in sorted((DATA / folder).glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield path, list(csv.DictReader(file))


@pytest.fixture(scope="module")
def files():
    if missing := [str(DATA / folder) for folder in FOLDERS if not (DATA / folder).is_dir()]:
        pytest.skip(f"no real data to settle: {missing} not found; ACCA_DATA names another folder")
    return list(read_all())


@pytest.fixture(scope="module")
def matches(files):
    return [(row, result_of(row)) for _, rows in files for row in rows if row["FTHG"]]


def goals(row, part):
    texts = row.get(f"{part}HG"), row.get(f"{part}AG")
    return tuple(int(float(text)) for text in texts) if all(texts) else None


def result_of(row):
    half_time = goals(row, "HT")
    return Result(Ending.PLAYED, Score(goals(row, "FT"), () if half_time is None else (half_time,)))


def winner_of(market, result):
    bets = [FOOTBALL.bet(market, None, code) for code in "1X2"]
    return [bet.code for bet in bets if settle(FOOTBALL, bet, result) == WON]


def test_every_column_is_a_bet_or_named_as_skipped(files):
    columns = {column for _, rows in files for column in rows[0] if column is not None}
    offered = {column for column in columns if codes_of(column) is not None}
    assert columns - offered - FACTS == columns & CORNERS == CORNERS
    markets = {codes_of(column)[0] for column in offered}
    whole = {"MRFT", "OUFT", "AHFT", "BTTSFT", "DCFT", "DNBFT", "HWTN", "AWTN"}
    assert markets == whole | HALF_TIME_MARKETS


def test_every_score_can_be(matches):
    for _, result in matches:
        FOOTBALL.check(result)


def test_every_bet_with_odds_is_settled(matches):
    settled, undecided, no_bet = Counter(), set(), set()
    for row, result in matches:
        for (market, line, code), bet in bets_with_odds(row):
            if bet is None:
                no_bet.add((market, line))
            elif settle(FOOTBALL, bet, result) is None:
                undecided.add((market, result))
            else:
                settled[market, code] += 1
    assert {("AHFT", "-0.390625")} == no_bet, "one line is a slip; every other is ours"
    assert {market for market, _ in undecided} <= HALF_TIME_MARKETS
    assert [] == [result for _, result in undecided if result.score.periods]
    assert min(settled.values()) > 100
    assert settled.total() > 500_000


def bets_with_odds(row):
    for column, text in row.items():
        codes = codes_of(column) if text and column else None
        if codes is None or not row.get(codes[1], "needs no line"):
            continue
        market, line, code = codes
        exact = (market, row.get(line, line), code)
        yield exact, FOOTBALL.bet(*exact)


def test_the_results_agree_with_those_the_data_names(matches):
    for row, result in matches:
        assert [RESULTS[row["FTR"]]] == winner_of("MRFT", result)
        if row.get("HTR"):
            assert [RESULTS[row["HTR"]]] == winner_of("MRHT", result)


def test_exactly_one_of_each_set_wins_or_what_one_side_wins_the_other_loses(matches):
    shapes = Counter()
    for result, times in Counter(result for _, result in matches).items():
        for bets in FOOTBALL.sets:
            outcomes = [settle(FOOTBALL, bet, result) for bet in bets]
            if is_known(bets[0].market, result.score):
                shapes[shape(outcomes)] += times
    assert {"one wins", "half each", "both void"} == set(shapes)
    assert shapes["one wins"] > 500_000


def is_known(market, score):
    """Tell whether the data has what the market needs: who scored first it tells of few matches."""
    if market == "FTSFT":
        return 0 in score.total
    return score.periods or market not in {*HALF_TIME_MARKETS, "HTFT"}


def shape(outcomes):
    counted = Counter(outcomes)
    if counted == {WON: 1, LOST: len(outcomes) - 1}:
        return "one wins"
    if counted == {HALF_WON: 1, HALF_LOST: 1}:
        return "half each"
    assert outcomes == [VOID, VOID]
    return "both void"
