import asyncio
import contextlib
import os
import sys
import time

import pytest
from api.engines import make_engine

from acca.cli.supervising import Group, Post

SECONDS_MAX = 20
STEADY = "print('ready', flush=True); import sys; sys.stdin.read()"
LOUD = "print('ready' + 1_000_000 * ' \\n', flush=True); import os; os.write(2, b'')"
STUBBORN = (
    "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('ready', flush=True); sys.stdin.read()"
)


def post(text, role="test"):
    return Post(role, (sys.executable, "-c", text))


@pytest.fixture
def logged():
    return []


@contextlib.asynccontextmanager
async def kept(logged, *posts, end_seconds_max=SECONDS_MAX):
    """Keep a group until the context ends, and then until its processes have."""
    stopping = asyncio.Event()
    group = Group(posts, os.environ, make_engine(None, logged).log, end_seconds_max)
    task = asyncio.create_task(group.keep(stopping))
    try:
        yield group
    finally:
        stopping.set()
        await asyncio.wait_for(task, SECONDS_MAX)


async def hear(logged, number):
    """Wait until so many lines are logged."""
    async with asyncio.timeout(SECONDS_MAX):
        while len(logged) < number:  # noqa: ASYNC110 - a list tells nobody that it grows
            await asyncio.sleep(0.01)


async def test_a_group_is_ready_when_all_its_processes_are(logged):
    async with kept(logged, post(STEADY), post("import time; time.sleep(60)")) as group:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(group.ready.wait(), 0.5)
    async with kept(logged, post(STEADY), post(STEADY)) as group:
        await asyncio.wait_for(group.ready.wait(), SECONDS_MAX)
    assert [] == logged


async def test_a_process_that_ends_is_started_again_after_growing_pauses(logged):
    begun = time.monotonic()
    async with kept(logged, post("raise SystemExit(3)", "brief")):
        await hear(logged, 4)
    assert time.monotonic() - begun > 0.2 + 0.4 + 0.8
    assert {("brief", 3)} == {(line["post"], line["status"]) for line in logged}


async def test_a_process_that_cannot_begin_does_not_end_the_others(logged, tmp_path):
    lacking = Post("lacking", (str(tmp_path / "nothing"),))
    async with kept(logged, lacking, post(STEADY)) as group:
        await hear(logged, 2)
        assert not group.ready.is_set()
    assert {"lacking"} == {line["post"] for line in logged}
    assert "No such file" in logged[0]["status"]


async def test_a_process_that_does_not_end_is_killed(logged):
    async with kept(logged, post(STUBBORN), end_seconds_max=0.1) as group:
        await asyncio.wait_for(group.ready.wait(), SECONDS_MAX)
    assert ["a process did not end and is killed"] == [line["event"] for line in logged]


async def test_what_a_process_says_besides_never_stops_it(logged):
    async with kept(logged, post(LOUD, "loud")):
        await hear(logged, 1)
    assert 0 == logged[0]["status"]


async def test_ctrl_c_at_the_terminal_reaches_the_parent_alone(logged, tmp_path):
    told = tmp_path / "session"
    text = f"import os; open({str(told)!r}, 'w').write(str(os.getsid(0) == os.getpid())); {STEADY}"
    async with kept(logged, post(text)) as group:
        await asyncio.wait_for(group.ready.wait(), SECONDS_MAX)
    assert "True" == told.read_text()
