import asyncio

from catalogue_seen import add_provider, columns_of, see
from feed_entries import head_told, odds_told, suspension_told

from acca.flows.apply_feed import apply_batch, apply_entries
from acca.flows.suspend_silent import suspend_silent
from acca.store.results import Source
from acca.wire.feed import parse_batch

ALIVE = parse_batch(b'{"entries":[{"kind":"alive"}]}')


async def fall_silent(database, seconds=21):
    async with database.writer() as writer:
        query = "UPDATE provider_alive SET seen = seen - make_interval(secs => $1)"
        await writer.run(query, seconds)


async def add_events(database, provider):
    told = [
        head_told(1, "live", live=True),
        head_told(1, "pre"),
        odds_told(2, {1: 200}, "live"),
        odds_told(2, {1: 200}, "pre"),
    ]
    await apply_entries(database, provider, told, Source.FEED)
    return {key: seen.id for key, seen in (await see(database, provider)).items()}


async def test_silence_suspends_live_events_until_the_provider_is_heard_again(database, provider):
    ids = await add_events(database, provider)
    await apply_batch(database, provider, b"", ALIVE)
    assert ([], []) == await suspend_silent(database)
    await fall_silent(database)
    assert ([ids["live"]], []) == await suspend_silent(database)
    assert ([], []) == await suspend_silent(database)
    assert ("live", ["silent"], []) == await columns_of(database, ids["live"])
    assert ("scheduled", [], []) == await columns_of(database, ids["pre"])
    await apply_batch(database, provider, b"", ALIVE)
    assert ([], [ids["live"]]) == await suspend_silent(database)
    assert ("live", [], []) == await columns_of(database, ids["live"])


async def test_a_provider_that_was_never_heard_is_silent(database, provider):
    ids = await add_events(database, provider)
    assert ([ids["live"]], []) == await suspend_silent(database)


async def test_one_provider_does_not_speak_for_another(database, provider):
    other = await add_provider(database, "other")
    ids, theirs = await add_events(database, provider), await add_events(database, other)
    await apply_batch(database, other, b"", ALIVE)
    assert ([ids["live"]], []) == await suspend_silent(database)
    assert ("live", [], []) == await columns_of(database, theirs["live"])


async def test_what_else_stops_an_event_stays_when_silence_ends(database, provider):
    ids = await add_events(database, provider)
    await suspend_silent(database)
    await apply_entries(database, provider, [suspension_told(5, event="live")], Source.FEED)
    assert ("live", ["provider", "silent"], []) == await columns_of(database, ids["live"])
    await apply_batch(database, provider, b"", ALIVE)
    await suspend_silent(database)
    assert ("live", ["provider"], []) == await columns_of(database, ids["live"])


async def test_two_duties_at_once_suspend_once(database, provider):
    ids = await add_events(database, provider)
    both = await asyncio.gather(suspend_silent(database), suspend_silent(database))
    assert [[], [ids["live"]]] == sorted(silence.stopped for silence in both)
    assert ("live", ["silent"], []) == await columns_of(database, ids["live"])
