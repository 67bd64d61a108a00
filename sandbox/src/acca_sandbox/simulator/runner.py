"""Plays a stream through a feed: at the speed of life, faster, or as fast as the feed takes it."""

import asyncio
import datetime as dt
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from acca_client.feed import Verdict
from acca_sandbox.simulator.match import Moment
from acca_sandbox.simulator.telling import Entry

BATCH_MAX = 500
"""Entries of one call; no call lasts so long that `alive` would come too late."""
ALIVE_SECONDS = 5
_ALIVE: Entry = {"kind": "alive"}
_TAKEN = frozenset({"applied", "unchanged", "stale"})
"""Verdicts of what the catalogue holds; the last two come when a season is played again."""
_MESSAGES_MAX = 10


class Feed(Protocol):
    """Who takes entries: AsyncFeedClient, or a test."""

    async def send(self, entries: Sequence[Entry]) -> Sequence[Verdict]:
        """Send entries in their order, and return a verdict for each."""
        ...


@dataclass
class Report:
    """What was sent so far, and what became of it."""

    instant: dt.datetime | None = None
    batches: int = 0
    alive: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    messages: dict[str, str] = field(default_factory=dict)
    """Why the first entries were not taken, by the event's key and the kind of entry."""

    @property
    def not_taken(self) -> dict[str, int]:
        """Count the entries that the catalogue does not hold, by verdict."""
        return {word: n for word, n in sorted(self.verdicts.items()) if word not in _TAKEN}

    def note(self, entries: Sequence[Entry], verdicts: Sequence[Verdict]) -> None:
        """Count the verdicts on a batch."""
        self.batches += 1
        for entry, verdict in zip(entries, verdicts, strict=True):
            self.verdicts[verdict.verdict] += 1
            if verdict.verdict not in _TAKEN and len(self.messages) < _MESSAGES_MAX:
                why = verdict.message or "; ".join(str(each) for each in verdict.detail)
                _ = self.messages.setdefault(f"{entry['event']} {entry['kind']}", why)


class Player:
    """Sends a stream in its order; what was not answered is sent again by the next call.

    A whole stream may be sent again too: its versions are the same, so that nothing is done twice.
    """

    def __init__(self, feed: Feed, stream: Iterable[Moment], batch_max: int = BATCH_MAX) -> None:
        self.report: Report = Report()
        self._feed: Feed = feed
        self._batch_max: int = batch_max
        self._stream: Iterator[Moment] = iter(stream)
        self._next: Moment | None = next(self._stream, None)
        self._unanswered: list[Entry] = []

    @property
    def next_instant(self) -> dt.datetime | None:
        """Return when the next moment is, None once all were sent."""
        return None if self._next is None else self._next.instant

    @property
    def is_over(self) -> bool:
        """Tell whether everything was sent and answered."""
        return self._next is None and not self._unanswered

    async def send_due(self, until: dt.datetime | None = None) -> bool:
        """Send one batch of what is due, or of all that is left; False where nothing is."""
        self._gather(until)
        if not self._unanswered:
            return False
        self.report.note(self._unanswered, await self._feed.send(self._unanswered))
        self._unanswered = []
        return True

    def _gather(self, until: dt.datetime | None) -> None:
        while self._next is not None and len(self._unanswered) < self._batch_max:
            if until is not None and self._next.instant > until:
                break
            self._unanswered.extend(self._next.entries)
            self.report.instant = self._next.instant
            self._next = next(self._stream, None)

    async def catch_up(self, until: dt.datetime | None = None) -> None:
        """Send all that is due at an instant, or all that is left."""
        while await self.send_due(until):
            pass

    async def send_alive(self) -> None:
        """Tell that the provider is there."""
        _ = await self._feed.send([_ALIVE])
        self.report.alive += 1


class Clockwork(NamedTuple):
    """Seconds of the machine, never set back, and how to wait for some of them."""

    seconds: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


Progress = Callable[[Report], None]


def _say_nothing(_: Report) -> None:
    pass


async def play(
    player: Player,
    start: dt.datetime,
    speed: float,
    clockwork: Clockwork | None = None,
    progress: Progress = _say_nothing,
) -> Report:
    """Play to the end, `speed` business seconds in each second from `start`, or at once with 0.

    What lies before `start` is sent at once.
    """
    assert speed >= 0, "time goes forward"
    pace = _Pace(player, start, speed, clockwork or Clockwork())
    if speed:
        await pace.play(progress)
    await pace.hurry(progress)
    return player.report


class _Pace:
    def __init__(
        self, player: Player, start: dt.datetime, speed: float, clockwork: Clockwork
    ) -> None:
        self._player: Player = player
        self._start: dt.datetime = start
        self._speed: float = speed
        self._clockwork: Clockwork = clockwork
        self._began: float = clockwork.seconds()
        self._alive_due: float = self._began

    async def play(self, progress: Progress) -> None:
        while not self._player.is_over:
            await self._tell_alive()
            if await self._player.send_due(self._now()):
                progress(self._player.report)
            else:
                await self._clockwork.sleep(self._wait())

    async def hurry(self, progress: Progress) -> None:
        """Send all that is left; who is silent for long has live events stopped meanwhile."""
        await self._tell_alive()
        while await self._player.send_due():
            progress(self._player.report)
            await self._tell_alive()

    async def _tell_alive(self) -> None:
        if self._clockwork.seconds() >= self._alive_due:
            await self._player.send_alive()
            self._alive_due = self._clockwork.seconds() + ALIVE_SECONDS

    def _now(self) -> dt.datetime:
        passed = self._clockwork.seconds() - self._began
        return self._start + dt.timedelta(seconds=passed * self._speed)

    def _wait(self) -> float:
        """Tell how long nothing is to be done; never nothing, so that rounding does not spin."""
        now, alive = self._clockwork.seconds(), self._alive_due
        due = self._player.next_instant
        if due is None:
            return max(alive - now, 0.001)
        seconds = (due - self._now()).total_seconds() / self._speed
        return max(min(seconds, alive - now), 0.001)
