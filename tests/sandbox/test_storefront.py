"""The storefront without any script, as a slow or old phone has it."""

import re

import pytest
from bc_made import NO, YES
from feed_entries import odds_told
from sandbox.shops import KEY, PRICE, browser, form, open_shop, place, send, slip_of

from acca.core.setting import Asked
from acca.core.ticket import TicketType
from acca.flows.apply_feed import apply_entries
from acca.flows.limit_operator import AskedLimits, limit_operator
from acca.store.results import Source
from acca_sandbox.wallet.faults import Fault

PAGES = ("/", "/coupons", "/smart", "/super", "/jackpot", "/tickets")
BYTES_MAX = 60_000


@pytest.fixture
async def shop(sandbox):
    async with open_shop(sandbox) as opened:
        yield opened


@pytest.fixture
async def client(shop):
    async with browser(shop.url) as opened:
        yield opened


def tickets_of(shop):
    return [ticket for ticket in shop.wallet.ledger.tickets.values() if ticket.taken_cents]


async def test_every_page_is_small_and_needs_nothing_from_elsewhere(client):
    shared = 0
    for name in ("style.css", "app.js", "icon.svg"):
        answer = await client.get(f"/static/{name}")
        assert 200 == answer.status_code
        shared += len(answer.content)
    for path in PAGES:
        answer = await client.get(path)
        assert 200 == answer.status_code, path
        assert len(answer.content) + shared < BYTES_MAX
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert [] == re.findall(r'(?:src|href)="(?:https?:)?//(?!127\.0\.0\.1)', answer.text)
        assert KEY not in answer.text


async def test_a_tip_is_placed_and_its_taxes_are_explained(client, shop):
    slip = await slip_of(client, "/", PRICE)
    assert all(each in slip for each in ("Excise duty, 12.5 %", "Withholding tax, 20 %", "KES 10"))
    answer = await place(client, slip, PRICE)
    assert 303 == answer.status_code
    ticket = (await client.get(answer.headers["location"])).text
    assert "Placed" in ticket
    assert "wallet told: create" in ticket
    assert [1000] == [each.taken_cents for each in tickets_of(shop)]
    assert "KES 9,990" in ticket
    assert "quicktip" in (await client.get("/tickets")).text


async def test_a_form_that_is_sent_twice_places_once(client, shop):
    slip = await slip_of(client, "/", PRICE)
    first, second = await place(client, slip, PRICE), await place(client, slip, PRICE)
    assert first.headers["location"] == second.headers["location"]
    assert 1 == len(tickets_of(shop))


async def test_a_coupon_is_picked_from(client, shop):
    events = shop.site.events
    picks = [(f"pick-{events[0]}", f"{events[0]}:2:4.00"), ("pick-x", f"{events[1]}:1:2.10")]
    slip = await slip_of(client, "/coupons", *picks, PRICE)
    assert "odds 8.40" in slip
    assert 303 == (await place(client, slip, PRICE)).status_code
    assert 1 == len(tickets_of(shop))


async def test_a_wish_is_composed_and_placed(client, shop):
    page = (await client.get("/smart?at=0&stake=10&risk=1.25-4.99")).text
    answer = await send(client, "/slip", form(page, "/slip"))
    assert 303 == (await place(client, answer.text)).status_code
    assert 1 == len(tickets_of(shop))


async def test_a_wish_out_of_reach_is_told_in_words(client):
    page = (await client.get("/smart?at=100&stake=0.01&risk=1.25-1.99")).text
    assert "Wish for less" in page


async def test_questions_are_answered(client, shop):
    answers = [("answer-a", "1"), ("answer-b", str(YES))]
    slip = await slip_of(client, "/super", *answers)
    assert 303 == (await place(client, slip)).status_code
    assert [5000] == [each.taken_cents for each in tickets_of(shop)]


async def test_a_jackpot_is_filled_and_costs_its_lines(client, shop):
    page = (await client.get("/jackpot?fill=favourites&lines=2")).text
    checked = re.findall(r'name="(pick-\d+)" value="([^"]+)" checked', page)
    assert 4 == len(checked)
    slip = (await send(client, "/slip", form(page, "/slip"), *checked)).text
    assert 303 == (await place(client, slip)).status_code
    assert [1000] == [each.taken_cents for each in tickets_of(shop)]


async def test_new_odds_are_shown_before_they_are_accepted(client, shop, sandbox):
    slip = await slip_of(client, "/", PRICE)
    entry = odds_told(3, {1: 155, 2: 380, 3: 650, YES: 180, NO: 195}, "bc0")
    await apply_entries(sandbox, 1, [entry], Source.FEED)
    again = await place(client, slip, PRICE)
    assert 200 == again.status_code
    assert "odds have changed" in again.text
    assert [] == tickets_of(shop)
    assert 303 == (await place(client, again.text, PRICE)).status_code
    assert 1 == len(tickets_of(shop))


async def test_another_price_is_only_worked_out(client, shop):
    slip = await slip_of(client, "/", PRICE)
    fields = form(slip, "/place")
    again = await send(client, "/place", fields, ("price", "20"), ("do", "look"))
    assert "Place it for KES 20" in again.text
    assert [] == tickets_of(shop)


async def test_a_wallet_that_says_no_is_told_in_words(client, shop):
    shop.wallet.faults.set([Fault(kind="decline", action="ticket_create")], 1)
    answer = await place(client, await slip_of(client, "/", PRICE), PRICE)
    assert 400 == answer.status_code
    assert "enough money" in answer.text
    shop.wallet.faults.set([], 1)
    slip = await send(client, "/slip", form(answer.text, "/slip"), PRICE)
    assert 303 == (await place(client, slip.text, PRICE)).status_code
    assert 1 == len(tickets_of(shop))


