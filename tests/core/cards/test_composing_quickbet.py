import datetime as dt
from zoneinfo import ZoneInfo

from board_made import HOUR, NOW, board_of, match

from acca.core.cards.composing_quickbet import CouponWish, coupons, main_bets

NAIROBI = ZoneInfo("Africa/Nairobi")
PRICES = {1: 210, 2: 330, 3: 360}
WISH = CouponWish((1_000, 5_000), 3)
DAY = 24 * HOUR


def titles(board, now=NOW, most=20):
    return {
        one.name: [each.event for each in one.card.events]
        for one in coupons(board, WISH, now, NAIROBI, most)
    }


def test_coupons_are_by_time_in_the_zone_and_by_league():
    # The first of May 2026 is a Friday, and noon in UTC is 15:00 in Nairobi.
    board = board_of(
        match(1, PRICES, starts=NOW + HOUR, league=1),
        match(2, PRICES, starts=NOW + 2 * HOUR, league=2),
        match(3, PRICES, starts=NOW + 9.5 * HOUR, league=2),
        match(4, PRICES, starts=NOW + DAY, league=2),
        match(5, PRICES, starts=NOW + 2 * DAY, league=3),
        match(6, PRICES, starts=NOW - HOUR, league=3),
    )
    assert {
        "soon": [1, 2],
        "today": [1, 2],
        "tomorrow": [3, 4],
        "weekend": [3, 4, 5],
        "league-2": [2, 3, 4],
    } == titles(board)
    assert ["soon", "today"] == list(titles(board, most=2))


def test_a_weekend_is_over_on_monday_and_goes_on_on_sunday():
    sunday, monday = NOW + 2 * DAY, NOW + 3 * DAY
    board = board_of(*(match(id_, PRICES, starts=monday + id_ * HOUR) for id_ in (1, 2)))
    assert "weekend" not in titles(board, sunday)
    later = board_of(*(match(id_, PRICES, starts=sunday + id_ * HOUR) for id_ in (1, 2)))
    assert [1, 2] == titles(later, sunday)["weekend"]


def test_a_match_is_on_a_coupon_with_its_main_market_whole():
    assert (1, 2, 3) == main_bets(match(1, PRICES))
    assert () == main_bets(match(1, {1: 150, 2: 300}))
    assert () == main_bets(match(1, PRICES, closed={3}))
    assert 2 == len(main_bets(match(1, {1: 150, 2: 250}, sport="tennis")))


def test_a_coupon_takes_no_more_events_than_it_has():
    board = board_of(*(match(id_, PRICES, starts=NOW + id_ * HOUR) for id_ in (1, 2)))
    (soon, *_) = coupons(board, WISH, NOW, NAIROBI, 9)
    assert ((1_000, 5_000), 1, 2) == soon.card[:3]
    many = board_of(
        *(match(id_, PRICES, starts=NOW + dt.timedelta(minutes=id_)) for id_ in range(1, 150))
    )
    (soon, *_) = coupons(many, WISH, NOW, NAIROBI, 9)
    assert (3, 100) == (soon.card.max_events, len(soon.card.events))
    assert [] == coupons({}, WISH, NOW, NAIROBI, 9)
