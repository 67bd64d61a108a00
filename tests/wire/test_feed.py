import json
import time
from datetime import UTC, datetime

import pytest

from acca.core.score import Ending, Score, Side
from acca.wire.defects import Defect, Defective
from acca.wire.document import parse, render
from acca.wire.feed import (
    ENTRY_DEFECTS_MAX,
    AliveEntry,
    Batch,
    EntryDefects,
    EntryKind,
    EntryVerdict,
    EventEntry,
    FeedAnswer,
    FeedName,
    FeedPrice,
    FeedState,
    FeedVerdict,
    OddsEntry,
    ResultEntry,
    SuspensionEntry,
    parse_batch,
)

NAME = {"slug": "football/finland", "name": "Finland"}
EVENT = {
    "kind": "event",
    "event": "x1",
    "version": 1,
    "starts": "2024-07-17T19:00:00+02:00",
    "sport": NAME,
    "category": NAME,
    "league": NAME,
    "home_team": NAME,
    "away_team": NAME,
}
ODDS = {
    "kind": "odds",
    "event": "x1",
    "version": 2,
    "prices": [{"bet": 1, "odds": 1.95}, {"market": "OUFT", "line": "2.5", "code": "O", "odds": 2}],
}
RESULT = {
    "kind": "result",
    "event": "x1",
    "version": 9,
    "ending": "played",
    "score": {"total": [2, 1], "half_time": [1, 0], "first": "home"},
}


def batch(*entries):
    return parse_batch(json.dumps({"entries": entries}).encode()).entries


def only_defects(entry):
    (found,) = batch(entry)
    assert isinstance(found, EntryDefects)
    return [(defect.loc, defect.msg, defect.type) for defect in found.defects]


def test_an_event_is_told_as_it_is_now():
    name = FeedName(slug="football/finland", name="Finland")
    assert batch(EVENT) == (
        EventEntry(
            kind=EntryKind.EVENT,
            event="x1",
            version=1,
            starts=datetime(2024, 7, 17, 17, tzinfo=UTC),
            sport=name,
            category=name,
            league=name,
            home_team=name,
            away_team=name,
            state=FeedState.SCHEDULED,
        ),
    )


def test_odds_name_bets_by_id_or_by_market_line_and_code():
    assert batch(ODDS) == (
        OddsEntry(
            kind=EntryKind.ODDS,
            event="x1",
            version=2,
            prices=(
                FeedPrice(bet=1, odds=195),
                FeedPrice(market="OUFT", line="2.5", code="O", odds=200),
            ),
        ),
    )


def test_a_suspension_names_what_it_suspends():
    entry = {"kind": "suspension", "event": "x1", "version": 3, "suspended": True, "bet": 7}
    assert batch(entry, {"kind": "alive"}) == (
        SuspensionEntry(kind=EntryKind.SUSPENSION, event="x1", version=3, suspended=True, bet=7),
        AliveEntry(kind=EntryKind.ALIVE),
    )


@pytest.mark.parametrize("kind", ["result", "correction"])
def test_a_half_time_score_is_the_first_period(kind):
    assert batch({**RESULT, "kind": kind}) == (
        ResultEntry(
            kind=EntryKind(kind),
            event="x1",
            version=9,
            ending=Ending.PLAYED,
            score=Score((2, 1), ((1, 0),), Side.HOME),
        ),
    )


@pytest.mark.parametrize(
    ("score", "value"),
    [
        ({"total": [2, 1]}, Score((2, 1))),
        ({"total": [2, 1], "half_time": None, "first": None}, Score((2, 1))),
        ({"total": [2, 0], "periods": [[6, 3], [7, 5]]}, Score((2, 0), ((6, 3), (7, 5)))),
        (
            {"total": [2, 1], "half_time": [1, 0], "periods": [[1, 0], [1, 1]]},
            Score((2, 1), ((1, 0), (1, 1))),
        ),
    ],
)
def test_a_score_is_told_in_several_ways(score, value):
    assert batch({**RESULT, "score": score})[0].score == value


@pytest.mark.parametrize(
    ("score", "loc", "sentence"),
    [
        (None, ("score",), "is missing"),
        ({"total": [2]}, ("score", "total"), "has to have between 2 and 2 items"),
        ({"total": [2, -1]}, ("score", "total", 1), "has to be between 0 and 999"),
        (
            {"total": [0, 1], "half_time": [1, 0]},
            ("score",),
            "has more points at half_time than in total",
        ),
        (
            {"total": [2, 1], "half_time": [1, 1], "periods": [[1, 0]]},
            ("score",),
            "has a half_time that is not its first period",
        ),
        (
            {"total": [2, 1], "first": "both"},
            ("score", "first"),
            "has to be one of home, away, none",
        ),
    ],
)
def test_a_score_that_is_none_is_a_defect(score, loc, sentence):
    assert [one[:2] for one in only_defects({**RESULT, "score": score})] == [(loc, sentence)]


