import datetime as dt
from math import prod
from zoneinfo import ZoneInfo

import pytest
from board_made import HOUR, NOW, board_of, match

from acca.core.cards.quicktip import Risk
from acca.core.cards.tipping import (
    LEGS_MAX,
    LEGS_MIN,
    Theme,
    risk_of,
    starting_within,
    tip,
)

NAIROBI = ZoneInfo("Africa/Nairobi")
FAVOURITE, EVEN, CLOSE = (
    {1: 125, 2: 600, 3: 1100},
    {1: 210, 2: 330, 3: 360},
    {1: 160, 2: 400, 3: 550},
)


def make_board(count=12):
    prices = (FAVOURITE, EVEN, CLOSE)
    return board_of(
        *(
            match(
                number,
                prices[number % 3],
                starts=NOW + (1 + 5 * number) * HOUR,
                league=1 + number % 2,
                country=1 + number % 2,
            )
            for number in range(1, count + 1)
        )
    )


def chance_of(board, card):
    return prod(board[one.event].chances[one.bet] for one in card.tips)


@pytest.mark.parametrize(
    ("probability", "risk"),
    [(0.9, Risk.LOW), (0.4, Risk.LOW), (0.39, Risk.MEDIUM), (0.1, Risk.MEDIUM), (0.09, Risk.HIGH)],
)
def test_a_risk_follows_from_the_probability(probability, risk):
    assert risk == risk_of(probability)


@pytest.mark.parametrize("theme", Theme)
def test_cards_hold_one_bet_of_each_event_with_a_reason(theme):
    board = make_board()
    cards = tip(board, theme, NAIROBI, 10)
    assert cards
    assert len({each.name for each in cards}) == len(cards)
    for tipped in cards:
        tips = tipped.card.tips
        assert LEGS_MIN <= len(tips) <= LEGS_MAX
        assert len({one.event for one in tips}) == len(tips)
        assert all(board[one.event].takes(one.bet) for one in tips)
        assert all(0 < len(one.reason) <= 160 for one in tips)
        assert tipped.title
        assert tipped.description
        starts = [board[one.event].starts for one in tips]
        assert starts == sorted(starts)


def test_each_risk_has_a_card_of_its_probability():
    board = make_board()
    cards = tip(board, Theme.RISK, NAIROBI, 10)
    assert {"low", "medium", "high"} == {each.name for each in cards}
    for tipped in cards:
        assert tipped.name == risk_of(chance_of(board, tipped.card)).value


def test_groups_are_leagues_countries_and_days_of_the_zone():
    board = make_board()
    for tipped in tip(board, Theme.LEAGUE, NAIROBI, 10):
        assert {f"league-{board[one.event].league.id}" for one in tipped.card.tips} == {tipped.name}
    for tipped in tip(board, Theme.DAY, NAIROBI, 10):
        days = {board[one.event].starts.astimezone(NAIROBI).date() for one in tipped.card.tips}
        assert {dt.date.fromisoformat(tipped.name)} == days
    assert "Country 1: League 1" in {each.title for each in tip(board, Theme.LEAGUE, NAIROBI, 10)}


def test_the_same_board_gives_the_same_tips_in_any_order():
    board = make_board()
    turned = dict(reversed(board.items()))
    for theme in Theme:
        assert tip(board, theme, NAIROBI, 3) == tip(turned, theme, NAIROBI, 3)


def test_what_is_suspended_or_unlikely_is_not_tipped():
    closed = board_of(*(match(number, FAVOURITE, closed={1}) for number in (1, 2, 3)))
    assert [] == tip(closed, Theme.RISK, NAIROBI, 5)
    stopped = {id_: each._replace(is_stopped=True) for id_, each in make_board().items()}
    assert [] == tip(stopped, Theme.DAY, NAIROBI, 5)
    assert [] == tip({}, Theme.DAY, NAIROBI, 5)


def test_the_more_valuable_bet_is_tipped_first():
    dear = match(1, {1: 140, 2: 420, 3: 700}, league=7)
    fair = match(2, {1: 145, 2: 480, 3: 800}, league=7)
    other = match(3, {1: 139, 2: 420, 3: 700}, league=8)
    board = board_of(dear, fair, other)
    (low,) = [each for each in tip(board, Theme.RISK, NAIROBI, 3) if each.name == "low"]
    assert 2 in {one.event for one in low.card.tips}
    (reason,) = [one.reason for one in low.card.tips if one.event == 2]
    assert "Home 2 to win: 68 % likely; the odds of 1.45 ask for 69 %." == reason


def test_days_are_counted_by_the_zone_and_started_events_left_out():
    late = NOW.replace(hour=21, minute=30)  # half past midnight of the next day in Nairobi
    board = board_of(
        match(1, EVEN, starts=NOW - HOUR),
        match(2, EVEN, starts=NOW),
        match(3, EVEN),
        match(4, EVEN, starts=late),
    )
    assert {3} == starting_within(board, NOW, 1, NAIROBI).keys()
    assert {3, 4} == starting_within(board, NOW, 2, NAIROBI).keys()
