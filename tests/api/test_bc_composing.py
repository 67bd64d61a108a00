"""What the Bet Card API works out: the calculator, smartbets and filled jackpots."""

import json

import pytest
from api.asking import JSON, ask
from api.engines import make_engine
from bc_made import PATHS, STARTS, add_published, cards_on, open_site, until
from feed_entries import odds_told

from acca.core.setting import Asked
from acca.core.ticket import TicketType
from acca.flows.advance_clock import advance_to
from acca.flows.apply_feed import apply_entries
from acca.flows.limit_operator import AskedLimits, limit_operator
from acca.flows.move_card import close
from acca.flows.set_operator import set_operator
from acca.store.results import Source

SMARTBETS, JACKPOTS = PATHS[TicketType.SMARTBET], PATHS[TicketType.JACKPOT]
WANTED = {"stake": 2000, "win": 3000, "risk": "1.20-4.99"}


@pytest.fixture
async def site(sandbox):
    return await open_site(sandbox)


@pytest.fixture
async def port(sandbox, site, logged, serve):
    assert site
    async with serve(make_engine(sandbox, logged)) as opened:
        yield opened


async def calculate(port, query):
    return await ask(port, "GET", f"/bc/calculator/finance-details?operator=site{query}")


async def post(port, path, told):
    return await ask(port, "POST", path, [JSON], json.dumps(told).encode())


async def smartbet(port, site, **changes):
    told = {name: value for name, value in {**WANTED, **changes}.items() if value is not ...}
    return await post(port, f"{SMARTBETS}/{site.codes[TicketType.SMARTBET]}", told)


async def fill(port, site, **told):
    return await post(port, f"{JACKPOTS}/{site.codes[TicketType.JACKPOT]}", told)


def is_refused(answer):
    return answer.status == 400


# ---- the calculator


async def test_the_published_request_has_the_published_answer(port):
    answer = await calculate(port, "&price=1000&odds=1.24&odds=2.76")
    expected = (
        b'{"price":1000,"total_odds":3.42,"stake":889,"ext":12.5,"ext_amount":111,'
        b'"ext_type":"inclusive","wht":20,"wht_amount":430,"gross_payout":3040,"net_payout":2610}'
    )
    assert (200, expected) == (answer.status, answer.body)


async def test_a_stake_is_the_older_name_of_a_price(port):
    answers = [await calculate(port, f"&{name}=1000&odds=2") for name in ("price", "stake")]
    assert answers[0].json == answers[1].json
    assert 200 == (await calculate(port, "&price=1000&stake=1000&odds=2")).status
    assert 422 == (await calculate(port, "&price=1001&stake=1000&odds=2")).status


async def test_the_calculator_caps_as_tickets_are_capped(sandbox, port):
    await set_operator(sandbox, "site", [Asked("over_max_payout", "cap")], "ann")
    for type_, cap in (("quicktip", "5000"), ("smartbet", "7000"), ("quickbet", "6000")):
        asked = [Asked("payout_cents_max", cap)]
        await limit_operator(sandbox, "site", AskedLimits(asked, [TicketType(type_)]), "ann")
    for query, gross in (("&type=quicktip", 5000), ("", 7000), ("&type=quickbet", 6000)):
        answer = await calculate(port, f"&price=2000&odds=100{query}")
        assert gross == answer.json["gross_payout"]


@pytest.mark.parametrize(
    "query",
    [
        "&price=1000",
        "&odds=2",
        "&price=0&odds=2",
        "&price=-5&odds=2",
        "&price=ten&odds=2",
        "&price=10.5&odds=2",
        "&price=1000&odds=0.99",
        "&price=1000&odds=1.234",
        "&price=1000&odds=1,5",
        "&price=1000&odds=",
        "&price=1000&odds=2&type=lottery",
        "&price=1000&price=2000&odds=2",
        f"&price=1000{'&odds=2' * 101}",
        f"&price=1000{'&odds=99999' * 100}",
        "&price=999999999999999&odds=10000",
        f"&price={10**30}&odds=2",
    ],
)
async def test_what_cannot_be_calculated_is_told(port, query):
    answer = await calculate(port, query)
    assert (422, ["detail"]) == (answer.status, list(answer.json))


# ---- smartbets


