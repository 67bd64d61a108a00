"""What stands of an event beside its odds: head, stops, suspended bets, result.

Each of these facts has a version of its own, so that what comes late is judged against what it
speaks of: a suspension with version 5 is news after a move in time with version 6. Whatever was
told, in whichever order and however often, the highest version of each fact stands.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from acca.core.catalogue.told import (
    APPLIED,
    STALE,
    UNCHANGED,
    EntryRefused,
    Head,
    HeadTold,
    Judged,
    ResultTold,
    SuspensionTold,
)
from acca.core.markets.market import Sport
from acca.core.markets.sports import SPORTS
from acca.core.numbers import Malformed
from acca.core.score import Ending, Result


class State(Enum):
    """Where an event stands; bets are taken on scheduled and live ones alone."""

    SCHEDULED = "scheduled"
    LIVE = "live"
    FINISHED = "finished"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"


class Stop(Enum):
    """A reason for which a whole event is suspended; each is lifted by itself."""

    PROVIDER = "provider"
    SILENT = "silent"
    STAFF = "staff"
    SUSPICIOUS = "suspicious"


class Suspension(NamedTuple):
    """Whether a bet is suspended, and the version that said so."""

    version: int
    suspended: bool


class Fact(NamedTuple):
    """How an event ended, as it is known now; a person's word is not overruled by a feed."""

    result: Result
    by_person: bool = False


class Standing(NamedTuple):
    """All that stands of an event; versions are -1 where nothing was told.

    `results` counts the versions of its result that are written, confirmed or not.
    """

    head: Head
    head_version: int
    stops: frozenset[Stop] = frozenset()
    stop_version: int = -1
    suspensions: Mapping[int, Suspension] = {}
    fact: Fact | None = None
    result_version: int = -1
    results: int = 0

    @property
    def sport(self) -> Sport:
        """Return the rules of its sport."""
        return SPORTS[self.head.sport]

    @property
    def state(self) -> State:
        """Tell where it stands; a postponed event is on again once a newer head says when."""
        if self.fact is None or self._is_on_again(self.fact):
            return State.LIVE if self.head.live else State.SCHEDULED
        return _STATES[self.fact.result.ending]

    def _is_on_again(self, fact: Fact) -> bool:
        ending = fact.result.ending
        return ending is Ending.POSTPONED and self.head_version > self.result_version

    @property
    def closed(self) -> list[int]:
        """List the bets that are suspended one by one."""
        return sorted(bet for bet, each in self.suspensions.items() if each.suspended)


_STATES = {
    Ending.PLAYED: State.FINISHED,
    Ending.ABANDONED: State.ABANDONED,
    Ending.CANCELLED: State.CANCELLED,
    Ending.POSTPONED: State.POSTPONED,
}
_WITH_PLAY = (Ending.PLAYED, Ending.ABANDONED)

Taken = tuple[Standing, Judged]


def take_head(standing: Standing | None, told: HeadTold) -> Taken:
    """Take an event that is new, moved or begun."""
    head = told.head
    if head.sport not in SPORTS:
        raise EntryRefused(f"There is no sport {head.sport}.")
    if head.home_team.slug == head.away_team.slug:
        raise EntryRefused("A team does not play against itself.")
    if standing is None:
        return Standing(head, told.version), APPLIED
    if head.sport != standing.head.sport:
        raise EntryRefused(f"The event is of {standing.head.sport}; its bets mean nothing else.")
    same = _told_by(head) == _told_by(standing.head)
    if told.version <= standing.head_version:
        return standing, _known(told.version, standing.head_version, same=same)
    after = standing._replace(head=head, head_version=told.version)
    return after, UNCHANGED if same and after.state is standing.state else APPLIED


def _told_by(head: Head) -> tuple[object, ...]:
    names = (head.category, head.league, head.home_team, head.away_team)
    return (*(name.slug for name in names), head.starts, head.live)


def _known(version: int, known: int, *, same: bool) -> Judged:
    return UNCHANGED if same and version == known else STALE


