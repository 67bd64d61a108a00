import hashlib
import json
from decimal import Decimal

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acca.core.catalogue.told import EntryVerdict
from acca.wire import defects
from acca.wire.document import render
from acca.wire.feed import (
    EventEntry,
    FeedAnswer,
    FeedVerdict,
    OddsEntry,
    ResultEntry,
    parse_batch,
)
from acca_client.conversation import Patience
from acca_client.errors import Defect, Unreadable
from acca_client.feed import (
    BATCH_BYTES_MAX,
    ENTRIES_MAX,
    AsyncFeedClient,
    FeedClient,
    Verdict,
    batches,
)

QUICK = Patience(total_seconds=5, pause_seconds=0, retry_after_seconds_max=0)
NAMES = {
    name: {"slug": name.replace("_", "-"), "name": name}
    for name in ("sport", "category", "league", "home_team", "away_team")
}
ENTRIES = [
    {
        "kind": "event",
        "event": "m-1",
        "version": 1,
        "starts": "2026-05-01T12:00:00Z",
        **NAMES,
        "sport": {"slug": "football", "name": "Fußball"},
    },
    {
        "kind": "odds",
        "event": "m-1",
        "version": 2,
        "prices": [{"market": "MRFT", "code": "1", "odds": Decimal("1.50")}],
    },
    {
        "kind": "result",
        "event": "m-1",
        "version": 3,
        "ending": "played",
        "score": {"total": (2, 1), "half_time": [1, 0]},
    },
]


def verdicts_on(request):
    entries = json.loads(request.content)["entries"]
    told = [
        {"entry": place, "verdict": "applied", "event": one.get("event"), "event_id": 7}
        for place, one in enumerate(entries)
    ]
    return httpx2.Response(200, json={"verdicts": told})


def test_the_server_reads_what_is_sent():
    (batch,) = batches(ENTRIES)
    event, odds, result = parse_batch(batch.body).entries
    assert isinstance(event, EventEntry)
    assert event.sport.name == "Fußball"
    assert isinstance(odds, OddsEntry)
    assert odds.prices[0].odds == 150
    assert isinstance(result, ResultEntry)
    assert result.score.total == (2, 1)


def test_long_lists_go_in_batches_of_a_thousand():
    found = list(batches([{"kind": "alive"}] * (2 * ENTRIES_MAX + 1)))
    places = [(batch.first, batch.count) for batch in found]
    assert places == [(0, ENTRIES_MAX), (ENTRIES_MAX, ENTRIES_MAX), (2 * ENTRIES_MAX, 1)]


def test_nothing_to_send_is_no_batch():
    assert [] == list(batches([]))


def test_a_long_entry_goes_alone():
    long = {"kind": "x" * BATCH_BYTES_MAX}
    found = list(batches([{"kind": "alive"}, long, {"kind": "alive"}]))
    assert [(0, 1), (1, 1), (2, 1)] == [(batch.first, batch.count) for batch in found]


@pytest.mark.parametrize(("more", "counts"), [(0, [2]), (1, [1, 1])])
def test_a_batch_is_full_at_exactly_its_limit(more, counts):
    around = len(b'{"entries":[{"kind":""},{"kind":"x"}]}')
    entries = [{"kind": "y" * (BATCH_BYTES_MAX - around + more)}, {"kind": "x"}]
    assert counts == [batch.count for batch in batches(entries)]


@settings(deadline=None, max_examples=25)  # megabytes take their time on a busy machine
@given(st.lists(st.integers(1, BATCH_BYTES_MAX // 2), max_size=8))
def test_batches_hold_all_entries_in_order_within_the_limits(lengths):
    entries = [{"kind": "y" * length} for length in lengths]
    found = list(batches(entries))
    assert entries == [one for batch in found for one in json.loads(batch.body)["entries"]]
    assert all(len(batch.body) <= BATCH_BYTES_MAX for batch in found)


async def test_every_entry_has_a_verdict_at_its_own_index():
    entries = [{"kind": "odds", "event": f"m-{n}"} for n in range(ENTRIES_MAX + 2)]
    transport = httpx2.MockTransport(verdicts_on)
    with FeedClient("https://acca.example", "site", "key", transport=transport) as feed:
        told = feed.send(entries)
    async with AsyncFeedClient("https://acca.example", "site", "key", transport=transport) as feed:
        assert told == await feed.send(entries)
    assert list(range(ENTRIES_MAX + 2)) == [one.index for one in told]
    assert [entry["event"] for entry in entries] == [one.event for one in told]
    assert {("applied", None, 7, ())} == {
        (one.verdict, one.message, one.event_id, one.detail) for one in told
    }


def test_a_batch_is_repeated_with_the_same_bytes(script, told):
    good = told(200, {"verdicts": [{"entry": 0, "verdict": "unchanged"}]})
    failures = [
        httpx2.ReadError("cut"),
        (500, {}, b""),
        (502, {}, b"<html>"),
        (503, {"retry-after": "1"}, b""),
        (429, {}, b""),
    ]
    played = script(*failures, good)
    with FeedClient(
        "https://acca.example", "site", "key", patience=QUICK, transport=played.transport
    ) as feed:
        (verdict,) = feed.send(ENTRIES[:1])
    assert verdict.verdict == "unchanged"
    assert len(played.requests) == 6
    assert 1 == len({hashlib.sha256(one.content).digest() for one in played.requests})
    assert {"/feed"} == {one.url.path for one in played.requests}
    assert {"site"} == {one.headers["operator-name"] for one in played.requests}


def test_verdicts_of_the_server_are_read(script):
    place = ("prices", 0, "odds")
    answer = FeedAnswer(
        verdicts=(
            FeedVerdict(
                entry=0,
                verdict=EntryVerdict.DEFECTIVE,
                detail=(defects.Defect(place, "is missing", "missing"),),
            ),
            FeedVerdict(
                entry=1, verdict=EntryVerdict.REFUSED, event="m-1", event_id=7, message="no"
            ),
        )
    )
    played = script((200, {}, render(answer)))
    with FeedClient("https://acca.example", "site", "key", transport=played.transport) as feed:
        told = feed.send(ENTRIES[:2])
    assert told == [
        Verdict(0, "defective", None, None, None, (Defect(place, "is missing", "missing"),)),
        Verdict(1, "refused", "no", "m-1", 7, ()),
    ]


@pytest.mark.parametrize(
    "verdicts", [[], [{"entry": 1, "verdict": "applied"}], [{"entry": 0, "verdict": "applied"}] * 2]
)
def test_verdicts_of_other_entries_are_not_believed(script, told, verdicts):
    played = script(told(200, {"verdicts": verdicts}))
    with (
        FeedClient("https://acca.example", "site", "key", transport=played.transport) as feed,
        pytest.raises(Unreadable, match="the verdicts are not those of the entries"),
    ):
        feed.send(ENTRIES[:1])


def test_odds_as_floats_are_not_sent():
    with pytest.raises(TypeError, match="odds are Decimal"):
        list(batches([{"odds": 1.5}]))
