"""Whatever is killed, every row that was acknowledged is there after the next start."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time

import asyncpg
import pytest
from engine_process import engine, wait_for

from acca.store.embedded import processes
from acca.store.embedded.directories import data_directory
from acca.store.embedded.processes import processes_in
from acca.store.embedded.server import running_url

CONNECTIONS = 6
LOAD_SECONDS = 0.4
NUMBERS = "SELECT number FROM written"


async def write(url, writer, acknowledged):
    """Commit one row after the other, noting each once the server has said yes."""
    with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InternalClientError):
        connection = await asyncpg.connect(url)
        for number in range(writer, 10**9, CONNECTIONS):
            await connection.execute("INSERT INTO written VALUES ($1)", number)
            acknowledged.append(number)


async def write_until(url, kill):
    """Write on several connections, kill in the midst of it, and return what was acknowledged."""
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE IF NOT EXISTS written (number bigint PRIMARY KEY)")
    await connection.close()
    acknowledged = []
    writers = [asyncio.create_task(write(url, n, acknowledged)) for n in range(CONNECTIONS)]
    await asyncio.sleep(LOAD_SECONDS)
    kill()
    await asyncio.gather(*writers)
    return set(acknowledged)


async def fetch(url, query):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()


def lost(own, acknowledged):
    with own() as server:
        found = {row["number"] for row in asyncio.run(fetch(server.url, NUMBERS))}
    assert len(acknowledged) > CONNECTIONS
    return acknowledged - found


def killer(*pids):
    return lambda: [os.kill(int(pid), signal.SIGKILL) for pid in pids]


def test_a_killed_server_has_lost_nothing(own):
    with own() as server:
        written = asyncio.run(write_until(server.url, killer(server.process.pid)))
        server.process.wait()
        assert not server.runs()
    assert set() == lost(own, written)


def test_a_killed_engine_has_lost_nothing(own, home, postgres_version):
    with engine(home, postgres_version) as process:
        url = wait_for(process, "url")
        written = asyncio.run(write_until(url, process.kill))
    assert set() == lost(own, written)


def test_a_killed_engine_takes_its_server_along(home, postgres_version):
    with engine(home, postgres_version) as process:
        wait_for(process, "pid")
        process.kill()
    deadline = time.monotonic() + 10
    while processes_in(data_directory(home)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [] == processes_in(data_directory(home))


def test_a_killed_engine_and_server_have_lost_nothing(own, home, postgres_version):
    with engine(home, postgres_version) as process:
        url, pid = wait_for(process, "url"), wait_for(process, "pid")
        written = asyncio.run(write_until(url, killer(pid, process.pid)))
    assert set() == lost(own, written)


def test_a_server_that_outlived_its_engine_is_stopped_cleanly(own, home, postgres_version):
    told = []
    with engine(home, postgres_version, "untied") as process:
        url, pid = wait_for(process, "url"), int(wait_for(process, "pid"))
        process.kill()
    assert url == running_url(home)
    asyncio.run(fetch(url, "CREATE TABLE written AS SELECT 7 AS number"))
    with own(tell=told.append) as server:
        assert pid not in processes_in(data_directory(home))
        assert [7] == [row["number"] for row in asyncio.run(fetch(server.url, NUMBERS))]
    assert [f"stopping the database that an earlier Acca left running (process {pid})"] == told
    assert "database system is shut down" in (home / "postgres.log.1").read_text()


def test_processes_that_outlived_their_server_are_waited_for(own, home, monkeypatch):
    monkeypatch.setattr(processes, "_LEAVE_SECONDS_MAX", 0.3)

    async def kill_server_under_a_long_computation(server):
        connection = await asyncpg.connect(server.url)
        query = "SELECT count(*) FROM generate_series(1, 10000000000)"
        computing = asyncio.create_task(connection.fetch(query))
        await asyncio.sleep(0.2)
        os.kill(server.process.pid, signal.SIGKILL)
        await asyncio.sleep(0.2)
        left = processes_in(data_directory(home))
        connection.terminate()
        with pytest.raises(asyncpg.PostgresError):
            await computing
        return left

    with own() as server:
        left = asyncio.run(kill_server_under_a_long_computation(server))
    assert [] != left
    with own() as server:
        now = set(processes_in(data_directory(home)))
    assert set() == now & set(left)


def test_a_stale_notice_that_names_a_stranger_is_not_believed(own, home):
    notice = data_directory(home) / "postmaster.pid"
    with own() as server:
        lines = notice.read_text().splitlines(keepends=True)
        os.kill(server.process.pid, signal.SIGKILL)
    # Of the server's own user, as PostgreSQL fears only those.
    with subprocess.Popen(["sleep", "60"], user=server.account.uid, cwd="/") as stranger:
        notice.write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
        assert None is running_url(home)
        with own() as server:
            assert None is stranger.poll()
        stranger.kill()


def test_a_data_directory_that_was_not_finished_is_made_anew(own_new, new_home, postgres_version):
    with engine(new_home, postgres_version, "dies-before-rename") as process:
        assert -signal.SIGKILL == process.wait()
    half = list(data_directory(new_home).parent.iterdir())
    assert ["making-"] == [path.name[:7] for path in half]
    with own_new():
        assert [data_directory(new_home)] == list(data_directory(new_home).parent.iterdir())


def test_an_initdb_that_was_killed_midway_is_cleaned_up(own_new, new_home, postgres_version):
    with engine(new_home, postgres_version) as process:
        while not list(new_home.glob("database/making-*/PG_VERSION")):
            time.sleep(0.005)
        process.kill()
    assert not data_directory(new_home).exists()
    with own_new():
        assert [data_directory(new_home)] == list(data_directory(new_home).parent.iterdir())
