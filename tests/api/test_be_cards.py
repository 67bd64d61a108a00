"""The five products over HTTP: what fits its card is sold, what does not is refused."""

import itertools
import json
import time
from secrets import token_bytes

import pytest
from api.asking import ask
from api.engines import make_log
from catalogue_seen import add_provider
from placing_made import SECRET, open_shop
from tickets_made import ODDS, add_events

from acca.engine import Means, open_engine
from acca.flows.add_card import add_card
from acca.flows.move_card import close, publish
from acca.wire.card_files import parse_card_file
from acca_client.signature import Credentials, request_headers

CREDENTIALS = Credentials("site", SECRET)
CODES = (f"{number:06X}" for number in itertools.count(0xABC000))


@pytest.fixture
async def events(database):
    return await add_events(database, await add_provider(database, "feeder"), 4)


@pytest.fixture
async def shop(database):
    async with open_shop(database, affiliate_commission="2.5") as opened:
        yield opened


@pytest.fixture
async def port(database, shop, serve, logged):
    assert shop
    means = Means(
        lambda: int(time.time()), time.monotonic, token_bytes, make_log(logged), allow_private=True
    )
    async with open_engine(database, means) as engine, serve(engine) as opened:
        yield opened


async def card(database, **body):
    file = parse_card_file(json.dumps({"title": "One", "currency": "KES", **body}).encode())
    made = await add_card(database, "site", file, lambda: next(CODES), "ann")
    await publish(database, "site", made.code, "ann")
    return made.code


def picks(*chosen):
    return [{"id": event, "bet": bet, "odds": ODDS[bet] / 100} for event, bet in chosen]


async def place(port, shop, path="/be/tickets", **wish):
    told = {
        "operator": "site", "token": shop.token(), "psp": None, "price": 1000, "currency": "KES",
        "atag": None, "rtag": None, "source": "SMS", "odds_diff": 0,
    }  # fmt: skip
    if wish.get("type") == "superbet":
        del told["odds_diff"]
    body = json.dumps({**told, **wish}).encode()
    headers = request_headers(CREDENTIALS, int(time.time()), body)
    return await ask(
        port, "POST", path, [*headers.items(), ("content-type", "application/json")], body
    )


def code_of(answer):
    return answer.status, answer.json.get("code")


async def test_a_quicktip_is_taken_as_it_is_or_with_fewer_legs(database, port, shop, events):
    tips = [{"event": event, "bet": 1} for event in events[:3]]
    code = await card(database, type="quicktip", tips=tips)
    whole = picks(*((event, 1) for event in events[:3]))
    wish = {"type": "quicktip", "betcard_code": code.lower()}
    for legs in (whole, whole[1:]):
        answer = await place(port, shop, events=legs, **wish)
        assert (200, code) == (answer.status, answer.json["betcard_code"])
        assert "sms" == answer.json["source"]
    assert (400, 223) == code_of(await place(port, shop, events=picks((events[0], 2)), **wish))
    assert (400, 211) == code_of(await place(port, shop, events=whole[:1] * 2, **wish))
    assert (400, 213) == code_of(
        await place(port, shop, events=whole, type="smartbet", betcard_code=code)
    )
    await close(database, "site", code, "ann")
    assert (400, 214) == code_of(await place(port, shop, events=whole, **wish))


async def test_a_quickbet_holds_as_many_events_as_its_card_says(database, port, shop, events):
    coupon = [{"event": event, "bets": [1, 2, 3]} for event in events]
    code = await card(
        database, type="quickbet", prices=[1000], min_events=2, max_events=3, events=coupon
    )
    wish = {"type": "quickbet", "betcard_code": code}
    for number, expected in ((1, 400), (2, 200), (3, 200), (4, 400)):
        legs = picks(*((event, 3) for event in events[:number]))
        assert expected == (await place(port, shop, events=legs, **wish)).status


