"""The five products over HTTP: sold in every way, refused as their cards say, taxed and limited."""

import contextlib
import datetime as dt
import json

import pytest
from api.asking import ask
from api.test_be import EVENT_KEYS, KEYS, real_means, signed
from catalogue_seen import add_provider
from placing_made import open_shop
from tickets_made import add_events

from acca.core.finance import ExciseFormula, TaxTerms
from acca.core.setting import Asked
from acca.core.tax_profiles import AskedProfile, parse_preset
from acca.engine import open_engine
from acca.flows.add_card import add_card
from acca.flows.limit_operator import AskedLimits, limit_operator
from acca.flows.move_card import close, publish
from acca.flows.tax_operator import tax_operator
from acca.wire.card_files import parse_card_file
from acca_sandbox.wallet.changes import PlayerAdded

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
QUESTIONS = [[1, 2, 3], [101, 111], [216, 217], [50, 51, 52], [103, 113], [104, 114]]
ANSWERS = [1, 101, 216, 50, 103, 104]
PRIZES = [{"correct": 6, "amount": 20_000}, {"correct": 5, "amount": 2_000}]
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


def picks(events, bet=1, odds=1.5):
    return [{"id": event, "bet": bet, "odds": odds} for event in events]


def accumulator(kind, ids, **changes):
    return {"type": kind, "odds_diff": 0, "events": picks(ids), **changes}


def superbet(event, bets=ANSWERS, **changes):
    return {"price": 5000, "type": "superbet", "event": event, "bets": bets, **changes}


def jackpot(card, events, **changes):
    prizes = {"prize": 5_000_000, "bonus_prizes": [20_000]}
    wish = {"price": 2000, "type": "jackpot", "odds_diff": 0, "events": picks(events)}
    return {**wish, "betcard_code": card, **prizes, **changes}


async def wish_of(stall, kind, *, on_card):
    """Make a wish for a product; a superbet and a jackpot are always taken from a card."""
    card = await stall.open(kind) if on_card or kind in {"superbet", "jackpot"} else None
    if kind == "superbet":
        wish = superbet(stall.events[0])
    elif kind == "jackpot":
        return jackpot(card, stall.events)
    else:
        wish = accumulator(kind, stall.events[:2])
    return {**wish, "betcard_code": card} if on_card else wish


def keys_of(kind):
    return {"superbet": SUPERBET_KEYS, "jackpot": JACKPOT_KEYS}.get(kind, KEYS)


@pytest.mark.parametrize("on_card", [False, True], ids=["alone", "on a card"])
@pytest.mark.parametrize("kind", list(CARDS))
async def test_a_product_is_quoted_created_shown_listed_reserved_and_paid(stall, kind, on_card):
    wish = await wish_of(stall, kind, on_card=on_card)
    quote = await stall.sell(wish, "/be/tickets/quote")
    assert [] == await stall.get("/be/tickets")
    ticket = await stall.sell(wish)
    assert (keys_of(kind), "open", "pending") == (list(ticket), ticket["status"], ticket["result"])
    same = ("price", "stake", "gross_payout", "net_payout", "wht_amount", "ext_amount", "approved")
    assert [ticket[name] for name in same] == [quote[name] for name in same]
    reserved = await stall.sell(wish, "/be/tickets/reserve")
    assert (keys_of(kind), "reserved") == (list(reserved), reserved["status"])
    assert ticket == await stall.get(f"/be/tickets/{ticket['code']}")
    newest_first = sorted([ticket, reserved], key=lambda one: one["id"], reverse=True)
    assert newest_first == await stall.get("/be/tickets?limit=5")
    assert [] == await stall.get(f"/be/tickets?skip_types={kind}")
    path = f"/be/tickets/{reserved['id']}/paid"
    paid = (await ask(stall.port, "POST", path, signed(b""))).json
    assert ("open", reserved["id"]) == (paid["status"], paid["id"])
    again = (await ask(stall.port, "POST", path, signed(b""))).json
    assert 117 == again["code"]
    taken = [one.taken_cents for one in stall.shop.wallet.ledger.tickets.values()]
    assert [wish.get("price", 1000), 0] == taken


async def test_a_quicktip_may_drop_legs_and_take_no_other_bet(stall):
    first, second, third = stall.events
    card = await stall.open("quicktip", [first, second])
    wish = {"betcard_code": card.lower()}
    ticket = await stall.sell(accumulator("quicktip", [second], **wish))
    assert (card, [second]) == (ticket["betcard_code"], [one["id"] for one in ticket["events"]])
    assert EVENT_KEYS == list(ticket["events"][0])
    assert 223 == await stall.refused(accumulator("quicktip", [first, third], **wish))
    other = picks([first], bet=2, odds=4)
    assert 223 == await stall.refused(accumulator("quicktip", [], **wish, events=other))


async def test_a_smartbet_takes_events_of_its_card_up_to_its_most(stall):
    card = await stall.open("smartbet", stall.events[:2])
    all_three = await stall.open("smartbet")
    assert 223 == await stall.refused(accumulator("smartbet", stall.events[2:], betcard_code=card))
    assert 212 == await stall.refused(accumulator("smartbet", stall.events, betcard_code=all_three))


