"""Tickets are cashed out on real processes while odds move, matches begin, end and are corrected.

`ACCA_CASH_OUTS=10000 pytest -s -o faulthandler_timeout=9999 …` races so many, and tells figures.
"""

import asyncio
import os
import random
from collections import Counter
from itertools import count

from acceptance.commands import ACCA
from feed_entries import head_told, odds_told, result_told
from season_lived import live
from season_written import FEED_KEY, KEY, Lived, chunks
from settling_made import AWAY_WINS, CANCELLED, HOME_WINS, begin, opened
from ticket_lives import accept, rows, save
from tickets_made import new_ticket

from acca.core.finance import Payout, TaxTerms
from acca.core.keys import Holder, Secret
from acca.core.odds import total_odds
from acca.core.operator import WebhookBlanks
from acca.flows.apply_feed import apply_entries
from acca.flows.rotate_key import add_key
from acca.store.feed import note_alive
from acca.store.results import Source
from acca.wire.pam_calls import Teller, tell_placing
from acca_client.engine import AsyncEngine
from acca_client.errors import CashOutNotAvailable, CashOutValueChanged
from acca_sandbox.wallet.faults import Fault

TICKETS = int(os.environ.get("ACCA_CASH_OUTS", "400"))
EVENTS, CLIENTS, SEED = 60, 12, 7
OUTCOMES = ("ticket_update", "ticket_win", "ticket_lost", "ticket_void", "ticket_rollback")
KINDS = ("error", "cut", "drop", "duplicate")
FAULTS = [Fault(kind=kind, action=each, probability=0.02) for each in OUTCOMES for kind in KINDS]
DECIDED = {"settle", "correct", "reopen"}
VERSIONS = count(10)

ENDS = """
    SELECT
        encode(ticket.id, 'hex'), state.status, state.result, state.net_cents, state.sealed,
        array_agg(journal.kind ORDER BY journal.n), array_agg(journal.action ORDER BY journal.n)
    FROM ticket
    JOIN ticket_state AS state ON state.operator = ticket.operator AND state.id = ticket.id
    JOIN journal ON journal.operator = ticket.operator AND journal.ticket = ticket.id
    GROUP BY ticket.operator, ticket.id, state.operator, state.id
"""
CLOSE = """
    SELECT count(DISTINCT ticket.id)
    FROM journal
    JOIN ticket ON ticket.operator = journal.operator AND ticket.id = journal.ticket
    JOIN result ON result.event = ANY(ticket.events)
        AND result.confirmed BETWEEN journal.at AND journal.at + interval '1 second'
    WHERE journal.kind = 'cash out'
"""


async def write(database):
    """Write open quickbets of one to three legs on home sides."""
    site = await begin(database, count=EVENTS, features="reserve,paid,cash-out")
    await site.set(update_types="quickbet", clock_window="300s")
    await add_key(database, Holder.OPERATOR, "site", Secret(KEY), "test")
    await add_key(database, Holder.PROVIDER, "feeder", Secret(FEED_KEY), "test")
    dice = random.Random(SEED)
    for many in chunks([made(site, dice) for _ in range(TICKETS)], 250):
        await accept(database, *many)
        await save(database, *map(opened, many))
    return Lived(site, {}, {})


def made(site, dice):
    events = dice.sample(site.events, dice.randint(1, 3))
    total = total_odds([150] * len(events))
    gross = 10 * total
    ticket = new_ticket(
        site.operator, events, player=f"player-{dice.randint(1, 200)}", total_odds=total,
        payout=Payout(gross, 0, gross, gross),
    )  # fmt: skip
    teller = Teller("site", WebhookBlanks.KEEP)
    return ticket._replace(telling=tell_placing(teller, ticket.facts, TaxTerms()))


class Crowd:
    """Players who cash out; what each was told is kept by ticket."""

    def __init__(self, engine, ids):
        self._engine, self._dice = engine, random.Random(SEED)
        self._waiting = ids
        self._kept, self._kicked_off = len(ids) * 2 // 3, asyncio.Event()
        self.told, self.paid = Counter(), {}

    async def play(self):
        await asyncio.gather(*(self._client() for _ in range(CLIENTS)))

    async def _client(self):
        while self._waiting:
            if len(self._waiting) <= self._kept:
                # The others race with the results.
                await self._kicked_off.wait()
            if self._waiting:
                await self._cash_out(self._waiting.pop())

    @property
    def waits(self):
        return len(self._waiting) <= self._kept

    def go_on(self):
        self._kicked_off.set()

    async def _cash_out(self, id_):
        try:
            offer = await self._engine.cash_out_offer(id_)
        except CashOutNotAvailable:
            self.told["nothing offered"] += 1
            return
        # Some think it over, while matches go on.
        await asyncio.sleep(self._dice.random() * 0.2)
        amount = offer.amount_cents + (self._dice.random() < 0.05)
        times = 2 if self._dice.random() < 0.1 else 1
        await asyncio.gather(*(self._accept(id_, amount) for _ in range(times)))

    async def _accept(self, id_, amount):
        try:
            ticket = await self._engine.cash_out(id_, amount)
        except CashOutNotAvailable:
            self.told["not available any more"] += 1
        except CashOutValueChanged:
            self.told["value changed"] += 1
        else:
            assert id_ not in self.paid, "one of two at once is refused"
            self.paid[id_] = ticket.amounts.net_payout_cents
            self.told["cashed out"] += 1


