"""Cards as phones see them: lists, by code, filters, and what a second look costs."""

import datetime as dt
import json

import pytest
from api.asking import ask
from api.engines import make_engine
from bc_made import (
    HOUR,
    PATHS,
    PRICES,
    STARTS,
    add_matches,
    add_published,
    cards_on,
    open_site,
    until,
)
from catalogue_seen import add_provider
from feed_entries import odds_told
from tickets_made import add_operator

from acca.api import bc_cards
from acca.core.setting import Asked
from acca.core.ticket import TicketType
from acca.flows.advance_clock import advance_by, advance_to
from acca.flows.apply_feed import apply_entries
from acca.flows.move_card import close
from acca.flows.set_operator import set_operator
from acca.flows.stop_events import stop_event
from acca.store.clock import read_clock
from acca.store.results import Source

TYPES = list(TicketType)
HEAD = [
    "code", "title", "description", "sitename", "domain", "preview_img", "operator", "currency",
    "opens", "operator_time_opens", "closes", "operator_time_closes", "updated",
]  # fmt: skip
EVENT = ["starts", "operator_time_starts", "category", "home_team", "away_team"]
BODIES = {
    TicketType.QUICKTIP: ["total_odds", "risk", "probability", "events"],
    TicketType.QUICKBET: ["prices", "min_events", "max_events", "events"],
    TicketType.SMARTBET: ["stakes", "wins", "risks", "max_events", "events_count"],
    TicketType.SUPERBET: ["event", "questions", "price", "prizes"],
    TicketType.JACKPOT: ["price", "prize", "bonus_prizes", "max_lines", "events", "rules"],
}


@pytest.fixture
async def site(sandbox):
    return await open_site(sandbox)


@pytest.fixture
async def port(sandbox, site, logged, serve):
    assert site
    async with serve(make_engine(sandbox, logged)) as opened:
        yield opened


async def get(port, path, **headers):
    told = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return await ask(port, "GET", path, told)


async def listed(port, type_, query=""):
    answer = await get(port, f"{PATHS[type_]}?operator=site{query}")
    assert 200 == answer.status, answer.body
    return answer.json


async def settled_on(port, path, expected):
    """Ask until the answer is as expected."""
    status, part = expected
    return await until(
        lambda: get(port, path), lambda answer: answer.status == status and part in answer.body
    )


@pytest.mark.parametrize("type_", TYPES)
async def test_each_product_is_listed_and_shown_by_its_code(port, site, type_):
    (card,) = await listed(port, type_)
    assert [*HEAD, *BODIES[type_]] == list(card)
    assert ("site", "KES", site.codes[type_]) == (card["operator"], card["currency"], card["code"])
    by_code = await get(port, f"{PATHS[type_]}/{site.codes[type_].lower()}")
    assert card == by_code.json
    assert "2090-01-01T15:00:00.000000" <= card["closes"]
    assert card["operator_time_closes"] > card["closes"]


async def test_an_event_on_a_card_has_the_documented_members_in_their_order(port, site):
    (tip,) = await listed(port, TicketType.QUICKTIP)
    event = tip["events"][0]
    assert [*EVENT, "bet", "tip_reason", "id"] == list(event)
    assert {"slug": "bc0-home", "name": "BC0-HOME"}.items() <= event["home_team"].items()
    assert "football/finland/kakkonen" == event["category"]["league_slug"]
    assert [
        "id", "bet_code", "bet_name", "market_code", "market_name", "line_code", "line_name",
        "odds", "updated",
    ] == list(event["bet"])  # fmt: skip
    assert (1.5, 19) == (event["bet"]["odds"], len(event["bet"]["updated"]))
    assert (3.15, "Home.") == (tip["total_odds"], event["tip_reason"])
    assert (site.events[0], "medium") == (event["id"], tip["risk"])
    (coupon,) = await listed(port, TicketType.QUICKBET)
    assert [*EVENT, "bets", "id"] == list(coupon["events"][0])
    assert [1, 2, 3] == [bet["id"] for bet in coupon["events"][0]["bets"]]
    (quiz,) = await listed(port, TicketType.SUPERBET)
    assert [*EVENT, "id"] == list(quiz["event"])
    assert ["MRFT", "BTTSFT"] == [one["market_code"] for one in quiz["questions"]]
    (pool,) = await listed(port, TicketType.JACKPOT)
    assert (1_000_000, [50_000]) == (pool["prize"], pool["bonus_prizes"])
    assert "refund_all" == pool["rules"]["void_rules"][0]["policy"]
    (smart,) = await listed(port, TicketType.SMARTBET)
    assert (6, ["1.25-1.99", "1.25-4.99"]) == (smart["events_count"], smart["risks"])


