import datetime as dt
import hashlib
from collections import Counter

import pytest
from catalogue_seen import add_provider, see

from acca.core.catalogue.standing import State, Stop
from acca.flows.apply_feed import apply_batch
from acca.wire.feed import parse_batch
from acca_client.feed import Verdict, batches
from acca_sandbox.simulator.runner import Player, play
from acca_sandbox.simulator.timeline import make_stream
from acca_sandbox.simulator.world import Fate, make_world

START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
STATES = {
    Fate.PLAYED: State.FINISHED,
    Fate.CORRECTED: State.FINISHED,
    Fate.MOVED: State.FINISHED,
    Fate.NEVER: State.POSTPONED,
    Fate.CANCELLED: State.CANCELLED,
    Fate.ABANDONED: State.ABANDONED,
}


class Straight:
    """A feed without HTTP: the client's bytes go into the flow."""

    def __init__(self, database, provider):
        self.database, self.provider = database, provider

    async def send(self, entries):
        verdicts = []
        for batch in batches(entries):
            sha256 = hashlib.sha256(batch.body).digest()
            parsed = parse_batch(batch.body)
            answer = await apply_batch(self.database, self.provider, sha256, parsed)
            verdicts += [
                Verdict(batch.first + each.entry, each.verdict.value, each.message, each.event)
                for each in answer.verdicts
            ]
        return verdicts


def eventful_world():
    """Make a season in which every fate befalls some match."""
    world = make_world(7, START, leagues=1, teams=8)
    fates = [*Fate, *Fate, *[Fate.PLAYED] * len(world.fixtures)]
    fixtures = [
        fixture._replace(
            fate=fate,
            moved_to=fixture.starts + dt.timedelta(days=4) if fate is Fate.MOVED else None,
        )
        for fixture, fate in zip(world.fixtures, fates, strict=False)
    ]
    return world._replace(fixtures=tuple(fixtures))


def last_told(entries):
    """Gather the last odds and the last result of each event."""
    odds, results = {}, {}
    for entry in entries:
        if entry["kind"] == "odds":
            known = odds.setdefault(entry["event"], {})
            for price in entry["prices"]:
                bet = (price["market"], price.get("line"), price["code"])
                known[bet] = int(price["odds"] * 100)
        elif entry["kind"] in {"result", "correction"}:
            results[entry["event"]] = entry
    return odds, results


def offered(seen):
    bets = seen.standing.sport.bets
    pairs = zip(map(bets.get, seen.offer.bets), seen.offer.odds, strict=True)
    return {(bet.market, bet.line, bet.code): odds for bet, odds in pairs}


@pytest.fixture
async def feed(database):
    return Straight(database, await add_provider(database, "simulator"))


async def test_the_catalogue_ends_as_a_season_was_told(database, feed):
    world = eventful_world()
    moments = list(make_stream(world))
    report = await play(Player(feed, moments), START, 0)
    assert ({}, {}) == (report.not_taken, report.messages)
    seen = await see(database, feed.provider)
    assert len(world.fixtures) == len(seen)
    odds, results = last_told(entry for moment in moments for entry in moment.entries)
    for fixture in world.fixtures:
        found = seen[fixture.key]
        assert STATES[fixture.fate] is found.standing.state
        assert odds[fixture.key] == offered(found)
        assert results[fixture.key]["ending"] == found.standing.fact.result.ending.value
        score = found.standing.fact.result.score
        assert (score and list(score.total)) == results[fixture.key].get("score", {}).get("total")
        was_played = "score" in results[fixture.key]
        assert ({Stop.PROVIDER} if was_played else set()) == found.standing.stops
    assert 2 == max(len(found.results) for found in seen.values())


async def test_a_season_that_is_told_again_changes_nothing(database, feed):
    moments = list(make_stream(eventful_world()))[:400]
    first = await play(Player(feed, moments), START, 0)
    before = await see(database, feed.provider)
    second = await play(Player(feed, moments, batch_max=170), START, 0)
    assert before == await see(database, feed.provider)
    assert first.verdicts.total() == second.verdicts.total()
    assert {} == second.not_taken
    assert set() == set(second.verdicts) & {"applied"}
    assert Counter() < first.verdicts
