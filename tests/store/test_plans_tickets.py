import asyncio
import pathlib
import re

import pytest
from plans import explain

import acca.store
from acca.store.connection import open_database
from acca.store.queries import load_queries

FILES = (
    *("tickets", "listing", "stream", "claims", "placing", "agenda", "payments", "audit"),
    *("deliveries", "settling", "postponements", "accepting", "day_payouts", "cashing_out"),
    *("reconciling", "receipts", "clawbacks", "leg_results"),
)
TICKETS, TIMES = 20_000, 10
UNSEEN = 2_000
"""Tickets of a month that nobody has analysed yet."""
BIG = ("ticket", "ticket_state", "journal", "attempt", "stream", "request_claim", "ticket_code")
GUESSED = {
    # Of more tickets more codes begin alike, and the newest of them are wanted.
    "listing.list_by_code",
    # The planner takes the tickets of a type to be strewn over all pages of their month.
    "listing.list_by_type",
    # While the agenda is a few pages it is cheaper read whole than looked up fifty times.
    "agenda.lease_due",
    # How many are leased stands in a row, where the planner takes it for a tenth of all.
    "deliveries.lease_lanes",
    # Of ten times the tickets ten times as many stand on an event.
    "settling.list_of_event",
}
WHOLE = {
    # All that an operator's stream still has to number, of the only operator there is.
    "audit.list_waiting": {"fresh"},
    # What has failed lies among all that waits; staff asks for it when much has failed.
    "deliveries.replay": {"agenda"},
}
HIDDEN_LIMIT = re.compile(r"LIMIT \(SELECT \$\d+::bigint\)")
FEW_PAGES = 35
"""Below this cost a small table may be read in a cheaper way than a large one."""
PREPARE = """
    INSERT INTO operator (name, who) VALUES ('acme', 'a test');
    SELECT prepare_tickets('2026-01-02');
    SELECT prepare_tickets('2026-03-02');
    ALTER TABLE ticket_2026_05 SET (autovacuum_enabled = false);
    ALTER TABLE ticket_state_2026_05 SET (autovacuum_enabled = false);
    ALTER TABLE journal_2026_05 SET (autovacuum_enabled = false);
    ALTER TABLE attempt_2026_05 SET (autovacuum_enabled = false)
"""
# Ids spread over the months from January to April; those unseen all fall in May.
FILL = """
    CREATE TEMPORARY TABLE made AS
    SELECT
        n, decode(lpad(to_hex(second), 8, '0') || lpad(to_hex(n), 16, '0'), 'hex') AS id,
        upper(lpad(to_hex(n::bigint * 7919 % 16777216), 6, '0')) AS code, to_timestamp(second) AS at
    FROM generate_series({first}, {last}) AS n,
        LATERAL (SELECT {begins} + n::bigint * 10000000 / {last} AS second) AS drawn;
    INSERT INTO ticket (
        operator, id, code, type, source, currency, player, price_cents, stake_cents, ext_cents,
        gross_cents, wht_cents, net_cents, uncapped_cents, tax_profile, void_refund, total_odds,
        events, bets, odds, is_reservation, created
    )
    SELECT
        1, id, code, (ARRAY['quicktip', 'quickbet', 'smartbet'])[1 + n % 3], 'mobile', 'KES',
        'player-' || n % {last} / 20, 1000, 1000, 0, 1500, 100, 1400, 1500, 1, 'price', 150,
        ARRAY[n % 3000, n % 2999], ARRAY[1, 1], ARRAY[150, 150], false, at
    FROM made;
    INSERT INTO ticket_state (
        operator, id, n, status, result, approved, gross_cents, wht_cents, net_cents, updated,
        player
    )
    SELECT
        1, id, 2, CASE WHEN n % 20 = 0 THEN 'open' ELSE 'closed' END,
        CASE WHEN n % 20 = 0 THEN 'pending' ELSE (ARRAY['won', 'lost', 'void'])[1 + n % 3] END,
        true, 1500, 100, 1400, at, 'player-' || n % {last} / 20
    FROM made;
    INSERT INTO journal (
        operator, ticket, n, at, kind, status, result, approved, lane, action, body
    )
    SELECT 1, id, k, at, 'new', 'new', 'pending', true, 'pam', 'ticket_create', '{{}}'
    FROM made, generate_series(1, 2) AS k;
    INSERT INTO attempt (operator, ticket, n, number, at, verdict, duration_ms, answer)
    SELECT 1, id, 1, 1, at, 'accepted', 5, '{{}}' FROM made;
    INSERT INTO stream (operator, number, hash, ticket, n)
    SELECT 1, 2 * n - k, sha256(id), id, 2 - k FROM made, generate_series(0, 1) AS k;
    INSERT INTO ticket_code (operator, code, ticket) SELECT 1, code, id FROM made;
    INSERT INTO request_claim (operator, key, body, ticket, n, until)
    SELECT 1, sha256(id), sha256(id), id, 2, at FROM made;
    INSERT INTO fresh (operator, ticket, n) SELECT 1, id, 2 FROM made WHERE n % 10 = 0;
    INSERT INTO agenda (operator, ticket, lane, task, due)
    SELECT 1, id, 'life', 'settle', at FROM made WHERE n % 20 = 0;
    DROP TABLE made
"""
JANUARY, MAY = 1767225600, 1777593600 + 86_400


def statements():
    return {
        f"{file}.{name}": statement
        for file in FILES
        for name, statement in load_queries(f"{file}.sql").items()
    }


async def run(writer, text):
    for statement in text.split(";"):
        await writer.run(statement)


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


def test_every_statement_of_tickets_is_looked_at(plans):
    directory = pathlib.Path(acca.store.__file__).parent
    named = sorted(
        f"{file}.{name}"
        for file in FILES
        for name in re.findall(
            r"^-- name: (\w+)$",
            (directory / f"{file}.sql").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
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
def test_no_statement_reads_a_table_of_tickets_from_end_to_end(plans, size):
    assert {} == scanned_by(plans[size], BIG)


def test_of_many_tasks_no_statement_reads_all(plans):
    assert WHOLE == scanned_by(plans[1], ("agenda", "fresh"))


def test_ten_times_the_tickets_cost_no_statement_half_as_much_again(plans):
    small, large = plans
    dearer = {
        name: (small[name].cost, plan.cost)
        for name, plan in large.items()
        if name not in GUESSED | WHOLE.keys()
        and plan.cost >= 1.5 * max(small[name].cost, FEW_PAGES)
    }
    assert {} == dearer
