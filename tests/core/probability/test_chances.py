import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.markets.basketball import BASKETBALL
from acca.core.markets.football import FOOTBALL
from acca.core.probability.chances import Quoted, chances_of
from acca.core.probability.devig import devig

HOME, DRAW, AWAY = (FOOTBALL.bet("MRFT", None, code) for code in ("1", "X", "2"))
HOME_OR_DRAW = FOOTBALL.bet("DCFT", None, "1X")
THREE = [bet.id for bet in (HOME, DRAW, AWAY)]
ODDS = st.lists(st.integers(101, 100_000), min_size=3, max_size=3)


def offered(sport, market, line):
    return [bet.id for bet in sport.bets.values() if (bet.market, bet.line) == (market, line)]


@given(st.lists(ODDS, min_size=1, max_size=6))
def test_many_events_at_once_have_what_each_has_by_itself(many):
    found = chances_of([Quoted("football", dict(zip(THREE, odds, strict=True))) for odds in many])
    for odds, chances in zip(many, found, strict=True):
        expected = devig(odds).probabilities
        assert pytest.approx(expected, abs=1e-12) == [chances[bet] for bet in THREE]


def test_a_set_that_is_not_offered_whole_tells_nothing():
    assert [{}] == chances_of([Quoted("football", {HOME.id: 210, AWAY.id: 330})])
    assert [{}] == chances_of([Quoted("football", dict.fromkeys(THREE, 100))])
    assert [] == chances_of([])


def test_a_double_chance_is_the_sum_of_its_two_sides():
    odds = {HOME.id: 210, DRAW.id: 330, AWAY.id: 360, HOME_OR_DRAW.id: 130}
    (chances,) = chances_of([Quoted("football", odds)])
    assert chances[HOME.id] + chances[DRAW.id] == chances[HOME_OR_DRAW.id]


@pytest.mark.parametrize(
    ("market", "line"),
    [("DNBFT", None), ("FTSFT", None), ("OUFT", "2"), ("OUFT", "2.25"), ("AHFT", "-0.25")],
)
def test_bets_that_may_be_void_have_no_probability_of_their_own(market, line):
    bets = offered(FOOTBALL, market, line)
    assert len(bets) >= 2
    assert [{}] == chances_of([Quoted("football", dict.fromkeys(bets, 190))])


@pytest.mark.parametrize(
    ("sport", "market", "line"),
    [(FOOTBALL, "OUFT", "2.5"), (FOOTBALL, "AHFT", "-0.5"), (BASKETBALL, "MWOT", None)],
)
def test_two_bets_at_equal_odds_are_even(sport, market, line):
    bets = offered(sport, market, line)
    (chances,) = chances_of([Quoted(sport.code, dict.fromkeys(bets, 190))])
    assert {bet: pytest.approx(0.5) for bet in bets} == chances
