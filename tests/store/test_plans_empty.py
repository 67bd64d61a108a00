"""Plans made while a database is empty: they stay for as long as nobody analyses what fills it."""

import json

import pytest
from plans import nodes
from store.test_plans_tickets import BIG, FILES

from acca.store.queries import load_queries

OF_STAFF = {"settling.list_late", "settling.list_attention", "clawbacks.list_clawbacks"}
"""Lists that people ask for, of a few rows."""
STATEMENTS = [
    (f"{file}.{name}", text)
    for file in FILES
    for name, text in load_queries(f"{file}.sql").items()
    if f"{file}.{name}" not in OF_STAFF
]


@pytest.fixture
def postgres_version():
    return 18


async def plan_of(writer, statement):
    await writer.run(f"PREPARE looked_at AS {statement}")
    try:
        query = "SELECT cardinality(parameter_types) FROM pg_prepared_statements"
        count = await writer.value(f"{query} WHERE name = 'looked_at'")
        arguments = f"({', '.join(['NULL'] * count)})" if count else ""
        told = await writer.value(f"EXPLAIN (FORMAT JSON) EXECUTE looked_at{arguments}")
    finally:
        await writer.run("DEALLOCATE looked_at")
    return json.loads(told)[0]["Plan"]


def is_big(table):
    return any(table == each or table.startswith(f"{each}_other") for each in (*BIG, "fresh"))


def rereads(plan):
    """Name the big tables of which a part is read again for each row, and then sifted."""
    loops = (node for node in nodes(plan) if node["Node Type"] == "Nested Loop")
    inner = (loop["Plans"][1] for loop in loops if "Join Filter" in loop)
    tables = {node.get("Relation Name", "") for one in inner for node in nodes(one)}
    return {table for table in tables if is_big(table)}


async def test_nothing_of_tickets_is_sifted_for_each_row(database):
    async with database.writer() as writer:
        found = {name: rereads(await plan_of(writer, text)) for name, text in STATEMENTS}
    found = {name: tables for name, tables in found.items() if tables}
    # What was given is sifted there, for one ticket that was found by its whole key.
    assert {"tickets.get_tickets": {"ticket_other"}} == found
