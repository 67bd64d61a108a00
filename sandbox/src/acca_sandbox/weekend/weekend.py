"""A weekend from its cards to its closing table, on a sandbox that runs already."""

import asyncio
import contextlib
import datetime as dt
import re
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from itertools import islice
from random import Random
from typing import NamedTuple

import httpx2

from acca_client.betcards import AsyncBetCards
from acca_client.engine import AsyncEngine
from acca_client.feed import AsyncFeedClient
from acca_client.tickets import Ticket, TicketEvent
from acca_sandbox.clock import VirtualClock
from acca_sandbox.storm.control import read_held
from acca_sandbox.storm.crowd import PATIENCE, Crowd, Heard
from acca_sandbox.storm.plan import Answered
from acca_sandbox.storm.reckoning import Follower
from acca_sandbox.storm.storm import calm_down, issue_tokens, settle_down
from acca_sandbox.storm.town import OPERATOR, PROVIDER, Town
from acca_sandbox.weekend.cashing import CashDesk, choose
from acca_sandbox.weekend.fixtures import Matches, RealMatches, SimulatedMatches
from acca_sandbox.weekend.plan import LINES_DROPPED, Say, WeekendPlan, WeekendReport
from acca_sandbox.weekend.players import DroppingLine, Players
from acca_sandbox.weekend.reckoning import difference, list_all, sum_up
from acca_sandbox.weekend.templates import compose_cards

_CORRECTED = 2
_SAY_SECONDS, _LOOKS = 0.2, 2
_DAYS_SHOWN = 9
"""The next Sunday is among them."""
_A_DAY_ON = dt.timedelta(hours=25)
_AFTER_THE_WINDOW = dt.timedelta(hours=49)
"""A match that was put off is void when it was not played within two days."""
_SIDES = frozenset({"1", "2"})
_SCORE = re.compile(r"^(\d+)-(\d+)$")


class _Weekend(NamedTuple):
    """What a weekend is played with."""

    plan: WeekendPlan
    town: Town
    engine: AsyncEngine
    cards: AsyncBetCards
    line: DroppingLine
    follower: Follower
    desk: CashDesk
    matches: Matches
    clock: VirtualClock
    say: Say


async def play_weekend(plan: WeekendPlan, town: Town, say: Say) -> WeekendReport:
    """Offer, sell, play, settle, correct and close; return what it came to."""
    async with _opened(plan, town, say) as weekend:
        say("matches and cards", 0, 1)
        await weekend.matches.offer()
        now = await weekend.clock.now()
        days = (weekend.matches.ends[-1].date() - now.date()).days + 1
        made = await compose_cards(town.group.acca, OPERATOR, town.folder, days)
        answered, heard = await _sell(weekend)
        await _calm_down(weekend, "tickets are told")
        chosen = choose(heard, plan.seed)
        await _cash_out(weekend, chosen.early)
        await _kick_off(weekend, chosen.late)
        await _play_matches(weekend)
        corrected = await _correct(weekend)
        faults = await town.wallet.end_faults()
        # What the wallet refused for good is told again, as the operator's staff would have it.
        _ = await town.group.acca.run("deliveries", "replay", OPERATOR, "--all")
        await _close(weekend)
        return await _reckon(weekend, made, answered, corrected, faults)


async def offer_more(plan: WeekendPlan, town: Town) -> None:
    """Offer the next matches of a simulated league, with cards, to whoever looks at the shop."""
    clock = VirtualClock(town.group.acca.run)
    transport = httpx2.AsyncHTTPTransport()
    async with AsyncFeedClient(
        town.group.url, PROVIDER, town.feed_key, transport=transport
    ) as feed:
        now = await clock.now()
        await SimulatedMatches(feed, plan.seed + 1, now).offer()
    _ = await compose_cards(town.group.acca, OPERATOR, town.folder, _DAYS_SHOWN)


@contextlib.asynccontextmanager
async def _opened(plan: WeekendPlan, town: Town, say: Say) -> AsyncGenerator[_Weekend]:
    url, clock = town.group.url, VirtualClock(town.group.acca.run)
    line = DroppingLine(
        plan.clients,
        LINES_DROPPED,
        Random(plan.seed),  # noqa: S311 - the same on each run
    )
    plain = httpx2.AsyncHTTPTransport
    async with (
        AsyncEngine(url, OPERATOR, town.key, patience=PATIENCE, transport=line) as engine,
        AsyncBetCards(url, OPERATOR, patience=PATIENCE, transport=plain()) as cards,
        AsyncFeedClient(url, PROVIDER, town.feed_key, transport=plain()) as feed,
    ):
        now = await clock.now()
        matches: Matches = (
            SimulatedMatches(feed, plan.seed, now)
            if plan.data is None
            else RealMatches(town.group.acca, plan.data, town.folder, now)
        )
        follower, desk = Follower(engine, {"new"}), CashDesk(engine, plan.clients)
        yield _Weekend(plan, town, engine, cards, line, follower, desk, matches, clock, say)


