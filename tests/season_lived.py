"""A season on real processes: a wallet that was paid by every ticket, results in disorder, kills.

Tickets are written as an API process writes them, and the wallet is called with those very bytes:
the oracle's tickets have taxes, caps and odds that no operator could sell in one season.
"""

import asyncio
import contextlib
import datetime as dt
import os
import time
from collections import Counter
from itertools import cycle
from math import prod
from typing import NamedTuple

import httpx2
from feed_entries import head_told, odds_told
from oracle.engine import jackpot_of, picks_of, terms_of
from oracle.test_season_settled import CARD, body_of, spelled
from oracle.test_season_settled import FILL as SEASON_FILL
from settling_made import begin
from ticket_lives import rows

from acca.core.finance import Payout, pay_out
from acca.core.keys import Holder, Secret
from acca.core.odds import total_odds
from acca.core.operator import WebhookBlanks
from acca.core.setting import Asked
from acca.core.tax_profiles import TaxProfile
from acca.core.ticket import Source, TicketType
from acca.core.ticket_facts import Facts, Key
from acca.flows.add_card import add_card
from acca.flows.apply_feed import apply_entries
from acca.flows.move_card import publish
from acca.flows.rotate_key import add_key
from acca.flows.set_operator import set_operator
from acca.flows.settle_jackpots import make_seed
from acca.store.connection import open_database
from acca.store.embedded.server import running_url
from acca.store.results import Source as ResultSource
from acca.store.tax_profiles import StoredProfile, append_tax_profile
from acca.wire.card_files import JackpotFile, TierFile, VoidStepFile
from acca.wire.pam_calls import Teller, tell_placing
from acca_client.conversation import Patience
from acca_client.feed import AsyncFeedClient
from acca_client.signature import sign
from acca_sandbox.storm.control import WalletControl, read_held
from acca_sandbox.storm.kills import kill
from acca_sandbox.storm.plan import Victim
from acca_sandbox.storm.processes import Acca, Group, start_wallet, stop

JACKPOTS_FROM = 0xF00000
PLAYERS, PAUSE_SECONDS = 200, 0.3
QUIET, STILL_LOOKS, STILL_SECONDS_MAX = (0, 0, 0, 0, 0), 3, 3_600.0
WALLET_CALLS_AT_ONCE = 24


TOLD_COLUMNS = "status, result, approved, lane, action, body)\n        SELECT $1, id, k"
TOLD_VALUES = """'pending', true, CASE k WHEN 1 THEN 'pam' END,
            CASE k WHEN 1 THEN 'ticket_create' END, CASE k WHEN 1 THEN told END
        FROM given, gen"""
FILL = (
    SEASON_FILL.replace("$19::text[]", "$19::text[], $20::bigint[], $21::text[], $22::bytea[]")
    .replace("odds, card)\n", "odds, card, lines, player_id, told)\n", 1)
    .replace("odds, card, is_reservation", "odds, card, lines, is_reservation")
    .replace("card, false", "card, lines, false")
    .replace("'player'", "player_id")
    .replace("status, result, approved)\n        SELECT $1, id, k", TOLD_COLUMNS)
    .replace("'pending', true\n        FROM given, gen", TOLD_VALUES)
)
"""As a season of the database is written, with players, and calls that the wallet was told."""


class Lived(NamedTuple):
    """A season whose tickets are open and paid: the events by match, and the keys of both sides."""

    site: object
    numbers: dict
    events: dict
    key: str
    feed_key: str


def id_of(number):
    return int(dt.datetime(2026, 5, 1, tzinfo=dt.UTC).timestamp()).to_bytes(4) + number.to_bytes(8)


def recoded(tickets):
    """Give the jackpots of tickets the codes of the engine's cards, and nothing carried in."""
    cards = {each.card: None for each in tickets if each.type == "jackpot"}
    renamed = {
        card: card._replace(code=f"{JACKPOTS_FROM + place:06X}", carried_in=0)
        for place, card in enumerate(cards)
    }
    return [
        each._replace(card=renamed[each.card]) if each.type == "jackpot" else each
        for each in tickets
    ]


@contextlib.asynccontextmanager
async def database_of(home):
    """Open the database of an engine that runs in a home."""
    async with open_database(running_url(home)) as opened:
        yield opened


