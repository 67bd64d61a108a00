import datetime as dt

import asyncpg
import pytest

from acca.store.clock import read_clock

HOUR = dt.timedelta(hours=1)


async def change(database, statement):
    async with database.writer() as writer:
        await writer.run(statement)


async def test_without_a_jump_business_time_is_the_time_of_the_statement(database):
    async with database.reader() as reader:
        assert await reader.value("SELECT business_now() = statement_timestamp()")
        assert (False, dt.timedelta(0)) == (await read_clock(reader))[:2]


async def test_business_time_is_the_same_for_all_rows_of_a_statement(sandbox):
    async with sandbox.reader() as reader:
        query = "SELECT count(DISTINCT business_now()) FROM generate_series(1, 3), pg_sleep(0.01)"
        assert 1 == await reader.value(query)


async def test_business_time_goes_on_within_a_transaction(sandbox):
    async with sandbox.writer() as writer, writer.transaction():
        first, second = [await writer.value("SELECT business_now()") for _ in range(2)]
    assert first < second


async def test_a_jump_moves_business_time_and_not_the_machine(sandbox):
    await change(sandbox, "UPDATE clock SET ahead = '36 hours'")
    async with sandbox.reader() as reader:
        assert 36 * HOUR == await reader.value("SELECT business_now() - statement_timestamp()")
        assert await reader.value("SELECT clock_timestamp() < business_now() - interval '35 h'")


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE clock SET ahead = '1 second'", "clock_of_a_sandbox_alone_is_ahead"),
        ("UPDATE clock SET sandbox = true", "clock_stays_what_it_was_created_as"),
        ("UPDATE clock SET sandbox = true, ahead = '1 h'", "clock_stays_what_it_was_created_as"),
        ("DELETE FROM clock", "clock_is_never_deleted"),
        ("TRUNCATE clock", "clock_is_never_deleted"),
        ("INSERT INTO clock (sandbox) VALUES (true)", "clock_pkey"),
        ("INSERT INTO clock (single, sandbox) VALUES (false, true)", "clock_is_one_row"),
    ],
)
async def test_the_database_keeps_real_time_real(database, statement, rule):
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await change(database, statement)
    assert rule == refused.value.constraint_name


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE clock SET ahead = '59 minutes'", "clock_moves_forward"),
        ("UPDATE clock SET sandbox = false", "clock_stays_what_it_was_created_as"),
        ("UPDATE clock SET ahead = '1 day'", "clock_counts_hours"),
        ("UPDATE clock SET ahead = '1 month'", "clock_counts_hours"),
        ("UPDATE clock SET ahead = '876601 hours'", "clock_is_ahead_a_century_at_most"),
        ("UPDATE clock SET ahead = '-1 hour'", "clock_moves_forward"),
        ("DELETE FROM clock", "clock_is_never_deleted"),
    ],
)
async def test_the_database_moves_a_sandbox_only_forward(sandbox, statement, rule):
    await change(sandbox, "UPDATE clock SET ahead = '1 hour'")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await change(sandbox, statement)
    assert rule == refused.value.constraint_name
