"""Jackpots filled for the player: four strategies, and combinations where they help most."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from itertools import product
from math import inf, log, prod
from typing import NamedTuple

from acca.core.cards.jackpot import Jackpot
from acca.core.refusals import BetsDoNotFit, WrongNumberOfEvents

_SCALE = 2**53


class Strategy(Enum):
    """How a jackpot is filled for the player."""

    RANDOM = "random"
    WEIGHTED = "weighted"
    FAVOURITES = "favourites"
    OUTSIDERS = "outsiders"


class Choice(NamedTuple):
    """The bets of an event, home, draw and away, and how likely each is; even if nobody knows."""

    bets: tuple[int, ...]
    chances: tuple[float, ...]


class PickWish(NamedTuple):
    """How to fill, how many lines to make, and what stands already, as (event, bet)."""

    strategy: Strategy
    lines: int
    keep: tuple[tuple[int, int], ...]


class Picked(NamedTuple):
    """A filled jackpot, its picks as (event, bets) in the order of the card, reserves last."""

    lines: int
    probability: float
    picks: tuple[tuple[int, tuple[int, ...]], ...]


def pick(
    card: Jackpot, choices: Mapping[int, Choice], wish: PickWish, draw: Callable[[int], int]
) -> Picked:
    """Fill a jackpot; BetsDoNotFit where what is kept is not of the card.

    Lines are made by second and third bets of an event: their number is the greatest product of
    twos and threes that is not above the wish, and never below what the kept picks make. Extra
    bets stand where they add most to the probability, with `random` where the draw puts them. A
    reserve is picked once. WrongNumberOfEvents where there are more lines than the card takes.
    """
    kept = _kept(card, choices, wish.keep)
    made = prod(len(bets) for bets in kept.values())
    if max(wish.lines, made) > card.max_lines:
        raise WrongNumberOfEvents(min=1, max=card.max_lines)
    orders = {
        event: _order(choices[event], wish.strategy, draw)
        for event in (*card.events, *card.reserves)
        if event not in kept
    }
    free = [event for event in card.events if event not in kept]
    counts = _counts(len(free), max(wish.lines, made) // made)
    sizes = _sizes(free, choices, orders, counts, wish.strategy, draw)
    picks = tuple(
        (event, _in_order(choices[event], kept.get(event) or orders[event][: sizes.get(event, 1)]))
        for event in (*card.events, *card.reserves)
    )
    played = picks[: len(card.events)]
    return Picked(
        prod(len(bets) for _, bets in played),
        prod(_chance(choices[event], bets) for event, bets in played),
        picks,
    )


def _kept(
    card: Jackpot, choices: Mapping[int, Choice], keep: Sequence[tuple[int, int]]
) -> dict[int, tuple[int, ...]]:
    kept: dict[int, tuple[int, ...]] = {}
    for event, bet in keep:
        if event not in choices or bet not in choices[event].bets:
            raise BetsDoNotFit
        kept[event] = tuple(dict.fromkeys((*kept.get(event, ()), bet)))
    if any(len(kept.get(event, ())) > 1 for event in card.reserves):
        raise BetsDoNotFit
    return kept


def _order(choice: Choice, strategy: Strategy, draw: Callable[[int], int]) -> tuple[int, ...]:
    """Put the bets of an event in the order in which they would be picked."""
    bets = list(choice.bets)
    chances = dict(zip(bets, _chances(choice), strict=True))
    match strategy:
        case Strategy.FAVOURITES:
            return tuple(sorted(bets, key=lambda bet: -chances[bet]))
        case Strategy.OUTSIDERS:
            return tuple(sorted(bets, key=lambda bet: chances[bet]))
        case Strategy.RANDOM:
            weights = dict.fromkeys(bets, 1)
        case Strategy.WEIGHTED:
            weights = {bet: max(1, round(chances[bet] * _SCALE)) for bet in bets}
    return _drawn(weights, draw)


def _drawn(weights: dict[int, int], draw: Callable[[int], int]) -> tuple[int, ...]:
    """Draw one bet after the other, each as likely as its weight among those that are left."""
    order: list[int] = []
    left = dict(weights)
    while left:
        place = draw(sum(left.values()))
        for bet, weight in left.items():
            place -= weight
            if place < 0:
                order.append(bet)
                break
        del left[order[-1]]
    return tuple(order)


class _Counts(NamedTuple):
    doubles: int
    triples: int


def _counts(events: int, lines: int) -> _Counts:
    """Tell how many events get two and three bets, so that the lines are as many as possible."""
    fitting = (
        _Counts(doubles, triples)
        for doubles, triples in product(range(min(events, lines.bit_length()) + 1), repeat=2)
        if doubles + triples <= events and 2**doubles * 3**triples <= lines
    )
    return max(fitting, key=lambda counts: 2**counts.doubles * 3**counts.triples)


def _sizes(
    free: Sequence[int],
    choices: Mapping[int, Choice],
    orders: Mapping[int, Sequence[int]],
    counts: _Counts,
    strategy: Strategy,
    draw: Callable[[int], int],
) -> dict[int, int]:
    """Tell how many bets each event gets."""
    if strategy is Strategy.RANDOM:
        drawn = _drawn(dict.fromkeys(free, 1), draw)
        few, many = counts.triples, counts.triples + counts.doubles
        return {event: 3 if place < few else 2 for place, event in enumerate(drawn[:many])}
    gains = [
        [
            _gain(choices[event], orders[event][:1], orders[event][: min(size, len(orders[event]))])
            for size in (1, 2, 3)
        ]
        for event in free
    ]
    return dict(zip(free, _assign(gains, counts), strict=True))


def _gain(choice: Choice, one: Sequence[int], more: Sequence[int]) -> float:
    """Tell the logarithm of how much likelier an event becomes by more bets."""
    return log(_chance(choice, more) / _chance(choice, one))


def _assign(gains: Sequence[Sequence[float]], counts: _Counts) -> list[int]:
    """Share out doubles and triples so that the gains add up to most, the first events first."""
    best: list[dict[_Counts, tuple[float, int]]] = [{_Counts(0, 0): (0.0, 1)}]
    for gain in gains:
        after: dict[_Counts, tuple[float, int]] = {}
        for (doubles, triples), (sum_, _) in best[-1].items():
            for size, more in ((1, _Counts(0, 0)), (2, _Counts(1, 0)), (3, _Counts(0, 1))):
                to = _Counts(doubles + more.doubles, triples + more.triples)
                if to.doubles <= counts.doubles and to.triples <= counts.triples:
                    reached = sum_ + gain[size - 1]
                    if reached > after.get(to, (-inf, 1))[0]:
                        after[to] = reached, size
        best.append(after)
    sizes: list[int] = []
    at = counts
    for after in reversed(best[1:]):
        size = after[at][1]
        sizes.append(size)
        at = _Counts(at.doubles - (size == 2), at.triples - (size == 3))  # noqa: PLR2004
    return sizes[::-1]


def _in_order(choice: Choice, picked: Sequence[int]) -> tuple[int, ...]:
    return tuple(bet for bet in choice.bets if bet in picked)


def _chances(choice: Choice) -> tuple[float, ...]:
    return choice.chances or tuple(1 / len(choice.bets) for _ in choice.bets)


def _chance(choice: Choice, bets: Sequence[int]) -> float:
    chances = zip(choice.bets, _chances(choice), strict=True)
    return sum(chance for bet, chance in chances if bet in bets)
