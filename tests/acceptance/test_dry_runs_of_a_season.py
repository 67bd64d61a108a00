"""Real results, tried before they are entered: the figures shown are what the commit does.

`ACCA_DRY_RUNS=400/5000 pytest -s …` tries so many results on so many tickets.
"""

import os
import random
from collections import Counter

import pytest
from oracle import season
from oracle.engine import by_market, result_of
from oracle.test_oracle_against_core import SEED, played
from oracle.test_season_settled import WRONG, is_taken
from season_written import begin_season, recoded, write_open
from settling_made import Season
from ticket_lives import rows

from acca.flows.enter_results import Entered, NotAsShown, enter, try_result

RESULTS, TICKETS = map(int, os.environ.get("ACCA_DRY_RUNS", "40/400").split("/"))
SPARE = 200
__all__ = ["played"]

STATES = """
    SELECT ticket.type, state.id, state.status, state.result, state.net_cents, state.wht_cents
    FROM ticket_state AS state
    JOIN ticket ON ticket.operator = state.operator AND ticket.id = state.id
    WHERE ticket.type <> 'jackpot'
"""
TOLD = """
    SELECT journal.action, count(*)
    FROM journal
    JOIN ticket ON ticket.operator = journal.operator AND ticket.id = journal.ticket
    WHERE ticket.type <> 'jackpot' AND journal.action IS NOT NULL
    GROUP BY journal.action
"""


def paid(status, result, net, wht):
    is_paid = status in {"resulted", "closed"} and result != "lost"
    return (net, wht) if is_paid else (0, 0)


async def stand(database):
    states = {id_: (type_, *rest) for type_, id_, *rest in await rows(database, STATES)}
    return states, Counter(dict(await rows(database, TOLD)))


def happened(before, after):
    """Tell, as a dry run does, what became of tickets between two looks at all of them."""
    found = Counter()
    for id_, (type_, *now) in after[0].items():
        then = list(before[0][id_][1:])
        if then == now:
            continue
        of = f"site {type_} KES"
        word = "is settled" if then[0] == "open" else "is corrected to"
        found[f"{of}: is open again" if now[0] == "open" else f"{of}: {word} {now[1]}"] += 1
        (net, wht), (had, withheld) = paid(*now), paid(*then)
        found[f"{of}: cents to be paid"] += max(net - had, 0)
        found[f"{of}: cents to be taken back"] += max(had - net, 0)
        found[f"{of}: cents more withheld"] += wht - withheld
    for action, count in (after[1] - before[1]).items():
        found[f"deliveries: {action}"] += count
    return {name: figure for name, figure in found.items() if figure}


def of_tickets(figures):
    return {
        name: figure
        for name, figure in figures.items()
        if "stays as it is" not in name and name != "players who have to give back"
    }


@pytest.fixture
def postgres_version():
    return 18


async def test_what_is_shown_is_what_is_done(sandbox, played):
    matches = season.with_endings(played[:RESULTS], SEED)
    made = season.make_tickets(matches, by_market(), SEED, TICKETS * 3 // 2 + SPARE)
    tickets = recoded([each for each in made if is_taken(each) and each.type != "jackpot"])
    tickets, spare = tickets[:TICKETS], tickets[TICKETS:][:SPARE]
    lived = await begin_season(sandbox, matches, tickets)
    await lived.site.wait(hours=3)
    dice = random.Random(SEED)
    seen = Counter()
    for match in matches:
        steps = [(result_of(match.ended), False)]
        if dice.random() < 0.2:
            steps = [(WRONG, False), (result_of(match.ended), True)]
        for result, corrects in steps:
            await try_and_enter(lived, match, result, spare, seen, corrects=corrects)
    print(dict(seen))  # noqa: T201 - figures for who asks for them
    assert seen["entered"] >= RESULTS
    assert min(seen["moved"], seen["corrected"], seen["told that it changed"]) > 0


async def try_and_enter(lived, match, result, spare, seen, *, corrects):
    database, event = lived.site.database, lived.events[match.key]
    entered = Entered(event, result, "a person", corrects)
    trial = (await try_result(database, entered)).supposed
    another = next((one for one in spare if match.key in one.events), None)
    if another is not None and another.type != "superbet":
        # Placed after it was shown: then it is not as it was shown.
        spare.remove(another)
        number = (await rows(database, "SELECT count(*) FROM ticket"))[0][0] + 2
        await write_one(lived, number, another)
        with pytest.raises(NotAsShown):
            await enter(database, entered._replace(as_shown=trial.mark), two_persons=False)
        seen["told that it changed"] += 1
        trial = (await try_result(database, entered)).supposed
    before = await stand(database)
    await enter(database, entered._replace(as_shown=trial.mark), two_persons=False)
    await Season.settle(lived.site)
    after = await stand(database)
    done = happened(before, after)
    assert done == of_tickets(trial.figures), (match, result)
    seen["entered"] += 1
    seen["moved"] += sum(done.get(name, 0) for name in done if "is settled" in name)
    seen["corrected"] += sum(done.get(name, 0) for name in done if "is corrected" in name)


async def write_one(lived, number, ticket):
    """Write a ticket under a number that is free."""
    await write_open(lived.site, [ticket], lived.events, number)