async def test_a_quickbet_has_its_cards_least_and_most_events_and_bets(stall):
    card = await stall.open("quickbet", max_events=2)
    for events in (stall.events[:1], stall.events):
        assert 212 == await stall.refused(accumulator("quickbet", events, betcard_code=card))
    other = [*picks(stall.events[:1]), *picks(stall.events[1:2], bet=111)]
    wish = accumulator("quickbet", [], events=other, betcard_code=card)
    assert 223 == await stall.refused(wish)


@pytest.mark.parametrize("kind", ["quicktip", "smartbet", "quickbet"])
async def test_an_event_stands_only_once_in_an_accumulator(stall, kind):
    twice = [stall.events[0], stall.events[0]]
    assert 211 == await stall.refused(accumulator(kind, twice))


@pytest.mark.parametrize("kind", list(CARDS))
async def test_a_card_is_found_open_and_of_its_currency(open_stall, kind):
    stall = await open_stall(currencies="KES,NGN")
    wish = await wish_of(stall, kind, on_card=True)
    assert 213 == await stall.refused(wish, betcard_code="FFFFFF")
    assert 213 == await stall.refused(wish, betcard_code=await stall.draft(kind))
    assert 207 == await stall.refused(wish, currency="NGN")
    await stall.close(wish["betcard_code"])
    assert 214 == await stall.refused(wish)
    other = next(each for each in ("quicktip", "quickbet") if each != kind)
    assert 213 == await stall.refused(wish, betcard_code=await stall.open(other))


async def test_a_superbet_without_code_is_found_by_event_price_and_answers(stall):
    first, second, _ = stall.events
    assert 213 == await stall.refused(superbet(first))
    await stall.draft("superbet")
    assert 213 == await stall.refused(superbet(first))
    dear = await stall.open("superbet", price=9000)
    answer = await stall.post(superbet(first))
    assert (208, "Price has to be between 9000 and 9000") == tuple(answer.json.values())
    cheap = await stall.open("superbet")
    found = [
        (await stall.sell(superbet(first), price=price))["betcard_code"] for price in (5000, 9000)
    ]
    assert [cheap, dear] == found
    assert 213 == await stall.refused(superbet(second))


@pytest.mark.parametrize(
    "bets",
    [ANSWERS[:5], [*ANSWERS[:5], 103], [*ANSWERS, 2], [1, 101, 216, 50, 103, 60], [2**30] * 6],
    ids=["too few", "one twice", "two of one", "another", "unknown"],
)
async def test_every_question_of_a_superbet_is_answered_once(stall, bets):
    card = await stall.open("superbet")
    assert 223 == await stall.refused(superbet(stall.events[0], bets))
    assert 223 == await stall.refused(superbet(stall.events[0], bets, betcard_code=card))
    assert 223 == await stall.refused(superbet(stall.events[1], betcard_code=card))


async def test_a_superbet_closes_when_its_cards_do(stall):
    code = await stall.open("superbet")
    await stall.close(code)
    assert 214 == await stall.refused(superbet(stall.events[0], betcard_code=code))
    assert 208 == await stall.refused(
        superbet(stall.events[0]), betcard_code=await stall.open("superbet"), price=1
    )


async def test_a_superbet_shows_prizes_and_no_payout_before_its_result(stall):
    code = await stall.open("superbet")
    ticket = await stall.sell(superbet(stall.events[0], ANSWERS[::-1]))
    assert (0, 0, 0) == tuple(ticket[n] for n in ("gross_payout", "net_payout", "wht_amount"))
    assert ANSWERS[::-1] == [one["bet_id"] for one in ticket["bets"]]
    assert ["market", "bet", "line", "bet_id", "result"] == list(ticket["bets"][0])
    assert [*EVENT_KEYS[:8], "score"] == list(ticket["event"])
    assert (code, PRIZES) == (ticket["betcard_code"], ticket["prizes"])
    told = stall.shop.wallet.ledger.tickets[ticket["id"]]
    assert (5000, 0, 0) == (told.price_cents, told.gross_payout_cents, told.net_payout_cents)


async def test_choices_of_a_jackpot_multiply_to_lines_and_price(stall):
    card = await stall.open("jackpot")
    events = [*picks(stall.events[:1], 2, 4), *picks(stall.events), *picks(stall.events[2:], 3, 7)]
    answer = await stall.post(jackpot(card, []), events=events)
    assert (208, "Price has to be between 8000 and 8000") == tuple(answer.json.values())
    ticket = await stall.sell(jackpot(card, []), events=events, price=8000)
    assert (4, 0, 0) == (ticket["lines"], ticket["gross_payout"], ticket["net_payout"])
    shown = [{"id": e["id"], "bet": e["bet_id"], "odds": e["odds"]} for e in ticket["events"]]
    assert events == shown
    assert (5_000_000, [20_000]) == (ticket["prize"], ticket["bonus_prizes"])


