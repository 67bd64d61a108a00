"""The board: the open events that players may bet on now, with odds and probabilities."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple


class Label(NamedTuple):
    """A country, league or team as cards show it."""

    id: int
    slug: str
    name: str


class BoardEvent(NamedTuple):
    """An open event; `odds` in hundredths by bet id, also of bets that are suspended.

    `chances` are the probabilities of bets that can only be won or lost, the margin taken out of
    the odds of their whole market; other bets have none. `updated` is when any odds changed last.
    """

    id: int
    starts: datetime
    sport: str
    country: Label
    league: Label
    home: Label
    away: Label
    is_stopped: bool
    closed: frozenset[int]
    odds: Mapping[int, int]
    chances: Mapping[int, float]
    updated: datetime | None

    def takes(self, bet: int) -> bool:
        """Tell whether a bet is offered now; whether the event has started is the caller's."""
        return not self.is_stopped and bet in self.odds and bet not in self.closed


Board = Mapping[int, BoardEvent]
"""The events of the board by their id."""