async def _sell(weekend: _Weekend) -> tuple[Answered, Sequence[Heard]]:
    plan, crowd = weekend.plan, Crowd(weekend.engine, weekend.line)
    tokens = await issue_tokens(weekend.town.wallet, plan.players, plan.tickets)
    wishes = Players(weekend.cards, plan.seed).wishes(tokens)

    async def tell() -> None:
        while True:
            weekend.say("players place tickets", len(crowd.heard), plan.tickets)
            await asyncio.sleep(_SAY_SECONDS)

    telling = asyncio.create_task(tell())
    try:
        for number in range(plan.rounds - 1):
            await weekend.town.wallet.set_faults(plan.faults, plan.seed + number)
            some = islice(wishes, plan.tickets // plan.rounds)
            _ = await crowd.ask_all(some, plan.clients)
        await weekend.town.wallet.set_faults(plan.faults, plan.seed + plan.rounds)
        return await crowd.ask_all(wishes, plan.clients), crowd.heard
    finally:
        _ = telling.cancel()


async def _cash_out(weekend: _Weekend, tickets: Sequence[str]) -> None:
    weekend.say("players cash out", 0, 1)
    await weekend.desk.cash_out(tickets)


async def _kick_off(weekend: _Weekend, tickets: Sequence[str]) -> None:
    """Let players cash out while the first matches are under way, where those have odds."""
    if weekend.matches.under_way is None:
        return await _cash_out(weekend, tickets)
    now = await weekend.clock.advance_to(weekend.matches.under_way)
    await weekend.matches.tell(now)
    return await _cash_out(weekend, tickets)


async def _play_matches(weekend: _Weekend) -> None:
    """Jump from the end of one day's matches to the next; results decide tickets meanwhile."""
    ends = weekend.matches.ends
    for place, end in enumerate(ends):
        weekend.say(f"{end:%A}'s matches", place, len(ends))
        now = await weekend.clock.advance_to(end)
        await weekend.matches.tell(now)
        await _calm_down(weekend, f"{end:%A}'s matches are settled")


async def _correct(weekend: _Weekend) -> list[str]:
    """Correct the results of the two matches whose winner most players named: their scores turn."""
    weekend.say("two results are corrected", 0, 1)
    wins: Counter[int] = Counter()
    events: dict[int, TicketEvent] = {}
    async for ticket in weekend.engine.each_ticket(result="won"):
        # No result touches a ticket that was cashed out.
        for leg in () if ticket.is_cashed_out else ticket.legs:
            # A score that is turned round takes nothing from who bet on the number of goals.
            if leg.bet.code in _SIDES:
                wins[leg.event.id] += 1
                events[leg.event.id] = leg.event
    acca = weekend.town.group.acca
    # Nobody else is here to confirm what one person enters.
    _ = await acca.run("platform", "set", "two_person_results=off")
    corrected: list[str] = []
    for id_, count in wins.most_common():
        event = events[id_]
        turned = _turned(event)
        if turned is None or len(corrected) == _CORRECTED:
            continue
        _ = await acca.run("result", "enter", str(id_), turned, "--correct")
        teams = f"{event.home_team.name} - {event.away_team.name}"
        was = event.score.ft if event.score else ""
        corrected.append(f"{teams} from {was} to {turned} ({count:,} winning legs)")
    await _calm_down(weekend, "wrong payouts are taken back")
    return corrected


def _turned(event: TicketEvent) -> str | None:
    """Turn a score round, in both halves; None where that would change nothing."""
    if event.score is None or event.score.ht is None:
        return None
    full, half = _SCORE.match(event.score.ft), _SCORE.match(event.score.ht)
    if full is None or half is None or full[1] == full[2]:
        return None
    return f"{full[2]}-{full[1]}ht{half[2]}-{half[1]}"


async def _close(weekend: _Weekend) -> None:
    """Let matches that were put off be void, and everything be closed a day after it was told."""
    for by in (_AFTER_THE_WINDOW, _A_DAY_ON):
        now = await weekend.clock.advance(by)
        await weekend.matches.tell(now)
        await _calm_down(weekend, "tickets are closed")


async def _calm_down(weekend: _Weekend, words: str) -> None:
    """Wait until nothing moves; what the wallet failed to take is told again as time goes on."""
    weekend.say(words, 0, 1)
    _ = await calm_down(weekend.town.wallet, weekend.follower, looks=_LOOKS)


async def _reckon(
    weekend: _Weekend,
    made: Counter[str],
    answered: Answered,
    corrected: Sequence[str],
    faults: Counter[str],
) -> WeekendReport:
    weekend.say("reckoning", 0, 1)
    town, follower = weekend.town, weekend.follower
    left = await settle_down(town.group.acca, town.wallet, follower)
    export = await town.wallet.export()
    stats = await town.wallet.stats()
    file = town.folder / "wallet-export.jsonl"
    _ = await asyncio.to_thread(file.write_bytes, export)
    audit = await town.group.acca.try_to("audit", "--young", "0s", "--wallet", str(file))
    tickets: list[Ticket] = await list_all(weekend.engine)
    reserved = {id_ for id_, seen in follower.tickets.items() if seen.is_reservation}
    return WeekendReport(
        matches=weekend.matches.count,
        cards=made,
        answered=answered,
        dropped=weekend.line.dropped,
        sales=sum_up(tickets),
        cashed_out=weekend.desk.done,
        corrected=corrected,
        deliveries=follower.actions,
        calls=stats.pam_calls,
        faults=faults,
        difference_cents=difference(tickets, read_held(export), reserved),
        violations=stats.violations,
        left=left,
        audit=(audit.stdout + audit.stderr).strip(),
        audit_is_clean=audit.returncode == 0,
    )
