import asyncio
import datetime as dt

from feed_entries import head_told, odds_told

from acca.flows.advance_clock import advance_to
from acca.flows.apply_feed import apply_entries
from acca.flows.prepare_history import prepare_history
from acca.store.clock import read_clock
from acca.store.results import Source


async def test_two_duties_at_once_make_each_month_once(database):
    made = await asyncio.gather(prepare_history(database), prepare_history(database))
    assert [0, 3] == sorted(made)


async def test_each_month_makes_the_one_that_is_two_ahead(sandbox):
    await prepare_history(sandbox)
    async with sandbox.reader() as reader:
        now = (await read_clock(reader)).now
    await advance_to(sandbox, (now.replace(day=1) + dt.timedelta(days=32)).replace(day=2))
    assert 1 == await prepare_history(sandbox)


async def test_odds_are_taken_with_and_without_a_month_made_for_them(database, provider):
    await apply_entries(database, provider, [head_told(1), odds_told(2, {1: 200})], Source.FEED)
    await prepare_history(database)
    await apply_entries(database, provider, [odds_told(3, {1: 210})], Source.FEED)
    async with database.reader() as reader:
        query = "SELECT tableoid::regclass::text FROM odds_history"
        tables = {row[0] for row in await reader.rows(query)}
    assert 1 == len(tables)
    assert {"odds_history_other"} != tables
