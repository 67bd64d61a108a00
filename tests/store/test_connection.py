import asyncio

import asyncpg
import pytest

from acca.store import connection
from acca.store.connection import Reader, open_database, require_version
from acca.store.unusable import ServerTooOld, SettingsIgnored


async def settings_of(session: Reader):
    rows = await session.rows("SELECT name, setting FROM pg_settings")
    return {row["name"]: row["setting"] for row in rows}


async def test_a_writing_session_holds_no_lock_for_long(database):
    async with database.writer() as writer:
        found = await settings_of(writer)
    expected = {
        "idle_in_transaction_session_timeout": "2000",
        "lock_timeout": "1000",
        "statement_timeout": "5000",
        "plan_cache_mode": "force_generic_plan",
        "default_transaction_read_only": "off",
        "TimeZone": "UTC",
        "jit": "off",
    }
    assert expected == {name: found[name] for name in expected}


async def test_a_reading_session_cannot_write(database):
    async with database.reader() as reader:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await reader.rows("UPDATE clock SET ahead = ahead")


async def test_a_snapshot_sees_one_moment_and_cannot_write(sandbox):
    ahead = "SELECT ahead FROM clock"
    async with sandbox.snapshot() as snapshot, sandbox.writer() as writer:
        before = await snapshot.value(ahead)
        await writer.run("UPDATE clock SET ahead = ahead + interval '1 hour'")
        assert before == await snapshot.value(ahead) != await writer.value(ahead)
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await snapshot.rows("UPDATE clock SET ahead = ahead")


async def test_a_writer_is_a_reader_and_a_reader_is_no_writer(database):
    async with database.reader() as reader, database.writer() as writer:
        assert (True, False) == (isinstance(writer, Reader), hasattr(reader, "run"))


async def test_the_server_ends_a_session_that_idles_in_a_transaction(database):
    async with database.writer() as idle, database.writer() as other:
        await idle.transaction().start()
        await idle.run("SELECT FROM clock FOR UPDATE")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await other.run("SELECT FROM clock FOR UPDATE")
        await asyncio.sleep(1.2)
        await other.run("SELECT FROM clock FOR UPDATE")


async def test_a_session_that_the_server_has_ended_is_given_back_in_silence(database):
    async with database.writer() as other:
        for looks in range(200):
            async with database.writer() as ended:
                await ended.transaction().start()
                session = await ended.value("SELECT pg_backend_pid()")
                assert await other.value("SELECT pg_terminate_backend($1)", session)
                # The server's last word and its hanging up are two things to hear of.
                for _ in range(looks // 4):
                    await asyncio.sleep(0)


async def test_a_fault_is_not_hidden_by_a_session_that_cannot_be_given_back(database):
    async def fail():
        async with database.writer() as other, database.writer() as ended:
            session = await ended.value("SELECT pg_backend_pid()")
            await other.run("SELECT pg_terminate_backend($1, 5000)", session)
            await ended.run("SELECT 1")

    with pytest.raises((asyncpg.AdminShutdownError, asyncpg.InterfaceError)):
        await fail()


async def test_a_transaction_that_fails_changes_nothing(sandbox):
    async def fail():
        async with sandbox.writer() as writer, writer.transaction():
            await writer.run("UPDATE clock SET ahead = '1 hour'")
            await writer.run("SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await fail()
    async with sandbox.writer() as writer:
        assert "0:00:00" == str(await writer.value("SELECT ahead FROM clock"))


async def test_what_a_session_left_open_is_undone_when_it_is_given_back(sandbox):
    async with sandbox.writer() as writer:
        await writer.transaction().start()
        await writer.run("UPDATE clock SET ahead = '1 hour'")
    async with sandbox.writer() as writer:
        assert "0:00:00" == str(await writer.value("SELECT ahead FROM clock"))


async def test_a_database_that_ignores_our_settings_is_refused(database_url):
    bare = await asyncpg.connect(database_url)
    with pytest.raises(SettingsIgnored, match=r"lock_timeout.*ALTER ROLE"):
        await connection._require_session(connection.WRITER_SETTINGS, bare)
    await bare.close()


async def test_readers_may_have_a_server_of_their_own(database_url, sandbox_url):
    async with (
        open_database(database_url, reader_url=sandbox_url) as opened,
        opened.reader() as reader,
        opened.writer() as writer,
    ):
        kinds = [await one.value("SELECT sandbox FROM clock") for one in (reader, writer)]
    assert [True, False] == kinds


async def test_statements_run_without_being_prepared_behind_a_pooler(database_url):
    async with (
        open_database(database_url, statement_cache_size=0) as opened,
        opened.reader() as reader,
    ):
        assert 3 == await reader.value("SELECT $1::int + 1", 2)
        assert 0 == await reader.value(
            "SELECT count(*) FROM pg_prepared_statements WHERE name > ''"
        )


def test_a_server_below_16_is_refused_with_a_sentence():
    sentence = "The server is PostgreSQL 15, too old for Acca: give it one of version 16 or newer."
    with pytest.raises(ServerTooOld) as refused:
        require_version(15)
    assert sentence == str(refused.value)


async def test_a_server_of_today_is_accepted(database, postgres_version):
    async with database.reader() as reader:
        found = await reader.value("SELECT current_setting('server_version_num')::int / 10000")
    assert postgres_version == found
