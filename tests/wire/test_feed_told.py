import json

from acca.core.catalogue.told import (
    EntryVerdict,
    HeadTold,
    Judged,
    OddsTold,
    Price,
    ResultTold,
    SuspensionTold,
)
from acca.core.score import Ending, Result, Score
from acca.wire.feed import FeedVerdict, parse_batch
from acca.wire.feed_told import told_of, verdict_of

EVENT = {
    "kind": "event",
    "event": "x1",
    "version": 1,
    "starts": "2026-05-01T12:00:00Z",
    "sport": {"slug": "football", "name": "Football"},
    "category": {"slug": "finland", "name": "Finland"},
    "league": {"slug": "football/finland/kakkonen", "name": "Kakkonen"},
    "home_team": {"slug": "ppj", "name": "PPJ"},
    "away_team": {"slug": "japs-47", "name": "JaPS/47"},
    "state": "live",
}


def entry(document):
    (found,) = parse_batch(json.dumps({"entries": [document]}).encode()).entries
    return found


def test_a_league_is_the_same_by_its_path_and_by_its_last_part():
    short = {**EVENT, "league": {"slug": "kakkonen", "name": "Kakkonen"}}
    told = told_of(entry(EVENT))
    assert isinstance(told, HeadTold)
    assert told == told_of(entry(short))
    assert ("kakkonen", True) == (told.head.league.slug, told.head.live)


def test_odds_and_suspensions_keep_the_names_of_their_bets():
    prices = [{"bet": 1, "odds": 1.95}, {"market": "OUFT", "line": "2.5", "code": "O", "odds": 2}]
    odds = {"kind": "odds", "event": "x1", "version": 2, "prices": prices}
    expected = (Price(195, 1), Price(200, None, "OUFT", "2.5", "O"))
    assert OddsTold("x1", 2, expected) == told_of(entry(odds))
    stop = {"kind": "suspension", "event": "x1", "version": 3, "suspended": True, "market": "OUFT"}
    assert SuspensionTold("x1", 3, suspended=True, market="OUFT") == told_of(entry(stop))


def test_a_correction_corrects_and_a_result_does_not():
    told = {"kind": "result", "event": "x1", "version": 4, "ending": "played"}
    told["score"] = {"total": [2, 1]}
    expected = ResultTold("x1", 4, Result(Ending.PLAYED, Score((2, 1))))
    assert expected == told_of(entry(told))
    assert expected._replace(corrects=True) == told_of(entry({**told, "kind": "correction"}))


def test_alive_tells_nothing_of_an_event_and_is_answered():
    alive = entry({"kind": "alive"})
    assert told_of(alive) is None
    assert FeedVerdict(entry=3, verdict=EntryVerdict.APPLIED) == verdict_of(3, alive, None, None)


def test_a_defective_entry_is_answered_with_its_defects():
    bad = entry({"kind": "odds"})
    answer = verdict_of(0, bad, None, None)
    assert (EntryVerdict.DEFECTIVE, bad.defects) == (answer.verdict, answer.detail)


def test_a_refusal_names_the_event_and_says_why():
    judged = Judged(EntryVerdict.REFUSED, "The event is not known.")
    answer = verdict_of(1, entry(EVENT), judged, None)
    assert ("x1", None, judged.message) == (answer.event, answer.event_id, answer.message)