async def test_a_jackpot_is_refused_for_its_picks_and_prizes(stall):
    card = await stall.open("jackpot")
    wish, all_three = jackpot(card, stall.events), picks(stall.events)
    second = picks(stall.events, 2, 4)
    refusals = {
        "an event is missing": await stall.refused(wish, events=all_three[:2]),
        "no result": await stall.refused(wish, events=[*all_three[:2], {**second[2], "bet": 111}]),
        "one twice": await stall.refused(wish, events=[*all_three, all_three[0]], price=4000),
        "lines": await stall.refused(wish, events=[*all_three, *second], price=16_000),
        "odds": await stall.refused(wish, events=picks(stall.events, 1, 1.6)),
        "a lower prize": await stall.refused(wish, prize=5_000_001),
        "a lower bonus": await stall.refused(wish, bonus_prizes=[20_001]),
        "more prizes": await stall.refused(wish, bonus_prizes=[20_000, 1]),
        "fewer prizes": await stall.refused(wish, bonus_prizes=[]),
    }
    assert [223, 223, 211, 212, 205, 215, 215, 215, 215] == list(refusals.values())
    grown = await stall.sell(wish, prize=1, bonus_prizes=[0])
    assert (1, 5_000_000) == (grown["lines"], grown["prize"])


EXCLUSIVE = AskedProfile(
    TaxTerms(125_000, ExciseFormula.EXCLUSIVE, 200_000), first_day=dt.date(2020, 1, 2)
)
AMOUNTS = ("price", "stake", "ext_amount", "gross_payout", "wht_amount", "net_payout")


def preset(name, **changes):
    terms = parse_preset(name).terms
    return AskedProfile(terms, parse_preset(name), dt.date(2020, 1, 2), **changes)


@pytest.mark.parametrize(
    ("asked", "named", "ext_type", "amounts"),
    [
        (preset("kenya-2023"), "price", "inclusive", [1000, 889, 111, 2000, 222, 1778]),
        (preset("kenya-2023"), "stake", "inclusive", [1000, 889, 111, 2000, 222, 1778]),
        (preset("zambia-2025"), "price", "inclusive", [1000, 900, 100, 2025, 169, 1856]),
        (EXCLUSIVE, "stake", "exclusive", [1125, 1000, 125, 2250, 250, 2000]),
        (EXCLUSIVE, "price", "exclusive", [1000, 889, 111, 2000, 222, 1778]),
    ],
    ids=["kenya", "kenya by stake", "zambia", "exclusive by stake", "exclusive"],
)
async def test_taxes_are_those_of_the_profile(stall, asked, named, ext_type, amounts):
    await tax_operator(stall.database, "site", asked, "test")
    wish = accumulator("quickbet", stall.events[:2], **{"price": ..., named: 1000})
    ticket = await stall.sell(wish)
    assert (ext_type, amounts) == (ticket["ext_type"], [ticket[name] for name in AMOUNTS])
    told = stall.shop.wallet.ledger.tickets[ticket["id"]]
    assert amounts[0] == told.taken_cents


async def test_a_players_class_has_its_own_taxes(stall):
    await tax_operator(stall.database, "site", preset("kenya-2023"), "test")
    own = preset("uganda", player_class="abroad")
    await tax_operator(stall.database, "site", own, "test")
    flags = {"tax_abroad": True, "tax_other": False}
    stall.shop.wallet.wallet.change(
        PlayerAdded(1, "site", "traveller", "KES", 10_000, "en", "+254700000001", flags)
    )
    wish = accumulator("quickbet", stall.events[:2])
    shares = [
        [ticket["ext"], ticket["wht"], ticket["user_id"]]
        for player in ("player-1", "traveller")
        for ticket in [await stall.sell(wish, token=stall.shop.token(player))]
    ]
    assert [[12.5, 20, "player-1"], [0, 15, "traveller"]] == shares


@pytest.mark.parametrize(
    ("limits", "settings", "seen"),
    [
        ({"payout_cents_max": "2000"}, {}, 219),
        ({"payout_cents_max": "2000"}, {"over_max_payout": "cap"}, (2000, True)),
        ({"payout_cents_max": "2250"}, {}, (2250, True)),
        ({"total_odds_max": "2.24"}, {}, 227),
        ({"price_cents_max": "999"}, {}, 208),
        ({"legs_min": "3"}, {}, 212),
        ({"approval_price_cents": "1001"}, {}, (2250, True)),
        ({"approval_price_cents": "1000"}, {}, (2250, False)),
        ({"approval_payout_cents": "2250"}, {}, (2250, False)),
    ],
    ids=str,
)
async def test_limits_refuse_cap_or_ask_for_approval(open_stall, limits, settings, seen):
    stall = await open_stall(limits, **settings)
    answer = (await stall.post(accumulator("quickbet", stall.events[:2]))).json
    refused = "message" in answer
    assert seen == (answer["code"] if refused else (answer["gross_payout"], answer["approved"]))
