import datetime as dt
import json

import pytest
from catalogue_seen import add_provider
from feed_entries import head_told, odds_told
from tickets_made import ODDS, STARTS, add_events, add_operator

from acca.core.ticket import TicketType
from acca.flows.add_card import add_card
from acca.flows.apply_feed import apply_entries
from acca.flows.move_card import close, publish
from acca.flows.stop_events import stop_event
from acca.store.board import (
    CardName,
    find_published_card,
    list_board_versions,
    list_offered_codes,
    list_versions,
    read_board_events,
    read_offered_cards,
)
from acca.store.results import Source
from acca.wire.card_files import parse_card_file


@pytest.fixture
async def provider(database):
    return await add_provider(database, "feeder")


@pytest.fixture
async def events(database, provider):
    return await add_events(database, provider, 3)


async def versions(database):
    async with database.reader() as reader:
        return await list_board_versions(reader)


async def event_of(database, id_):
    async with database.reader() as reader:
        ((_, event),) = (await read_board_events(reader, [id_])).values()
        return event


async def offered(database, events):
    async with database.reader() as reader:
        return await list_offered_codes(reader, events)


async def add(database, events, code="ABC001", **changes):
    tips = [{"event": event, "bet": 1} for event in events]
    told = {"type": "quicktip", "title": "One", "currency": "KES", "tips": tips, **changes}
    file = parse_card_file(json.dumps(told).encode())
    return (await add_card(database, "site", file, lambda: code, "ann")).code


async def test_an_event_tells_what_is_shown_of_it(database, events):
    event = await event_of(database, events[0])
    assert (events[0], STARTS, "football") == (event.id, event.starts, event.sport)
    assert ODDS == event.odds
    assert (False, frozenset()) == (event.is_stopped, event.closed)
    assert pytest.approx(1) == sum(event.chances[bet] for bet in ODDS)
    assert event.chances[1] > event.chances[2] > event.chances[3] > 0
    assert event.takes(1)
    assert not event.takes(4)


async def test_the_version_of_one_event_alone_changes_with_its_odds(database, provider, events):
    before = await versions(database)
    assert events == sorted(before)
    moved = {**ODDS, 1: 155}
    await apply_entries(database, provider, [odds_told(3, moved, "x1")], Source.FEED)
    after = await versions(database)
    assert {events[1]} == {id_ for id_ in events if before[id_] != after[id_]}
    assert 155 == (await event_of(database, events[1])).odds[1]


async def test_a_stopped_event_stays_and_takes_nothing(database, events):
    before = await versions(database)
    await stop_event(database, events[2], "ann", None)
    after = await versions(database)
    assert before.keys() == after.keys()
    assert before[events[2]] != after[events[2]]
    assert not (await event_of(database, events[2])).takes(1)


async def test_an_event_leaves_the_board_when_it_starts(database, provider, events):
    past = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    told = head_told(9, "x0", starts=past, home="x0-home")
    await apply_entries(database, provider, [told], Source.FEED)
    assert events[1:] == sorted(await versions(database))
    async with database.reader() as reader:
        known = await list_versions(reader, [events[0], 10**6])
    assert [events[0]] == list(known)


async def test_a_card_is_offered_from_its_publication_to_its_end(database, events):
    await add_operator(database)
    code = await add(database, events[:2])
    assert {} == await offered(database, events)
    await publish(database, "site", code, "ann")
    (name,) = found = await offered(database, events[1:])
    assert {name: tuple(events[:2])} == found
    assert {} == await offered(database, events[2:])
    async with database.reader() as reader:
        (card,) = await read_offered_cards(reader, [name])
        assert card == await find_published_card(reader, code)
    assert ("site", code, TicketType.QUICKTIP) == (card.operator_name, card.code, card.type)
    assert name == CardName(card.operator, card.code)
    await close(database, "site", code, "ann")
    assert {} == await offered(database, events)
    async with database.reader() as reader:
        assert (await find_published_card(reader, code)).closed is not None
        assert [] == await read_offered_cards(reader, [])


async def test_a_draft_is_not_found_by_its_code(database, events):
    await add_operator(database)
    code = await add(database, events[:1])
    async with database.reader() as reader:
        assert await find_published_card(reader, code) is None
        assert await find_published_card(reader, "FFFFFF") is None
