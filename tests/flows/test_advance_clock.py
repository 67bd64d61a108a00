import asyncio
import datetime as dt

import pytest

from acca.flows.advance_clock import (
    AHEAD_MAX,
    NotASandbox,
    NotForward,
    TooFar,
    advance_by,
    advance_to,
)
from acca.store.clock import read_clock

HOUR = dt.timedelta(hours=1)


async def clock_of(database):
    async with database.reader() as reader:
        return await read_clock(reader)


async def test_a_sandbox_jumps_by_a_duration_and_says_where_it_is(sandbox):
    before = await clock_of(sandbox)
    after = await advance_by(sandbox, 49 * HOUR)
    assert 49 * HOUR == after.ahead
    assert before.now + 49 * HOUR < after.now < (await clock_of(sandbox)).now


async def test_jumps_add_up(sandbox):
    await advance_by(sandbox, HOUR)
    await advance_by(sandbox, dt.timedelta(days=400, microseconds=1))
    expected = dt.timedelta(days=400, hours=1, microseconds=1)
    assert expected == (await clock_of(sandbox)).ahead


async def test_a_sandbox_jumps_to_an_instant(sandbox):
    instant = (await clock_of(sandbox)).now + 5 * HOUR
    after = await advance_to(sandbox, instant)
    assert dt.timedelta(0) <= after.now - instant < dt.timedelta(seconds=5)


async def test_jumps_at_once_wait_for_each_other(sandbox):
    await asyncio.gather(*(advance_by(sandbox, HOUR) for _ in range(8)))
    assert 8 * HOUR == (await clock_of(sandbox)).ahead


async def test_a_database_that_is_no_sandbox_is_not_moved(database):
    with pytest.raises(NotASandbox, match="created as a sandbox"):
        await advance_by(database, HOUR)
    assert dt.timedelta(0) == (await clock_of(database)).ahead


@pytest.mark.parametrize("jump", [dt.timedelta(0), -HOUR, dt.timedelta.min])
async def test_a_sandbox_does_not_move_back_nor_stand_still(sandbox, jump):
    with pytest.raises(NotForward, match="only forward"):
        await advance_by(sandbox, jump)


async def test_an_instant_that_has_passed_is_refused(sandbox):
    with pytest.raises(NotForward, match="only forward"):
        await advance_to(sandbox, (await clock_of(sandbox)).now)


@pytest.mark.parametrize("jump", [AHEAD_MAX, dt.timedelta.max])
async def test_a_sandbox_does_not_leave_its_century(sandbox, jump):
    await advance_by(sandbox, HOUR)
    with pytest.raises(TooFar, match="century"):
        await advance_by(sandbox, jump)
    assert 100 * 8766 * HOUR == (await advance_by(sandbox, AHEAD_MAX - HOUR)).ahead
