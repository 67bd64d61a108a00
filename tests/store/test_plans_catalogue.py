import asyncio
import pathlib
import re

import pytest
from plans import explain

import acca.store
from acca.store.connection import open_database
from acca.store.odds import prepare_history
from acca.store.queries import load_queries

FILES = ("odds", "events", "feed", "results", "catalogue", "stops", "cards", "board")
# As many are open as ever: what grows is the past. ANALYZE looks at every row of so many events.
EVENTS, OPEN, HISTORY_OF_EACH = 2_800, 20, 8
TIMES = 10
ROWS_MIN = 1_000
"""Tables that grow hold more in the larger database; sports and countries stay few."""
WHOLE = {
    # A file of fixtures is compared with all that its provider ever told.
    "list_known_events": {"event", "league", "team"},
}
GUESSED = {
    # The planner takes an event to be on every two-hundredth card; the index finds the few.
    "list_live_superbets",
    "list_offered_codes",
}
FEW_PAGES = 35
"""Below this cost a small table may be read in a cheaper way than a large one."""
FILL = """
    INSERT INTO provider (name, who) VALUES ('feeder', 'a test') ON CONFLICT DO NOTHING;
    INSERT INTO operator (name, who) VALUES ('acme', 'a test') ON CONFLICT DO NOTHING;
    INSERT INTO country (slug, name) VALUES ('kenya', 'Kenya') ON CONFLICT DO NOTHING;
    INSERT INTO league (sport, country, slug, name)
    SELECT 1, 1, 'league-' || n, 'League' FROM generate_series({first} / 10 + 1, {last} / 10) AS n;
    INSERT INTO team (sport, slug, name)
    SELECT 1, 'team-' || n, 'Team' FROM generate_series({first}, {last}) AS n;
    INSERT INTO event (provider, key, sport, league, home_team, away_team, starts, state)
    SELECT 1, 'x' || n, 1, 1 + (n - 1) / 10, n, 1 + n % {last}, now() - make_interval(mins => n),
        CASE WHEN n <= 5 THEN 'live' WHEN n <= {open} THEN 'scheduled' ELSE 'finished' END
    FROM generate_series({first}, {last}) AS n;
    INSERT INTO event_feed (event, head_version, head_live)
    SELECT n, 1, false FROM generate_series({first}, {last}) AS n;
    INSERT INTO event_odds (event, bets, odds, derived, versions)
    SELECT n, bets, array_fill(200, '{{40}}'), array_fill(false, '{{40}}'), bets
    FROM generate_series({first}, {last}) AS n,
        (SELECT array_agg(bet) AS bets FROM generate_series(1, 40) AS bet) AS offered;
    INSERT INTO odds_history (changed, event, bet, odds, derived, version)
    SELECT now() + make_interval(days => 31 * (k % 2)), n, k, 200, false, k
    FROM generate_series({first}, {last}) AS n, generate_series(1, {history}) AS k;
    INSERT INTO result (event, version, ending, source, entered, confirmed)
    SELECT n, 1, 'cancelled', 'feed', now(), now()
    FROM generate_series(greatest({first}, {open} + 1), {last}) AS n;
    INSERT INTO feed_batch (provider, sha256, taken, answer)
    SELECT 1, sha256(n::text::bytea), now() - make_interval(mins => n), ''
    FROM generate_series({first}, {last}) AS n;
    INSERT INTO doubtful_odds SELECT n, 1, 2000, false, 2, now()
    FROM generate_series({first}, {last}) AS n;
    INSERT INTO event_stop_change (event, who, action) SELECT n, 'ann', 'stop'
    FROM generate_series({first}, {last}) AS n;
    WITH coded AS (
        INSERT INTO card_code (code, operator)
        SELECT upper(lpad(to_hex(n), 6, '0')), 1 FROM generate_series({first}, {last}) AS n
    )
    INSERT INTO card (operator, code, type, currency, events, body, opens, created, who)
    SELECT 1, upper(lpad(to_hex(n), 6, '0')), 'quicktip', 'KES', ARRAY[n, n + 1], '', now(),
        now() - make_interval(mins => n), 'ann'
    FROM generate_series({first}, {last}) AS n
"""


def statements():
    return {
        name: statement for file in FILES for name, statement in load_queries(f"{file}.sql").items()
    }


async def look(servers):
    """Plan every statement over some rows, and again over ten times as many."""
    async with (
        servers.migrated_copy(18, sandbox=False) as url,
        open_database(url) as database,
        database.writer() as writer,
    ):
        await prepare_history(writer)
        found, filled = [], 0
        for last in (EVENTS, EVENTS * TIMES):
            bounds = {"first": filled + 1, "last": last, "open": OPEN}
            for statement in FILL.format(**bounds, history=HISTORY_OF_EACH).split(";"):
                await writer.run(statement)
            # What autovacuum does in a running database, so that no page waits to be indexed.
            await writer.run("VACUUM ANALYZE")
            found.append({name: await explain(writer, each) for name, each in statements().items()})
            filled = last
        query = "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > $1"
        return *found, {row["relname"] for row in await writer.rows(query, ROWS_MIN)}


@pytest.fixture(scope="module")
def plans(postgres_servers):
    return asyncio.run(look(postgres_servers))


def test_every_statement_of_the_catalogue_is_looked_at(plans):
    directory = pathlib.Path(acca.store.__file__).parent
    texts = [(directory / f"{file}.sql").read_text(encoding="utf-8") for file in FILES]
    named = sorted(
        name for text in texts for name in re.findall(r"^-- name: (\w+)$", text, re.MULTILINE)
    )
    small, large, _ = plans
    assert named == sorted(small) == sorted(large)


def test_no_statement_reads_a_growing_table_from_end_to_end(plans):
    _, large, growing = plans
    assert {"event", "event_odds", "feed_batch", "result", "card"} - growing == set()
    scanned = {name: plan.scanned & growing for name, plan in large.items()}
    assert WHOLE == {name: tables for name, tables in scanned.items() if tables}


def test_ten_times_the_rows_cost_no_statement_half_as_much_again(plans):
    small, large, _ = plans
    dearer = {
        name: (small[name].cost, plan.cost)
        for name, plan in large.items()
        if name not in {*WHOLE, *GUESSED} and plan.cost >= 1.5 * max(small[name].cost, FEW_PAGES)
    }
    assert {} == dearer