async def test_the_published_smartbet_is_composed_with_its_amounts(sandbox, port, site):
    async with sandbox.reader() as reader:
        provider = (await reader.row("SELECT id FROM provider"))["id"]
    moved = [
        odds_told(3, {1: 380, 2: 520, 3: 150}, "bc0"),
        odds_told(3, {1: 480, 2: 510, 3: 160}, "bc1"),
    ]
    await apply_entries(sandbox, provider, moved, Source.FEED)
    told = {**cards_on(site.events[:2])[TicketType.SMARTBET], "risks": ["3.00-4.90"]}
    code = await add_published(sandbox, type="smartbet", **told)
    wish = {"stake": 2000, "win": 25000, "risk": "3.00-4.99"}
    answer = await post(port, f"{SMARTBETS}/{code}", wish)
    assert 200 == answer.status, answer.body
    events = answer.json["events"]
    assert [
        "price", "stake", "total_odds", "ext", "ext_amount", "wht", "wht_amount",
        "gross_payout", "net_payout", "risk", "events", "probability", "seed",
    ] == list(answer.json)  # fmt: skip
    assert [2000, 1778, 18.24, 12.5, 222, 20, 6131, 32431, 26300, "3.00-4.90"] == list(
        answer.json.values()
    )[:10]
    assert [(site.events[0], 3.8), (site.events[1], 4.8)] == [
        (event["id"], event["bet"]["odds"]) for event in events
    ]
    assert "no-store" == answer.headers["cache-control"]


async def test_a_smartbet_reaches_what_was_wanted_within_its_band(port, site):
    answer = await smartbet(port, site)
    assert 200 == answer.status, answer.body
    assert answer.json["net_payout"] >= 3000
    assert all(1.2 <= event["bet"]["odds"] <= 4.99 for event in answer.json["events"])
    events = [event["id"] for event in answer.json["events"]]
    assert len(events) == len(set(events))
    assert 0 < answer.json["probability"] < 100


async def test_the_same_seed_gives_the_same_smartbet(port, site):
    first = await smartbet(port, site, seed=7)
    assert 7 == first.json["seed"]
    assert first.body == (await smartbet(port, site, seed=7)).body
    drawn = await smartbet(port, site)
    assert drawn.body == (await smartbet(port, site, seed=drawn.json["seed"])).body


async def test_another_one_leaves_out_what_is_excluded(port, site):
    first = await smartbet(port, site)
    excluded = [event["id"] for event in first.json["events"]]
    second = await smartbet(port, site, exclude=[*excluded, 4711])
    assert 200 == second.status, second.body
    assert not {event["id"] for event in second.json["events"]} & {*excluded}


@pytest.mark.parametrize(
    "changes",
    [
        {"risk": "5-2"},
        {"risk": "abc"},
        {"risk": "1.2345-2"},
        {"risk": "0.50-2"},
        {"risk": 5},
        {"stake": 0},
        {"stake": ...},
        {"win": ...},
        {"win": 10**18},
        {"win": -1},
        {"seed": "seven"},
        {"seed": 1.5},
        {"seed": -1},
        {"seed": 10**40},
        {"exclude": 5},
        {"exclude": ["x"]},
        {"exclude": list(range(2000))},
    ],
)
async def test_a_wish_that_cannot_be_read_is_told(port, site, changes):
    answer = await smartbet(port, site, **changes)
    assert (422, ["detail"]) == (answer.status, list(answer.json))


async def test_a_win_that_nothing_reaches_is_told_with_the_nearest(port, site):
    answer = await smartbet(port, site, win=10**15 - 1)
    assert (400, 220) == (answer.status, answer.json["code"])
    nearest = int(answer.json["message"].rsplit(" ", 1)[1])
    reached = await smartbet(port, site, win=nearest)
    assert (200, nearest) == (reached.status, reached.json["net_payout"])
    assert 220 == (await smartbet(port, site, win=nearest + 1)).json["code"]


async def test_a_win_below_the_stake_is_met_by_any_bet(port, site):
    answer = await smartbet(port, site, win=1)
    assert (200, 1) == (answer.status, len(answer.json["events"]))


async def test_limits_of_tickets_hold_for_smartbets(sandbox, port, site):
    assert 200 == (await smartbet(port, site)).status
    asked = [Asked("price_cents_min", "500"), Asked("price_cents_max", "1999")]
    await limit_operator(sandbox, "site", AskedLimits(asked, [TicketType.SMARTBET]), "ann")
    answer = await until(lambda: smartbet(port, site), is_refused)
    assert (208, "500 and 1999") == (answer.json["code"], answer.json["message"][-12:])
    assert 200 == (await smartbet(port, site, stake=1999)).status


