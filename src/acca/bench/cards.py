"""What the Bet Card API carries: lists, second looks and smartbets of one process, under odds.

It needs a migrated database to fill, with an operator and a provider in it. A process of its own
answers, as one of `acca serve` does; all is measured once while odds stand still, and once while
another process changes those of the whole catalogue.
"""

import asyncio
import json
import multiprocessing
import resource
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import exp, log
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import NamedTuple

import numpy as np
import structlog
import uvloop

from acca.api.app import build_app
from acca.api.measures import Measures
from acca.api.serving import serve_api
from acca.bench.asker import Answered, ask_for, request
from acca.boot import (
    calm_collector,
    monotonic_seconds,
    new_card_code,
    random_bytes,
    unix_seconds,
)
from acca.core.catalogue.told import Head, HeadTold, Name, OddsTold, Price
from acca.core.markets.football import FOOTBALL
from acca.engine import Means, open_engine
from acca.flows.add_card import add_card
from acca.flows.apply_feed import apply_entries
from acca.flows.move_card import publish
from acca.store.clock import read_clock
from acca.store.connection import Database, open_database
from acca.store.results import Source
from acca.wire.card_files import parse_card_file

OPERATOR = "bench"
EVENTS, BETS = 2_000, 40
_SECONDS = 4.0
_CONNECTIONS = 8
_AT_ONCE = 200
_TIPS, _COUPONS = 20, 10
_MARKETS = {"MRFT", "OUFT", "BTTSFT", "MRHT", "OUHT", "MR2H", "OEFT"}
_BANDS = ("1.25-1.99", "1.25-4.99", "2.00-9.99")
_SEED = 7


class CardsFigure(NamedTuple):
    """What was asked for, while odds stood still or moved, and how it was answered."""

    name: str
    odds: str
    answered: Answered


class CardsMeasured(NamedTuple):
    """All figures, and how many MB the process held before and after it read the catalogue."""

    figures: list[CardsFigure]
    idle_mb: int
    full_mb: int


class _Shop(NamedTuple):
    lists: tuple[str, ...]
    smartbet: str
    events: tuple[int, ...]


async def measure_cards(url: str, provider: int) -> CardsMeasured:
    """Fill a database with events and cards, and ask a process for them."""
    async with open_database(url) as database:
        shop = await _fill(database, provider)
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    stop, move = context.Event(), context.Event()
    serving = context.Process(target=_serve, args=(url, there))
    feeding = context.Process(target=_feed, args=(url, provider, move, stop))
    serving.start()
    feeding.start()
    try:
        port, idle = await asyncio.to_thread(here.recv)
        figures = await _ask(port, shop, "still")
        move.set()
        figures += await _ask(port, shop, "moving")
        here.send(None)
        return CardsMeasured(figures, idle, await asyncio.to_thread(here.recv))
    finally:
        stop.set()
        move.set()
        for process in (serving, feeding):
            await asyncio.to_thread(process.join, 20)
            process.kill()


async def _ask(port: int, shop: _Shop, odds: str) -> list[CardsFigure]:
    dice = np.random.default_rng(_SEED)
    lists = [request("GET", path) for path in shop.lists]
    found: list[CardsFigure] = []

    async def measure(name: str, many: int, make: Iterator[bytes], status: bytes = b"200") -> None:
        answered = await ask_for(port, _SECONDS, many, lambda: next(make), status)
        found.append(CardsFigure(name, odds, answered))

    await measure("lists", _CONNECTIONS, _turns(lists))
    await measure("one list at a time", 1, _turns(lists))
    if odds == "still":
        tagged = [await _tagged(port, path) for path in shop.lists]
        await measure("lists that have not changed", _CONNECTIONS, _turns(tagged), b"304")
    await measure("smartbets, one at a time", 1, _wishes(shop, dice, exclude=False))
    await measure("smartbets without some events", 1, _wishes(shop, dice, exclude=True))
    return found


def _turns(requests: list[bytes]) -> Iterator[bytes]:
    while True:
        yield from requests


def _wishes(shop: _Shop, dice: np.random.Generator, *, exclude: bool) -> Iterator[bytes]:
    while True:
        stake = int(exp(dice.uniform(log(1_000), log(100_000))))
        win = int(stake * exp(dice.uniform(log(1.5), log(1_000))))
        risk = _BANDS[int(dice.integers(0, len(_BANDS)))]
        some = [int(each) for each in dice.choice(shop.events, 5)] if exclude else []
        wish = {"stake": stake, "win": win, "risk": risk, "exclude": some}
        yield request("POST", f"/bc/smartbets/{shop.smartbet}", json.dumps(wish).encode())


