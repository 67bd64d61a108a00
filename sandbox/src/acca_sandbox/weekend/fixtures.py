"""Whose matches are played: those of a simulated league, or real ones moved to the days to come.

Real files are read from a folder that is given, and nothing of them is kept.
"""

import csv
import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from acca_client.feed import AsyncFeedClient
from acca_sandbox.simulator.runner import Player
from acca_sandbox.simulator.timeline import make_stream
from acca_sandbox.simulator.world import LEAD, make_world
from acca_sandbox.storm.processes import Acca

_LEAGUES, _TEAMS = 3, 16
_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
_MATCH = dt.timedelta(hours=2, minutes=30)
_WELL_ON = dt.timedelta(minutes=40)
_WEEKEND = dt.timedelta(days=3, hours=12)
_STAMP = re.compile(r"_([0-9]{8}T[0-9]{4})Z")
_RESULT_COLUMNS = (
    "Div", "Date", "Time", "HomeTeam", "AwayTeam", "FTHG", "FTAG", "FTR", "HTHG", "HTAG", "HTR",
)  # fmt: skip
_Row = Mapping[str, str]


class Matches(Protocol):
    """Matches to come, told as far as it is known what becomes of them."""

    count: int
    ends: Sequence[dt.datetime]
    """The instants, in order, when some more of them are over."""
    under_way: dt.datetime | None
    """An instant when some are under way and have odds; None where no odds are told then."""

    async def offer(self) -> None:
        """Tell of the matches and their odds."""
        ...

    async def tell(self, now: dt.datetime) -> None:
        """Tell all that is known by now."""
        ...


class SimulatedMatches:
    """The first matches of a league that a seed decides, told through the feed."""

    def __init__(self, feed: AsyncFeedClient, seed: int, now: dt.datetime) -> None:
        world = make_world(seed, now - LEAD, _LEAGUES, _TEAMS)
        first = world.fixtures[0].starts
        weekend = [each for each in world.fixtures if each.starts < first + 3 * _DAY]
        self.count: int = len(weekend)
        self.ends: Sequence[dt.datetime] = _ends({each.starts for each in weekend})
        self.under_way: dt.datetime | None = first + _WELL_ON
        self._player: Player = Player(feed, make_stream(world))
        self._now: dt.datetime = now

    async def offer(self) -> None:
        """Tell of the matches and their odds."""
        await self._player.catch_up(self._now)

    async def tell(self, now: dt.datetime) -> None:
        """Tell all that is known by now, and that nobody has fallen silent."""
        # Events under way are stopped while their provider is silent: at once after a jump.
        await self._player.send_alive()
        await self._player.catch_up(now)
        await self._player.send_alive()


class RealMatches:
    """The matches of a real fixtures file that a season's file has results of, weeks later."""

    def __init__(self, acca: Acca, data: Path, folder: Path, now: dt.datetime) -> None:
        self._acca: Acca = acca
        self._folder: Path = folder
        chosen = _choose(data, now)
        self._fixtures: Sequence[_Row] = chosen.fixtures
        self._results: Sequence[_Row] = chosen.results
        self._taken: dt.datetime = chosen.taken
        self._told: set[int] = set()
        self.count: int = len(chosen.results)
        self.ends: Sequence[dt.datetime] = _ends({_start_of(row) for row in chosen.results})
        self.under_way: dt.datetime | None = None

    async def offer(self) -> None:
        """Tell of the matches and their odds."""
        columns = list(dict.fromkeys(name for row in self._fixtures for name in row))
        await self._import("fixtures", self._taken, columns, self._fixtures)

    async def tell(self, now: dt.datetime) -> None:
        """Tell the results of the matches that are over by now."""
        over = [
            place
            for place, row in enumerate(self._results)
            if place not in self._told and _start_of(row) + _MATCH <= now
        ]
        if over:
            self._told.update(over)
            rows = [self._results[place] for place in over]
            await self._import("results", now, _RESULT_COLUMNS, rows)

    async def _import(
        self, name: str, at: dt.datetime, columns: Sequence[str], rows: Sequence[_Row]
    ) -> None:
        file = self._folder / f"{name}_{at:%Y%m%dT%H%M}Z_{len(self._told)}.csv"
        with file.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        _ = await self._acca.run("import", str(file))