class World:
    """What happens to the matches meanwhile, told as a provider tells it."""

    def __init__(self, means):
        self._means, self._dice = means, random.Random(SEED + 1)
        self._site = means.lived.site

    async def _tell(self, *entries):
        async def apply(database):
            async with database.writer() as writer:
                # Nobody buys back by what a silent provider said.
                await note_alive(writer, self._site.provider)
            return await apply_entries(database, self._site.provider, entries, Source.FEED)

        judged = [one.judged for one in await self._means.read(apply)]
        assert not [one for one in judged if one.verdict.value in {"refused", "defective"}], judged

    async def move_odds(self):
        keys = [f"x{number}" for number in self._dice.sample(range(EVENTS), 20)]
        home = self._dice.choice([145, 150, 155])
        await self._tell(*(odds_told(next(VERSIONS), self._odds(home), key) for key in keys))

    def _odds(self, home):
        return {1: home, 2: 400, 3: 700}

    async def kick_off(self, starts):
        """Let all matches begin, and most be priced in play."""
        for keys in chunks([f"x{number}" for number in range(EVENTS)], 20):
            live_ = [
                head_told(next(VERSIONS), key, starts=starts, live=True, home=f"{key}-home")
                for key in keys
            ]
            await self._tell(*live_)
            priced = [key for key in keys if self._dice.random() < 0.8]
            await self._tell(*(odds_told(next(VERSIONS), self._odds(140), key) for key in priced))

    async def end(self, share):
        """Let matches end one after another; some wrong first, some never played."""
        for number in self._dice.sample(range(EVENTS), EVENTS):
            result = self._dice.choices([HOME_WINS, AWAY_WINS, CANCELLED], (60, 35, 5))[0]
            key = f"x{number}"
            if self._dice.random() < 0.1:
                wrong = AWAY_WINS if result is HOME_WINS else HOME_WINS
                await self._tell(result_told(next(VERSIONS), wrong, key))
                await asyncio.sleep(share)
                await self._tell(result_told(next(VERSIONS), result, key, corrects=True))
            else:
                await self._tell(result_told(next(VERSIONS), result, key))
            await asyncio.sleep(share)


async def starts_of(database):
    return (await rows(database, "SELECT min(starts) FROM event"))[0][0]


async def test_no_ticket_is_cashed_out_and_settled_otherwise(place):
    async with live(place, ACCA.parent) as means:
        await means.begin_with(write)
        ids = [row[0] for row in await means.read(lambda database: rows(database, ENDS))]
        await means.set_faults(FAULTS)
        world = World(means)
        starts = await means.read(starts_of)
        async with AsyncEngine(means.url, "site", KEY) as engine:
            crowd = Crowd(engine, ids)
            playing = asyncio.create_task(crowd.play())
            while not crowd.waits:
                await world.move_odds()
                await asyncio.sleep(0.1)
            await means.advance("61m")
            await world.kick_off(starts)
            crowd.go_on()
            ending = asyncio.create_task(world.end(TICKETS / EVENTS / 100))
            await asyncio.gather(playing, ending)
        await means.wait_until_still()
        ends = await means.read(lambda database: rows(database, ENDS))
        close = (await means.read(lambda database: rows(database, CLOSE)))[0][0]
        report = await means.report()
    check(ends, crowd)
    assert ([], True) == (report.differences, report.audit_is_clean), report.audit
    said = (dict(crowd.told), f"{close} within a second of a result", report.calls, report.faults)
    print(*said)  # noqa: T201 - figures for who asks for them
    raced = crowd.told["not available any more"] + crowd.told["value changed"]
    assert min(raced, crowd.told["cashed out"], close) > 0


def check(ends, crowd):
    """Check that each ticket is cashed out or settled, and as the player was told."""
    assert TICKETS == len(ends)
    for id_, status, result, net, sealed, kinds, actions in ends:
        assert (status, sealed) == ("resulted", id_ in crowd.paid), (id_, kinds)
        if not sealed:
            assert "cash out" not in kinds, (id_, kinds)
            assert DECIDED & set(kinds), (id_, kinds)
            continue
        at = kinds.index("cash out")
        # What a wrong result had decided was taken back before.
        before = [each for each in kinds[:at] if each in DECIDED]
        assert before[-1:] in ([], ["reopen"]), (id_, kinds)
        assert {"cash out"} == set(kinds[at:]), (id_, kinds)
        assert ["ticket_update", "ticket_win"] == actions[at:], id_
        assert ("won", crowd.paid[id_]) == (result, net), id_
