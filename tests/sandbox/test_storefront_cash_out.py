"""A ticket is cashed out on its page, without any script."""

import re
from decimal import Decimal

import pytest
from bc_made import NO, YES
from feed_entries import odds_told, suspension_told
from sandbox.shops import CASHING_OUT, PRICE, browser, form, open_shop, place, send, slip_of
from sandbox.test_storefront import BYTES_MAX

from acca.flows.apply_feed import apply_entries
from acca.store.results import Source

BUTTON = re.compile(r"Cash out for (KES [\d,.]+)</button>")
PROVIDER = 1
SHARED_BYTES = 12_000
"""Style, script and icon, which come once."""


def number(money):
    return Decimal(money.removeprefix("KES ").replace(",", ""))


@pytest.fixture
async def shop(sandbox):
    async with open_shop(sandbox, **CASHING_OUT) as opened:
        yield opened


@pytest.fixture
async def client(shop):
    async with browser(shop.url) as opened:
        yield opened


def path_of(answer):
    """Tell the path of the ticket that a form led to."""
    return answer.headers["location"].partition("?")[0]


async def placed(client):
    """Place a tip, and return the path of its ticket."""
    return path_of(await place(client, await slip_of(client, "/", PRICE), PRICE))


async def accept(client, path):
    """Send the form of the offer that a ticket's page shows."""
    target = f"{path}/cash-out"
    return await send(client, target, form((await client.get(path)).text, target))


async def tell(database, *entries):
    """Tell of the first match of every tip."""
    await apply_entries(database, PROVIDER, list(entries), Source.FEED)


def odds_of_home(version, home):
    return odds_told(version, {1: home, 2: 400, 3: 700, YES: 180, NO: 195}, "bc0")


async def test_a_ticket_is_cashed_out_for_what_is_shown(client):
    path = await placed(client)
    page = (await client.get(path)).text
    assert "Likely to stand until" in page
    assert "Your ticket is worth" in page
    (amount,) = BUTTON.findall(page)
    answer = await accept(client, path)
    assert (303, f"{path}?cashed=1") == (answer.status_code, answer.headers["location"])
    done = (await client.get(answer.headers["location"])).text
    assert f"Cashed out: you receive {amount}." in done
    assert '<span class="state won">cashed out</span>' in done
    assert "you cashed out for" in done
    assert 2 == done.count("</time> cash out <small>wallet told:")
    assert [] == BUTTON.findall(done)
    assert "Stake x odds" not in done
    listed = (await client.get("/tickets")).text
    assert "cashed out" in listed
    assert f"paid {amount}" in listed
    assert len(done.encode()) + SHARED_BYTES < BYTES_MAX


async def test_a_form_that_is_sent_twice_cashes_out_once(client):
    path = await placed(client)
    target = f"{path}/cash-out"
    fields = form((await client.get(path)).text, target)
    assert [303, 303] == [(await send(client, target, fields)).status_code for _ in range(2)]
    assert 2 == (await client.get(path)).text.count("</time> cash out <small>wallet told:")


async def test_a_lower_value_is_shown_before_it_is_taken(client, sandbox):
    path = await placed(client)
    page = (await client.get(path)).text
    (before,) = BUTTON.findall(page)
    await tell(sandbox, odds_of_home(3, 160))
    answer = await send(client, f"{path}/cash-out", form(page, f"{path}/cash-out"))
    (now,) = BUTTON.findall(answer.text)
    news = f"The value has changed: it was {before}, now it is {now}. Nothing was done."
    assert (200, True) == (answer.status_code, news in answer.text)
    assert number(now) < number(before)
    assert '<span class="state pending">open</span>' in answer.text
    again = await send(client, f"{path}/cash-out", form(answer.text, f"{path}/cash-out"))
    done = (await client.get(again.headers["location"])).text
    assert f"you receive {now}." in done


async def test_a_higher_value_pays_what_was_shown(client, sandbox):
    path = await placed(client)
    page = (await client.get(path)).text
    (shown,) = BUTTON.findall(page)
    await tell(sandbox, odds_of_home(3, 145))
    (higher,) = BUTTON.findall((await client.get(path)).text)
    assert number(higher) > number(shown)
    answer = await send(client, f"{path}/cash-out", form(page, f"{path}/cash-out"))
    assert f"you receive {shown}." in (await client.get(answer.headers["location"])).text


async def test_what_cannot_be_cashed_out_now_is_said_without_alarm(client, sandbox):
    path = await placed(client)
    page = (await client.get(path)).text
    await tell(sandbox, suspension_told(3, event="bc0"))
    suspended = (await client.get(path)).text
    assert "Cash-out is not available. Your ticket stands as it is." in suspended
    assert ([], False) == (BUTTON.findall(suspended), 'role="alert"' in suspended)
    answer = await send(client, f"{path}/cash-out", form(page, f"{path}/cash-out"))
    assert (200, True) == (answer.status_code, "It was not cashed out." in answer.text)
    assert "</time> cash out" not in answer.text


async def test_a_superbet_is_never_bought_back(client):
    slip = await slip_of(client, "/super", ("answer-a", "1"), ("answer-b", str(YES)))
    page = (await client.get(path_of(await place(client, slip)))).text
    assert ([], True) == (BUTTON.findall(page), "Cash-out is not available" in page)


async def test_a_shop_without_cash_out_does_not_speak_of_it(sandbox):
    async with open_shop(sandbox) as shop, browser(shop.url) as client:
        path = await placed(client)
        page = (await client.get(path)).text
        assert ([], False) == (BUTTON.findall(page), "Cash-out" in page)


async def test_a_ticket_is_told_in_sentences(client):
    page = (await client.get(await placed(client))).text
    assert "You paid KES 10.00; 8.89 was staked after excise duty of 1.11" in page
    assert "BC0-HOME - JaPS/47 starts" in page


async def test_a_lost_answer_is_asked_for_again_with_the_same_key(client, shop):
    path = await placed(client)
    target = f"{path}/cash-out"
    page = (await client.get(path)).text
    await shop.engine.aclose()
    answer = await send(client, target, form(page, target))
    assert (200, True) == (answer.status_code, "never cashed out twice" in answer.text)
    asked = dict(form(page, target))
    again = dict(form(answer.text, target))
    assert (asked["key"], asked["amount"]) == (again["key"], again["amount"])


@pytest.mark.parametrize(
    "changed", [{"amount": "0"}, {"amount": "1.5"}, {"amount": ""}, {"key": ""}]
)
async def test_bad_forms_are_answered_in_words_and_change_nothing(client, changed):
    path = await placed(client)
    fields = {**dict(form((await client.get(path)).text, f"{path}/cash-out")), **changed}
    answer = await send(client, f"{path}/cash-out", list(fields.items()))
    assert (400, True) == (answer.status_code, "The form " in answer.text)
    assert 1 == len(BUTTON.findall((await client.get(path)).text))


async def test_only_its_player_cashes_a_ticket_out(client, shop):
    path = await placed(client)
    page = (await client.get(path)).text
    async with browser(shop.url) as other:
        own = (await other.get("/")).text
        foreign = await send(other, f"{path}/cash-out", form(page, f"{path}/cash-out"))
        assert 403 == foreign.status_code
        _ = await send(other, "/player", form(own, "/player"), ("player", "player-2"))
        fields = {**dict(form(page, f"{path}/cash-out")), **dict(form(own, "/player"))}
        theirs = await send(other, f"{path}/cash-out", list(fields.items()))
        assert (404, True) == (theirs.status_code, "no such ticket of yours" in theirs.text)
    assert 1 == len(BUTTON.findall((await client.get(path)).text))
