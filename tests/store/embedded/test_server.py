"""The server's ordinary life, and the sentences when it cannot be had."""

import asyncio
import os
import pathlib
import signal
import time

import asyncpg
import pytest
from engine_process import engine, wait_for
from postgres_servers import temporary_home

from acca.store.embedded import binaries, server, sockets
from acca.store.embedded.account import Account, server_account
from acca.store.embedded.directories import data_directory, rotate_log
from acca.store.embedded.processes import processes_in
from acca.store.embedded.server import own_postgres, running_url
from acca.store.embedded.settings import memory_bytes, shared_buffers_mb
from acca.store.embedded.sockets import socket_directory
from acca.store.migrate import migrate
from acca.store.unusable import (
    DatabaseDidNotStart,
    DatabaseInUse,
    DatabaseOfAnotherVersion,
    HomeUnusable,
    NoServerBinaries,
)

GIGABYTE = 1 << 30


async def show(url, *names):
    connection = await asyncpg.connect(url)
    try:
        return {name: await connection.fetchval(f"SHOW {name}") for name in names}
    finally:
        await connection.close()


def control_state(home, version):
    """Return what the data directory says of itself: in production, or shut down cleanly."""
    programs = binaries.find_binaries(version, server_account(), home)
    done = Account().run(programs / "pg_controldata", data_directory(home), directory=programs)
    lines = done.stdout.decode().splitlines()
    return next(line.partition(":")[2].strip() for line in lines if "cluster state" in line)


def socket_path(url):
    return pathlib.Path(url.partition("host=")[2].partition("&")[0])


def recover_slowly(home):
    """Make the next start take seconds, by an archive that is slow to say what it lacks."""
    data = data_directory(home)
    with (data / "postgresql.conf").open("a") as settings:
        settings.write("restore_command = 'sleep 0.7; false'\n")
    (data / "recovery.signal").touch()


def test_a_home_is_made_started_stopped_and_started_again(own_new, new_home, postgres_version):
    with own_new() as server:
        asyncio.run(migrate(server.url))
        assert "in production" == control_state(new_home, postgres_version)
    assert "shut down" == control_state(new_home, postgres_version)
    with own_new() as server:
        assert [] == asyncio.run(migrate(server.url))


def test_only_its_user_can_enter_the_data_and_the_socket(own, home):
    with own() as server:
        private = [data_directory(home), home / "database", socket_path(server.url)]
        assert [0o40700] * 3 == [path.stat().st_mode for path in private]


def test_the_server_listens_to_no_network_and_is_set_for_safety(own):
    expected = {
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "jit": "off",
        "max_wal_size": "4GB",
        "timezone": "UTC",
        "server_encoding": "UTF8",
    }
    with own() as server:
        assert expected == asyncio.run(show(server.url, *expected))


def test_text_is_ordered_by_code_point_wherever_acca_runs(own):
    async def ordered(url):
        connection = await asyncpg.connect(url)
        query = "SELECT string_agg(lower(word), '' ORDER BY word) FROM unnest($1::text[]) word"
        found = await connection.fetchval(query, ["É", "a", "Z"])
        await connection.close()
        return found

    with own() as server:
        assert "zaé" == asyncio.run(ordered(server.url))


@pytest.mark.parametrize(
    ("memory", "expected"), [(GIGABYTE, 256), (64 * GIGABYTE, 1024), (32 << 20, 16)]
)
def test_the_server_takes_a_quarter_of_the_memory_and_a_gigabyte_at_most(memory, expected):
    assert expected == shared_buffers_mb(memory)


def test_memory_is_what_the_container_may_use(tmp_path):
    limit = tmp_path / "memory.max"
    limit.write_text("268435456\n")
    assert 256 << 20 == memory_bytes(limit)
    limit.write_text("max\n")
    assert memory_bytes(tmp_path / "missing") == memory_bytes(limit)


def test_a_second_owner_is_refused_and_told_who_the_first_is(own):
    with own(), pytest.raises(DatabaseInUse, match=f"in use.*process {os.getpid()}"), own():
        pass


def test_the_servers_processes_do_not_hold_the_lock(own, home, postgres_version):
    with engine(home, postgres_version, "untied") as process:
        wait_for(process, "pid")
        process.kill()
    assert [] != processes_in(data_directory(home))
    with own():
        pass


def test_a_second_command_finds_the_running_server(own, home):
    assert None is running_url(home)
    with own() as server:
        assert server.url == running_url(home)
    assert None is running_url(home)


def test_ctrl_c_stops_the_database_cleanly(home, postgres_version):
    with engine(home, postgres_version) as process:
        wait_for(process, "pid")
        process.send_signal(signal.SIGINT)
        process.wait()
    assert [] == processes_in(data_directory(home))
    assert "shut down" == control_state(home, postgres_version)