class _Chosen(NamedTuple):
    fixtures: Sequence[_Row]
    results: Sequence[_Row]
    taken: dt.datetime


def find_data(folder: Path) -> str | None:
    """Say what is missing for a weekend in a folder of real data; None where nothing is."""
    for name in ("fixtures", "football-data.co.uk"):
        if not any((folder / name).glob("*.csv")):
            return f"{folder / name} holds no CSV files"
    return None


def _choose(data: Path, now: dt.datetime) -> _Chosen:
    """Choose the fixtures file with the most results, its days moved by whole weeks to come."""
    known = {
        (row["Div"], row["Date"], row["HomeTeam"], row["AwayTeam"]): row
        for file in sorted((data / "football-data.co.uk").glob("*.csv"))
        for row in _read(file)
        if row.get("FTHG") and row.get("HTHG")
    }
    files = [file for file in sorted((data / "fixtures").glob("*.csv")) if _STAMP.search(file.name)]
    best = max(files, key=lambda file: len(_first_days(_read(file), known)))
    results, taken = _first_days(_read(best), known), _taken(best)
    days = {row["Date"] for row in results}
    fixtures = [row for row in _read(best) if row["Date"] in days]
    weeks = math.ceil((now - taken) / _WEEK) * _WEEK
    first = min(_start_of(row) for row in results)
    while first + weeks <= now + _DAY:
        weeks += _WEEK
    return _Chosen(
        [_moved(row, weeks) for row in fixtures],
        [_moved(row, weeks) for row in results],
        min(taken + weeks, now),
    )


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="", errors="replace") as source:
        rows = [row for row in csv.DictReader(source) if row.get("Date") and row.get("HomeTeam")]
    return [row for row in rows if None not in row]


def _played(fixtures: Sequence[_Row], known: Mapping[tuple[str, ...], _Row]) -> list[_Row]:
    found = (
        known.get((row["Div"], row["Date"], row["HomeTeam"], row["AwayTeam"])) for row in fixtures
    )
    return [row for row in found if row is not None]


def _first_days(fixtures: Sequence[_Row], known: Mapping[tuple[str, ...], _Row]) -> list[_Row]:
    """Find the results of a weekend: of the first day with a match that was played, and on."""
    results = _played(fixtures, known)
    first = min((_start_of(row) for row in results), default=None)
    if first is None:
        return []
    return [row for row in results if _start_of(row) < first + _WEEKEND]


def _taken(file: Path) -> dt.datetime:
    stamp = _STAMP.search(file.name)
    assert stamp is not None, "only files with a stamp are chosen"
    return dt.datetime.strptime(stamp[1], "%Y%m%dT%H%M").replace(tzinfo=dt.UTC)


def _start_of(row: _Row) -> dt.datetime:
    spelled = f"{row['Date']} {row.get('Time') or '12:00'}"
    return dt.datetime.strptime(spelled, "%d/%m/%Y %H:%M").replace(tzinfo=dt.UTC)


def _moved(row: _Row, by: dt.timedelta) -> _Row:
    day = dt.datetime.strptime(row["Date"], "%d/%m/%Y").replace(tzinfo=dt.UTC)
    return {**row, "Date": f"{day + by:%d/%m/%Y}"}


def _ends(starts: set[dt.datetime]) -> list[dt.datetime]:
    """Tell the ends of the days on which matches start, the last of each day."""
    by_day: dict[dt.date, dt.datetime] = defaultdict(lambda: dt.datetime.min.replace(tzinfo=dt.UTC))
    for start in starts:
        by_day[start.date()] = max(by_day[start.date()], start)
    return [last + _MATCH for _, last in sorted(by_day.items())]
