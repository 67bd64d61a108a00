"""Quickbet coupons made by themselves: by league, and by when the matches start."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from acca.core.board import Board, BoardEvent
from acca.core.cards.quickbet import CouponEvent, Quickbet
from acca.core.markets.sports import SPORTS

SOON = timedelta(hours=3)
EVENTS_MIN, EVENTS_MAX = 2, 100
"""A coupon of one match is none, and one that nobody can look through neither."""
_SATURDAY = 5


class Coupon(NamedTuple):
    """A coupon, what it is called, and a name that tells it from the others of its board."""

    name: str
    title: str
    card: Quickbet


class CouponWish(NamedTuple):
    """Suggested prices in cents, and how many matches a ticket may have."""

    prices: tuple[int, ...]
    max_events: int


def coupons(
    board: Board, wish: CouponWish, now: datetime, zone: tzinfo, cards_max: int
) -> list[Coupon]:
    """Make coupons of what can be bet on: soon, today, tomorrow, weekend, then large leagues."""
    offered = sorted(
        (event for event in board.values() if event.starts > now and main_bets(event)),
        key=lambda event: (event.starts, event.id),
    )
    made: list[Coupon] = []
    for name, title, events in (*_by_time(offered, now, zone), *_by_league(offered)):
        if len(events) >= EVENTS_MIN:
            made.append(Coupon(name, title, _coupon(events[:EVENTS_MAX], wish)))
    return made[:cards_max]


def main_bets(event: BoardEvent) -> tuple[int, ...]:
    """Tell the bets of an event's main market, nothing where not all of them are offered.

    It is the first market of the sport that every coupon has: the winner, with the draw if any.
    """
    for line in next(iter(SPORTS[event.sport].markets)).bets():
        bets = tuple(bet.id for bet in line)
        return bets if all(map(event.takes, bets)) else ()
    return ()


def _by_time(
    offered: Sequence[BoardEvent], now: datetime, zone: tzinfo
) -> Iterator[tuple[str, str, list[BoardEvent]]]:
    today = now.astimezone(zone).date()
    tomorrow = today + timedelta(days=1)
    saturday = today + timedelta(days=_SATURDAY - today.weekday())
    weekend = {saturday, saturday + timedelta(days=1)}

    def on(days: set[date]) -> list[BoardEvent]:
        return [event for event in offered if event.starts.astimezone(zone).date() in days]

    soon = [event for event in offered if event.starts <= now + SOON]
    yield "soon", f"Next {SOON // timedelta(hours=1)} hours", soon
    yield "today", "Today", on({today})
    yield "tomorrow", "Tomorrow", on({tomorrow})
    yield "weekend", "Weekend", on(weekend)


def _by_league(offered: Sequence[BoardEvent]) -> list[tuple[str, str, list[BoardEvent]]]:
    """Give the leagues with the most matches first."""
    leagues: dict[int, list[BoardEvent]] = {}
    for event in offered:
        leagues.setdefault(event.league.id, []).append(event)
    ordered = sorted(leagues.items(), key=lambda each: (-len(each[1]), each[0]))
    return [
        (f"league-{id_}", f"{events[0].country.name}: {events[0].league.name}", events)
        for id_, events in ordered
    ]


def _coupon(events: Sequence[BoardEvent], wish: CouponWish) -> Quickbet:
    return Quickbet(
        prices=wish.prices,
        min_events=1,
        max_events=min(wish.max_events, len(events)),
        events=tuple(CouponEvent(event.id, main_bets(event)) for event in events),
    )