def test_ctrl_c_during_a_long_start_stops_the_database(own, home, postgres_version):
    with own() as server:
        os.kill(server.process.pid, signal.SIGKILL)
    recover_slowly(home)
    with engine(home, postgres_version) as process:
        while not processes_in(data_directory(home)):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert 0 != process.wait()
    assert [] == processes_in(data_directory(home))


def test_a_long_recovery_is_waited_for_and_talked_about(own, home):
    with own() as server:
        os.kill(server.process.pid, signal.SIGKILL)
    recover_slowly(home)
    told = []
    with own(tell=told.append, tell_every_seconds=0.2) as server:
        assert {"jit": "off"} == asyncio.run(show(server.url, "jit"))
    assert len(told) > 2
    assert told[0].startswith("the database is recovering (0 s so far); see ")


def test_a_server_that_gives_up_is_not_waited_for_and_its_last_words_are_told(own, home):
    with own():
        pass
    with (data_directory(home) / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = on\n")
    with pytest.raises(DatabaseDidNotStart, match="no_such_setting"), own():
        pass


def test_what_fails_inside_is_not_taken_for_a_fault_of_the_home(own):
    with pytest.raises(PermissionError, match="mine"), own():
        raise PermissionError("mine")


def test_a_home_with_a_long_path_has_a_short_socket():
    with temporary_home() as place:
        home = place / ("long" * 30) / ("longer" * 30)
        for parent in (place, home.parent):
            parent.mkdir(mode=0o711)
        with own_postgres(home) as server:
            assert len(os.fsencode(socket_path(server.url) / ".s.PGSQL.5432")) <= 107


def test_the_socket_goes_with_the_server(own):
    with own() as server:
        assert socket_path(server.url).exists()
    assert not socket_path(server.url).exists()


def test_sockets_of_a_killed_engine_are_removed_and_those_of_others_are_not(new_home):
    with socket_directory(new_home, Account()) as made:
        pass
    stale, other = (made.with_name(f"{made.name[:-4]}old"), made.with_name("acca-00000000-other"))
    stale.mkdir()
    other.mkdir()
    with socket_directory(new_home, Account()):
        assert (False, True) == (stale.exists(), other.exists())
    other.rmdir()


def test_what_waits_under_the_sockets_name_is_not_used(new_home, monkeypatch):
    monkeypatch.setattr(sockets.secrets, "token_hex", lambda _: "guessed")
    with socket_directory(new_home, Account()) as made:
        pass
    made.write_text("not ours")
    with pytest.raises(HomeUnusable, match="cannot be made"), socket_directory(new_home, Account()):
        pass
    assert "not ours" == made.read_text()
    made.unlink()


def test_each_start_has_a_log_of_its_own_and_five_earlier_ones_are_kept(tmp_path):
    for start in range(8):
        log = rotate_log(tmp_path)
        log.write_text(str(start))
    kept = {path.name: path.read_text() for path in tmp_path.iterdir()}
    earlier = {f"postgres.log.{n}": str(7 - n) for n in range(1, 6)}
    assert {"postgres.log": "7", **earlier} == kept


def test_a_database_of_another_version_is_refused(new_home):
    with own_postgres(new_home, version=16):
        pass
    sentence = "made by PostgreSQL 16, and this Acca runs 18: bring it over with pg_upgrade"
    with (
        pytest.raises(DatabaseOfAnotherVersion, match=sentence),
        own_postgres(new_home, version=18),
    ):
        pass


def test_a_directory_of_something_else_is_not_touched(own_new, new_home):
    data_directory(new_home).mkdir(parents=True, mode=0o711)
    new_home.chmod(0o711)
    (data_directory(new_home) / "diary").write_text("mine")
    with pytest.raises(HomeUnusable, match="is not empty and holds no database"), own_new():
        pass
    assert "mine" == (data_directory(new_home) / "diary").read_text()


def test_a_home_under_a_file_is_refused(new_home):
    new_home.write_text("")
    with pytest.raises(HomeUnusable, match="cannot be made"), own_postgres(new_home / "home"):
        pass


def test_a_machine_without_the_wheel_is_told_of_database_url(new_home, monkeypatch):
    monkeypatch.setattr(binaries.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(NoServerBinaries, match="DATABASE_URL"), own_postgres(new_home):
        pass


def test_a_home_of_another_user_is_a_sentence(home):
    sentence = f"lock may not be opened .Permission denied.: run Acca as the user whom {home}"
    with pytest.raises(HomeUnusable, match=sentence), server._readable(home):
        raise PermissionError(13, "Permission denied", str(home / "lock"))
