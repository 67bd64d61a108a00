"""A season settled by the engine, whatever happens on the way, ends as the oracle says."""

import asyncio
import datetime as dt
import random
from itertools import pairwise

import pytest
from feed_entries import head_told, result_told
from oracle import money, season
from oracle.engine import BETS, by_market, result_of, superbet_of, terms_of
from oracle.markets import outcome
from oracle.test_oracle_against_core import SEED, money_terms, played
from settling_made import begin
from ticket_lives import rows

from acca.core.audit import Report
from acca.core.finance import pay_out
from acca.core.odds import total_odds
from acca.core.score import Ending, Result, Score
from acca.core.tax_profiles import TaxProfile
from acca.flows import settle_tickets
from acca.flows.apply_feed import apply_entries
from acca.flows.judge_postponements import judge_postponements
from acca.flows.number_stream import number_stream
from acca.store.audit import audit_operator
from acca.store.operators import get_operator
from acca.store.results import Source
from acca.store.tax_profiles import StoredProfile, append_tax_profile

MATCHES, TICKETS = 400, 1_500
WRONG = Result(Ending.PLAYED, Score((9, 9), ((4, 4), (5, 5))))
__all__ = ["played"]

FILL = """
    WITH given AS (
        SELECT * FROM unnest(
            $2::bytea[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
            $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::integer[],
            $14::text[], $15::bigint[], $16::text[], $17::text[], $18::text[], $19::text[]
        ) AS given (id, code, type, price, stake, ext, gross, wht, net, uncapped, cap, profile,
            void_refund, total, events, bets, odds, card)
    ), facts AS (
        INSERT INTO ticket (operator, id, code, type, source, currency, player, price_cents,
            stake_cents, ext_cents, gross_cents, wht_cents, net_cents, uncapped_cents, cap_cents,
            tax_profile, void_refund, total_odds, events, bets, odds, card, is_reservation, created)
        SELECT $1, id, code, type, 'mobile', 'KES', 'player', price, stake, ext, gross, wht, net,
            uncapped, cap, profile, void_refund, total, events::integer[], bets::smallint[],
            odds::integer[], card, false, business_now()
        FROM given
    ), states AS (
        INSERT INTO ticket_state (operator, id, n, status, result, approved, gross_cents, wht_cents,
            net_cents, updated, player)
        SELECT $1, id, 2, 'open', 'pending', true, gross, wht, net, business_now(), 'player'
        FROM given
    ), entries AS (
        INSERT INTO journal (operator, ticket, n, at, kind, status, result, approved)
        SELECT $1, id, k, business_now(), CASE k WHEN 1 THEN 'new' ELSE 'confirm' END,
            CASE k WHEN 1 THEN 'new' ELSE 'open' END, 'pending', true
        FROM given, generate_series(1, 2) AS k
        RETURNING operator, ticket, n
    )
    INSERT INTO fresh (operator, ticket, n) SELECT * FROM entries ORDER BY 2, 3
"""
CARD = """
    INSERT INTO card (operator, code, type, currency, price_cents, events, body, opens, who,
        published, published_by)
    VALUES ($1, $2, 'superbet', 'KES', $3, ARRAY[$4::integer], $5, business_now(), 'test',
        business_now(), 'test')
"""


def spelled(values):
    return "{" + ",".join(map(str, values)) + "}"


def id_of(number):
    return int(dt.datetime(2026, 5, 1, tzinfo=dt.UTC).timestamp()).to_bytes(4) + number.to_bytes(8)


def row_of(number, ticket, events, card):
    terms = terms_of(ticket)
    total = total_odds(ticket.odds, terms.tax.rounding) if ticket.odds else None
    paid = (0, 0, 0, 0)
    if total is not None:
        paid = pay_out(terms.charge, total, terms.tax, terms.cap_cents)
    legs = ticket.events * (len(ticket.bets) // len(ticket.events))
    return (
        id_of(number), f"{number:06X}", ticket.type, *terms.charge, *paid, terms.cap_cents, number,
        ticket.void_refund, total, spelled(events[leg] for leg in legs), spelled(ticket.bets),
        spelled(ticket.odds), card,
    )  # fmt: skip


def body_of(ticket, event):
    card = superbet_of(ticket)
    prizes = [f'{{"correct":{c},"amount":{a}}}' for c, a in card.prizes]
    return (
        f'{{"type":"superbet","title":"A match","currency":"KES","event":{event},'
        f'"price":{ticket.amount},"questions":{[list(each) for each in card.questions]},'
        f'"prizes":[{",".join(prizes)}],"void_question":"{card.void_question.value}"}}'
    ).encode()


def is_taken(ticket):
    """Tell whether placing would take a ticket: nobody sells odds that no amount can follow."""
    terms = terms_of(ticket)
    total = total_odds(ticket.odds, terms.tax.rounding) if ticket.odds else 100
    return total * terms.charge.stake_cents < 10**18


async def place(database, operator, events, tickets):
    """Write tickets as open ones, each with taxes of its own, superbets with their cards."""
    found = []
    async with database.writer() as writer:
        for number, ticket in enumerate(tickets, 2):
            valid = dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=number)
            stored = StoredProfile(TaxProfile(terms_of(ticket).tax, valid), None)
            await append_tax_profile(writer, operator, stored, "test")
            code = None
            if ticket.type == "superbet":
                code, event = f"{number:06X}", events[ticket.events[0]]
                await writer.run(CARD, operator, code, ticket.amount, event, body_of(ticket, event))
            found.append(row_of(number, ticket, events, code))
        for first in range(0, len(found), 1_000):
            columns = zip(*found[first : first + 1_000], strict=True)
            await writer.run(FILL, operator, *map(list, columns))


