"""Tickets explained over HTTP, of every type, settled, corrected and refunded by real flows."""

import time

import pytest
from api.asking import ask
from api.test_be import real_means
from flows.test_settle_jackpots import DRAWN, pick, play, publish
from flows.test_settle_jackpots import settle as settle_all
from settling_made import AWAY_WINS, CANCELLED, HOME_WINS, POSTPONED, begin, publish_card
from ticket_lives import open_unapproved, reserve, rules_of

from acca.core.finance import Payout
from acca.core.ticket import TicketType
from acca.engine import open_engine
from acca.flows.decide_approvals import Asked, decline
from acca.flows.judge_postponements import judge_postponements
from acca.wire.be_answers import Audience, Explanation
from acca.wire.document import parse
from acca.wire.gsm import SEPTETS_MAX, septets
from acca_client.engine import AsyncEngine
from acca_client.errors import Invalid, TicketNotFound
from acca_client.signature import Credentials, request_headers

AS_STRUCK = {"payout": Payout(2250, 0, 2250, 2250), "total_odds": 225}
CARD = {
    "type": "superbet",
    "title": "Six",
    "currency": "KES",
    "price": 1000,
    "questions": [[1, 2, 3], [101, 111]],
    "prizes": [{"correct": 2, "amount": 1_500}],
}


@pytest.fixture
async def season(sandbox):
    return await begin(sandbox)


@pytest.fixture
async def secret(sandbox, season):
    assert season
    return (await rules_of(sandbox)).keys[-1].secret.text


@pytest.fixture
async def port(sandbox, season, serve, logged):
    assert season
    async with open_engine(sandbox, real_means(logged)) as engine, serve(engine) as opened:
        yield opened


@pytest.fixture
async def client(port, secret):
    async with AsyncEngine(f"http://127.0.0.1:{port}", "site", secret) as opened:
        yield opened


async def test_a_won_ticket_is_explained_to_its_player_and_to_finance(season, client):
    ticket = await season.open(**AS_STRUCK)
    await season.wait(hours=3)
    for event in season.events[:2]:
        await season.end(event)
    await season.settle()
    told = await client.explain(ticket.facts.code)
    assert ("en", "player") == (told.lang, told.audience)
    assert told.legs[0].endswith(" ended 2-1: your pick, X0-HOME to win at 1.50, won.")
    assert (
        "You paid KES 10.00; at total odds 2.25 you won 22.50, no withholding tax, "
        "you receive KES 22.50." == told.money
    )
    assert f"Ticket {ticket.facts.code} WON KES 22.50 (won 22.50, tax 0.00)." in told.sms
    assert septets(told.sms) <= SEPTETS_MAX
    exact = await client.explain(ticket.facts.key.id.hex(), audience="finance")
    for part in ("1.5 x 1.5 = 2.25, rounded to 2.25", "10.00 x 2.25", "tax profile 1"):
        assert part in exact.money
    swahili = await client.explain(ticket.facts.code, lang="sw")
    assert "umeshinda 22.50, hakuna kodi ya zuio, unapokea KES 22.50." in swahili.money


async def test_a_corrected_result_is_told(season, client):
    ticket = await season.open(**AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0], AWAY_WINS)
    await season.settle()
    lost = await client.explain(ticket.facts.code)
    assert "lost your ticket: you receive nothing." in lost.money
    await season.end(season.events[0], HOME_WINS, 11, corrects=True)
    under_way = await client.explain(ticket.facts.code)
    assert under_way.money.endswith("your ticket is being settled again.")
    await season.settle()
    again = await client.explain(ticket.facts.code)
    assert again.money.endswith("your ticket is open again.")
    await season.end(season.events[1])
    await season.settle()
    won = await client.explain(ticket.facts.code, lang="fr")
    assert won.money.endswith("et c'est ceci qui compte désormais.")


async def test_what_is_not_played_is_told_as_it_is(sandbox, season, client):
    ticket = await season.open(season.events[:3])
    await season.wait(hours=3)
    await season.end(season.events[0], CANCELLED)
    await season.end(season.events[1], POSTPONED)
    told = await client.explain(ticket.facts.code)
    ends = ("was cancelled: ", "is postponed: ", "has no result yet: ")
    assert [True] * 3 == [end in leg for end, leg in zip(ends, told.legs, strict=True)]
    await season.wait(days=3)
    await judge_postponements(sandbox)
    told = await client.explain(ticket.facts.code)
    assert "was postponed for too long: " in told.legs[1]
    assert "is void and counts as 1.00" in told.legs[1]


