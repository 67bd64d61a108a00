import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.markets import football
from acca.core.markets.market import Bet, Condition, Part
from acca.core.markets.settlement import settle
from acca.core.outcome import LOST, VOID, WON
from acca.core.probability.cells import (
    OUTCOMES,
    branches,
    held_cells,
    mean_given_final,
    settle_everywhere,
    shares_given_final,
    won_cells,
)
from acca.core.probability.score_matrix import GOALS
from acca.core.score import Ending, Result, Score, Side

BETS = st.sampled_from(list(football.BETS.values()))


@st.composite
def courses(draw):
    """Make the score of a match that was played, with both halves and who scored first."""
    home, away = draw(st.integers(0, 15)), draw(st.integers(0, 15))
    early = draw(st.integers(0, home)), draw(st.integers(0, away))
    scored = early if any(early) else (home, away)
    sides = [side for side, goals in zip((Side.HOME, Side.AWAY), scored, strict=True) if goals]
    late = home - early[0], away - early[1]
    return Score((home, away), (early, late), draw(st.sampled_from(sides or [Side.NONE])))


def index_of(part, score):
    if part is Part.OPENING:
        return (list(Side).index(score.first),)
    return {Part.FULL: score.total, Part.FIRST: score.periods[0], Part.SECOND: score.periods[1]}[
        part
    ]


def made(*halves):
    return Bet(1, "MADE", "Made", None, None, "1", "Made", halves)


@given(BETS, courses())
def test_a_bet_is_settled_on_a_cell_as_its_market_settles_it(bet, score):
    codes = [table[index_of(part, score)] for part, table in settle_everywhere(bet).parts]
    assert OUTCOMES[min(codes)] == settle(football.FOOTBALL, bet, Result(Ending.PLAYED, score))


@given(BETS)
def test_what_becomes_of_a_bet_sums_to_one_for_every_final_score(bet):
    shares = shares_given_final(bet)
    assert (len(OUTCOMES), GOALS * GOALS) == shares.shape
    assert shares.sum(axis=0) == pytest.approx(np.ones(GOALS * GOALS), abs=1e-12)
    assert (shares >= 0).all()


@given(BETS)
def test_won_cells_are_among_those_held(bet):
    assert won_cells(bet)
    assert won_cells(bet) == won_cells(bet) & held_cells(bet)


@given(BETS)
def test_branches_share_out_all_cells(bet):
    total = sum(mean_given_final(tables) for _, tables in branches(bet))
    assert total == pytest.approx(np.ones((GOALS, GOALS)), abs=1e-12)


def test_a_bet_is_settled_once():
    bet = football.bet("MRFT", None, "1")
    assert settle_everywhere(bet) is settle_everywhere(bet)


def test_two_conditions_on_one_part_hold_together():
    over = Condition(Part.FULL, lambda home, away: WON if home + away > 2 else LOST)
    draw_no_bet = Condition(
        Part.FULL, lambda home, away: VOID if home == away else WON if home > away else LOST
    )
    ((_, codes),) = settle_everywhere(made((over, draw_no_bet))).parts
    assert [LOST, VOID, WON] == [OUTCOMES[codes[score]] for score in ((1, 1), (2, 2), (3, 0))]


@pytest.mark.parametrize(
    ("halves", "why"),
    [
        (
            (
                (Condition(Part.FULL, lambda home, away: WON if home > away else LOST),),
                (Condition(Part.FULL, lambda home, away: WON if home < away else LOST),),
            ),
            "side by side",
        ),
        (
            (
                (Condition(Part.FULL, lambda *_: WON),),
                (Condition(Part.FIRST, lambda *_: WON),),
            ),
            "one part",
        ),
        (
            (
                (
                    Condition(Part.FULL, lambda *_: VOID),
                    Condition(Part.FIRST, lambda *_: WON),
                ),
            ),
            "several parts",
        ),
    ],
)
def test_a_bet_that_cannot_be_summed_exactly_is_a_bug(halves, why):
    with pytest.raises(AssertionError, match=why):
        settle_everywhere(made(*halves))