@pytest.mark.parametrize("type_", TYPES)
async def test_a_second_look_at_the_same_costs_no_body(port, site, type_):
    for path in (f"{PATHS[type_]}?operator=site", f"{PATHS[type_]}/{site.codes[type_]}"):
        first = await get(port, path)
        again = await get(port, path, if_none_match=first.headers["etag"])
        assert (304, b"") == (again.status, again.body)
        assert first.headers["etag"] == again.headers["etag"]
        assert "public, max-age=2" == again.headers["cache-control"]
        other = await get(port, path, if_none_match='"else"')
        assert (200, first.body) == (other.status, other.body)


async def test_odds_that_move_are_shown_within_moments(sandbox, port):
    path = f"{PATHS[TicketType.QUICKTIP]}?operator=site"
    before = await get(port, path)
    async with sandbox.reader() as reader:
        provider = (await reader.row("SELECT id FROM provider"))["id"]
    told = odds_told(3, {**PRICES[0], 1: 163}, "bc0")
    await apply_entries(sandbox, provider, [told], Source.FEED)
    after = await settled_on(port, path, (200, b'"odds":1.63'))
    assert before.headers["etag"] != after.headers["etag"]
    assert before.json[0]["events"][1] == after.json[0]["events"][1]


async def test_what_is_suspended_is_not_offered_as_a_choice(sandbox, port, site):
    path = f"{PATHS[TicketType.SMARTBET]}?operator=site"
    assert 200 == (await get(port, path)).status
    await stop_event(sandbox, site.events[0], "ann", None)
    await settled_on(port, path, (200, b'"events_count":5'))
    (coupon,) = await listed(port, TicketType.QUICKBET)
    assert site.events[1:] == [event["id"] for event in coupon["events"]]
    (tip,) = await listed(port, TicketType.QUICKTIP)
    assert site.events[0] == tip["events"][0]["id"]


async def test_started_events_drop_out_and_cards_close_by_the_clock(sandbox, port, site):
    path = f"{PATHS[TicketType.QUICKBET]}?operator=site"
    assert 6 == len((await get(port, path)).json[0]["events"])
    await advance_to(sandbox, STARTS + HOUR * 1.5)
    await settled_on(port, f"{PATHS[TicketType.QUICKTIP]}?operator=site", (200, b"[]"))
    assert site.events[2:] == [one["id"] for one in (await get(port, path)).json[0]["events"]]
    for type_ in (TicketType.SUPERBET, TicketType.JACKPOT):
        assert [] == await listed(port, type_)
        assert 200 == (await get(port, f"{PATHS[type_]}/{site.codes[type_]}")).status
    await advance_by(sandbox, dt.timedelta(days=29))
    code = site.codes[TicketType.JACKPOT]
    await settled_on(port, path, (200, b"[]"))
    assert 200 == (await get(port, f"/bc/jackpots/{code}")).status
    await advance_by(sandbox, dt.timedelta(days=2))
    await settled_on(port, f"/bc/jackpots/{code}", (400, b'"code":213'))


async def test_a_card_that_staff_closes_leaves_the_list_and_stays_by_its_code(sandbox, port, site):
    code = site.codes[TicketType.QUICKTIP]
    path = f"{PATHS[TicketType.QUICKTIP]}?operator=site"
    assert 1 == len((await get(port, path)).json)
    await close(sandbox, "site", code, "ann")
    await settled_on(port, path, (200, b"[]"))
    shown = await get(port, f"{PATHS[TicketType.QUICKTIP]}/{code}")
    assert (200, code) == (shown.status, shown.json["code"])
    assert shown.json["closes"] < "2090"


async def test_a_card_appears_when_it_is_published_and_open(sandbox, port, site):
    path = f"{PATHS[TicketType.QUICKTIP]}?operator=site"
    assert 1 == len((await get(port, path)).json)
    async with sandbox.reader() as reader:
        opens = (await read_clock(reader)).now + HOUR
    told = cards_on(site.events)[TicketType.QUICKTIP]
    later = await add_published(sandbox, type="quicktip", opens=opens.isoformat(), **told)
    soon = await add_published(sandbox, type="quicktip", rank=1, **told)
    await settled_on(port, path, (200, soon.encode()))
    assert [soon, site.codes[TicketType.QUICKTIP]] == [
        card["code"] for card in await listed(port, TicketType.QUICKTIP)
    ]
    hidden = await get(port, f"{PATHS[TicketType.QUICKTIP]}/{later}")
    assert (400, 213) == (hidden.status, hidden.json["code"])
    await advance_by(sandbox, HOUR)
    await settled_on(port, path, (200, later.encode()))


async def test_filters_choose_cards_by_what_is_on_them(sandbox, port, site):
    other = await add_published(
        sandbox, type="quicktip", tips=[{"event": site.events[5], "bet": 1}]
    )
    own = site.codes[TicketType.QUICKTIP]
    (card, _) = await listed(port, TicketType.QUICKTIP)
    category = card["events"][0]["category"]
    for query, expected in (
        ("", [own, other]),
        ("&limit=1", [own]),
        ("&starts_after=2090-01-01T17:00:00", [other]),
        ("&starts_before=2090-01-01T17:00:00", [own]),
        (f"&league_id={category['league_id']}", [own, other]),
        (f"&league_id={category['league_id'] + 1}", []),
        (f"&country_id={category['country_id']}", [own, other]),
        ("&country_id=4711", []),
        ("&nobody=knows", [own, other]),
    ):
        found = [one["code"] for one in await listed(port, TicketType.QUICKTIP, query)]
        assert expected == found, query