async def test_reservations_and_declined_tickets_are_explained(sandbox, season, client):
    operator, events = season.operator, season.events[:2]
    reserved = await reserve(sandbox, operator, events)
    told = await client.explain(reserved.facts.code)
    assert told.money.startswith("Your ticket is reserved: pay KES 10.00 by 2090-01-01 ")
    waiting = await open_unapproved(sandbox, operator, events)
    told = await client.explain(waiting.facts.code)
    assert "waits for approval, and if it is declined you get back KES 10.00." in told.money
    await decline(sandbox, Asked("site", waiting.facts.code, "test"), "declined")
    told = await client.explain(waiting.facts.code)
    assert "your ticket was declined: you get back KES 10.00." in told.money
    assert f"Ticket {waiting.facts.code} DECLINED, KES 10.00 back." == told.sms


async def test_a_superbet_is_explained(season, client):
    event = season.events[0]
    card = await publish_card(season.database, {**CARD, "event": event})
    prized = {"odds": (), "total_odds": None, "payout": Payout(0, 0, 0, 0), "card": card}
    ticket = await season.open([event, event], type=TicketType.SUPERBET, bets=(1, 101), **prized)
    told = await client.explain(ticket.facts.code)
    assert "the first prize is KES 15.00 for 2 right answers, before tax." in told.money
    await season.wait(hours=3)
    await season.end(event)
    await season.settle()
    told = await client.explain(ticket.facts.code)
    assert "with 2 right answers out of 2 you won 15.00" in told.money
    assert all(leg.endswith("was right.") for leg in told.legs)


async def test_a_jackpot_is_explained(season, client):
    card = await publish(season)
    ticket = await pick(season, card, "1X", "X", "2", "1")
    lost = await pick(season, card, "2", "2", "1", "1")
    told = await client.explain(ticket.facts.code)
    assert "you have 2 lines, and the first prize is KES 5,000.00 for each line" in told.money
    await play(season, HOME_WINS, DRAWN, AWAY_WINS, HOME_WINS)
    await settle_all(season)
    told = await client.explain(ticket.facts.code)
    assert "with 1 line of 0 wrong picks and 1 line of 1 wrong pick you won 5,090.00" in told.money
    assert "you picked 1 and X; one of them is right." in told.legs[0]
    exact = await client.explain(ticket.facts.code, audience="finance")
    assert "1 x 5,000.00 + 1 x 90.00; prize, uncapped gross 5,090.00" in exact.money
    told = await client.explain(lost.facts.code)
    assert "your best line had 3 wrong picks, too many for a prize" in told.money


async def test_a_refunded_jackpot_says_so(season, client):
    card = await publish(season)
    ticket = await pick(season, card, "1", "X", "2", "1")
    await play(season, HOME_WINS, CANCELLED, AWAY_WINS, HOME_WINS)
    await settle_all(season)
    told = await client.explain(ticket.facts.code)
    assert "your ticket is void: you get back KES 10.00." in told.money
    assert told.legs[0].endswith("the whole jackpot is refunded.")


async def test_an_unknown_language_names_those_there_are(season, client):
    ticket = await season.open()
    with pytest.raises(Invalid) as refused:
        await client.explain(ticket.facts.code, lang="de")
    assert "has to be one of en, fr, sw" in str(refused.value)
    with pytest.raises(Invalid):
        await client.explain(ticket.facts.code, audience="everybody")


async def test_only_its_operator_is_told(season, port, client, secret):
    ticket = await season.open()
    with pytest.raises(TicketNotFound):
        await client.explain("000000")
    path = f"/be/tickets/{ticket.facts.code}/explain"
    assert 403 == (await ask(port, "GET", path)).status
    headers = request_headers(Credentials("site", secret), int(time.time()), b"")
    answer = await ask(port, "GET", path, headers.items())
    assert ["lang", "audience", "legs", "money", "sms"] == list(answer.json)
    assert Audience.PLAYER is parse(Explanation, answer.body).audience