async def test_nothing_is_composed_from_a_closed_card_or_for_who_does_not_sell(sandbox, port, site):
    code = site.codes[TicketType.SMARTBET]
    await set_operator(sandbox, "site", [Asked("ticket_types", "quicktip,jackpot")], "ann")
    answer = await until(lambda: smartbet(port, site), is_refused)
    assert 222 == answer.json["code"]
    await close(sandbox, "site", code, "ann")
    answer = await until(lambda: smartbet(port, site), lambda each: each.json["code"] == 214)
    assert 400 == answer.status
    assert 213 == (await post(port, f"{SMARTBETS}/FFFFFF", WANTED)).json["code"]
    assert 213 == (await post(port, f"{JACKPOTS}/{code}", {})).json["code"]
    await advance_to(sandbox, STARTS)
    answer = await until(lambda: fill(port, site), is_refused)
    assert 214 == answer.json["code"]


# ---- jackpots


@pytest.mark.parametrize("strategy", ["random", "weighted", "favourites", "outsiders"])
async def test_a_jackpot_is_filled_by_each_strategy(port, site, strategy):
    answer = await fill(port, site, strategy=strategy, seed=11)
    assert 200 == answer.status, answer.body
    assert ["price", "lines", "probability", "seed", "events"] == list(answer.json)
    assert (500, 1, 11) == tuple(answer.json[name] for name in ("price", "lines", "seed"))
    assert site.events[:3] == [event["id"] for event in answer.json["events"]]
    assert all(event["bet"]["id"] in {1, 2, 3} for event in answer.json["events"])
    assert answer.body == (await fill(port, site, strategy=strategy, seed=11)).body


async def test_favourites_are_the_shortest_odds_and_outsiders_the_longest(port, site):
    for strategy, bets in (("favourites", [1, 1, 1]), ("outsiders", [3, 3, 3])):
        answer = await fill(port, site, strategy=strategy)
        assert bets == [event["bet"]["id"] for event in answer.json["events"]]


async def test_lines_are_bought_as_doubles_and_kept_picks_stay(port, site):
    answer = await fill(port, site, lines=4, keep=[{"id": site.events[0], "bet": 2}], seed=1)
    assert (200, 4, 2000) == (answer.status, answer.json["lines"], answer.json["price"])
    first = answer.json["events"][0]
    kept = [first["bet"]] if "bet" in first else first["bets"]
    assert 2 in [bet["id"] for bet in kept]
    sizes = [len(event.get("bets", [1])) for event in answer.json["events"]]
    assert [1, 2, 2] == sorted(sizes)


async def test_an_empty_wish_is_one_weighted_line(port, site):
    answer = await fill(port, site)
    assert (200, 1) == (answer.status, answer.json["lines"])
    assert 0 <= answer.json["seed"] < 2**53


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        ({"strategy": "luck"}, 422, None),
        ({"lines": 0}, 422, None),
        ({"lines": "two"}, 422, None),
        ({"seed": "x"}, 422, None),
        ({"keep": [{"id": 1}]}, 422, None),
        ({"keep": 5}, 422, None),
        ({"lines": 9}, 400, 212),
        ({"keep": [{"id": 4711, "bet": 1}]}, 400, 223),
        ({"keep": [{"id": "first", "bet": 4711}]}, 400, 223),
    ],
)
async def test_a_jackpot_that_cannot_be_filled_so_is_told(port, site, told, status, code):
    for kept in told.get("keep", []) if isinstance(told.get("keep"), list) else []:
        if kept["id"] == "first":
            kept["id"] = site.events[0]
    answer = await fill(port, site, **told)
    assert (status, code) == (answer.status, answer.json.get("code"))


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ([], b"{}", 422),
        ([("content-type", "text/plain")], b"{}", 422),
        ([JSON], b"", 422),
        ([JSON], b"[]", 422),
        ([JSON], b"{", 422),
        ([JSON], b'{"seed":1,"seed":2}', 422),
        ([JSON], b'{"seed":"\xff"}', 422),
        ([JSON], b"[" * 60_000, 422),
        ([JSON], b" " * 70_000, 413),
    ],
)
async def test_a_body_that_is_none_is_told(port, site, headers, body, status):
    for path in (
        f"{SMARTBETS}/{site.codes[TicketType.SMARTBET]}",
        f"{JACKPOTS}/{site.codes[TicketType.JACKPOT]}",
    ):
        assert status == (await ask(port, "POST", path, headers, body)).status