async def test_a_smartbet_is_of_its_cards_events(database, port, shop, events):
    code = await card(
        database, type="smartbet", stakes=[1000], wins=[5000], risks=["1.25-4.99"],
        max_events=2, events=events[:2],
    )  # fmt: skip
    wish = {"type": "smartbet", "betcard_code": code}
    assert 200 == (await place(port, shop, events=picks((events[0], 1)), **wish)).status
    assert (400, 223) == code_of(await place(port, shop, events=picks((events[3], 1)), **wish))


JACKPOT = {
    "type": "jackpot", "price": 500, "max_lines": 4,
    "tiers": [
        {"kind": "fixed_per_line", "amount": 1_000_000},
        {"kind": "fixed_per_line", "amount": 50_000},
    ],
    "void_steps": [{"policy": "refund_all", "threshold": 1}],
}  # fmt: skip


async def test_a_jackpot_counts_its_lines(database, port, shop, events):
    code = await card(database, **JACKPOT, events=events[:3])
    one = [(event, 1) for event in events[:3]]
    wish = {"type": "jackpot", "betcard_code": code, "prize": 1_000_000, "bonus_prizes": [50_000]}
    answer = await place(port, shop, events=picks(*one), **{**wish, "price": 500})
    assert (200, 1, 0) == (answer.status, answer.json["lines"], answer.json["gross_payout"])
    assert "odds" not in answer.json
    assert ["events", "betcard_code", "prize", "bonus_prizes", "lines"] == list(answer.json)[-5:]
    double = picks(*one, (events[0], 2), (events[1], 3))
    answer = await place(port, shop, events=double, **{**wish, "price": 2000})
    assert (4, 5) == (answer.json["lines"], len(answer.json["events"]))
    refused = await place(port, shop, events=double, **{**wish, "price": 500})
    assert (208, "2000 and 2000") == (refused.json["code"], refused.json["message"][-13:])
    for legs, expected in (
        (picks(*one[:2]), 223),
        (picks(*one, (events[3], 1)), 223),
        (picks(*one, one[0]), 211),
        (picks(*one, (events[0], 2), (events[0], 3), (events[1], 2)), 212),
    ):
        assert (400, expected) == code_of(await place(port, shop, events=legs, **wish))


@pytest.mark.parametrize(
    ("prizes", "expected"),
    [((1_000_001, [50_000]), 400), ((999, [50_000]), 200), ((1_000_000, []), 400)],
    ids=["lower now", "grown", "fewer"],
)
async def test_prizes_of_a_jackpot_may_only_have_grown(
    database, port, shop, events, prizes, expected
):
    code = await card(database, **JACKPOT, events=events[:3])
    prize, bonus = prizes
    answer = await place(
        port, shop, type="jackpot", betcard_code=code, prize=prize, bonus_prizes=bonus, price=500,
        events=picks(*((event, 1) for event in events[:3])),
    )  # fmt: skip
    assert expected == answer.status
    assert expected == 200 or answer.json["code"] == 215


async def test_a_superbet_without_a_code_is_known_by_event_price_and_answers(
    database, port, shop, events
):
    body = {
        "type": "superbet", "price": 5000, "event": events[0], "questions": [[1, 2, 3], [101, 111]],
        "prizes": [{"correct": 2, "amount": 9_000}],
    }  # fmt: skip
    code = await card(database, **body)
    wish = {"type": "superbet", "event": events[0], "bets": [101, 2], "price": 5000}
    sold = await place(port, shop, "/be/tickets/reserve", **wish)
    assert (200, "reserved", code) == (
        sold.status,
        sold.json["status"],
        sold.json["betcard_code"],
    )
    for changes, expected in (
        ({"event": events[1]}, 213),
        ({"bets": [1, 2]}, 223),
        ({"bets": [1]}, 223),
        ({"price": 4000}, 208),
        ({"betcard_code": "FFFFFF"}, 213),
    ):
        assert (400, expected) == code_of(await place(port, shop, **{**wish, **changes}))


async def test_an_affiliate_is_told_its_commission(port, shop, events):
    answer = await place(port, shop, type="quickbet", atag="partner", events=picks((events[0], 1)))
    assert (25, 2.5) == (
        answer.json["aff_instant_comm_amt"],
        answer.json["aff_instant_comm_pct"],
    )
