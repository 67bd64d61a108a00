"""The five products over HTTP: sold in every way, refused as their cards say, taxed and limited."""

import json
from decimal import Decimal
from functools import partial

import pytest
from api.asking import ask
from api.test_be import EVENT_KEYS, KEYS, real_means, signed
from catalogue_seen import add_provider
from placing_made import open_shop
from tickets_made import add_events

from acca.core.setting import Asked
from acca.engine import open_engine
from acca.flows.add_card import add_card
from acca.flows.limit_operator import AskedLimits, limit_operator
from acca.flows.move_card import close, publish
from acca.wire.card_files import parse_card_file

# fmt: off
SUPERBET_KEYS = [
    "id", "code", "psp", "price", "stake", "gross_payout", "net_payout", "wht_amount", "wht",
    "ext_amount", "ext", "ext_type", "currency", "status", "result", "approved", "source", "type",
    "atag", "rtag", "aff_instant_comm_amt", "aff_instant_comm_pct", "user_id", "created",
    "operator_time_created", "updated", "operator_time_updated", "event", "bets", "betcard_code",
    "prizes",
]
JACKPOT_KEYS = [*KEYS[:KEYS.index("events")],
                "events", "betcard_code", "prize", "bonus_prizes", "lines"]
# fmt: on
QUESTIONS = [[1, 2, 3], [30, 31], [216, 217], [50, 51, 52], [40, 41], [100, 101]]
ANSWERS = [1, 30, 216, 50, 40, 100]
PRIZES = [{"correct": 6, "amount": 900_000}, {"correct": 5, "amount": 10_000}]
TIERS = [{"kind": "fixed_per_line", "amount": amount} for amount in (5_000_000, 20_000)]
CARDS = {
    "quicktip": lambda events: {"tips": [{"event": event, "bet": 1} for event in events]},
    "smartbet": lambda events: {
        "stakes": [1000],
        "wins": [5000],
        "risks": ["1.25-4.99"],
        "max_events": 2,
        "events": events,
    },
    "quickbet": lambda events: {
        "prices": [1000],
        "min_events": 2,
        "max_events": 2,
        "events": [{"event": event, "bets": [1, 2, 3]} for event in events],
    },
    "superbet": lambda events: {
        "event": events[0],
        "price": 5000,
        "questions": QUESTIONS,
        "prizes": PRIZES,
    },
    "jackpot": lambda events: {
        "price": 2000,
        "max_lines": 4,
        "tiers": TIERS,
        "events": events,
        "void_steps": [{"policy": "reduce"}],
    },
}


class Stall:
    """An operator's shop behind a port, and its cards."""

    def __init__(self, database, port, shop, events):
        self.database, self.port, self.shop, self.events = database, port, shop, events
        self.cards = 0

    async def draft(self, kind, events=None, **changes):
        """Write a card of three events, or of the given ones; return its code."""
        self.cards += 1
        code = f"{self.cards:06X}"
        head = {"type": kind, "title": kind, "currency": "KES"}
        file = {**head, **CARDS[kind](events or self.events), **changes}
        parsed = parse_card_file(json.dumps(file).encode())
        await add_card(self.database, "site", parsed, lambda: code, "test")
        return code

    async def open(self, kind, events=None, **changes):
        code = await self.draft(kind, events, **changes)
        await publish(self.database, "site", code, "test")
        return code

    async def close(self, code):
        await close(self.database, "site", code, "test")

    async def post(self, members, path="/be/tickets", **changes):
        head = {"operator": "site", "token": self.shop.token(), "psp": None, "price": 1000}
        told = {"currency": "KES", "atag": None, "rtag": None, "source": "mobile"}
        wish = {**head, **told, **members, **changes}
        body = json.dumps({name: value for name, value in wish.items() if value != ...}).encode()
        return await ask(self.port, "POST", path, signed(body), body)

    async def sell(self, members, path="/be/tickets", **changes):
        answer = await self.post(members, path, **changes)
        assert 200 == answer.status, answer.body
        return answer.json

    async def refused(self, members, **changes):
        answer = await self.post(members, **changes)
        assert 400 == answer.status, answer.body
        return answer.json["code"]

    async def get(self, path):
        return (await ask(self.port, "GET", path, signed(b""))).json


@pytest.fixture
async def open_stall(database, serve, logged):
    """Return what opens a shop; its stalls close with the test."""
    import contextlib  # noqa: PLC0415

    async with contextlib.AsyncExitStack() as stack:

        async def make(limits=None, **settings):
            events = await add_events(database, await add_provider(database, "feeder"), 3)
            shop = await stack.enter_async_context(open_shop(database, **settings))
            if limits:
                asked = [Asked(name, value) for name, value in limits.items()]
                await limit_operator(database, "site", AskedLimits(asked), "test")
            engine = await stack.enter_async_context(open_engine(database, real_means(logged)))
            port = await stack.enter_async_context(serve(engine))
            return Stall(database, port, shop, events)

        yield make


@pytest.fixture
async def stall(open_stall):
    return await open_stall(time_zone="Africa/Nairobi")
