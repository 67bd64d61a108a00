"""What holds for the bets of every sport, whatever the score."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acca.core.markets import football
from acca.core.markets.football import FOOTBALL
from acca.core.markets.settlement import settle
from acca.core.markets.sports import SPORTS
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON
from acca.core.score import Ending, Result, Score, Side

HALF_TIME_MARKETS = {"MRHT", "DCHT", "OUHT", "MR2H", "OU2H", "HTFT"}
MIRRORED = {WON: LOST, HALF_WON: HALF_LOST, VOID: VOID, HALF_LOST: HALF_WON, LOST: WON}
GOALS = st.integers(0, 9)
EVERY_SPORT = pytest.mark.parametrize("sport", SPORTS.values(), ids=SPORTS)


@st.composite
def football_scores(draw):
    halves = draw(st.tuples(st.tuples(GOALS, GOALS), st.tuples(GOALS, GOALS)))
    full = tuple(map(sum, zip(*halves, strict=True)))
    seen = next((goals for goals in halves if any(goals)), full)
    sides = [side for side, goals in zip((Side.HOME, Side.AWAY), seen, strict=True) if goals]
    first = draw(st.sampled_from(sides or [Side.NONE]))
    return Score(full, halves[: draw(st.integers(1, 2))], first)


@st.composite
def basketball_scores(draw):
    score = st.integers(0, 70)
    quarters = draw(st.tuples(*[st.tuples(score, score)] * 4))
    home, away = map(sum, zip(*quarters, strict=True))
    if home == away:
        home += draw(st.integers(1, 20))
    return Score((home, away), quarters)


WON_SETS = (*((6, lost) for lost in range(5)), (7, 5), (7, 6))


@st.composite
def tennis_scores(draw):
    needed = draw(st.integers(2, 3))
    sets, games = [0, 0], []
    while max(sets) < needed:
        won, lost = draw(st.sampled_from(WON_SETS))
        by_home = draw(st.booleans())
        games.append((won, lost) if by_home else (lost, won))
        sets[not by_home] += 1
    return Score(tuple(sets), tuple(games))


SCORES = {
    "football": football_scores(),
    "basketball": basketball_scores(),
    "tennis": tennis_scores(),
}


def played(score):
    return Result(Ending.PLAYED, score)


def outcomes_of(sport, bets, score):
    return [settle(sport, bet, played(score)) for bet in bets]


def is_shared_out(outcomes):
    if len(outcomes) == 2:
        return outcomes[0] is MIRRORED[outcomes[1]]
    return sorted(outcomes) == [LOST] * (len(outcomes) - 1) + [WON]


@EVERY_SPORT
@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_exactly_one_of_each_set_wins_or_what_one_side_wins_the_other_loses(sport, data):
    score = data.draw(SCORES[sport.code])
    sport.check(played(score))
    for bets in sport.sets:
        outcomes = outcomes_of(sport, bets, score)
        assert set(outcomes) == {None} or is_shared_out(outcomes)


@EVERY_SPORT
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_only_whole_and_quarter_lines_give_back_a_stake(sport, data):
    score = data.draw(SCORES[sport.code])
    for bets in sport.sets:
        if (bets[0].line or "").endswith(".5"):
            assert set(outcomes_of(sport, bets, score)) in ({WON, LOST}, {None})


@EVERY_SPORT
def test_a_cancelled_event_is_void_and_one_without_a_score_undecided(sport):
    score = Score((2, 1), ((6, 4), (3, 6), (7, 5)))
    for bet in sport.bets.values():
        assert VOID == settle(sport, bet, Result(Ending.CANCELLED))
        assert VOID == settle(sport, bet, Result(Ending.CANCELLED, score))
        for ending in (Ending.PLAYED, Ending.ABANDONED, Ending.POSTPONED):
            assert None is settle(sport, bet, Result(ending))
        assert None is settle(sport, bet, Result(Ending.POSTPONED, score))


WILD = st.integers(0, 99)
WILD_SCORES = st.builds(
    Score,
    st.tuples(WILD, WILD),
    st.lists(st.tuples(WILD, WILD), max_size=6).map(tuple),
    st.sampled_from([None, *Side]),
)


@EVERY_SPORT
@given(score=WILD_SCORES, ending=st.sampled_from(Ending))
@settings(max_examples=30, deadline=None)
def test_no_score_however_wrong_raises(sport, score, ending):
    known = (None, WON, HALF_WON, VOID, HALF_LOST, LOST)
    for bets in sport.sets[:: 1 + len(sport.sets) // 100]:
        assert all(settle(sport, bet, Result(ending, score)) in known for bet in bets)


@given(football_scores())
def test_a_double_chance_is_the_union_of_two_results(score):
    for market, results in (("DCFT", "MRFT"), ("DCHT", "MRHT")):
        winner = [
            code
            for code in "1X2"
            if settle(FOOTBALL, football.bet(results, None, code), played(score)) == WON
        ]
        for code in ("1X", "12", "X2"):
            expected = WON if winner[0] in code else LOST
            assert expected == settle(FOOTBALL, football.bet(market, None, code), played(score))


def quarters(line):
    return int(float(line) * 4)


@given(football_scores())
def test_a_line_is_never_better_than_an_easier_one(score):
    ranks = [LOST, HALF_LOST, VOID, HALF_WON, WON]
    for market, code, easier in (("OUFT", "O", -1), ("AHFT", "1", 1), ("AHFT", "2", -1)):
        bets = [b for b in football.BETS.values() if (b.market, b.code) == (market, code)]
        bets.sort(key=lambda bet: easier * quarters(bet.line))
        order = [ranks.index(settle(FOOTBALL, bet, played(score))) for bet in bets]
        assert all(before <= after for before, after in pairwise(order))


@given(football_scores())
def test_a_handicap_seen_from_the_other_side_is_the_opposite_line(score):
    turned = Score(score.total[::-1])
    for line in ("-3", "-1.75", "-0.25", "0", "0.5", "1", "2.25"):
        opposite = line[1:] if line.startswith("-") else f"-{line}" if line != "0" else line
        home, away = football.bet("AHFT", line, "1"), football.bet("AHFT", opposite, "2")
        assert settle(FOOTBALL, away, played(turned)) == settle(FOOTBALL, home, played(score))


@given(football_scores())
def test_draw_no_bet_is_the_handicap_of_nothing(score):
    for code in "12":
        bets = football.bet("DNBFT", None, code), football.bet("AHFT", "0", code)
        no_bet, handicap = outcomes_of(FOOTBALL, bets, score)
        assert no_bet == handicap


@given(football_scores())
def test_without_half_time_its_markets_stay_undecided_and_the_others_settle(score):
    unknown = score._replace(periods=())
    for bet in football.BETS.values():
        outcome = settle(FOOTBALL, bet, played(unknown))
        if bet.market in HALF_TIME_MARKETS:
            assert outcome is None
        else:
            assert settle(FOOTBALL, bet, played(score)) == outcome
