import asyncio
import contextlib
import itertools
import time

import asyncpg
import pytest
from api.engines import make_engine

from acca.worker.duties import Duty
from acca.worker.loop import run_duties

HOUR = 3600.0
SECONDS_MAX = 10


class Counted:
    """Work that fails as it is told, and knows when it was called."""

    def __init__(self, outcomes=(), lasts=0.0):
        self.outcomes = iter(outcomes)
        self.lasts = lasts
        self.called = []
        self.running = self.running_max = self.ended = 0

    async def __call__(self, _):
        self.called.append(time.monotonic())
        self.running += 1
        self.running_max = max(self.running_max, self.running)
        try:
            await asyncio.sleep(self.lasts)
            self.ended += 1
        finally:
            self.running -= 1
        outcome = next(self.outcomes, False)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def reach(self, calls):
        """Wait until it was called so often."""
        async with asyncio.timeout(SECONDS_MAX):
            for _ in itertools.takewhile(lambda _: len(self.called) < calls, itertools.count()):
                await asyncio.sleep(0.005)


@pytest.fixture
def logged():
    return []


@pytest.fixture
def engine(logged):
    return make_engine(None, logged)


@contextlib.asynccontextmanager
async def working(engine, *duties, stop_seconds_max=SECONDS_MAX):
    """Run duties, and stop them at the end of the context."""
    stopping = asyncio.Event()
    task = asyncio.create_task(run_duties(engine, duties, stopping, stop_seconds_max))
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait_for(task, SECONDS_MAX)


async def test_each_duty_is_done_at_the_start_and_on_its_own_beat(engine):
    fast, slow = Counted(), Counted()
    async with working(engine, Duty("fast", 0.01, fast), Duty("slow", HOUR, slow)):
        await fast.reach(5)
    assert 1 == len(slow.called)


async def test_a_duty_that_fails_is_tried_again_and_holds_up_no_other(engine, logged):
    failing, other = Counted([OSError("gone")] * 2), Counted()
    async with working(engine, Duty("failing", 0.01, failing), Duty("other", 0.01, other)):
        await other.reach(20)
        await failing.reach(4)
    assert ["a duty fails and is tried again", "a duty works again"] == [
        each["event"] for each in logged
    ]
    assert {"failing"} == {each["duty"] for each in logged}
    assert 2 == logged[1]["failures"]


@pytest.mark.parametrize(("times", "told"), [(2, 0), (3, 2)])
async def test_a_duty_that_is_overtaken_says_so_only_if_it_goes_on(engine, logged, times, told):
    overtaken = Counted([asyncpg.LockNotAvailableError("canceling statement")] * times)
    async with working(engine, Duty("overtaken", 0.01, overtaken)):
        await overtaken.reach(times + 1)
    assert told == len(logged)


async def test_a_failure_is_told_when_it_changes(engine, logged):
    failing = Counted([OSError("a"), OSError("b")])
    async with working(engine, Duty("failing", 0.01, failing)):
        await failing.reach(3)
    told = [str(each["exc_info"]) for each in logged if each["level"] == "error"]
    assert ["a", "b"] == told


async def test_the_pause_grows_with_each_failure(engine):
    failing = Counted([OSError("gone")] * 3)
    async with working(engine, Duty("failing", 0.0, failing)):
        await failing.reach(3)
    first, second, third = failing.called[:3]
    assert 0.5 <= second - first < 1.0 <= third - second


async def test_a_duty_is_never_done_twice_at_once(engine):
    slow = Counted(lasts=0.03)
    async with working(engine, Duty("slow", 0.001, slow)):
        await slow.reach(5)
    assert 1 == slow.running_max


async def test_a_duty_with_more_to_do_is_not_kept_waiting(engine):
    chunks = Counted([True] * 3)
    async with working(engine, Duty("chunks", HOUR, chunks)):
        await chunks.reach(4)
    assert 4 == len(chunks.called)


async def test_a_worker_without_work_stops_at_once(engine):
    idle, endless = Counted(), Counted(itertools.cycle([True]))
    async with working(engine, Duty("idle", HOUR, idle), Duty("endless", HOUR, endless)):
        await idle.reach(1)
        told = time.monotonic()
    assert time.monotonic() - told < 1


async def test_a_duty_under_way_ends_before_the_worker_does(engine):
    slow = Counted(lasts=0.2)
    async with working(engine, Duty("slow", HOUR, slow)):
        await slow.reach(1)
    assert (0, 1) == (slow.running, slow.ended)


async def test_a_duty_that_does_not_end_is_given_up(engine):
    stuck = Counted(lasts=HOUR)
    told = time.monotonic()
    async with working(engine, Duty("stuck", 1.0, stuck), stop_seconds_max=0.05):
        await stuck.reach(1)
    assert (0, 0) == (stuck.running, stuck.ended)
    assert time.monotonic() - told < 1


async def test_a_worker_without_duties_waits_to_be_stopped(engine):
    async with working(engine):
        pass
