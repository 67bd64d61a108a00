"""Files as batches of the feed, and the report of what they ask for."""

from datetime import UTC, datetime, timedelta

from acca.core.fixtures import identify, remember
from acca.core.markets.football import FOOTBALL
from acca.wire.document import render
from acca.wire.feed import Batch, parse_batch
from acca.wire.files.entries import plan
from acca.wire.files.formats import Format, Hints, read_file
from acca.wire.files.report import render as render_report
from acca.wire.files.report import report

AS_OF = datetime(2026, 4, 20, 12, tzinfo=UTC)
HEAD = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,AvgH,AvgD,AvgA,Avg>2.5,Avg<2.5"
OPEN = "E0,25/04/2026,15:00,Man City,Leeds,,,1.5,4,6,1.8,2"
MOVED = "E0,28/04/2026,19:45,Man City,Leeds,,,1.55,4,6,1.8,2"
PLAYED = "E0,28/04/2026,19:45,Man City,Leeds,2,1,1.55,4,6,1.8,"
MARGIN = 80_000


def imported(row, known=(), days=0):
    as_of = AS_OF + timedelta(days=days)
    raw = f"{HEAD}\n{row}\n".encode()
    read = read_file([raw], Format.SEASON, Hints("a.csv", as_of))
    identified = identify(read.fixtures, known, as_of)
    return plan(identified.rows, as_of, MARGIN), remember(known, identified.rows)


def test_a_new_match_is_an_event_with_offered_and_derived_odds():
    (found,), _ = imported(OPEN)
    assert ["event", "odds", "odds"] == [entry.kind.value for entry in found.entries()]
    assert "E0-2025-manchester-city-leeds-united-1" == found.event.event
    assert "football/england/premier-league" == found.event.league.slug
    assert [150, 400, 600, 180, 200] == [price.odds for price in found.offered.prices]
    derived = [FOOTBALL.bets[price.bet] for price in found.derived.prices]
    assert {"MRFT"} == {market.code for market in FOOTBALL.markets} - {b.market for b in derived}


def test_an_event_that_moves_and_ends_keeps_its_key_and_its_versions_grow():
    (first,), known = imported(OPEN)
    (moved,), known = imported(MOVED, known, days=1)
    (ended,), known = imported(PLAYED, known, days=10)
    assert 1 == len(known)
    assert datetime(2026, 4, 28, 18, 45, tzinfo=UTC) == moved.event.starts
    assert ended.event is None
    entries = [entry for each in (first, moved, ended) for entry in each.entries()]
    versions = [entry.version for entry in entries]
    assert sorted(set(versions)) == versions
    assert {first.event.event} == {entry.event for entry in entries}
    assert (2, 1) == ended.result.score.total


def test_an_old_telling_of_a_finished_match_asks_for_nothing():
    _, known = imported(PLAYED, days=10)
    (found,), after = imported(OPEN, known, days=20)
    assert [] == found.entries()
    assert known == after


def test_the_entries_are_a_batch_of_the_feed():
    (found,), _ = imported(PLAYED)
    batch = Batch(entries=tuple(found.entries()))
    assert batch == parse_batch(render(batch))


def test_a_report_says_what_was_counted_left_out_and_refused():
    raw = f"{HEAD}\n{PLAYED}\n,,,,,,,,,,,\n,,,,,,,,,,,\nX1\n".encode()
    read = read_file([raw], Format.SEASON, Hints("a.csv", AS_OF))
    identified = identify(read.fixtures, [], AS_OF)
    plans = plan(identified.rows, AS_OF, 0)
    text = render_report(report("a.csv", read.format.value, plans, read.refused)).splitlines()
    assert text[0].startswith("a.csv: football-data season, 1 rows, 1 new events, 0 moved")
    assert text[0].endswith("3 refused rows, 1 skipped cells")
    assert [
        "  lines 3-4: is blank",
        "  line 5: names a league that is not known: 'X1'",
        "  1 cells: odds are blank",
    ] == text[1:]


def test_a_report_says_in_which_encoding_rows_were_read():
    row = OPEN.replace("Leeds", "Köln").encode("cp1252")
    read = read_file([HEAD.encode() + b"\n" + row], Format.SEASON, Hints("a.csv", AS_OF))
    plans = plan(identify(read.fixtures, [], AS_OF).rows, AS_OF, 0)
    assert "  1 rows read as cp1252" in render_report(report("a.csv", "x", plans, [])).splitlines()
