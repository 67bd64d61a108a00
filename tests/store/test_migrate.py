import asyncio
import pathlib

import asyncpg
import pytest

import acca.store
from acca.store.connection import open_database
from acca.store.embedded.account import Account
from acca.store.migrate import (
    Migration,
    load_migrations,
    migrate,
    missing_migrations,
    require_schema,
)
from acca.store.unusable import NotMadeAsSandbox, SchemaOutdated, SchemaUnknown

FIRST = Migration(1, "first", "CREATE TABLE first (id int);")
SECOND = Migration(2, "second", "CREATE TABLE second (id int);")
SCHEMA = pathlib.Path(acca.store.__file__).with_name("schema.sql")


async def fetch(url, query):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def dump(server, url):
    """Return the schema as pg_dump tells it, without its remarks and the random word in them."""
    command = (server.programs / "pg_dump", "--schema-only", "--no-owner", url)
    done = server.account.run(*command, directory=pathlib.Path("/"))
    assert b"" == done.stderr
    lines = done.stdout.decode().splitlines()
    return [line for line in lines if line and not line.startswith(("--", "\\"))]


async def test_the_schema_as_a_whole_equals_the_migrations(
    postgres_server, empty_url, database_url
):
    connection = await asyncpg.connect(empty_url)
    await connection.execute(SCHEMA.read_text())
    await connection.close()
    assert dump(postgres_server, database_url) == dump(postgres_server, empty_url)


async def test_a_new_database_gets_every_migration_and_then_none(empty_url):
    assert load_migrations() == await migrate(empty_url)
    assert [] == await migrate(empty_url)


async def test_an_older_database_gets_what_it_lacks(empty_url):
    assert [FIRST] == await migrate(empty_url, migrations=[FIRST])
    assert [SECOND] == await migrate(empty_url, migrations=[FIRST, SECOND])


async def test_of_two_migrators_the_second_waits_and_finds_nothing_to_do(empty_url):
    slow = Migration(1, "slow", "SELECT pg_sleep(0.5); CREATE TABLE slow (id int);")
    both = await asyncio.gather(*(migrate(empty_url, migrations=[slow]) for _ in range(2)))
    assert [[], [slow]] == sorted(both)


async def test_a_migration_that_fails_leaves_nothing_behind(empty_url):
    broken = Migration(2, "broken", "CREATE TABLE half (id int); SELECT 1 / 0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty_url, migrations=[FIRST, broken])
    assert await fetch(empty_url, "SELECT to_regclass('half') IS NULL")
    assert [SECOND] == await migrate(empty_url, migrations=[FIRST, SECOND])


async def test_a_migration_does_not_wait_long_for_a_table_in_use(empty_url):
    await migrate(empty_url, migrations=[FIRST])
    change = Migration(2, "change", "ALTER TABLE first ADD COLUMN name text;")
    reader = await asyncpg.connect(empty_url)
    async with reader.transaction():
        await reader.fetch("SELECT * FROM first")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await migrate(empty_url, migrations=[FIRST, change])
    await reader.close()
    assert [change] == await migrate(empty_url, migrations=[FIRST, change])


def test_a_migration_changed_afterwards_is_refused():
    changed = FIRST._replace(sql="CREATE TABLE other (id int);")
    with pytest.raises(SchemaUnknown, match=r"1 \(first\) was changed after"):
        missing_migrations([changed], [FIRST.mark()])


def test_a_migration_renamed_afterwards_is_refused():
    with pytest.raises(SchemaUnknown, match=r"1 \(first\) was changed after"):
        missing_migrations([FIRST._replace(name="other")], [FIRST.mark()])


def test_a_database_of_a_newer_acca_is_refused():
    with pytest.raises(SchemaUnknown, match=r"2 \(second\) of a newer Acca"):
        missing_migrations([FIRST], [FIRST.mark(), SECOND.mark()])


async def test_a_refused_database_is_left_as_it_is(empty_url):
    await migrate(empty_url, migrations=[FIRST, SECOND])
    with pytest.raises(SchemaUnknown):
        await migrate(empty_url, migrations=[FIRST])
    assert 2 == await fetch(empty_url, "SELECT count(*) FROM migration")


async def test_a_sandbox_stays_one_whoever_migrates_it_later(empty_url):
    await migrate(empty_url, sandbox=True)
    await migrate(empty_url)
    assert await fetch(empty_url, "SELECT sandbox FROM clock")


async def test_a_database_that_was_not_created_as_a_sandbox_never_becomes_one(empty_url):
    await migrate(empty_url)
    with pytest.raises(NotMadeAsSandbox, match="never becomes one"):
        await migrate(empty_url, sandbox=True)
    assert not await fetch(empty_url, "SELECT sandbox FROM clock")


def test_programs_are_run_with_an_environment_of_our_own():
    seen = Account().run("env", directory=pathlib.Path("/")).stdout.decode().splitlines()
    assert {"LC_ALL", "PATH"} == {line.partition("=")[0] for line in seen}


async def test_a_database_without_schema_says_what_to_run(empty_url):
    async with open_database(empty_url) as database:
        with pytest.raises(SchemaOutdated, match="run `acca migrate`"):
            await require_schema(database)


async def test_a_database_that_lacks_a_migration_says_what_to_run(database):
    async with database.writer() as writer:
        await writer.run("DELETE FROM migration")
    with pytest.raises(SchemaOutdated, match=f"lacks {len(load_migrations())} of this Acca's"):
        await require_schema(database)


async def test_a_database_that_is_up_to_date_is_taken(database):
    await require_schema(database)
