"""What the feed carries: odds changes, one reading of the catalogue, both with a long history.

It needs a migrated database to fill, and a provider in it. Odds drift from batch to batch, each
price is news, and every batch comes as the bytes of a request. Two requests are under way at a
time, about events of their own, as the process and the server have a core each.
"""

import asyncio
import hashlib
import itertools
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

import msgspec

from acca.core.catalogue.told import EntryVerdict, Head, HeadTold, Name, OddsTold, Price
from acca.core.markets.football import FOOTBALL
from acca.flows.apply_feed import apply_batch, apply_entries
from acca.flows.prepare_history import prepare_history
from acca.store.catalogue import read_open_events
from acca.store.clock import read_clock
from acca.store.connection import Database, open_database
from acca.store.measuring import fill_history, read_for_share
from acca.store.results import Source
from acca.wire.feed import parse_batch

EVENTS, BETS, ENTRIES = 2_000, 40, 1_000
HISTORY, CHUNK = 5_000_000, 100_000
LEGS = 10
STREAMS = EVENTS // ENTRIES
_SECONDS_MIN = 5.0
_READINGS = 15
_HOLDS = 500


class FeedFigure(NamedTuple):
    """A figure with its unit, and what is aimed at: at least that many, or at most."""

    name: str
    value: int
    unit: str
    target: int
    at_least: bool


class Costs(NamedTuple):
    """What has to stay as it is however long the history grows."""

    changes: int
    """Odds changes per second, entries of three prices."""
    reading_us: int
    """One reading of all open events."""
    holding_us: int
    """Ten events held as acceptance holds them, with their odds."""


async def measure_feed(url: str, provider: int) -> list[FeedFigure]:
    """Fill a database with events, then measure; then fill the history and measure again."""
    async with open_database(url) as database:
        events = await _fill(database, provider)
        rates = [
            _rate_figure(prices, await _rate(database, provider, prices, number))
            for number, prices in enumerate((1, 3, 10), 1)
        ]
        before = await _costs(database, provider, events, 4)
        await _fill_history(database, events)
        # The server's own work after such a flood, a checkpoint and a vacuum, is not the history's.
        _ = await _rate(database, provider, 3, 5)
        after = await _costs(database, provider, events, 6)
        return [*rates, _reading_figure(before.reading_us), *_compare(before, after)]


def _rate_figure(prices: int, rate: int) -> FeedFigure:
    name = f"odds changes, {ENTRIES} entries of {prices} a batch"
    return FeedFigure(name, rate, "/s", 20_000, at_least=True)


def _reading_figure(reading_us: int) -> FeedFigure:
    name = f"one reading of {EVENTS} open events with {BETS} bets"
    return FeedFigure(name, reading_us, "µs", 30_000, at_least=False)


def _compare(before: Costs, after: Costs) -> list[FeedFigure]:
    """Tell each cost over a long history in percent of the same cost without it."""
    rate, reading, holding = (
        round(100 * late / early) for early, late in zip(before, after, strict=True)
    )
    over = f"over {HISTORY:,} rows of history, of that over few"
    return [
        FeedFigure(f"rate of odds changes {over}", rate, "%", 80, at_least=True),
        FeedFigure(f"time of a reading {over}", reading, "%", 125, at_least=False),
        FeedFigure(f"time to hold {LEGS} events {over}", holding, "%", 125, at_least=False),
    ]


async def _costs(database: Database, provider: int, events: list[int], number: int) -> Costs:
    return Costs(
        await _rate(database, provider, 3, number),
        await _reading(database),
        await _holding(database, events),
    )


async def _fill_history(database: Database, events: list[int]) -> None:
    async with database.writer() as writer:
        for first in range(0, HISTORY, CHUNK):
            await fill_history(writer, events, first, first + CHUNK - 1)


async def _holding(database: Database, events: list[int]) -> int:
    """Measure ten events held and read, in microseconds."""
    rounds: list[float] = []
    async with database.writer() as writer:
        for number in range(_HOLDS):
            first = number * LEGS % EVENTS
            begun = time.perf_counter()
            found = await read_for_share(writer, events[first : first + LEGS])
            rounds.append(time.perf_counter() - begun)
            assert found == LEGS, "every event of the measure is there"
    return round(median(rounds) * 1e6)


async def _fill(database: Database, provider: int) -> list[int]:
    """Add the events with their odds, and return their ids."""
    _ = await prepare_history(database)
    async with database.reader() as reader:
        starts = (await read_clock(reader)).now + timedelta(days=2)
    bets = list(FOOTBALL.bets)[:BETS]
    prices = tuple(Price(200 + place, bet) for place, bet in enumerate(bets))
    for first in range(0, EVENTS, ENTRIES // 2):
        keys = [f"bench-{number}" for number in range(first, first + ENTRIES // 2)]
        heads = [HeadTold(key, 0, _head(key, starts)) for key in keys]
        odds = [OddsTold(key, 0, prices) for key in keys]
        _ = await apply_entries(database, provider, [*heads, *odds], Source.FEED)
    async with database.reader() as reader:
        return [event.id for event in await read_open_events(reader)]


def _head(key: str, starts: datetime) -> Head:
    home, away = Name(f"{key}-home", "Home"), Name(f"{key}-away", "Away")
    return Head("football", Name("bench", "Bench"), Name("bench", "Bench"), home, away, starts)


async def _rate(database: Database, provider: int, prices: int, number: int) -> int:
    """Measure batches of entries that tell so many prices each, a few requests at a time.

    Measures are numbered: what a later one tells is news over all that earlier ones told.
    """
    begun = time.perf_counter()
    firsts = range(0, STREAMS * ENTRIES, ENTRIES)
    bodies = [_bodies(first, prices, number) for first in firsts]
    changes = sum(await asyncio.gather(*(_stream(database, provider, each) for each in bodies)))
    return int(changes * prices / (time.perf_counter() - begun))


async def _stream(database: Database, provider: int, bodies: Iterator[bytes]) -> int:
    """Send batches about events of their own, one after another; count the entries."""
    begun, taken = time.perf_counter(), 0
    while time.perf_counter() - begun < _SECONDS_MIN:
        body = next(bodies)
        sha256 = hashlib.sha256(body).digest()
        answer = await apply_batch(database, provider, sha256, parse_batch(body))
        applied = sum(one.verdict is EntryVerdict.APPLIED for one in answer.verdicts)
        assert applied == ENTRIES, "each entry of the measure is news"
        taken += applied
    return taken


def _bodies(first: int, prices: int, number: int) -> Iterator[bytes]:
    """Write batches whose odds drift; two measures never tell the same odds."""
    bets = list(FOOTBALL.bets)[:BETS]
    for step in itertools.count(1):
        odds = (200 + 100 * number + step % 97) / 100
        told = [{"bet": bets[(step + place) % BETS], "odds": odds} for place in range(prices)]
        version = step + 1_000_000 * number
        entries = [
            {"kind": "odds", "event": f"bench-{event}", "version": version, "prices": told}
            for event in range(first, first + ENTRIES)
        ]
        yield msgspec.json.encode({"entries": entries})


async def _reading(database: Database) -> int:
    """Measure one snapshot of all open events with their odds, in microseconds."""
    rounds: list[float] = []
    async with database.reader() as reader:
        for _ in range(_READINGS):
            begun = time.perf_counter()
            found = await read_open_events(reader)
            rounds.append(time.perf_counter() - begun)
            assert len(found) >= EVENTS, "every event of the measure is open"
    return round(median(rounds) * 1e6)