async def test_a_card_belongs_to_one_operator_and_one_product(sandbox, port, site):
    await add_operator(sandbox, "rival")
    assert [] == (await get(port, "/bc/quicktips?operator=rival")).json
    code = site.codes[TicketType.QUICKTIP]
    wrong = await get(port, f"/bc/jackpots/{code}")
    assert (400, 213) == (wrong.status, wrong.json["code"])


async def test_a_product_that_is_not_sold_any_more_is_not_listed(sandbox, port):
    path = "/bc/jackpots?operator=site"
    assert 1 == len((await get(port, path)).json)
    await set_operator(sandbox, "site", [Asked("ticket_types", "quicktip")], "ann")
    await settled_on(port, path, (200, b"[]"))


async def test_a_jackpot_without_odds_can_be_picked_all_the_same(sandbox, port, site):
    provider = await add_provider(sandbox, "other")
    bare = await add_matches(sandbox, provider, 1, STARTS + 9 * HOUR)
    told = {**cards_on(site.events)[TicketType.JACKPOT], "events": [*site.events[:2], *bare]}
    async with sandbox.writer() as writer:
        query = "UPDATE event_odds SET bets = '{}', odds = '{}', derived = '{}', versions = '{}' "
        await writer.run(f"{query} WHERE event = $1", bare[0])
    code = await add_published(sandbox, type="jackpot", **told)
    shown = (await get(port, f"/bc/jackpots/{code}")).json["events"][-1]["bets"]
    assert [(1, None, None), (2, None, None), (3, None, None)] == [
        (bet["id"], bet["odds"], bet["updated"]) for bet in shown
    ]


# ---- who asks wrongly


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/bc/quicktips?operator=nobody", 400, 106),
        ("/bc/quicktips?operator=NO%20BODY", 400, 106),
        ("/bc/quicktips", 422, None),
        ("/bc/quicktips?operator=site&operator=site", 422, None),
        ("/bc/quicktips?operator=site&limit=0", 422, None),
        ("/bc/quicktips?operator=site&limit=ten", 422, None),
        ("/bc/quicktips?operator=site&league_id=-1", 422, None),
        ("/bc/quicktips?operator=site&starts_after=tomorrow", 422, None),
        ("/bc/quicktips?operator=site&starts_before=%ff", 422, None),
        ("/bc/quicktips/FFFFFF", 400, 213),
        ("/bc/quicktips/nonsense", 400, 213),
        ("/bc/quicktips/%00%ff", 400, 213),
        (f"/bc/quicktips/{'A' * 5000}", 400, 213),
        ("/bc/calculator/finance-details?operator=nobody&price=1&odds=2", 400, 106),
    ],
)
async def test_a_wrong_question_has_its_documented_answer(port, path, status, code):
    answer = await get(port, path)
    assert (status, code) == (answer.status, answer.json.get("code"))


async def test_browsers_of_any_origin_may_ask(port, site):
    for path in ("/bc/quicktips?operator=site", "/bc/quicktips/FFFFFF", "/bc/quicktips"):
        assert "*" == (await get(port, path)).headers["access-control-allow-origin"]
    allowed = await ask(port, "OPTIONS", f"/bc/smartbets/{site.codes[TicketType.SMARTBET]}")
    assert (204, b"") == (allowed.status, allowed.body)
    assert "GET, POST, OPTIONS" == allowed.headers["access-control-allow-methods"]
    assert "content-type" in allowed.headers["access-control-allow-headers"]
    wrong = await ask(port, "POST", "/bc/quicktips")
    assert (405, "GET, OPTIONS") == (wrong.status, wrong.headers["allow"])


async def test_the_answers_are_json_of_one_list(port):
    answer = await get(port, "/bc/quicktips?operator=site")
    assert "application/json" == answer.headers["content-type"]
    assert isinstance(json.loads(answer.body), list)


async def test_filters_that_somebody_makes_up_do_not_fill_the_memory(port, monkeypatch):
    monkeypatch.setattr(bc_cards, "_LISTS_BYTES_MAX", 100_000)
    for number in range(60):
        answer = await get(port, f"/bc/quickbets?operator=site&made={number}{'x' * 2_000}")
        assert 200 == answer.status
    same = await get(port, "/bc/quickbets?operator=site")
    assert same.body == answer.body


async def test_without_a_database_cards_are_shown_for_a_moment_and_then_refused(
    port, site, sandbox
):
    path = f"/bc/quicktips/{site.codes[TicketType.QUICKTIP]}"
    assert 200 == (await get(port, path)).status
    await sandbox.readers.close()
    await settled_on(port, path, (503, b"try again"))
    assert "1" == (await get(port, path)).headers["retry-after"]