async def test_a_price_out_of_range_is_told_and_can_be_changed(client, sandbox):
    limits = AskedLimits([Asked("price_cents_min", "500")])
    await limit_operator(sandbox, "site", limits, "test")
    page = (await client.get("/")).text
    answer = await send(client, "/slip", form(page, "/slip"), ("price", "1"))
    assert (400, True) == (answer.status_code, "Change how much you pay" in answer.text)
    slip = await send(client, "/slip", form(answer.text, "/slip"), PRICE)
    assert 303 == (await place(client, slip.text, PRICE)).status_code


async def test_cards_are_shown_while_the_wallet_is_away(client, shop):
    slip = await slip_of(client, "/", PRICE)
    await shop.paying.aclose()
    assert "balance unknown" in (await client.get("/coupons")).text
    answer = await place(client, slip, PRICE)
    assert answer.status_code in {200, 400}
    async with browser(shop.url) as other:
        page = (await other.get("/")).text
        answer = await send(other, "/slip", form(page, "/slip"), PRICE)
        assert (502, True) == (answer.status_code, "wallet is away" in answer.text)


async def test_who_does_not_know_is_asked_to_ask_again_with_the_same_key(client, shop):
    slip = await slip_of(client, "/", PRICE)
    await shop.engine.aclose()
    answer = await place(client, slip, PRICE)
    assert (200, True) == (answer.status_code, "never placed twice" in answer.text)
    fields = dict(form(answer.text, "/place"))
    assert dict(form(slip, "/place"))["key"] == fields["key"]
    assert ("quicktip", "10.00") == (fields["kind"], fields["price"])
    assert 502 == (await client.get("/tickets")).status_code


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ([], "Nothing that can be bet on"),
        ([("kind", "quicktip"), ("code", "zz")], "six digits"),
        ([("kind", "quicktip"), ("code", "ABCDEF"), ("price", "ten")], "how much you pay"),
        ([("kind", "quicktip"), ("code", "ABCDEF"), PRICE], "at least one bet"),
        ([("kind", "quicktip"), ("code", "ABCDEF"), PRICE, ("pick", "1:2")], "pick of the form"),
        ([("kind", "superbet"), ("code", "ABCDEF"), PRICE, ("answer", "x")], "number of the form"),
        ([("kind", "quicktip"), ("code", "ABCDEF"), PRICE, ("pick", "9:1:2.00")], "found"),
    ],
)
async def test_bad_forms_are_answered_in_words(client, fields, sentence):
    csrf = dict(form((await client.get("/")).text, "/slip"))["csrf"]
    answer = await send(client, "/slip", [("csrf", csrf), *fields])
    assert (400, True) == (answer.status_code, sentence in answer.text), answer.text


async def test_a_form_of_somebody_else_is_not_taken(client, shop):
    slip = await slip_of(client, "/", PRICE)
    async with browser(shop.url) as other:
        assert 403 == (await place(other, slip, PRICE)).status_code
    assert [] == tickets_of(shop)


async def test_tickets_are_their_players_alone(client):
    placed = await place(client, await slip_of(client, "/", PRICE), PRICE)
    page = (await client.get("/")).text
    chosen = await send(client, "/player", form(page, "/player"), ("player", "player-2"))
    assert 303 == chosen.status_code
    answer = await client.get(placed.headers["location"])
    assert (404, True) == (answer.status_code, "no such ticket of yours" in answer.text)
    assert "You have no tickets" in (await client.get("/tickets")).text
    assert (
        400
        == (await send(client, "/player", form(page, "/player"), ("player", "nobody"))).status_code
    )


async def test_everything_that_is_shown_is_escaped(client, shop):
    answer = await client.get("/tickets/%3Cscript%3E")
    assert answer.status_code == 400
    assert "<script>" not in answer.text.replace('<script src="/static/app.js" defer>', "")
    assert TicketType.QUICKTIP in shop.site.codes


async def test_the_clock_is_moved_by_its_buttons(sandbox):
    async with open_shop(sandbox, has_clock=True) as shop, browser(shop.url) as client:
        page = (await client.get("/")).text
        assert "Fri 01 May 12:00" in page
        for to in ("kick-off", "full-time", "day"):
            answer = await send(client, "/clock", form(page, "/clock"), ("to", to))
            assert 303 == answer.status_code
        assert (
            400 == (await send(client, "/clock", form(page, "/clock"), ("to", "1999"))).status_code
        )
        asked = [" ".join(each[1:]) for each in shop.moved if each[1] == "advance"]
        assert ["advance 2090-01-01T15:00:00", "advance 7200s", "advance 86400s"] == asked


async def test_the_clock_goes_to_the_next_match_of_the_players_own_tickets(sandbox):
    async with open_shop(sandbox, has_clock=True) as shop, browser(shop.url) as client:
        own = shop.site.events[1]
        slip = await slip_of(client, "/coupons", ("pick-1", f"{own}:1:2.10"), PRICE)
        assert 303 == (await place(client, slip, PRICE)).status_code
        _ = await send(client, "/clock", form(slip, "/clock"), ("to", "kick-off"))
        assert ("clock", "advance", "2090-01-01T16:00:00") in shop.moved


async def test_without_a_clock_nothing_moves(client):
    page = (await client.get("/")).text
    assert "/clock" not in page
    answer = await send(client, "/clock", form(page, "/slip"), ("to", "day"))
    assert 400 == answer.status_code