def take_suspension(standing: Standing, told: SuspensionTold) -> Taken:
    """Suspend or open bets of an event, or the whole of it."""
    if told.bet is None and told.market is None:
        if told.line is not None:
            raise EntryRefused("A line needs its market.")
        return _take_stop(standing, told)
    known = standing.suspensions
    said = Suspension(told.version, told.suspended)
    bets = _bets_of(standing.head.sport, told.bet, told.market, told.line)
    newer = [bet for bet in bets if bet not in known or known[bet].version < told.version]
    if not newer:
        return standing, UNCHANGED if all(known[bet] == said for bet in bets) else STALE
    after = standing._replace(suspensions={**known, **dict.fromkeys(newer, said)})
    return after, UNCHANGED if after.closed == standing.closed else APPLIED


def _take_stop(standing: Standing, told: SuspensionTold) -> Taken:
    others = standing.stops - {Stop.PROVIDER}
    stops = others | {Stop.PROVIDER} if told.suspended else others
    same = stops == standing.stops
    if told.version <= standing.stop_version:
        return standing, _known(told.version, standing.stop_version, same=same)
    after = standing._replace(stops=stops, stop_version=told.version)
    return after, UNCHANGED if same else APPLIED


@lru_cache(4096)
def _bets_of(sport: str, bet: int | None, market: str | None, line: str | None) -> tuple[int, ...]:
    bets = SPORTS[sport].bets.values()
    if bet is not None:
        found = tuple(each.id for each in bets if each.id == bet)
    else:
        found = tuple(b.id for b in bets if b.market == market and line in (None, b.line))
    if not found:
        named = " ".join(filter(None, (market, line))) if bet is None else f"bet {bet}"
        raise EntryRefused(f"{SPORTS[sport].name} has no {named}.")
    return found


def take_result(standing: Standing, told: ResultTold, now: datetime) -> Taken:
    """Take how an event ended, as a provider tells it."""
    result = _check_result(standing, told.result)
    fact = standing.fact
    same = fact is not None and fact.result == result
    if told.version <= standing.result_version:
        return standing, _known(told.version, standing.result_version, same=same)
    _require_start(standing, result, now)
    if fact is not None and not same:
        if fact.by_person and fact.result.ending is not Ending.POSTPONED:
            raise EntryRefused("A person entered another result; only staff corrects it.")
        _require_word(fact, corrects=told.corrects)
    after = standing._replace(result_version=told.version)
    if not same:
        after = after._replace(fact=Fact(result), results=standing.results + 1)
    return after, UNCHANGED if same and after.state is standing.state else APPLIED


def _require_word(fact: Fact, *, corrects: bool) -> None:
    """Refuse what contradicts a final result without saying that it corrects it."""
    if not corrects and fact.result.ending is not Ending.POSTPONED:
        raise EntryRefused("Another result is known; a correction is needed to replace it.")


def enter_result(standing: Standing, result: Result, now: datetime, *, corrects: bool) -> Standing:
    """Take how an event ended, as a person enters or confirms it.

    It stands against all that providers told up to now, and a newer head puts a postponed event on
    again.
    """
    result = _check_result(standing, result)
    _require_start(standing, result, now)
    if standing.fact is not None and standing.fact.result != result:
        _require_word(standing.fact, corrects=corrects)
    version = max(standing.result_version, standing.head_version)
    return standing._replace(result_version=version, fact=Fact(result, by_person=True))


def with_stop(standing: Standing, stop: Stop) -> Standing:
    """Suspend a whole event for one more reason."""
    return standing._replace(stops=standing.stops | {stop})


def _check_result(standing: Standing, result: Result) -> Result:
    """Refuse what cannot be in the sport; where there was no play there is no score."""
    if result.ending not in _WITH_PLAY:
        return Result(result.ending)
    try:
        standing.sport.check(result)
    except Malformed as malformed:
        raise EntryRefused(f"The score {malformed}.") from None
    return result


def _require_start(standing: Standing, result: Result, now: datetime) -> None:
    """Refuse play of an event that has not started in business time."""
    if result.ending in _WITH_PLAY and standing.head.starts > now:
        raise EntryRefused("The event has not started.")
