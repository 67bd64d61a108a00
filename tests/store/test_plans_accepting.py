from plans import explain
from store.test_plans_catalogue import FILL, HISTORY_OF_EACH
from store.test_plans_tickets import run

from acca.store.odds import prepare_history
from acca.store.queries import load_queries

EVENTS = 3_000
THREE_BETS = """
    UPDATE event_odds
    SET bets = bets[1:3], odds = odds[1:3], derived = derived[1:3], versions = versions[1:3];
    VACUUM FULL event_odds;
    ANALYZE event;
    ANALYZE event_odds
"""
"""So little is read from end to end in less than a millisecond, which every batch would spend."""


async def test_new_tickets_read_the_odds_of_their_own_events_alone(database):
    async with database.writer() as writer:
        await prepare_history(writer)
        filling = {"first": 1, "last": EVENTS, "open": EVENTS, "history": HISTORY_OF_EACH}
        await run(writer, FILL.format(**filling))
        await run(writer, THREE_BETS)
        plan = await explain(writer, load_queries("tickets.sql")["accept_tickets"])
    assert not {"event", "event_odds"} & plan.scanned
