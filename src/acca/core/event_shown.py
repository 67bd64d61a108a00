"""What a ticket shows of an event, beside the bet that was struck."""

from datetime import datetime
from typing import NamedTuple

from acca.core.score import Result


class Labelled(NamedTuple):
    """A sport, category, league or team as tickets show it."""

    id: int
    name: str


class EventShown(NamedTuple):
    """An event as tickets show it, and its result as it is known now."""

    id: int
    starts: datetime
    sport_code: str
    sport: Labelled
    category: Labelled
    league: Labelled
    home_team: Labelled
    away_team: Labelled
    result: Result | None
