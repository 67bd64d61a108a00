"""Cards that make themselves: templates copied for operators, day by day, exactly once."""

import asyncio
import datetime as dt
import itertools
import json

import pytest
from bc_made import HOUR, PRICES, add_matches
from catalogue_seen import add_provider
from feed_entries import odds_told
from tickets_made import add_operator

from acca.core.cards.card import CardState
from acca.core.cards.refused import CardFaulty
from acca.core.markets.football import bet
from acca.core.operating import TemplateUnknown
from acca.core.setting import Asked
from acca.core.ticket import TicketType
from acca.flows.add_card import add_card
from acca.flows.advance_clock import advance_by, advance_to
from acca.flows.apply_feed import apply_entries
from acca.flows.compose_cards import TIPSTER, compose_due, compose_now
from acca.flows.keep_template import end_template, keep_template, read_template
from acca.flows.move_card import close, publish, read_card, replace_card
from acca.flows.set_operator import set_operator
from acca.store.cards import list_cards
from acca.store.clock import read_clock
from acca.store.results import Source
from acca.store.templates import list_templates
from acca.wire.card_files import parse_card_file
from acca.wire.template_files import parse_template_file

CODES = (f"{number:06X}" for number in itertools.count(0xAD0000))
OVER, UNDER = (bet("OUFT", "2.5", code).id for code in "OU")
SMART = {
    "name": "smart", "type": "smartbet", "stakes": [1000], "wins": [5000], "risks": ["1.25-4.99"],
    "days": 14,
}  # fmt: skip
JACKPOT = {
    "name": "five", "type": "jackpot", "price": 500, "max_lines": 100, "matches": 5, "reserves": 1,
    "days": 14, "tiers": [{"kind": "shared_amount", "amount": 1_000_000}],
    "void_steps": [{"policy": "reserves"}, {"policy": "refund_all", "threshold": 2}],
}  # fmt: skip
SUPER = {
    "name": "quiz", "type": "superbet", "price": 5000, "matches": 2, "days": 14,
    "prizes": [{"correct": 6, "amount": 100}, {"correct": 5, "amount": 10}],
}  # fmt: skip
COUPON = {"name": "coupon", "type": "quickbet", "prices": [1000], "days": 14}


def draw():
    return next(CODES)


def template(told, **changes):
    return parse_template_file(json.dumps({**told, **changes}).encode())


@pytest.fixture
async def now(sandbox):
    """Bring the clock to five in the morning of a Monday in UTC, and tell it."""
    monday = dt.datetime(2090, 1, 2, 5, tzinfo=dt.UTC)
    await advance_to(sandbox, monday)
    return monday


@pytest.fixture
async def site(sandbox, now):
    """Enrol an operator by the clock of Nairobi, and offer eight matches from noon on."""
    await add_operator(sandbox, time_zone="Africa/Nairobi")
    provider = await add_provider(sandbox, "feeder")
    events = await add_matches(sandbox, provider, 8, now + 7 * HOUR)
    told = [
        odds_told(3, {**PRICES[number % 3], OVER: 190, UNDER: 195}, f"bc{number}")
        for number in range(8)
    ]
    await apply_entries(sandbox, provider, told, Source.FEED)
    return events


async def cards_of(database, type_=None):
    async with database.reader() as reader:
        stored = await list_cards(reader, 1, 1_000)
    placed = [await read_card(database, "site", card.code) for card in reversed(stored)]
    return [each for each in placed if type_ in {None, each.card.type}]


async def test_the_tipster_publishes_tips_of_the_day_by_itself(sandbox, site):
    made = await compose_due(sandbox, draw)
    cards = await cards_of(sandbox)
    assert made == len(cards) > 2
    assert {(TicketType.QUICKTIP, CardState.OPEN)} == {(one.card.type, one.state) for one in cards}
    for card in cards:
        assert {tip.event for tip in card.card.file.tips} <= set(site)
        assert all(tip.reason for tip in card.card.file.tips)
    assert 0 == await compose_due(sandbox, draw)
    assert len(cards) == len(await cards_of(sandbox))


@pytest.mark.usefixtures("site")
async def test_tips_come_anew_on_the_operators_next_day(sandbox):
    assert await compose_due(sandbox, draw) > 0
    # In Nairobi the day is over at 21:00 in UTC; the last matches are still to come.
    await add_matches(
        sandbox, await add_provider(sandbox, "later"), 4, dt.datetime(2090, 1, 3, 9, tzinfo=dt.UTC)
    )
    await advance_to(sandbox, dt.datetime(2090, 1, 2, 20, 59, tzinfo=dt.UTC))
    assert 0 == await compose_due(sandbox, draw)
    await advance_by(sandbox, dt.timedelta(minutes=2))
    assert await compose_due(sandbox, draw) > 0


async def test_an_operator_may_go_without_tips_and_an_editor_knows_better(sandbox, site):
    await set_operator(sandbox, "site", [Asked("tipster", "off")], "ann")
    assert 0 == await compose_due(sandbox, draw)
    await set_operator(sandbox, "site", [Asked("tipster", "on")], "ann")
    await compose_due(sandbox, draw)
    first, second, *_ = await cards_of(sandbox)
    await close(sandbox, "site", first.card.code, "ann")
    told = {
        "type": "quicktip",
        "title": "Mine",
        "currency": "KES",
        "tips": [{"event": site[0], "bet": 3}],
    }
    own = await add_card(sandbox, "site", parse_card_file(json.dumps(told).encode()), draw, "ann")
    shown = await replace_card(sandbox, "site", second.card.code, own.code, "ann")
    assert (CardState.OPEN, "Mine") == (shown.state, shown.card.file.title)
    for gone in (first, second):
        assert CardState.CLOSED == (await read_card(sandbox, "site", gone.card.code)).state
    assert 0 == await compose_due(sandbox, draw)