async def begin_season(database, matches, tickets):
    """Enrol both sides, add the matches and cards, and write the tickets as open ones."""
    site = await begin(database, count=1)
    types = "quicktip,quickbet,smartbet,superbet,jackpot"
    await site.set(update_types=types, superbet_pay_out_ratio="100")
    await add_key(database, Holder.OPERATOR, "site", Secret("a" * 64), "test")
    await add_key(database, Holder.PROVIDER, "feeder", Secret("b" * 64), "test")
    starts = (await rows(database, "SELECT starts FROM event"))[0][0]
    numbers = {match.key: number for number, match in enumerate(matches, 100)}
    events = {}
    for keys in chunks(list(numbers), 300):
        heads = [head_told(1, f"x{numbers[k]}", starts=starts, home=f"h{numbers[k]}") for k in keys]
        odds = [odds_told(2, {1: 150, 2: 400, 3: 700}, f"x{numbers[k]}") for k in keys]
        added = await apply_entries(database, site.provider, heads, ResultSource.FEED)
        await apply_entries(database, site.provider, odds, ResultSource.FEED)
        events |= zip(keys, (one.event_id for one in added), strict=True)
    await add_cards(site, tickets, events)
    await write_open(site, tickets, events)
    return Lived(site, numbers, events, "a" * 64, "b" * 64)


def chunks(values, size):
    return [values[first : first + size] for first in range(0, len(values), size)]


async def add_cards(site, tickets, events):
    """Add a card for each superbet ticket, whatever it would pay, and the jackpots."""
    jackpots = {each.card for each in tickets if each.type == "jackpot"}
    async with site.database.writer() as writer:
        for number, ticket in enumerate(tickets, 2):
            if ticket.type == "superbet":
                event = events[ticket.events[0]]
                body = body_of(ticket, event)
                await writer.run(CARD, site.operator, f"{number:06X}", ticket.amount, event, body)
    for card in jackpots:
        await make_seed(site.database, "site", card.seed, "test")
        await publish_jackpot(site, card, jackpot_of(card, events))


async def publish_jackpot(site, card, body):
    file = JackpotFile(
        type=TicketType.JACKPOT,
        title=card.code,
        currency="KES",
        price_cents=body.price_cents,
        max_lines=body.max_lines,
        tiers=tuple(
            TierFile(kind=kind, amount_cents=cents, pool_rate=rate)
            for kind, cents, rate in body.tiers
        ),
        events=body.events,
        void_steps=tuple(VoidStepFile(**step._asdict()) for step in body.void_steps),
        reserves=body.reserves,
        highest_tier_only=body.highest_tier_only,
        carries_over=body.carries_over,
        commitment=body.commitment,
    )
    await add_card(site.database, "site", file, lambda: card.code, "test")
    await publish(site.database, "site", card.code, "test")


async def write_open(site, tickets, events):
    """Write tickets as new and then as open ones, each with taxes of its own."""
    for many in chunks(list(enumerate(tickets, 2)), 500):
        columns = zip(*(row_of(site.operator, *one, events) for one in many), strict=True)
        async with site.database.writer() as writer:
            for number, ticket in many:
                valid = dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=number)
                stored = StoredProfile(TaxProfile(terms_of(ticket).tax, valid), None)
                await append_tax_profile(writer, site.operator, stored, "test")
            await writer.run(FILL, site.operator, *map(list, columns))


def row_of(operator, number, ticket, events):
    """Spell a ticket as its row, the numbers of its legs as texts, and what the wallet is told."""
    facts = facts_of(operator, number, ticket, events)
    telling = tell_placing(Teller("site", WebhookBlanks.KEEP), facts, terms_of(ticket).tax)
    return (
        facts.key.id, facts.code, ticket.type, *facts.charge, *facts.payout, facts.cap_cents,
        number, ticket.void_refund, facts.total_odds, spelled(facts.events), spelled(facts.bets),
        spelled(facts.odds), facts.card, facts.lines, facts.player, telling.body,
    )  # fmt: skip


