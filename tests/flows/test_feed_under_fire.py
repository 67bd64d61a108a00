import asyncio
import contextlib
import random

import asyncpg
import pytest
from catalogue_seen import see
from feed_entries import deliveries, head_told, histories, odds_told, suspension_told
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from acca.core.catalogue.told import EntryVerdict
from acca.flows.apply_feed import apply_batch, apply_entries
from acca.flows.suspend_silent import suspend_silent
from acca.store.connection import open_database
from acca.store.results import Source
from acca.wire.feed import parse_batch

ROUNDS = 200
KEYS = [f"x{number}" for number in range(12)]


async def deliver(database, provider, batches):
    """Deliver batches; what was refused is told again, as a provider has to."""
    left = []
    for batch in batches:
        left += await refused(database, provider, batch)
    while left:
        still = await refused(database, provider, left)
        assert len(still) < len(left), still
        left = still


async def refused(database, provider, batch):
    outcomes = await apply_entries(database, provider, batch, Source.FEED)
    pairs = zip(batch, outcomes, strict=True)
    return [told for told, each in pairs if each.judged.verdict is EntryVerdict.REFUSED]


async def catalogue(database, provider):
    """Show what counts: how often a result was corrected on the way does not."""
    seen = await see(database, provider)
    return {key: (each.standing._replace(results=0), each.offer) for key, each in seen.items()}


def test_shuffled_batches_end_in_the_same_database(postgres_servers):
    @settings(
        max_examples=25,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.data())
    def shuffle(data):
        told = data.draw(histories())
        arriving = data.draw(deliveries(told))
        asyncio.run(compare(told, arriving))

    async def compare(told, arriving):
        async with (
            postgres_servers.migrated_copy(18, sandbox=False) as url,
            open_database(url, connections_max=2) as database,
        ):
            async with database.writer() as writer:
                query = "INSERT INTO provider (name, who) VALUES ($1, 'a test') RETURNING id"
                ordered, shuffled = [await writer.value(query, name) for name in ("one", "two")]
            await deliver(database, ordered, [told])
            await deliver(database, shuffled, arriving)
            assert await catalogue(database, ordered) == await catalogue(database, shuffled)

    shuffle()


def random_batch(dice, version):
    """Make a batch over the same events as every other: heads, odds that may jump, suspensions."""
    makers = [
        lambda key: head_told(version, key, live=dice.random() < 0.5),
        lambda key: odds_told(
            version, {dice.choice([1, 2, 3]): dice.choice([200, 210, 2500])}, key
        ),
        lambda key: odds_told(version, {dice.choice([1, 2, 3]): dice.choice([200, 210, 220])}, key),
        lambda key: suspension_told(version, suspended=dice.random() < 0.5, event=key, bet=1),
    ]
    return [dice.choice(makers)(key) for key in dice.choices(KEYS, k=15)]


async def test_batches_about_the_same_events_never_lock_each_other_out(database, provider):
    dice = random.Random(3)
    for round_ in range(ROUNDS):
        batches = [random_batch(dice, 3 * round_ + number) for number in range(3)]
        await asyncio.gather(
            *(apply_entries(database, provider, batch, Source.FEED) for batch in batches),
            suspend_silent(database),
        )
    assert set(KEYS) == set(await see(database, provider))


async def test_odds_do_not_wait_for_a_ticket_that_holds_the_event(database, provider):
    await apply_entries(database, provider, [head_told(1)], Source.FEED)
    async with database.writer() as writer, writer.transaction():
        await writer.rows("SELECT FROM event FOR SHARE")
        (outcome,) = await asyncio.wait_for(
            apply_entries(database, provider, [odds_told(2, {1: 200})], Source.FEED), 1
        )
    assert EntryVerdict.APPLIED is outcome.judged.verdict


async def test_a_suspension_waits_for_the_ticket_that_holds_the_event(database, provider):
    await apply_entries(database, provider, [head_told(1)], Source.FEED)
    async with database.writer() as writer, writer.transaction():
        await writer.rows("SELECT FROM event FOR SHARE")
        stop = apply_entries(database, provider, [suspension_told(2)], Source.FEED)
        waiting = asyncio.create_task(stop)
        await asyncio.wait([waiting], timeout=0.2)
        assert not waiting.done()
    (outcome,) = await waiting
    assert EntryVerdict.APPLIED is outcome.judged.verdict


BODY = b"""{"entries":[{"kind":"event","event":"x1","version":1,"starts":"2026-05-01T12:00:00Z",
"sport":{"slug":"football","name":"Football"},"category":{"slug":"finland","name":"Finland"},
"league":{"slug":"kakkonen","name":"Kakkonen"},"home_team":{"slug":"ppj","name":"PPJ"},
"away_team":{"slug":"japs-47","name":"JaPS/47"}},
{"kind":"odds","event":"x1","version":2,"prices":[{"bet":1,"odds":1.95}]}]}"""


async def test_the_same_batch_many_times_at_once_is_taken_once(database, provider):
    batch = parse_batch(BODY)
    twins = [apply_batch(database, provider, b"1" * 32, batch) for _ in range(6)]
    answers = await asyncio.gather(*twins)
    assert [answers[0]] * 6 == answers
    async with database.reader() as reader:
        assert 1 == await reader.value("SELECT count(*) FROM odds_history")
        assert 1 == await reader.value("SELECT count(*) FROM feed_batch")


@pytest.mark.parametrize("delay", [0.0, 0.001, 0.003, 0.006, 0.01])
async def test_a_batch_that_is_killed_midway_leaves_all_or_nothing(database, provider, delay):
    batch = parse_batch(BODY)
    taking = asyncio.create_task(apply_batch(database, provider, b"1" * 32, batch))
    await asyncio.sleep(delay)
    await kill_sessions(database)
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        await taking
    async with database.reader() as reader:
        query = """SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM event_odds),
            (SELECT count(*) FROM odds_history), (SELECT count(*) FROM feed_batch)"""
        assert tuple(await reader.row(query)) in {(0, 0, 0, 0), (1, 1, 1, 1)}
    answer = await apply_batch(database, provider, b"1" * 32, batch)
    assert [EntryVerdict.APPLIED] * 2 == [each.verdict for each in answer.verdicts]


async def kill_sessions(database):
    async with database.reader() as reader:
        query = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        await reader.rows(query)
