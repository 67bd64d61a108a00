"""An operator's offer as tests of cards make it: taxes of the published sample, all five kinds."""

import asyncio
import datetime as dt
import itertools
import json
import time
from typing import NamedTuple

from catalogue_seen import add_provider
from feed_entries import head_told, odds_told
from tickets_made import add_operator

from acca.core.finance import ExciseFormula, TaxTerms, WithholdingBase
from acca.core.markets.football import bet
from acca.core.tax_profiles import AskedProfile
from acca.core.ticket import TicketType
from acca.flows.add_card import add_card
from acca.flows.apply_feed import apply_entries
from acca.flows.move_card import publish
from acca.flows.tax_operator import tax_operator
from acca.store.results import Source
from acca.wire.card_files import parse_card_file

KENYAN = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000, WithholdingBase.NET)
STARTS = dt.datetime(2090, 1, 1, 15, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
CODES = (f"{number:06X}" for number in itertools.count(0xBC0000))
PATHS = {type_: f"/bc/{type_.value}s" for type_ in TicketType}
YES, NO = (bet("BTTSFT", None, code).id for code in "YN")
PRICES = ({1: 150, 2: 400, 3: 700}, {1: 210, 2: 330, 3: 360}, {1: 125, 2: 600, 3: 1100})


class Site(NamedTuple):
    """What is on offer: ids of events by their start, codes of cards by their product."""

    events: list
    codes: dict


async def add_matches(database, provider, count, starts=STARTS):
    """Add matches an hour apart with odds of the result; return their ids."""
    keys = [f"bc{number}" for number in range(count)]
    heads = [
        head_told(1, key, starts=starts + number * HOUR, home=f"{key}-home")
        for number, key in enumerate(keys)
    ]
    added = await apply_entries(database, provider, heads, Source.FEED)
    told = [
        odds_told(2, {**PRICES[number % 3], YES: 180, NO: 195}, key)
        for number, key in enumerate(keys)
    ]
    await apply_entries(database, provider, told, Source.FEED)
    return [one.event_id for one in added]


async def add_published(database, operator="site", **told):
    """Publish a card, and return its code."""
    file = parse_card_file(json.dumps({"title": "One", "currency": "KES", **told}).encode())
    made = await add_card(database, operator, file, lambda: next(CODES), "ann")
    await publish(database, operator, made.code, "ann")
    return made.code


def cards_on(events):
    """Tell a card of each product on some events, as files do."""
    coupon = [{"event": event, "bets": [1, 2, 3]} for event in events]
    return {
        TicketType.QUICKTIP: {
            "tips": [{"event": event, "bet": 1, "reason": "Home."} for event in events[:2]]
        },
        TicketType.QUICKBET: {
            "prices": [1000, 5000], "min_events": 1, "max_events": 3, "events": coupon,
        },
        TicketType.SMARTBET: {
            "stakes": [1000], "wins": [5000], "risks": ["1.25-1.99", "1.25-4.99"],
            "max_events": 5, "events": events,
        },
        TicketType.SUPERBET: {
            "event": events[0], "price": 5000, "questions": [[1, 2, 3], [YES, NO]],
            "prizes": [{"correct": 2, "amount": 9_000}],
        },
        TicketType.JACKPOT: {
            "price": 500, "max_lines": 8, "events": events[:3],
            "tiers": [
                {"kind": "fixed_per_line", "amount": 1_000_000},
                {"kind": "fixed_per_line", "amount": 50_000},
            ],
            "void_steps": [{"policy": "refund_all", "threshold": 1}],
        },
    }  # fmt: skip


async def open_site(database, starts=STARTS, **settings):
    """Enrol an operator that is taxed, and publish a card of each kind on six matches."""
    await add_operator(database, time_zone="Africa/Nairobi", **settings)
    profile = AskedProfile(KENYAN, first_day=dt.date(2020, 1, 1))
    await tax_operator(database, "site", profile, "test")
    events = await add_matches(database, await add_provider(database, "feeder"), 6, starts)
    codes = {
        type_: await add_published(database, type=type_.value, **told)
        for type_, told in cards_on(events).items()
    }
    return Site(events, codes)


async def until(make, is_so, seconds=10):
    """Ask until the answer is as it should be: a process knows of a change within moments."""
    deadline = time.monotonic() + seconds
    while not is_so(answer := await make()):
        assert time.monotonic() < deadline, answer
        await asyncio.sleep(0.05)
    return answer
