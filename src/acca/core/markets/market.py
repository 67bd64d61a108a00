"""What a sport is made of: markets, their bets, each one or two halves of conditions."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from acca.core.outcome import Outcome
from acca.core.score import Points, Result, Score

BET_ID_MAX = 32_767
"""Bet ids fit the smallest integer of the database."""


class Part(Enum):
    """The part of an event that a condition looks at; the value is its place among the periods."""

    FULL = -1
    FIRST = 0
    SECOND = 1
    THIRD = 2
    FOURTH = 3
    FIFTH = 4
    OPENING = -2
    """Who scored first; its points are (1, 0), (0, 1) or (0, 0), or (1, 1) where both scored and
    nobody knows who did first."""
    GAMES = -3
    """The games of all sets of a tennis match."""
    BEST_OF_3 = -4
    BEST_OF_5 = -5
    """The sets of a tennis match of that length; not known where the match had another."""


Rule = Callable[[int, int], Outcome]
"""Points of (home, away) in a part, to WON, LOST or VOID."""


class Condition(NamedTuple):
    """One rule over one part of the event."""

    part: Part
    rule: Rule


Halves = tuple[tuple[Condition, ...], ...]
"""One entry, or two for a quarter line (each half of the stake is a bet of its own); a half wins
when all its conditions do."""


class Bet(NamedTuple):
    """One selection of the platform: its id is for ever the same in every event of its sport."""

    id: int
    market: str
    market_name: str
    line: str | None
    line_name: str | None
    code: str
    name: str
    halves: Halves


class Selection(NamedTuple):
    """One bet as it stands in the data of its market, before it has an id."""

    code: str
    name: str
    halves: Halves


class Line(NamedTuple):
    """The selections that are offered together, and the line they share; most have none."""

    code: str | None
    name: str | None
    selections: tuple[Selection, ...]


class Market(NamedTuple):
    """One market, with the range of ids that is reserved for it.

    Its bets take the ids in the order of lines and selections: new ones are appended, nothing is
    ever moved or removed. `is_exhaustive` tells that of each line exactly one selection wins
    whatever the score, or on whole and quarter lines that what one side wins the other loses.
    """

    code: str
    name: str
    ids: range
    lines: tuple[Line, ...]
    is_exhaustive: bool = True

    def bets(self) -> Iterator[tuple[Bet, ...]]:
        """Give the bets of each line."""
        ids = iter(self.ids)
        for line in self.lines:
            yield tuple(
                Bet(next(ids), self.code, self.name, line.code, line.name, *selection)
                for selection in line.selections
            )


@dataclass(frozen=True)
class Sport:
    """One sport: its markets in the order of display, and how to read its scores.

    `points` tells the points of a part of an event that was played, None where not known.
    `reachable` tells with which points a part could still have ended when play stopped at a score;
    none where that is not known. It may leave out what no rule of the sport can tell apart.
    `check` raises Malformed for a result that cannot be.
    """

    id: int
    code: str
    name: str
    markets: tuple[Market, ...]
    points: Callable[[Score, Part], Points | None]
    reachable: Callable[[Score, Part], Collection[Points]]
    check: Callable[[Result], None]

    @cached_property
    def bets(self) -> Mapping[int, Bet]:
        """Every bet by its id, in the order of display."""
        return {bet.id: bet for market in self.markets for line in market.bets() for bet in line}

    @cached_property
    def sets(self) -> tuple[tuple[Bet, ...], ...]:
        """Bets that share out every score among them, see Market."""
        exhaustive = (market for market in self.markets if market.is_exhaustive)
        return tuple(line for market in exhaustive for line in market.bets())

    @cached_property
    def _by_codes(self) -> Mapping[tuple[str, str | None, str], Bet]:
        return {(bet.market, bet.line, bet.code): bet for bet in self.bets.values()}

    def bet(self, market: str, line: str | None, code: str) -> Bet | None:
        """Find a bet by its codes, None where the platform has no such bet."""
        return self._by_codes.get((market, line, code))
