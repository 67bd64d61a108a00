"""A season written as an API process writes it: the oracle's tickets, open, with what is told.

These tickets have taxes, caps and odds that no operator could sell in one season.
"""

import datetime as dt
from math import prod
from typing import NamedTuple

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
from acca.core.tax_profiles import TaxProfile
from acca.core.ticket import Source, TicketType
from acca.core.ticket_facts import Facts, Key
from acca.flows.add_card import add_card
from acca.flows.apply_feed import apply_entries
from acca.flows.move_card import publish
from acca.flows.rotate_key import add_key
from acca.flows.settle_jackpots import make_seed
from acca.store.results import Source as ResultSource
from acca.store.tax_profiles import StoredProfile, append_tax_profile
from acca.wire.card_files import JackpotFile, TierFile, VoidStepFile
from acca.wire.pam_calls import Teller, tell_placing

JACKPOTS_FROM = 0xF00000
PLAYERS = 200
KEY, FEED_KEY = "a" * 64, "b" * 64


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
    """A season whose tickets are open, with the events by match."""

    site: object
    numbers: dict
    events: dict


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


async def begin_season(database, matches, tickets):
    """Enrol both sides, add the matches and cards, and write the tickets as open ones."""
    site = await begin(database, count=1)
    types = "quicktip,quickbet,smartbet,superbet,jackpot"
    await site.set(update_types=types, superbet_pay_out_ratio="100")
    await add_key(database, Holder.OPERATOR, "site", Secret(KEY), "test")
    await add_key(database, Holder.PROVIDER, "feeder", Secret(FEED_KEY), "test")
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
    return Lived(site, numbers, events)


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


async def write_open(site, tickets, events, first=2):
    """Write tickets as new and then as open ones, each with taxes of its own."""
    for many in chunks(list(enumerate(tickets, first)), 500):
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
