"""The life of one match as its provider tells it, from the first odds to the last correction."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple

from acca_sandbox.simulator.bets import (
    BETS,
    CLOSED_WHEN_LIVE,
    LIVE_BETS,
    Bet,
    is_decided,
    odds_of,
    probability,
)
from acca_sandbox.simulator.scores import (
    FIRST_HALF_SHARE,
    Played,
    Points,
    draw_match,
    score_matrix,
)
from acca_sandbox.simulator.telling import Entry, Teller
from acca_sandbox.simulator.world import Fate, Fixture, dice_of

_MINUTE, _SECOND = dt.timedelta(minutes=1), dt.timedelta(seconds=1)
_HOURS_BEFORE = (*range(240, 12, -12), 12, 6, 3, 2, 1)
_MINUTES_BEFORE = (*(60 * hours for hours in _HOURS_BEFORE), 30, 10)
"""When odds are told before the match."""
_DRIFT_MAX, _ERROR_MAX = 0.025, 0.3
"""How far rates move in one step, and how wrong they are at most."""
_HALF, _WHOLE = 45, 90
_PAUSE = 17
"""Minutes from minute 45 to minute 46: added time and half-time."""
_ADDED = 5
_EVERY = 5
"""Minutes of play between live odds."""
_DANGER_PER_MILLE = 25
_HURRIED = ("MRFT", "OUFT")
"""Markets that are suspended while a penalty or a free kick is awaited."""

Step = tuple[dt.datetime, list[Entry]]


class Moment(NamedTuple):
    """What is told at an instant."""

    instant: dt.datetime
    entries: Sequence[Entry]


def tell_match(fixture: Fixture, seed: int) -> Iterator[Moment]:
    """Tell a match in the order of instants; dice are of its own, whatever others draw."""
    match = _Match(fixture, dice_of(seed, fixture.key))
    for instant, entries in match.tell():
        if entries:
            yield Moment(instant, entries)


def play_match(fixture: Fixture, rng: Random) -> Played:
    """Draw how a match is played from its true rates."""
    return draw_match(rng, score_matrix(fixture.home_rate, fixture.away_rate))


class _Match:
    def __init__(self, fixture: Fixture, rng: Random) -> None:
        self._fixture: Fixture = fixture
        self._rng: Random = rng
        self._teller: Teller = Teller(fixture)
        self._closed: set[tuple[str, str | None]] = set()

    def tell(self) -> Iterator[Step]:
        fate, starts = self._fixture.fate, self._fixture.starts
        if fate in {Fate.MOVED, Fate.NEVER, Fate.CANCELLED}:
            off = starts - self._rng.randint(2 * 60, 20 * 60) * _MINUTE
            yield from self._before(starts, off)
            ending = "cancelled" if fate is Fate.CANCELLED else "postponed"
            yield off, [self._teller.result(ending)]
            if self._fixture.moved_to is None:
                return
            starts = self._fixture.moved_to
            # Some time passes before anybody knows the new day.
            yield from self._before(starts, starts, off + self._rng.randint(60, 24 * 60) * _MINUTE)
        else:
            yield from self._before(starts, starts)
        yield from self._play(starts)

    # ---- before the match

    def _before(
        self, starts: dt.datetime, until: dt.datetime, known: dt.datetime | None = None
    ) -> Iterator[Step]:
        """Tell that the match is on, and its odds, as long as it is before `until`."""
        planned = (starts - minutes * _MINUTE for minutes in _MINUTES_BEFORE)
        times = [each for each in planned if each < until and (known is None or each > known)]
        yield known or times[0], [self._teller.head(starts)]
        for instant, (home, away) in zip(times, self._beliefs(len(times)), strict=True):
            late = self._rng.randrange(540) * _SECOND
            if instant + late < until:
                yield instant + late, list(self._teller.odds(self._prices(home, away)))

    def _beliefs(self, count: int) -> list[tuple[float, float]]:
        """Walk back from the true rates: the nearer to kick-off, the less wrong the market is."""
        home = away = 0.0
        walked: list[tuple[float, float]] = []
        for _ in range(count):
            home, away = self._wander(home), self._wander(away)
            walked.append(
                (self._fixture.home_rate * (1 + home), self._fixture.away_rate * (1 + away))
            )
        return walked[::-1]

    def _wander(self, error: float) -> float:
        moved = error + self._rng.uniform(-_DRIFT_MAX, _DRIFT_MAX)
        return min(max(moved, -_ERROR_MAX), _ERROR_MAX)

    def _prices(self, home_rate: float, away_rate: float) -> Mapping[Bet, int]:
        matrix = score_matrix(home_rate, away_rate)
        return {bet: odds_of(bet, probability(bet, matrix)) for bet in BETS}

    # ---- the match

    def _play(self, starts: dt.datetime) -> Iterator[Step]:
        played = play_match(self._fixture, self._rng)
        begun = starts + self._rng.randrange(180) * _SECOND
        head = self._teller.head(starts, live=True)
        yield begun, [head, *(self._teller.suspension(market) for market in CLOSED_WHEN_LIVE)]
        stop = self._rng.randint(3, 88) if self._fixture.fate is Fate.ABANDONED else _WHOLE
        for minute in range(1, stop + 1):
            yield from self._minute(played, minute, _when(begun, minute))
        over = _when(begun, stop) + _ADDED * _MINUTE
        yield over, [self._teller.suspension()]
        if stop < _WHOLE:
            told = over + self._rng.randint(20, 60) * _MINUTE
            yield told, [self._teller.result("abandoned", _score(played, stop))]
        else:
            yield from self._end(played, over)

    def _minute(self, played: Played, minute: int, instant: dt.datetime) -> Iterator[Step]:
        if minute in (*played.home, *played.away):
            yield instant, [self._teller.suspension()]
            calm = instant + self._rng.randint(25, 50) * _SECOND
            yield calm, [*self._live(played, minute), self._teller.lift()]
        elif minute % _EVERY == 0:
            yield instant, self._live(played, minute)
        elif self._rng.randrange(1000) < _DANGER_PER_MILLE:
            yield instant, [self._teller.suspension(market) for market in _HURRIED]
            yield from self._calm(played, minute, instant)

    def _calm(self, played: Played, minute: int, instant: dt.datetime) -> Iterator[Step]:
        # Opening a market opens all its lines: those that are decided close again at once.
        self._closed = {each for each in self._closed if each[0] not in _HURRIED}
        lifted = [self._teller.lift(market) for market in _HURRIED]
        entries = [*lifted, *self._live(played, minute)]
        yield instant + self._rng.randint(20, 45) * _SECOND, entries

    def _live(self, played: Played, minute: int) -> list[Entry]:
        """Tell odds by the goals to come, and close what is decided."""
        score, left = played.points(minute), _share_left(minute)
        # The correction of low scores is of whole matches, so that it has no part in the rest.
        rates = (self._fixture.home_rate * left, self._fixture.away_rate * left)
        matrix = score_matrix(*rates, rho=0)
        wanted = {
            bet: odds_of(bet, probability(bet, matrix, score))
            for bet in LIVE_BETS
            if not is_decided(bet, score)
        }
        return [*self._close_decided(score), *self._teller.odds(wanted)]

    def _close_decided(self, score: Points) -> list[Entry]:
        decided = [(bet.market, bet.line) for bet in LIVE_BETS if is_decided(bet, score)]
        news = [each for each in dict.fromkeys(decided) if each not in self._closed]
        self._closed.update(news)
        return [self._teller.suspension(*each) for each in news]

    # ---- the result

    def _end(self, played: Played, over: dt.datetime) -> Iterator[Step]:
        told = over + self._rng.randint(60, 600) * _SECOND
        if self._fixture.fate is not Fate.CORRECTED:
            yield told, [self._teller.result("played", _score(played))]
            return
        yield told, [self._teller.result("played", self._wrong(played))]
        right = self._teller.result("played", _score(played), corrects=True)
        yield told + self._rng.randint(3, 90) * _MINUTE, [right]

    def _wrong(self, played: Played) -> Entry:
        """Miscount one goal of the second half; who scored first is not told."""
        side = self._rng.randrange(2)
        total, half_time = list(played.points()), played.points(_HALF)
        total[side] += -1 if total[side] > half_time[side] else 1
        return {"total": total, "half_time": list(half_time)}


def _when(begun: dt.datetime, minute: int) -> dt.datetime:
    pause = _PAUSE if minute > _HALF else 0
    return begun + (minute + pause) * _MINUTE


def _share_left(minute: int) -> float:
    """Tell which part of a match's goals is still expected after a minute."""
    if minute < _HALF:
        return 1 - FIRST_HALF_SHARE * minute / _HALF
    return (1 - FIRST_HALF_SHARE) * (_WHOLE + _ADDED - minute) / (_WHOLE + _ADDED - _HALF)


def _score(played: Played, minute: int = _WHOLE) -> Entry:
    """Tell the score after a minute; halves that are not over are not named."""
    total = played.points(minute)
    half_time = {"half_time": list(played.points(_HALF))} if minute > _HALF else {}
    # Without a goal, nobody has scored first yet in a match that was stopped.
    first = {"first": played.first(minute)} if minute == _WHOLE or any(total) else {}
    return {"total": list(total), **half_time, **first}