async def _tagged(port: int, path: str) -> bytes:
    """Make the request of somebody who has the list already."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("GET", path, b"", "connection: close"))
    head = (await reader.read()).partition(b"\r\n\r\n")[0].decode()
    writer.close()
    (tag,) = [line[6:] for line in head.split("\r\n") if line.startswith("etag: ")]
    return request("GET", path, b"", f"if-none-match: {tag}")


# ---- the process that answers, and the one that changes odds


def _serve(url: str, parent: Connection) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_answer(url, parent))


async def _answer(url: str, parent: Connection) -> None:
    log = structlog.wrap_logger(None, wrapper_class=structlog.make_filtering_bound_logger(50))
    means = Means(unix_seconds, monotonic_seconds, random_bytes, log, allow_private=True)
    stopping = asyncio.Event()
    async with (
        open_database(url, connections_max=4) as database,
        open_engine(database, means) as engine,
    ):
        calm_collector()
        with socket.create_server(("127.0.0.1", 0)) as door:
            port = door.getsockname()[1]

            def ready() -> None:
                parent.send((port, _memory_mb()))

            serving = asyncio.create_task(
                serve_api(build_app(engine, Measures()), door, stopping, ready)
            )
            await asyncio.to_thread(parent.recv)
            parent.send(_memory_mb())
            stopping.set()
            await serving


def _memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _feed(url: str, provider: int, move: Event, stop: Event) -> None:
    asyncio.run(_change_odds(url, provider, move, stop))


async def _change_odds(url: str, provider: int, move: Event, stop: Event) -> None:
    """Change the odds of 200 events five times a second, as a busy evening's feeds do."""
    dice = np.random.default_rng(_SEED)
    async with open_database(url, connections_max=2) as database:
        _ = await asyncio.to_thread(move.wait)
        version = 3
        while not stop.is_set():
            some = dice.choice(EVENTS, _AT_ONCE, replace=False).tolist()
            told = [_odds_told(version, number, dice) for number in some]
            _ = await apply_entries(database, provider, told, Source.FEED)
            version += 1
            await asyncio.sleep(0.2)


# ---- what is on offer


async def _fill(database: Database, provider: int) -> _Shop:
    async with database.reader() as reader:
        now = (await read_clock(reader)).now
    dice = np.random.default_rng(_SEED)
    ids: list[int] = []
    for first in range(0, EVENTS, _AT_ONCE):
        numbers = range(first, first + _AT_ONCE)
        heads = [_head_told(number, now + timedelta(hours=1 + number % 96)) for number in numbers]
        added = await apply_entries(database, provider, heads, Source.FEED)
        ids += [one.event_id for one in added if one.event_id is not None]
        odds = [_odds_told(2, number, dice) for number in numbers]
        _ = await apply_entries(database, provider, odds, Source.FEED)
    codes = [await _publish(database, card) for card in _cards(ids)]
    products = ("quicktips", "quickbets", "jackpots", "smartbets")
    lists = tuple(f"/bc/{product}?operator={OPERATOR}" for product in products)
    return _Shop(lists, codes[-1], tuple(ids))


def _head_told(number: int, starts: datetime) -> HeadTold:
    league = Name(f"league-{number % 50}", f"League {number % 50}")
    sides = Name(f"home-{number}", f"Home {number}"), Name(f"away-{number}", f"Away {number}")
    head = Head("football", Name("kenya", "Kenya"), league, *sides, starts, live=False)
    return HeadTold(f"event-{number}", 1, head)


def _sets() -> list[tuple[int, ...]]:
    """Choose markets of football of about forty bets that can only be won or lost."""
    chosen: list[tuple[int, ...]] = []
    for market in FOOTBALL.markets:
        for line in market.bets():
            is_plain = line[0].line is None or line[0].line.endswith(".5")
            fits = sum(map(len, chosen)) + len(line) <= BETS
            if market.code in _MARKETS and is_plain and fits:
                chosen.append(tuple(bet.id for bet in line))
    return chosen


_SETS = _sets()


def _odds_told(version: int, number: int, dice: np.random.Generator) -> OddsTold:
    """Tell odds of every set: random shares of one, and a margin of 3 to 8 %."""
    prices: list[Price] = []
    for bets in _SETS:
        shares = dice.dirichlet(np.full(len(bets), 4.0))
        margin = float(dice.uniform(1.03, 1.08))
        for bet, share in zip(bets, shares.tolist(), strict=True):
            prices.append(Price(max(102, min(9_000, round(100 / max(share, 0.01) / margin))), bet))
    return OddsTold(f"event-{number}", version, tuple(prices))


def _cards(ids: list[int]) -> Iterator[dict[str, object]]:
    for first in range(_TIPS):
        tips = [{"event": event, "bet": 1, "reason": "Home."} for event in ids[first::400]]
        yield {"type": "quicktip", "tips": tips}
    for first in range(_COUPONS):
        coupon = [{"event": event, "bets": [1, 2, 3]} for event in ids[first::100]]
        yield {
            "type": "quickbet",
            "prices": [1000],
            "min_events": 1,
            "max_events": 20,
            "events": coupon,
        }
    yield {
        "type": "jackpot", "price": 5000, "max_lines": 1000, "events": ids[:17],
        "tiers": [{"kind": "shared_amount", "amount": 100_000_000}],
        "void_steps": [{"policy": "refund_all", "threshold": 5}],
    }  # fmt: skip
    yield {
        "type": "smartbet", "stakes": [1000], "wins": [5000], "risks": list(_BANDS),
        "max_events": 30, "events": ids,
    }  # fmt: skip


async def _publish(database: Database, told: dict[str, object]) -> str:
    file = parse_card_file(json.dumps({"title": "A card", "currency": "KES", **told}).encode())
    card = await add_card(database, OPERATOR, file, new_card_code, "bench")
    _ = await publish(database, OPERATOR, card.code, "bench")
    return card.code
