"""A storm from its first process to its reckoning."""

import asyncio
import datetime as dt
import math
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import httpx2

from acca_client.engine import AsyncEngine
from acca_client.feed import AsyncFeedClient
from acca_client.journal import TimelineEntry
from acca_sandbox.storm.control import WalletControl, read_held
from acca_sandbox.storm.crowd import PATIENCE, Counting, Crowd, Wish, make_wishes
from acca_sandbox.storm.kills import kill_now_and_then
from acca_sandbox.storm.plan import Answered, Say, StormPlan, StormReport
from acca_sandbox.storm.processes import Acca
from acca_sandbox.storm.reckoning import Follower, Seen, reckon
from acca_sandbox.storm.season import Offered, tell_season
from acca_sandbox.storm.town import OPERATOR, PROVIDER, Town, run_town

_SAY_SECONDS = 0.2
_LOOK_SECONDS = 0.5
STILL_LOOKS = 3
"""After so many looks in which nothing moved, business time is moved."""
_SETTLE_SECONDS_MAX = 300.0
_STEPS = ("61s", "31m")
"""Discards are due after a minute, and again each half an hour; reservations end after an hour."""


class _Audit(NamedTuple):
    text: str
    is_clean: bool


def _say_nothing(_: int) -> None:
    pass


async def storm(
    plan: StormPlan, commands: Path, parent: Path, say: Say = _say_nothing
) -> StormReport:
    """Run a storm with the commands in a folder; what it makes lies below `parent`, and goes."""
    transport = Counting(plan.clients)
    async with (
        run_town(commands, parent, plan.clients, plan.seed) as town,
        AsyncEngine(
            town.group.url, OPERATOR, town.key, patience=PATIENCE, transport=transport
        ) as engine,
    ):
        crowd = Crowd(engine, transport)
        answered, killed = await _blow(plan, town, crowd, say)
        faults = await town.wallet.end_faults()
        follower = Follower(engine)
        left = await settle_down(town.group.acca, town.wallet, follower)
        export = await town.wallet.export()
        reckoned = reckon(follower.tickets, read_held(export), crowd.heard, left)
        audit = await _audit(town, export)
        return StormReport(
            answered=answered,
            reckoned=reckoned,
            faults=faults,
            kills=killed,
            audit=audit.text,
            audit_is_clean=audit.is_clean,
            timeline=await _pick_timeline(engine, follower.tickets),
        )


async def _blow(
    plan: StormPlan, town: Town, crowd: Crowd, say: Say
) -> tuple[Answered, Counter[str]]:
    tokens = await issue_tokens(town.wallet, plan.clients, plan.tickets)
    offered = await _tell_season(town, plan.seed)
    await town.wallet.set_faults(plan.faults, plan.seed)
    wishes = map(_ready, make_wishes(plan.seed, offered, tokens))
    telling = asyncio.create_task(_tell(crowd, say))
    try:
        async with asyncio.TaskGroup() as group:
            kills = kill_now_and_then(plan, town.group, crowd.until_answered)
            killing = group.create_task(kills)
            asking = group.create_task(crowd.ask_all(wishes, plan.clients))
    finally:
        _ = telling.cancel()
    say(len(crowd.heard))
    return asking.result(), killing.result()


async def _tell(crowd: Crowd, say: Say) -> None:
    while True:
        say(len(crowd.heard))
        await asyncio.sleep(_SAY_SECONDS)


async def _tell_season(town: Town, seed: int) -> list[Offered]:
    transport = httpx2.AsyncHTTPTransport()
    async with AsyncFeedClient(
        town.group.url, PROVIDER, town.feed_key, transport=transport
    ) as feed:
        return await tell_season(feed, seed, dt.datetime.now(dt.UTC))


async def _ready(wish: Wish) -> Wish:
    return wish


async def issue_tokens(wallet: WalletControl, players: int, count: int) -> list[str]:
    """Have so many tokens, those of one player far from each other."""
    each = -(-count // players)
    named = [f"player-{number}" for number in range(1, players + 1)]
    issued = [await wallet.issue_tokens(player, each) for player in named]
    return [token for row in zip(*issued, strict=True) for token in row][:count]


async def settle_down(acca: Acca, wallet: WalletControl, follower: Follower) -> int:
    """Wait until all is told, business time moving whenever nothing else does; count what is not.

    A ticket whose call was lost is recovered in machine time, which nobody moves.
    """
    end, steps = time.monotonic() + _SETTLE_SECONDS_MAX, 0
    while True:
        left = await calm_down(wallet, follower, end)
        if not left or time.monotonic() > end:
            return left
        _ = await acca.run("clock", "advance", _STEPS[min(steps, len(_STEPS) - 1)])
        steps += 1


async def calm_down(
    wallet: WalletControl, follower: Follower, end: float = math.inf, looks: int = STILL_LOOKS
) -> int:
    """Wait until nothing moves any more, for so many looks; count what is still not told.

    `end` is when to give up, in seconds of the process.
    """
    still, before = 0, (-1, -1)
    while True:
        await follower.catch_up()
        left = follower.unsettled(read_held(await wallet.export()))
        still = still + 1 if (left, follower.read) == before else 0
        before = left, follower.read
        if still >= looks or time.monotonic() > end:
            return left
        await asyncio.sleep(_LOOK_SECONDS)


async def _audit(town: Town, export: bytes) -> _Audit:
    file = town.folder / "wallet-export.jsonl"
    _ = await asyncio.to_thread(file.write_bytes, export)
    done = await town.group.acca.try_to("audit", "--young", "0s", "--wallet", str(file))
    return _Audit((done.stdout + done.stderr).strip(), done.returncode == 0)


async def _pick_timeline(engine: AsyncEngine, tickets: dict[str, Seen]) -> Sequence[TimelineEntry]:
    """Show a ticket that had to be discarded, the one of some that took most attempts."""
    discarded = [id_ for id_, seen in tickets.items() if seen.waits_for]
    shown = [await engine.timeline(id_) for id_ in (discarded or list(tickets))[:_SHOWN_MAX]]
    return max(shown, key=_attempts, default=())


_SHOWN_MAX = 40


def _attempts(timeline: Sequence[TimelineEntry]) -> int:
    return sum(len(entry.attempts) for entry in timeline)