def expected_of(ticket, endings):
    legs = []
    for event, bet in zip(
        ticket.events * (len(ticket.bets) // len(ticket.events)), ticket.bets, strict=True
    ):
        _, market, line, code = BETS[bet]
        legs.append(outcome(endings[event], market, line, code, waited_out=True))
    if ticket.type == "superbet":
        table = dict(enumerate(ticket.card.prizes, 1))
        return money.settle_superbet(legs, table, ticket.card.void_rule, *money_terms(ticket))
    pairs = list(zip(legs, ticket.odds, strict=True))
    return money.settle_accumulator(pairs, *money_terms(ticket))


def tell(matches, numbers, dice):
    """Make the results of a season: shuffled, some twice, some wrong first, in batches."""
    told = []
    for match in matches:
        key, result = f"x{numbers[match.key]}", result_of(match.ended)
        if dice.random() < 0.03 and match.ended.ending == "played":
            told.append((dice.random() * 0.9, result_told(10, WRONG, key)))
            told.append((1 + dice.random(), result_told(11, result, key, corrects=True)))
        else:
            moment = dice.random() * 2
            told.append((moment, result_told(10, result, key)))
            told += [(moment + 0.5, result_told(10, result, key))] * (dice.random() < 0.1)
    ordered = [entry for _, entry in sorted(told, key=lambda one: one[0])]
    cuts = sorted({0, len(ordered), *(dice.randrange(len(ordered)) for _ in range(40))})
    return [ordered[first:last] for first, last in pairwise(cuts)]


async def work(database):
    """Settle as a worker does, until it is killed."""
    while True:
        if not (
            await settle_tickets.list_job(database) or await settle_tickets.settle_chunk(database)
        ):
            await asyncio.sleep(0.01)


async def kill_and_replace(workers, database, dice):
    """Let a worker die in the middle of whatever it does, and another begin."""
    place = dice.randrange(len(workers))
    await kill(workers[place])
    workers[place] = asyncio.create_task(work(database))


async def kill(worker):
    assert not worker.done(), worker
    worker.cancel()
    await asyncio.wait([worker])


async def play(site, batches, dice):
    """Tell results while workers settle and die, and let the windows of postponed events pass."""
    workers = [asyncio.create_task(work(site.database)) for _ in range(2)]
    for batch in batches:
        await apply_entries(site.database, site.provider, batch, Source.FEED)
        await asyncio.sleep(dice.random() * 0.05)
        if dice.random() < 0.5:
            await kill_and_replace(workers, site.database, dice)
    await site.wait(hours=72)
    await judge_postponements(site.database)
    for worker in workers:
        await kill(worker)
    await site.settle()


async def ends_of(database):
    """Read how tickets ended, None where they are still open."""
    query = "SELECT id, result, gross_cents, wht_cents, net_cents FROM ticket_state"
    found = {id_: tuple(end) for id_, *end in await rows(database, query)}
    return {id_: None if end[0] == "pending" else end for id_, end in found.items()}


def amounts_of(payment):
    return None if payment is None else tuple(payment[:4])


async def audited(database):
    """Return what the invariants say; the tickets were written open, so nobody told the wallet."""
    await number_stream(database)
    report = Report()
    async with database.reader() as reader:
        site = await get_operator(reader, "site")
        await audit_operator(reader, site, report, dt.timedelta(seconds=-1))
    return report


async def open_season(sandbox, matches, tickets):
    """Enrol an operator, add the matches and write the tickets; return both with the events."""
    site = await begin(sandbox, count=1)
    await site.set(update_types="quicktip,quickbet,smartbet,superbet,jackpot")
    starts = (await rows(sandbox, "SELECT starts FROM event"))[0][0]
    numbers = {match.key: number for number, match in enumerate(matches, 100)}
    heads = [head_told(1, f"x{n}", starts=starts, home=f"h{n}") for n in numbers.values()]
    added = []
    for first in range(0, len(heads), 300):
        part = heads[first : first + 300]
        added += await apply_entries(sandbox, site.provider, part, Source.FEED)
    events = dict(zip(numbers, (one.event_id for one in added), strict=True))
    await place(sandbox, site.operator, events, tickets)
    await site.wait(hours=3)
    return site, numbers


async def test_a_season_ends_as_the_oracle_says(sandbox, played):
    dice = random.Random(SEED)
    matches = season.with_endings(played[:MATCHES], SEED)
    made = season.make_tickets(matches, by_market(), SEED, TICKETS)
    tickets = [ticket for ticket in made if ticket.type != "jackpot" and is_taken(ticket)]
    site, numbers = await open_season(sandbox, matches, tickets)
    await play(site, tell(matches, numbers, dice), dice)
    endings = {match.key: match.ended for match in matches}
    ends = await ends_of(sandbox)
    pairs = [
        (ticket, amounts_of(expected_of(ticket, endings)), ends[id_of(number)])
        for number, ticket in enumerate(tickets, 2)
    ]
    assert [] == [pair for pair in pairs if pair[1] != pair[2]][:3]
    assert {"won", "lost", "void"} == {end[0] for end in ends.values() if end is not None}
    told = dict(await rows(sandbox, "SELECT action, count(*) FROM journal GROUP BY action"))
    assert min(told[f"ticket_{each}"] for each in ("win", "update", "void", "rollback")) > 10
    assert [] == (await audited(sandbox)).named


@pytest.fixture
def postgres_version():
    return 18
