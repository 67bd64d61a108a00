"""What the feed carries: odds changes with their history, and one reading of the catalogue.

It needs a migrated database to fill, and a provider in it. Odds drift from batch to batch, each
price is news, and every batch comes as the bytes of a request. Two requests are under way at a
time, about events of their own, as the process and the server have a core each.
"""

import asyncio
import hashlib
import time
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

import msgspec

from acca.core.catalogue.told import EntryVerdict, Head, HeadTold, Name, OddsTold, Price
from acca.core.markets.football import FOOTBALL
from acca.flows.apply_feed import apply_batch, apply_entries
from acca.store.catalogue import read_open_events
from acca.store.clock import read_clock
from acca.store.connection import Database, open_database
from acca.store.results import Source
from acca.wire.feed import parse_batch

EVENTS, BETS, ENTRIES = 2_000, 40, 1_000
STREAMS = EVENTS // ENTRIES
_SECONDS_MIN = 5.0
_READINGS = 15


class FeedFigure(NamedTuple):
    """A figure with its unit, and what is aimed at: at least that many, or at most."""

    name: str
    value: int
    unit: str
    target: int
    at_least: bool


async def measure_feed(url: str, provider: int) -> list[FeedFigure]:
    """Fill a database with events, then measure."""
    async with open_database(url) as database:
        await _fill(database, provider)
        return [
            await _rate(database, provider, 1),
            await _rate(database, provider, 3),
            await _rate(database, provider, 10),
            await _reading(database),
        ]


async def _fill(database: Database, provider: int) -> None:
    async with database.reader() as reader:
        starts = (await read_clock(reader)).now + timedelta(days=2)
    bets = list(FOOTBALL.bets)[:BETS]
    prices = tuple(Price(200 + place, bet) for place, bet in enumerate(bets))
    for first in range(0, EVENTS, ENTRIES // 2):
        keys = [f"bench-{number}" for number in range(first, first + ENTRIES // 2)]
        heads = [HeadTold(key, 0, _head(key, starts)) for key in keys]
        odds = [OddsTold(key, 0, prices) for key in keys]
        _ = await apply_entries(database, provider, [*heads, *odds], Source.FEED)


def _head(key: str, starts: datetime) -> Head:
    home, away = Name(f"{key}-home", "Home"), Name(f"{key}-away", "Away")
    return Head("football", Name("bench", "Bench"), Name("bench", "Bench"), home, away, starts)


async def _rate(database: Database, provider: int, prices: int) -> FeedFigure:
    """Measure batches of entries that tell so many prices each, a few requests at a time."""
    begun = time.perf_counter()
    streams = [_stream(database, provider, prices, number) for number in range(STREAMS)]
    changes = sum(await asyncio.gather(*streams))
    seconds = time.perf_counter() - begun
    name = f"odds changes, {ENTRIES} entries of {prices} a batch"
    return FeedFigure(name, int(changes / seconds), "/s", 20_000, at_least=True)


async def _stream(database: Database, provider: int, prices: int, number: int) -> int:
    """Send batches about events of their own, one after another; count the changes."""
    begun, changes, version = time.perf_counter(), 0, 0
    while time.perf_counter() - begun < _SECONDS_MIN:
        version += 1
        body = _body(number * ENTRIES, version, prices)
        sha256 = hashlib.sha256(body).digest()
        answer = await apply_batch(database, provider, sha256, parse_batch(body))
        taken = sum(one.verdict is EntryVerdict.APPLIED for one in answer.verdicts)
        assert taken == ENTRIES, "each entry of the measure is news"
        changes += taken * prices
    return changes


def _body(first: int, version: int, prices: int) -> bytes:
    """Write a batch; the versions of two measures with different prices never meet."""
    bets = list(FOOTBALL.bets)[:BETS]
    entries = [
        {
            "kind": "odds",
            "event": f"bench-{event}",
            "version": version + 1_000_000 * prices,
            "prices": [
                {"bet": bets[(version + place) % BETS], "odds": _odds(version + place, prices)}
                for place in range(prices)
            ],
        }
        for event in range(first, first + ENTRIES)
    ]
    return msgspec.json.encode({"entries": entries})


def _odds(step: int, prices: int) -> float:
    """Drift; two measures with different prices never tell the same odds."""
    return (200 + 100 * prices + step % 97) / 100


async def _reading(database: Database) -> FeedFigure:
    """Measure one snapshot of all open events with their odds."""
    rounds: list[float] = []
    async with database.reader() as reader:
        for _ in range(_READINGS):
            begun = time.perf_counter()
            found = await read_open_events(reader)
            rounds.append(time.perf_counter() - begun)
            assert len(found) >= EVENTS, "every event of the measure is open"
    name = f"one reading of {EVENTS} open events with {BETS} bets"
    return FeedFigure(name, round(median(rounds) * 1e6), "µs", 30_000, at_least=False)