def test_an_event_that_was_not_played_needs_no_score():
    entry = {**RESULT, "ending": "postponed", "score": None}
    assert batch(entry)[0].ending is Ending.POSTPONED


def test_one_bad_entry_does_not_hold_up_the_others():
    good, bad, unknown, none = batch(ODDS, {**ODDS, "prices": [{"odds": 0.5}]}, {"kind": "x"}, 7)
    assert isinstance(good, OddsEntry)
    assert bad == EntryDefects(
        (
            Defect(("prices", 0, "odds"), "has to be between 1 and 100000", "odds"),
            Defect(("prices", 0, "bet"), "is missing", "missing"),
            Defect(("prices", 0, "bet"), "is missing", "missing"),
        )
    )
    assert unknown == EntryDefects(
        (
            Defect(
                ("kind",),
                "has to be one of event, odds, suspension, result, correction, alive",
                "word",
            ),
        )
    )
    assert none == EntryDefects((Defect((), "has to be an object", "object"),))


def test_a_market_needs_a_code():
    entry = {**ODDS, "prices": [{"market": "MRFT", "odds": 1.5}]}
    assert only_defects(entry) == [(("prices", 0, "bet"), "is missing", "missing")]


def test_no_more_than_ten_defects_of_an_entry_are_told():
    assert len(only_defects({**ODDS, "prices": [{}] * 20})) == ENTRY_DEFECTS_MAX


def test_duplicates_stay_inside_their_entry():
    body = (
        b'{"entries":[{"kind":"alive"},{"kind":"alive","kind":"alive","a b":{"c":1,"c":2}},'
        b'{"kind":"odds","kind":"odds"}]}'
    )
    first, second, third = parse_batch(body).entries
    assert first == AliveEntry(kind=EntryKind.ALIVE)
    assert second == EntryDefects(
        (
            Defect(("kind",), "is present more than once", "duplicate"),
            Defect(("a b",), "holds a blank in its name", "name"),
            Defect(("a b", "c"), "is present more than once", "duplicate"),
        )
    )
    assert [defect.type for defect in third.defects] == ["missing"] * 3 + ["duplicate"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"entries":{}}',
        b'{"entries":[],"entries":[]}',
        b'{"entries":[' + b",".join([b"{}"] * 10_001) + b"]}",
        b'{"entries":[NaN]}',
    ],
)
def test_entries_that_cannot_be_told_apart_refuse_the_batch(body):
    with pytest.raises(Defective):
        parse_batch(body)


def test_a_large_batch_is_read_fast():
    body = json.dumps({"entries": [ODDS] * 10_000}).encode()
    start = time.perf_counter()
    assert len(parse_batch(body).entries) == 10_000
    assert time.perf_counter() - start < 5


def test_what_cannot_be_read_cannot_be_rendered():
    with pytest.raises(AssertionError):
        render(Batch(entries=(EntryDefects(()),)))


def test_every_entry_gets_a_verdict():
    answer = FeedAnswer(
        verdicts=(
            FeedVerdict(entry=0, verdict=EntryVerdict.APPLIED, event="x1", event_id=292275),
            FeedVerdict(
                entry=1,
                verdict=EntryVerdict.DEFECTIVE,
                detail=(Defect(("prices", 0, "odds"), "is missing", "missing"),),
            ),
        )
    )
    assert render(answer).decode() == (
        '{"verdicts":[{"entry":0,"verdict":"applied","event":"x1","event_id":292275,'
        '"message":null,"detail":[]},{"entry":1,"verdict":"defective","event":null,'
        '"event_id":null,"message":null,"detail":[{"loc":["prices",0,"odds"],'
        '"msg":"is missing","type":"missing"}]}]}'
    )
    assert parse(FeedAnswer, render(answer)) == answer


@pytest.mark.parametrize("detail", [7, [7], [{"loc": [1.5]}]])
def test_a_detail_that_is_none_is_a_defect(detail):
    body = {"verdicts": [{"entry": 0, "verdict": "stale", "detail": detail}]}
    with pytest.raises(Defective, match="has to be a list of defects"):
        parse(FeedAnswer, json.dumps(body).encode())
