import asyncio
import datetime as dt
import itertools

import pytest
from feed_entries import head_told

from acca.core.cards.card import CardState
from acca.core.cards.refused import CardAmbiguous, CardElsewhere, CardFaulty, CardUnknown
from acca.core.keys import Secret
from acca.core.markets.football import bet
from acca.core.setting import Asked
from acca.flows.add_card import add_card
from acca.flows.apply_feed import apply_entries
from acca.flows.enrol_operator import Enrolment, enrol_operator
from acca.flows.move_card import close, publish, read_card
from acca.store.results import Source
from acca.wire.card_files import QuicktipFile, SuperbetFile
from acca.wire.document import parse

pytestmark = pytest.mark.usefixtures("operators")

STARTS = dt.datetime(2090, 1, 1, 15, tzinfo=dt.UTC)


@pytest.fixture
async def events(database, provider):
    """Return the ids of two events of the far future."""
    told = [
        head_told(1, "x1", starts=STARTS),
        head_told(1, "x2", starts=STARTS - dt.timedelta(hours=2)),
    ]
    return [one.event_id for one in await apply_entries(database, provider, told, Source.FEED)]


@pytest.fixture
async def operators(database):
    for number, name in enumerate(("acme-kenya", "rival-kenya")):
        enrolment = Enrolment(name, [Asked("currencies", "KES")])
        await enrol_operator(database, enrolment, Secret(f"{number}" * 64), "test")


def quicktip(events, **changes):
    members = ", ".join(f'{{"event": {event}, "bet": 1}}' for event in events)
    head = '"type": "quicktip", "title": "Two", "currency": "KES"'
    file = parse(QuicktipFile, f'{{{head}, "tips": [{members}]}}'.encode())
    return file if not changes else type(file)(**{**as_members(file), **changes})


def as_members(file):
    return {name: getattr(file, name) for name in file.__struct_fields__}


def superbet(event):
    yes, no = (bet("BTTSFT", None, code).id for code in ("Y", "N"))
    body = (
        '{"type": "superbet", "title": "Six", "currency": "KES", "price": 5000, '
        f'"event": {event}, "questions": [[1, 2, 3], [{yes}, {no}]], '
        '"prizes": [{"correct": 2, "amount": 90000}]}'
    )
    return parse(SuperbetFile, body.encode())


def codes(*given):
    drawn = itertools.chain(given, (f"{number:06X}" for number in itertools.count(16)))
    return lambda: next(drawn)


async def test_a_card_lives_from_draft_to_closed(database, events):
    made = await add_card(database, "acme-kenya", quicktip(events), codes("ABC123"), "ann")
    assert "ABC123" == made.code
    placed = await read_card(database, "acme-kenya", "ABC123")
    assert (CardState.DRAFT, STARTS - dt.timedelta(hours=2)) == (placed.state, placed.closes)
    assert CardState.OPEN is (await publish(database, "acme-kenya", "ABC123", "ann")).state
    assert CardState.CLOSED is (await close(database, "acme-kenya", "ABC123", "bob")).state
    for move in (publish, close):
        with pytest.raises(CardElsewhere, match="is closed"):
            await move(database, "acme-kenya", "ABC123", "eve")


async def test_a_card_that_opens_later_is_scheduled(database, events):
    file = quicktip(events, opens=STARTS - dt.timedelta(days=1))
    await add_card(database, "acme-kenya", file, codes("ABC123"), "ann")
    assert CardState.SCHEDULED is (await publish(database, "acme-kenya", "ABC123", "ann")).state


async def test_a_card_closes_earlier_when_an_event_is_moved(database, provider, events):
    await add_card(database, "acme-kenya", quicktip(events), codes("ABC123"), "ann")
    earlier = STARTS - dt.timedelta(days=3)
    await apply_entries(database, provider, [head_told(2, "x1", starts=earlier)], Source.FEED)
    assert earlier == (await read_card(database, "acme-kenya", "ABC123")).closes


async def test_a_code_that_is_taken_on_the_platform_is_drawn_again(database, events):
    await add_card(database, "rival-kenya", quicktip(events), codes("ABC123"), "ann")
    draw = codes("ABC123", "ABC124")
    assert "ABC124" == (await add_card(database, "acme-kenya", quicktip(events), draw, "ann")).code


async def test_no_operator_sees_another_ones_card(database, events):
    await add_card(database, "rival-kenya", quicktip(events), codes("ABC123"), "ann")
    for move in (publish, close):
        with pytest.raises(CardUnknown):
            await move(database, "acme-kenya", "ABC123", "ann")
    with pytest.raises(CardUnknown):
        await read_card(database, "acme-kenya", "ABC123")


async def test_every_fault_of_a_card_is_told_and_nothing_is_written(database, events):
    file = quicktip([events[0], events[0], 999_999], currency="NGN")
    with pytest.raises(CardFaulty) as refused:
        await add_card(database, "acme-kenya", file, codes("ABC123"), "ann")
    said = str(refused.value)
    for fault in ("does not sell in NGN", "stands on the card twice", "not in the catalogue"):
        assert fault in said
    with pytest.raises(CardUnknown):
        await read_card(database, "acme-kenya", "ABC123")


async def test_a_card_of_the_past_is_refused(database, provider, events):
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    await apply_entries(database, provider, [head_told(2, "x1", starts=long_ago)], Source.FEED)
    with pytest.raises(CardFaulty, match="its events have started"):
        await add_card(database, "acme-kenya", quicktip(events), codes(), "ann")


async def test_of_two_superbets_that_ask_alike_only_one_is_published(database, events):
    drawn = codes("AAAAAA", "BBBBBB")
    for _ in range(2):
        await add_card(database, "acme-kenya", superbet(events[0]), drawn, "ann")
    moves = [publish(database, "acme-kenya", code, "ann") for code in ("AAAAAA", "BBBBBB")]
    done = await asyncio.gather(*moves, return_exceptions=True)
    assert [CardAmbiguous] == [type(one) for one in done if isinstance(one, Exception)]
    published = next(one.card.code for one in done if not isinstance(one, Exception))
    await close(database, "acme-kenya", published, "ann")
    other = "BBBBBB" if published == "AAAAAA" else "AAAAAA"
    assert CardState.OPEN is (await publish(database, "acme-kenya", other, "ann")).state


async def test_two_who_publish_one_card_publish_it_once(database, events):
    await add_card(database, "acme-kenya", quicktip(events), codes("ABC123"), "ann")
    both = [publish(database, "acme-kenya", "ABC123", who) for who in ("ann", "bob")]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert [CardElsewhere] == [type(one) for one in done if isinstance(one, Exception)]


async def test_the_database_keeps_what_a_card_offers(database, events):
    await add_card(database, "acme-kenya", quicktip(events), codes("ABC123"), "ann")
    async with database.writer() as writer:
        for change in ("body = 'x'", "events = '{1}'", "opens = now()"):
            with pytest.raises(Exception, match="only its publication and its ends"):
                await writer.run(f"UPDATE card SET {change}")
        with pytest.raises(Exception, match="rows of card are only ever added"):
            await writer.run("DELETE FROM card")
