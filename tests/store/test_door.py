"""Doors: who comes together is saved together, and who is guilty fails alone."""

import asyncio

import asyncpg
import pytest

from acca.store.door import Door


class Saves:
    """A store that takes what it is given, but for one bad row, and remembers each batch."""

    def __init__(self, bad=None):
        self.batches = []
        self.bad = bad
        self.gate = asyncio.Event()
        self.begun = asyncio.Event()
        self.gate.set()

    async def save(self, asked):
        self.batches.append(list(asked))
        self.begun.set()
        await self.gate.wait()
        if self.bad in asked:
            raise asyncpg.DataError
        return [10 * each for each in asked]


async def after_turns(turns, door, asked):
    for _ in range(turns):
        await asyncio.sleep(0)
    return await door.enter(asked)


async def test_who_comes_alone_is_saved_alone():
    saves = Saves()
    door = Door(saves.save)
    assert [await door.enter(1), await door.enter(2)] == [10, 20]
    assert saves.batches == [[1], [2]]


async def test_who_comes_along_turn_by_turn_is_saved_at_once():
    saves = Saves()
    door = Door(saves.save)
    answers = await asyncio.gather(*(after_turns(turns, door, turns) for turns in range(5)))
    assert answers == [0, 10, 20, 30, 40]
    assert saves.batches == [[0, 1, 2, 3, 4]]


async def test_a_crowd_that_never_ends_keeps_nobody_waiting():
    saves = Saves()
    door = Door(saves.save)
    answers = await asyncio.gather(*(after_turns(turns, door, turns) for turns in range(60)))
    assert answers == [10 * each for each in range(60)]
    assert 1 < len(saves.batches) < 10


async def test_who_comes_during_a_save_is_the_next_batch():
    saves = Saves()
    saves.gate.clear()
    door = Door(saves.save)
    first = asyncio.create_task(door.enter(1))
    _ = await saves.begun.wait()
    others = [asyncio.create_task(door.enter(each)) for each in (2, 3)]
    await asyncio.sleep(0)
    saves.gate.set()
    assert await asyncio.gather(first, *others) == [10, 20, 30]
    assert saves.batches == [[1], [2, 3]]


async def test_a_bad_row_fails_alone():
    saves = Saves(bad=2)
    door = Door(saves.save)
    answers = await asyncio.gather(*map(door.enter, (1, 2, 3)), return_exceptions=True)
    assert [answers[0], answers[2]] == [10, 30]
    assert isinstance(answers[1], asyncpg.DataError)
    assert saves.batches == [[1, 2, 3], [1], [2], [3]]


@pytest.mark.parametrize("is_saving", [False, True], ids=["not yet in a save", "in a save"])
async def test_who_waits_at_a_door_that_is_cancelled_is_cancelled(is_saving):
    saves = Saves()
    saves.gate.clear()
    door = Door(saves.save)
    waiting = [asyncio.create_task(door.enter(each)) for each in (1, 2)]
    await asyncio.sleep(0)
    if is_saving:
        _ = await saves.begun.wait()
    late = asyncio.create_task(door.enter(3))
    await asyncio.sleep(0)
    running = asyncio.all_tasks() - {asyncio.current_task(), late, *waiting}
    assert len(running) == 1
    running.pop().cancel()
    found = await asyncio.gather(*waiting, late, return_exceptions=True)
    assert [type(each) for each in found] == [asyncio.CancelledError] * 3
    assert bool(saves.batches) is is_saving