@pytest.mark.usefixtures("site")
async def test_an_own_template_goes_before_the_tipsters(sandbox):
    only = {"name": "tipster", "type": "quicktip", "themes": ["risk"], "title": "Ours"}
    await keep_template(sandbox, template(only, publish=False), "ann")
    await compose_due(sandbox, draw)
    assert {("Ours", CardState.DRAFT)} == {
        (one.card.file.title, one.state) for one in await cards_of(sandbox)
    }


@pytest.mark.parametrize(
    ("told", "count"),
    [(SMART, 1), (JACKPOT, 1), (SUPER, 2), (COUPON, 3)],
    ids=lambda each: str(each)[9:14],
)
async def test_each_product_is_copied_from_a_template(sandbox, site, told, count):
    made = await compose_now(sandbox, "site", template(told), draw, "ann")
    assert ((), count) == (made.refused, len(made.cards)) or told is COUPON
    assert len(made.cards) >= 1
    for card in made.cards:
        placed = await read_card(sandbox, "site", card.code)
        assert (CardState.OPEN, told["type"]) == (placed.state, placed.card.type.value)
        assert set(placed.card.events) <= set(site)
    if told is JACKPOT:
        assert 5 == len(made.cards[0].file.events) == 6 - len(made.cards[0].file.reserves)
    if told is SMART:
        assert site == list(made.cards[0].file.events)


@pytest.mark.usefixtures("site")
async def test_a_template_is_copied_for_its_operators_on_its_days_from_its_time_on(sandbox):
    await set_operator(sandbox, "site", [Asked("tipster", "off")], "ann")
    await add_operator(sandbox, "rival", tipster="off")
    await keep_template(
        sandbox, template(SMART, operators=["site"], weekdays=["mon"], at="09:30"), "ann"
    )
    assert 0 == await compose_due(sandbox, draw)  # it is 8 in Nairobi
    await advance_by(sandbox, 1.5 * HOUR)
    assert 1 == await compose_due(sandbox, draw)
    assert 1 == len(await cards_of(sandbox, TicketType.SMARTBET))
    await advance_by(sandbox, 24 * HOUR)
    assert 0 == await compose_due(sandbox, draw)


@pytest.mark.usefixtures("site")
async def test_a_new_smartbet_takes_the_place_of_yesterdays(sandbox):
    await set_operator(sandbox, "site", [Asked("tipster", "off")], "ann")
    await add_matches(
        sandbox, await add_provider(sandbox, "later"), 2, dt.datetime(2090, 1, 5, 9, tzinfo=dt.UTC)
    )
    await keep_template(sandbox, template(SMART), "ann")
    assert 1 == await compose_due(sandbox, draw)
    await advance_by(sandbox, 24 * HOUR)
    assert 1 == await compose_due(sandbox, draw)
    states = [one.state for one in await cards_of(sandbox)]
    assert [CardState.CLOSED, CardState.OPEN] == states


@pytest.mark.usefixtures("site")
async def test_several_workers_make_one_copy(sandbox):
    made = await asyncio.gather(*(compose_due(sandbox, draw) for _ in range(5)))
    assert sum(made) == max(made) == len(await cards_of(sandbox))


async def test_nothing_is_noted_where_nothing_could_be_made(sandbox, now):
    await add_operator(sandbox, time_zone="Africa/Nairobi")
    assert 0 == await compose_due(sandbox, draw)
    await add_matches(sandbox, await add_provider(sandbox, "feeder"), 8, now + 7 * HOUR)
    assert await compose_due(sandbox, draw) > 0


@pytest.mark.usefixtures("site")
async def test_the_same_superbet_twice_is_left_out_and_told(sandbox):
    first = await compose_now(sandbox, "site", template(SUPER), draw, "ann")
    again = await compose_now(sandbox, "site", template(SUPER), draw, "ann")
    assert (2, 0, 2) == (len(first.cards), len(again.cards), len(again.refused))
    assert "asks what" in again.refused[0]


@pytest.mark.usefixtures("site")
async def test_a_superbet_that_pays_too_much_is_not_published(sandbox):
    (made, _) = (await compose_now(sandbox, "site", template(SUPER), draw, "ann")).cards
    doubled = [
        {"correct": prize.correct, "amount": prize.amount_cents * 2} for prize in made.file.prizes
    ]
    told = {
        "type": "superbet", "title": "Dear", "currency": "KES", "event": made.events[0],
        "price": 4000, "questions": made.file.questions, "prizes": doubled,
    }  # fmt: skip
    dear = await add_card(sandbox, "site", parse_card_file(json.dumps(told).encode()), draw, "ann")
    with pytest.raises(CardFaulty, match="80 % is allowed"):
        await publish(sandbox, "site", dear.code, "ann")
    assert CardState.DRAFT == (await read_card(sandbox, "site", dear.code)).state


async def test_templates_are_kept_replaced_and_ended(sandbox, now):
    first = await keep_template(sandbox, template(SMART), "ann")
    second = await keep_template(sandbox, template(SMART, title="Better"), "bob")
    assert (1, 2, "Better") == (first.version, second.version, second.file.title)
    assert second == await read_template(sandbox, "smart")
    assert 3 == (await end_template(sandbox, "smart", "ann")).version
    async with sandbox.reader() as reader:
        assert [] == await list_templates(reader)
        assert now <= (await read_clock(reader)).now
    with pytest.raises(TemplateUnknown):
        await end_template(sandbox, "smart", "ann")


def test_the_tipster_has_no_words_of_its_own():
    assert (None, None, True) == (TIPSTER.title, TIPSTER.description, TIPSTER.publish)
