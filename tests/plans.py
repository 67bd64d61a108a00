"""Plans of statements, as a writer of ours runs them: generic, whatever the arguments are."""

import json
import re
from typing import NamedTuple


class Plan(NamedTuple):
    """The planner's total cost, and the tables that are read from end to end."""

    cost: float
    scanned: frozenset


async def explain(writer, statement, limit=50):
    """Plan a statement; a limit that is an argument is the given one, not a tenth of the rows."""
    asked = re.sub(r"LIMIT \$\d+", f"LIMIT {limit}", statement)
    await writer.run(f"PREPARE looked_at AS {asked}")
    try:
        query = "SELECT cardinality(parameter_types) FROM pg_prepared_statements"
        count = await writer.value(f"{query} WHERE name = 'looked_at'")
        arguments = f"({', '.join(['NULL'] * count)})" if count else ""
        told = await writer.value(f"EXPLAIN (FORMAT JSON) EXECUTE looked_at{arguments}")
    finally:
        await writer.run("DEALLOCATE looked_at")
    (found,) = json.loads(told)
    scans = (node for node in nodes(found["Plan"]) if node["Node Type"] == "Seq Scan")
    return Plan(found["Plan"]["Total Cost"], frozenset(node["Relation Name"] for node in scans))


def nodes(node):
    """Walk through a plan and all below it."""
    yield node
    for below in node.get("Plans", ()):
        yield from nodes(below)
