"""What is told of an event, whoever tells it, and what becomes of what is told.

Each entry names the event by its provider's key and carries a version of it.
"""

from datetime import datetime
from enum import Enum
from typing import NamedTuple

from acca.core.score import Result


class EntryVerdict(Enum):
    """What became of an entry."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    """It says what is known already."""
    STALE = "stale"
    """Its version is not newer than the one that is known."""
    SUSPICIOUS = "suspicious"
    """Not taken, and the event suspended: staff will look at it."""
    REFUSED = "refused"
    """It does not fit the catalogue: `message` says why."""
    DEFECTIVE = "defective"
    """It cannot be read: `detail` says why."""


class Judged(NamedTuple):
    """The verdict on one entry, with the sentence of a refusal."""

    verdict: EntryVerdict
    message: str | None = None


class Name(NamedTuple):
    """A category, league or team: known again by its slug; the name that was told first stays."""

    slug: str
    name: str


class Head(NamedTuple):
    """An event as it is now, but for its odds; `sport` is a slug."""

    sport: str
    category: Name
    league: Name
    home_team: Name
    away_team: Name
    starts: datetime
    live: bool = False


class HeadTold(NamedTuple):
    """An event is new, moved in time, or begun."""

    event: str
    version: int
    head: Head


class Price(NamedTuple):
    """Odds of one bet in hundredths; it is named by its id, or by market, line and code."""

    odds: int
    bet: int | None = None
    market: str | None = None
    line: str | None = None
    code: str | None = None


class OddsTold(NamedTuple):
    """New odds of some bets; those that are not named keep theirs."""

    event: str
    version: int
    prices: tuple[Price, ...]
    derived: bool = False


class SuspensionTold(NamedTuple):
    """A bet, or a market with or without its line, or the whole event, is suspended or opened."""

    event: str
    version: int
    suspended: bool
    bet: int | None = None
    market: str | None = None
    line: str | None = None


class ResultTold(NamedTuple):
    """How an event ended; only what `corrects` may contradict what is known."""

    event: str
    version: int
    result: Result
    corrects: bool = False


Told = HeadTold | OddsTold | SuspensionTold | ResultTold


class EntryRefused(Exception):
    """An entry does not fit the catalogue; the sentence is fit for whoever told it."""


APPLIED = Judged(EntryVerdict.APPLIED)
UNCHANGED = Judged(EntryVerdict.UNCHANGED)
STALE = Judged(EntryVerdict.STALE)
SUSPICIOUS = Judged(EntryVerdict.SUSPICIOUS, "Odds jumped tenfold or more; the event is suspended.")
