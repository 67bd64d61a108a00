"""A season that begins tomorrow, told through the feed up to now; and what there is to bet on."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import NamedTuple

import msgspec

from acca_client.feed import AsyncFeedClient, Verdict
from acca_client.placing import Pick
from acca_sandbox.simulator.runner import Player
from acca_sandbox.simulator.telling import Entry
from acca_sandbox.simulator.timeline import make_stream
from acca_sandbox.simulator.world import LEAD, make_world

_LEAGUES, _TEAMS = 3, 16
_NUMBERS: Mapping[tuple[str, str | None, str], int] = {
    ("MRFT", None, "1"): 1,
    ("MRFT", None, "X"): 2,
    ("MRFT", None, "2"): 3,
    ("DCFT", None, "1X"): 10,
    ("DCFT", None, "12"): 11,
    ("DCFT", None, "X2"): 12,
    ("DNBFT", None, "1"): 102,
    ("DNBFT", None, "2"): 112,
    ("BTTSFT", None, "Y"): 101,
    ("BTTSFT", None, "N"): 111,
    ("OUFT", "2.5", "O"): 216,
    ("OUFT", "2.5", "U"): 217,
}
"""Acca's numbers of some bets, by market, line and code."""


class _Price(msgspec.Struct, frozen=True):
    market: str
    code: str
    odds: Decimal
    line: str | None = None


class Offered(NamedTuple):
    """The odds of bets of an event, by their numbers."""

    event: int
    odds: dict[int, Decimal]


@dataclass
class _Recorder:
    """Sends entries on, and keeps what is offered."""

    feed: AsyncFeedClient
    offered: dict[int, dict[int, Decimal]] = field(default_factory=dict)

    async def send(self, entries: Sequence[Entry]) -> Sequence[Verdict]:
        verdicts = await self.feed.send(entries)
        for entry, verdict in zip(entries, verdicts, strict=True):
            if verdict.event_id is not None:
                self._note(verdict.event_id, entry)
        return verdicts

    def _note(self, event: int, entry: Entry) -> None:
        if entry["kind"] == "result":
            # It will not be played then.
            _ = self.offered.pop(event, None)
        if entry["kind"] != "odds":
            return
        for price in msgspec.convert(entry["prices"], list[_Price]):
            number = _NUMBERS.get((price.market, price.line, price.code))
            if number is not None:
                self.offered.setdefault(event, {})[number] = price.odds


async def tell_season(feed: AsyncFeedClient, seed: int, now: dt.datetime) -> list[Offered]:
    """Tell all that a season's provider would have told by now; return what is offered."""
    world = make_world(seed, now - LEAD, _LEAGUES, _TEAMS)
    recorder = _Recorder(feed)
    await Player(recorder, make_stream(world)).catch_up(now)
    return [Offered(event, odds) for event, odds in sorted(recorder.offered.items())]


def draw_picks(rng: Random, offered: Sequence[Offered], legs: int) -> list[Pick]:
    """Draw bets on different events."""
    picks: list[Pick] = []
    for event, odds in rng.sample(offered, legs):
        bet = rng.choice(sorted(odds))
        picks.append(Pick(event, bet, odds[bet]))
    return picks
