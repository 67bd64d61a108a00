import asyncio
import pathlib
import re

import pytest
from plans import explain
from store.test_plans_tickets import (
    BIG,
    FEW_PAGES,
    FILL,
    HIDDEN_LIMIT,
    JANUARY,
    MAY,
    PREPARE,
    TICKETS,
    TIMES,
    UNSEEN,
    run,
)

import acca.store
from acca.store.connection import open_database
from acca.store.queries import load_queries

FILES = ("agenda", "payments", "audit")
GUESSED = {
    # While the agenda is a few pages it is cheaper read whole than looked up fifty times.
    "lease_due",
}
WHOLE = {
    # All that an operator's stream still has to number, of the only operator there is.
    "list_waiting": {"fresh"},
}


def statements():
    return {
        name: statement for file in FILES for name, statement in load_queries(f"{file}.sql").items()
    }


async def explain_all(writer):
    """Plan each statement as it is run, and again with a limit that the planner may see."""
    planned = {name: await explain(writer, each) for name, each in statements().items()}
    bounded = {
        name: await explain(writer, HIDDEN_LIMIT.sub("LIMIT 50", each))
        for name, each in statements().items()
    }
    return {
        name: bounded[name]._replace(scanned=plan.scanned | bounded[name].scanned)
        for name, plan in planned.items()
    }


async def look(servers):
    """Plan every statement over some tickets, and again over ten times as many."""
    async with (
        servers.migrated_copy(18, sandbox=False) as url,
        open_database(url) as database,
        database.writer() as writer,
    ):
        await writer.run("SET statement_timeout = '60s'")
        await run(writer, PREPARE)
        found, filled = [], 0
        for last in (TICKETS, TICKETS * TIMES):
            await run(writer, FILL.format(first=filled + 1, last=last, begins=JANUARY))
            await writer.run("VACUUM ANALYZE")
            if not filled:
                unseen = {"first": 10**6, "last": 10**6 + UNSEEN, "begins": MAY - 10**7}
                await run(writer, FILL.format(**unseen))
            found.append(await explain_all(writer))
            filled = last
        return found


@pytest.fixture(scope="module")
def plans(postgres_servers):
    return asyncio.run(look(postgres_servers))


def test_every_statement_of_lives_is_looked_at(plans):
    directory = pathlib.Path(acca.store.__file__).parent
    texts = [(directory / f"{file}.sql").read_text(encoding="utf-8") for file in FILES]
    named = sorted(
        name for text in texts for name in re.findall(r"^-- name: (\w+)$", text, re.MULTILINE)
    )
    small, large = plans
    assert named == sorted(small) == sorted(large)


def scanned_by(plans, growing):
    big = re.compile(rf"({'|'.join(growing)})(_20\d\d_[01]\d)?")
    scanned = {
        name: {table for table in plan.scanned if big.fullmatch(table)}
        for name, plan in plans.items()
    }
    return {name: tables for name, tables in scanned.items() if tables}


@pytest.mark.parametrize("size", [0, 1], ids=["few", "many"])
def test_no_statement_of_lives_reads_a_table_of_tickets_from_end_to_end(plans, size):
    assert {} == scanned_by(plans[size], BIG)


def test_of_many_tasks_no_statement_of_lives_reads_all(plans):
    assert WHOLE == scanned_by(plans[1], ("agenda", "fresh"))


def test_ten_times_the_tickets_cost_no_statement_of_lives_half_as_much_again(plans):
    small, large = plans
    dearer = {
        name: (small[name].cost, plan.cost)
        for name, plan in large.items()
        if name not in GUESSED | WHOLE.keys()
        and plan.cost >= 1.5 * max(small[name].cost, FEW_PAGES)
    }
    assert {} == dearer
