"""The tipster: accumulators put together from probabilities, by league, country, risk and day.

A tip is worth its chance times its odds: what it gives back on average. The same board always
gives the same tips.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from enum import Enum
from math import prod
from typing import NamedTuple

from acca.core.board import Board, BoardEvent
from acca.core.cards.quicktip import Quicktip, Risk, Tip
from acca.core.markets.sports import SPORTS
from acca.core.odds import ONE, render_odds

LEGS_MIN, LEGS_MAX = 2, 8
LOW_FROM, MEDIUM_FROM = 0.40, 0.10
"""Low risk wins in two of five tries at least, medium in one of ten."""
_HIGH_FROM = 0.005
"""A tip that never comes true is none."""
_TIP_FROM, _TIP_TO = 0.30, 0.90
"""What is less likely is a gamble, and what is surer pays too little to be worth a line."""
_NAME_LENGTH_MAX = 40
_PERCENT = 100


class Theme(Enum):
    """What the tips of a card have in common."""

    LEAGUE = "league"
    COUNTRY = "country"
    RISK = "risk"
    DAY = "day"


class Tipped(NamedTuple):
    """A card of tips, what it is called, and a name that tells it from the others of its board."""

    name: str
    title: str
    description: str
    card: Quicktip


class _Bounds(NamedTuple):
    """Between which probabilities a card wins, from how likely a tip is on, and its legs."""

    least: float
    below: float
    tip_from: float
    legs_max: int


class _Found(NamedTuple):
    event: BoardEvent
    bet: int
    chance: float
    value: float


_RISKS = {
    Risk.LOW: _Bounds(LOW_FROM, 1.0, 0.60, 3),
    Risk.MEDIUM: _Bounds(MEDIUM_FROM, LOW_FROM, 0.45, 5),
    Risk.HIGH: _Bounds(_HIGH_FROM, MEDIUM_FROM, _TIP_FROM, LEGS_MAX),
}
_ANY = _Bounds(_HIGH_FROM, 1.0, 0.45, 5)


def risk_of(probability: float) -> Risk:
    """Tell the risk of an accumulator by its probability."""
    if probability >= LOW_FROM:
        return Risk.LOW
    return Risk.MEDIUM if probability >= MEDIUM_FROM else Risk.HIGH


def tip(board: Board, theme: Theme, zone: tzinfo, cards_max: int) -> list[Tipped]:
    """Put tips together by a theme, the best cards first.

    Days are those of the zone. Of each event the best bet is tipped that can only be won or lost
    and is offered now.
    """
    found = [each for event in board.values() for each in _candidates(event)]
    made = _by_risk(found) if theme is Theme.RISK else _by_group(found, theme, zone)
    return sorted(made, key=lambda each: (-_value(each, board), each.name))[:cards_max]


def _by_risk(found: Sequence[_Found]) -> Iterator[Tipped]:
    for risk, bounds in _RISKS.items():
        legs = _choose(found, bounds)
        if legs:
            said = f"{risk.value.capitalize()} risk"
            yield _tipped(risk.value, said, legs)


def _by_group(found: Iterable[_Found], theme: Theme, zone: tzinfo) -> Iterator[Tipped]:
    groups: dict[tuple[str, str], list[_Found]] = {}
    for each in found:
        groups.setdefault(_group_of(each.event, theme, zone), []).append(each)
    for (name, title), members in groups.items():
        legs = _choose(members, _ANY)
        if legs:
            yield _tipped(name, title, legs)


def _group_of(event: BoardEvent, theme: Theme, zone: tzinfo) -> tuple[str, str]:
    """Tell the group of an event: its name, and what it is called."""
    if theme is Theme.LEAGUE:
        return f"league-{event.league.id}", f"{event.country.name}: {event.league.name}"
    if theme is Theme.COUNTRY:
        return f"country-{event.country.id}", event.country.name
    day = event.starts.astimezone(zone).date()
    return day.isoformat(), f"{day:%A}, {day.day} {day:%B}"


def _candidates(event: BoardEvent) -> Iterator[_Found]:
    for bet, chance in event.chances.items():
        if _TIP_FROM <= chance <= _TIP_TO and event.takes(bet) and event.odds[bet] > ONE:
            yield _Found(event, bet, chance, chance * event.odds[bet])


def _choose(found: Iterable[_Found], bounds: _Bounds) -> list[_Found]:
    """Choose the tips of a card, one for each event, nothing where they do not fit the bounds."""
    ordered = sorted(
        (each for each in found if each.chance >= bounds.tip_from),
        key=lambda each: (-each.value, each.event.starts, each.event.id, each.bet),
    )
    legs: list[_Found] = []
    taken: set[int] = set()
    probability = 1.0
    for each in ordered:
        if len(legs) == bounds.legs_max:
            break
        if each.event.id not in taken and probability * each.chance >= bounds.least:
            legs.append(each)
            taken.add(each.event.id)
            probability *= each.chance
    if len(legs) < LEGS_MIN or probability >= bounds.below:
        return []
    return sorted(legs, key=lambda each: (each.event.starts, each.event.id))


def _tipped(name: str, title: str, legs: Sequence[_Found]) -> Tipped:
    probability = prod(leg.chance for leg in legs)
    description = f"{len(legs)} tips that come true together in {_percent(probability)} of cases."
    tips = tuple(Tip(leg.event.id, leg.bet, explain(leg.event, leg.bet)) for leg in legs)
    return Tipped(name, title, description, Quicktip(tips))


def explain(event: BoardEvent, bet: int) -> str:
    """Say in one sentence why a bet is tipped, in numbers that a player understands."""
    chance, odds = event.chances[bet], event.odds[bet]
    asked = ONE / odds
    said = f"{_outcome(event, bet)}: {_percent(chance)} likely"
    return f"{said}; the odds of {render_odds(odds)} ask for {_percent(asked)}."


def _outcome(event: BoardEvent, bet: int) -> str:
    known = SPORTS[event.sport].bets[bet]
    home, away = event.home.name[:_NAME_LENGTH_MAX], event.away.name[:_NAME_LENGTH_MAX]
    told = {
        ("MRFT", "1"): f"{home} to win",
        ("MRFT", "X"): f"{home} and {away} to draw",
        ("MRFT", "2"): f"{away} to win",
        ("MWOT", "1"): f"{home} to win",
        ("MWOT", "2"): f"{away} to win",
    }
    said = told.get((known.market, known.code))
    if said is not None:
        return said
    line = "" if known.line_name is None else f" {known.line_name}"
    return f"{home} v {away}, {known.market_name}{line} {known.name}"[: 2 * _NAME_LENGTH_MAX + 10]


def _percent(probability: float) -> str:
    """Write a probability for people: whole percents, tenths below ten."""
    hundred = probability * _PERCENT
    return f"{hundred:.0f} %" if hundred >= _PERCENT // 10 else f"{hundred:.1f} %"


def _value(tipped: Tipped, board: Board) -> float:
    """Tell what a card gives back on average for each leg, so that few and many compare."""
    tips = tipped.card.tips
    values = [
        board[tip.event].chances[tip.bet] * board[tip.event].odds[tip.bet] / ONE for tip in tips
    ]
    return prod(values) ** (1 / len(values))


def starting_within(board: Board, now: datetime, days: int, zone: tzinfo) -> dict[int, BoardEvent]:
    """Keep the events that start on one of so many days of the zone, today being the first."""
    last: date = now.astimezone(zone).date() + timedelta(days=days - 1)
    return {
        id_: event
        for id_, event in board.items()
        if event.starts > now and event.starts.astimezone(zone).date() <= last
    }
