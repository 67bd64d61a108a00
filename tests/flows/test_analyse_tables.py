import asyncio

import pytest
from plans import nodes
from store.test_plans_empty import plan_of
from store.test_plans_tickets import FILL, MAY, run

from acca.flows.analyse_tables import analyse_tables
from acca.store.queries import load_queries

MADE = 1_000
SETTLED = {"ticket", "ticket_state", "journal", "attempt"}


@pytest.fixture
async def young(database):
    """Return a database whose month of May holds tickets, of which the planner knows nothing."""
    async with database.writer() as writer:
        await writer.run("INSERT INTO operator (name, who) VALUES ('acme', 'a test')")
        await writer.value("SELECT prepare_tickets('2026-05-02')")
        for table in sorted(SETTLED):
            await writer.run(f"ALTER TABLE {table}_2026_05 SET (autovacuum_enabled = false)")
    await fill_may(database, 10**6)
    return database


async def fill_may(database, first, made=MADE):
    async with database.writer() as writer:
        await run(writer, FILL.format(first=first, last=first + made, begins=MAY - 10**7))


async def counted(database):
    """Tell how many rows the planner takes the tables of two months for."""
    async with database.reader() as reader:
        rows = await reader.rows(
            "SELECT relname, reltuples::integer AS rows FROM pg_class WHERE relkind = 'r'"
            " AND relname LIKE 'ticket_state_2026_0%'"
        )
    return {row["relname"]: row["rows"] for row in rows}


async def test_a_month_that_fills_is_analysed_and_one_to_come_is_not(young):
    await asyncio.gather(analyse_tables(young), analyse_tables(young))
    await analyse_tables(young)
    first = await counted(young)
    assert {"ticket_state_2026_06": -1, "ticket_state_2026_07": -1} == {
        name: rows for name, rows in first.items() if name != "ticket_state_2026_05"
    }
    assert first["ticket_state_2026_05"] > 0
    await fill_may(young, 2 * 10**6)
    await analyse_tables(young)
    assert first == await counted(young)
    await fill_may(young, 3 * 10**6, 8 * MADE)
    await analyse_tables(young)
    assert (await counted(young))["ticket_state_2026_05"] > 8 * MADE


async def test_changes_are_found_by_whole_keys_once_a_month_is_analysed(young):
    await analyse_tables(young)
    async with young.writer() as writer:
        plan = await plan_of(writer, load_queries("tickets.sql")["save_changes"])
    used = {
        node["Index Name"]
        for node in nodes(plan)
        if node.get("Relation Name") == "ticket_state_2026_05" and "Index Name" in node
    }
    assert {"ticket_state_2026_05_pkey"} == used