def facts_of(operator, number, ticket, events):
    """Make the engine's facts of the oracle's ticket."""
    terms = terms_of(ticket)
    total = total_odds(ticket.odds, terms.tax.rounding) if ticket.odds else None
    paid = Payout(0, 0, 0, 0)
    if total is not None:
        paid = pay_out(terms.charge, total, terms.tax, terms.cap_cents)
    chosen, bets, card, lines = picked(number, ticket, events)
    return Facts(
        key=Key(operator, id_of(number)),
        code=f"{number:06X}",
        type=TicketType(ticket.type),
        source=Source.MOBILE,
        currency="KES",
        player=f"player-{number % PLAYERS + 1}",
        psp=None,
        atag=None,
        rtag=None,
        msisdn=None,
        charge=terms.charge,
        payout=paid,
        cap_cents=terms.cap_cents,
        tax_profile=number,
        void_refund=terms.void_refund,
        affiliate_cents=None,
        affiliate_rate=None,
        total_odds=total,
        events=tuple(chosen),
        bets=tuple(bets),
        odds=ticket.odds,
        card=card,
        lines=lines,
        is_reservation=False,
        created=dt.datetime(2026, 5, 1, tzinfo=dt.UTC),
    )


def picked(number, ticket, events):
    """Tell the events, bets, card and lines of a ticket."""
    if ticket.type == "jackpot":
        chosen, bets = picks_of(ticket, events)
        lines = prod(map(len, ticket.picks[: len(ticket.card.events)]))
        return chosen, bets, ticket.card.code, lines
    legs = ticket.events * (len(ticket.bets) // len(ticket.events))
    card = f"{number:06X}" if ticket.type == "superbet" else None
    return [events[leg] for leg in legs], ticket.bets, card, None


async def pay_in(lived, url):
    """Call a wallet with the create of every ticket, signed and numbered as Acca does."""
    query = "SELECT ticket, body FROM journal WHERE n = 1"
    calls = iter(await rows(lived.site.database, query))
    async with httpx2.AsyncClient(transport=httpx2.AsyncHTTPTransport()) as client:

        async def call():
            for ticket, body in calls:
                answer = await client.post(url, content=body, headers=headers_of(ticket, body))
                assert 200 == answer.status_code, answer.text

        await asyncio.gather(*(call() for _ in range(WALLET_CALLS_AT_ONCE)))


def headers_of(ticket, body):
    now = int(time.time())
    return {
        "timestamp": str(now),
        "signature": sign("a" * 64, now, body),
        "delivery-id": f"{ticket.hex()}-1",
        "attempt": "1",
    }


def told(version, result, key, *, corrects=False):
    """Spell a result as a provider sends it."""
    entry = {
        "kind": "correction" if corrects else "result",
        "event": key,
        "version": version,
        "ending": result.ending.value,
    }
    score = result.score
    if score is None:
        return entry
    spelled = {"total": list(score.total), "periods": [list(each) for each in score.periods]}
    if score.first is not None:
        spelled["first"] = score.first.value
    return {**entry, "score": without_none({**spelled, "periods": spelled["periods"] or None})}


def without_none(members):
    return {name: value for name, value in members.items() if value is not None}


class Report(NamedTuple):
    """What the audit says, how calls failed, and tickets whose money the wallet sees otherwise."""

    audit: str
    audit_is_clean: bool
    calls: dict
    faults: dict
    differences: list


class Means:
    """An engine and a wallet on real processes, and a season that lives on them."""

    def __init__(self, group, folder, stack):
        self._group, self._folder, self._stack = group, folder, stack
        self._home = folder / "home"
        self._wallet = self.lived = self._feed = None

    async def begin(self, matches, tickets):
        """Write the season, start a wallet and have it paid for each ticket."""
        async with database_of(self._home) as database:
            self.lived = await begin_season(database, matches, tickets)
            options = ("--operator", "site", "--key", self.lived.key, "--players=0")
            process, urls = await start_wallet(self._group.acca, self._folder, options)
            self._stack.push_async_callback(stop, process)
            self._wallet = WalletControl(urls["url"])
            self._stack.push_async_callback(self._wallet.close)
            await self._add_players(urls["url"])
            await pay_in(self.lived, urls["pam_url"])
            await set_operator(
                database, "site", [Asked("pam_url", urls["pam_url"])], "test", "it runs now"
            )
        _ = await self._group.acca.run("clock", "advance", "3h")

    async def _add_players(self, url):
        async with httpx2.AsyncClient(transport=httpx2.AsyncHTTPTransport()) as client:
            wanted = {"count": PLAYERS, "balance_cents": 10**17}
            _ = (await client.post(f"{url}/control/players", json=wanted)).raise_for_status()

    async def play(self, batches, kills, faults, dice):
        """Tell results in batches while processes are killed; tell who was."""
        await self._wallet.set_faults(faults, 7)
        killed = Counter()
        due = [len(batches) * (number + 1) // (kills + 1) for number in range(kills)]
        victims = cycle(Victim)
        transport = httpx2.AsyncHTTPTransport()
        patience = Patience(total_seconds=180.0)
        async with AsyncFeedClient(
            self._group.url, "feeder", self.lived.feed_key, patience=patience, transport=transport
        ) as feed:
            for place, batch in enumerate(batches):
                while due and due[0] <= place:
                    victim = next(victims)
                    await kill(self._group, victim)
                    killed[victim.value] += 1
                    due.pop(0)
                verdicts = await feed.send(batch)
                refused = [each for each in verdicts if each.verdict in {"refused", "defective"}]
                assert not refused, refused[:3]
                await asyncio.sleep(dice.random() * PAUSE_SECONDS)
        await self._wait_until_still()
        return killed

    async def wait(self, duration):
        """Let business time pass, and all that it brings be done and told."""
        await self._wait_until_still()
        _ = await self._group.acca.run("clock", "advance", duration)
        await self._wait_until_still()

    async def _wait_until_still(self):
        """Wait until nothing is left to be done or told, business time moving where that stops."""
        still, before = 0, None
        deadline = time.monotonic() + STILL_SECONDS_MAX
        while still < STILL_LOOKS or before != QUIET:
            assert time.monotonic() < deadline, before
            now = await self.read(look)
            still = still + 1 if now == before else 0
            before = now
            if still >= STILL_LOOKS and now != QUIET:
                _ = await self._group.acca.run("clock", "advance", "11m")
                still = 0
            await asyncio.sleep(0.3)

    async def read(self, reading):
        """Read from the database as it stands now."""
        async with database_of(self._home) as database:
            return await reading(database)

    async def report(self):
        """Compare what the wallet holds with the tickets, by the audit and by a look of our own."""
        faults = await self._wallet.end_faults()
        export = await self._wallet.export()
        file = self._folder / "wallet-export.jsonl"
        _ = await asyncio.to_thread(file.write_bytes, export)
        done = await self._group.acca.try_to("audit", "--young", "0s", "--wallet", str(file))
        held = read_held(export)
        differences = [
            (id_.hex(), held[id_.hex()].debit_cents, price - (net if is_paid else 0))
            for id_, price, net, is_paid in await self.read(money_of)
            if held[id_.hex()].debit_cents != price - (net if is_paid else 0)
        ]
        audit = (done.stdout + done.stderr).strip()
        calls = dict(await self.read(count_calls))
        return Report(audit, done.returncode == 0, calls, dict(faults), differences[:5])


async def look(database):
    """Count what waits to be settled, to be told, and to be numbered."""
    query = """
        SELECT (SELECT count(*) FROM settlement_job), (SELECT count(*) FROM settlement_chunk),
            (SELECT count(*) FROM agenda WHERE lane = 'pam'),
            (SELECT count(*) FROM fresh),
            (SELECT count(*) FROM jackpot WHERE step <> 'wait' OR due <= business_now())
    """
    return (await rows(database, query))[0]


async def money_of(database):
    query = """
        SELECT ticket.id, price_cents, state.net_cents, state.result IN ('won', 'void')
        FROM ticket JOIN ticket_state AS state USING (operator, id)
    """
    return await rows(database, query)


async def count_calls(database):
    query = "SELECT action, count(*) FROM journal WHERE lane = 'pam' GROUP BY action"
    return await rows(database, query)


@contextlib.asynccontextmanager
async def live(folder, commands):
    """Run `acca serve` in a folder."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    acca = Acca(commands, {**kept, "ACCA_HOME": str(folder / "home"), "COLUMNS": "100"})
    async with contextlib.AsyncExitStack() as stack:
        group = Group(acca, folder)
        stack.push_async_callback(group.stop)
        await group.start()
        yield Means(group, folder, stack)
