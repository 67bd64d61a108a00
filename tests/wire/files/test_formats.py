"""Each known dirt in a small file, and any bytes at all."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acca.core.fixtures import RefusedRow
from acca.core.score import Ending, Result, Score
from acca.wire.files.formats import Format, Hints, read_file, recognise
from acca.wire.files.lines import GIVE_UP_BYTES, LINE_BYTES_MAX

AS_OF = datetime(2026, 4, 20, 12, tzinfo=UTC)
HINTS = Hints("a.csv", AS_OF)
SEASON_HEAD = (
    "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HTHG,HTAG,AvgH,AvgD,AvgA,"
    "Avg>2.5,Avg<2.5,AHh,AvgAHH,AvgAHA,AvgCH,AvgCD,AvgCA,AHCh,AvgCAHH,AvgCAHA"
)
SEASON_ROW = (
    "E0,25/04/2026,15:00,Man City,Leeds,2,1,H,1,0,1.5,4,6,1.8,2,-1,1.9,1.95,"
    "1.45,4.2,6.5,-1.25,1.91,1.96"
)
FIXTURE_HEAD = "Div,Date,Time,HomeTeam,AwayTeam,AvgH,AvgD,AvgA,B365H,B365D,B365A"
FIXTURE_ROW = "E0,25/04/2026,15:00,Man City,Leeds,1.5,4,6,1.4,4.1,6.1"
MULTIMARKET_HEAD = "Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HTHG,HTAG,BTTS_Yes,BTTS_No,DC_1X"
MULTIMARKET_ROW = "2026-04-25,11:00:00,Manchester City,Leeds United,2.0,1.0,H,1.0,0.0,1.8,,0"
MATCH = '{"date":"2026-04-25","time":"16:00","team1":"AC Milan","team2":"SSC Napoli","score":{}}'
OPENFOOTBALL = '{"name": "Italian Serie A 2025/26",\n "matches": [\n%s\n]}'


def read(text, name="a.csv", encoding="utf-8"):
    raw = text if isinstance(text, bytes) else text.encode(encoding)
    return read_file([raw], recognise(raw), Hints(name, AS_OF))


def season(*rows):
    return read("\n".join((SEASON_HEAD, *rows, "")))


def only(found):
    assert [] == found.refused
    (fixture,) = found.fixtures
    return fixture


def refusals(found):
    return [tuple(row) for row in found.refused]


def changed(row, **cells):
    named = dict(zip(SEASON_HEAD.split(","), row.split(","), strict=True))
    return ",".join((named | cells).values())


# ---- the four formats


def test_a_season_row_is_a_fixture_with_its_result_and_closing_odds():
    fixture = only(season(SEASON_ROW))
    assert ("E0", "manchester-city", "leeds-united") == fixture.pair
    assert datetime(2026, 4, 25, 14, tzinfo=UTC) == fixture.starts
    assert Result(Ending.PLAYED, Score((2, 1), ((1, 0),))) == fixture.result
    assert {
        ("MRFT", None, "1"): 145,
        ("MRFT", None, "X"): 420,
        ("MRFT", None, "2"): 650,
        ("OUFT", "2.5", "O"): 180,
        ("OUFT", "2.5", "U"): 200,
        ("AHFT", "-1.25", "1"): 191,
        ("AHFT", "-1.25", "2"): 196,
    } == fixture.odds


def test_a_fixture_has_the_average_odds_or_else_those_of_one_bookmaker_whole():
    blank = FIXTURE_ROW.replace("1.5,4,6", "1.5,,6").replace("Leeds", "Fulham")
    first, second = read(f"{FIXTURE_HEAD}\n{FIXTURE_ROW}\n{blank}").fixtures
    assert [150, 400, 600] == list(first.odds.values())
    assert [140, 410, 610] == list(second.odds.values())
    assert ("odds are blank",) == second.skipped


def test_the_multimarket_table_takes_its_league_from_the_name_and_is_three_hours_behind():
    text = f"{MULTIMARKET_HEAD}\n{MULTIMARKET_ROW}\n"
    fixture = only(read(text, "E0_2526.csv"))
    assert ("E0", "manchester-city", "leeds-united") == fixture.pair
    assert datetime(2026, 4, 25, 14, tzinfo=UTC) == fixture.starts
    assert {("BTTSFT", None, "Y"): 180} == fixture.odds
    assert ("odds are blank", "odds are 0") == fixture.skipped
    assert "has no league" in read(text).refused[0].reason


def test_openfootball_has_local_times_or_none():
    fixture = only(read(OPENFOOTBALL % MATCH))
    assert ("I1", "milan", "napoli") == fixture.pair
    assert (datetime(2026, 4, 25, 14, tzinfo=UTC), True) == (fixture.starts, fixture.has_time)
    fixture = only(read(OPENFOOTBALL % MATCH.replace('"time":"16:00",', "")))
    assert (datetime(2026, 4, 25, 12, tzinfo=UTC), False) == (fixture.starts, fixture.has_time)


@pytest.mark.parametrize(
    ("score", "result", "skipped"),
    [
        ('{"ft":[2,1],"ht":[1,0]}', Result(Ending.PLAYED, Score((2, 1), ((1, 0),))), ()),
        ('{"ft":[2,1]}', Result(Ending.PLAYED, Score((2, 1))), ()),
        ("[2,1]", Result(Ending.PLAYED, Score((2, 1))), ()),
        ('{"ft":[2,1],"ht":[3,0]}', Result(Ending.PLAYED, Score((2, 1))), ("half-time",)),
        ('{"ft":[2]}', None, ("score of one",)),
        ('{"ft":[2,1.5]}', None, ("score of one",)),
        ('{},"status":"postponed"', Result(Ending.POSTPONED), ()),
    ],
)
def test_openfootball_tells_scores_in_several_ways(score, result, skipped):
    fixture = only(read(OPENFOOTBALL % MATCH.replace('"score":{}', f'"score":{score}')))
    assert result == fixture.result
    assert all(map(str.startswith, fixture.skipped, skipped))
    assert len(skipped) == len(fixture.skipped)


def test_the_cut_end_of_a_json_file_leaves_what_came_before():
    found = read(OPENFOOTBALL[:50] % () + f"\n{MATCH},\n5,\n{MATCH[:40]}")
    assert 1 == len(found.fixtures)
    cut = "is cut off or no JSON; nothing is read from here on"
    assert [(5, "is no match"), (6, cut)] == refusals(found)


@pytest.mark.parametrize("head", [b"", b"a,b,c\n1,2,3", b"{}", b"\xff\xfeD\0i\0v\0", b'"Div'])
def test_other_files_are_not_recognised(head):
    assert recognise(head) is None


# ---- dirt


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Div": "X9"}, "names a league that is not known: 'X9'"),
        ({"Date": "31/04/2026"}, "has a date that no calendar holds: 31/04/2026"),
        ({"Date": ""}, "has no date"),
        ({"Date": "soon"}, "has no date: 'soon'"),
        ({"Date": "25/04/0206"}, "has a year typed wrong: 25/04/0206"),
        ({"Time": "25:00"}, "has a time that no clock shows: '25:00'"),
        ({"AwayTeam": ""}, "has no team name"),
        ({"AwayTeam": "Manchester City"}, "has Man City play itself"),
        ({"AwayTeam": "\u5317\u4eac"}, "has a team name without a letter of a-z: '\u5317\u4eac'"),
        ({"AwayTeam": "x" * 101}, "has a team name longer than 100 letters"),
        ({"AwayTeam": "a\0b"}, "has a team name that cannot be printed"),
        ({"AwayTeam": '"x'}, "has a quote that is not closed, or a line end inside"),
        (dict.fromkeys(SEASON_HEAD.split(","), ""), "is blank"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_line_and_the_rest_kept(cells, reason):
    found = season(changed(SEASON_ROW, **cells), SEASON_ROW)
    assert [(2, reason)] == refusals(found)
    assert [3] == [fixture.line for fixture in found.fixtures]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"FTHG": ""}, "score of one side only, or no number"),
        ({"FTHG": "x"}, "score of one side only, or no number"),
        ({"FTR": "A"}, "score contradicts its result letter"),
        ({"HTHG": "3"}, "half-time score that cannot be"),
        ({"HTHG": ""}, "half-time score that cannot be"),
        ({"Avg>2.5": ""}, "odds are blank"),
        ({"Avg>2.5": "0"}, "odds are 0"),
        ({"Avg>2.5": "1.00"}, "odds are 1.00 or less: nothing to win"),
        ({"Avg>2.5": "0.6"}, "odds are 1.00 or less: nothing to win"),
        ({"Avg>2.5": "1e3"}, "odds are not a number"),
        ({"Avg>2.5": "-2"}, "odds are not a number"),
        ({"Avg>2.5": "100001"}, "odds are above 100000"),
    ],
)
def test_a_cell_that_cannot_be_used_is_skipped_with_a_reason(cells, reason):
    fixture = only(season(changed(SEASON_ROW, **cells)))
    assert (reason,) == fixture.skipped


def test_a_handicap_on_a_line_that_is_not_ours_gives_way_to_the_opening_one():
    fixture = only(season(changed(SEASON_ROW, AHCh="-0.390625")))
    assert ("odds on a line that is not ours",) * 2 == fixture.skipped
    assert (190, 195) == (fixture.odds["AHFT", "-1", "1"], fixture.odds["AHFT", "-1", "2"])


def test_missing_scores_leave_a_fixture():
    empty = dict.fromkeys(("FTHG", "FTAG", "FTR", "HTHG", "HTAG"), "")
    assert only(season(changed(SEASON_ROW, **empty))).result is None
    halves = dict.fromkeys(("HTHG", "HTAG"), "")
    assert Score((2, 1)) == only(season(changed(SEASON_ROW, **halves))).result.score


def test_odds_of_more_decimals_are_rounded_down():
    assert 190 == only(season(changed(SEASON_ROW, **{"Avg>2.5": "1.909"}))).odds["OUFT", "2.5", "O"]


def test_a_year_typed_wrong_is_refused():
    rows = [changed(SEASON_ROW, AwayTeam=team) for team in ("Leeds", "Fulham", "Everton")]
    wrong = changed(SEASON_ROW, AwayTeam="Burnley", Date="25/04/2016")
    found = season(*rows, wrong)
    assert 3 == len(found.fixtures)
    assert [(5, "is dated 2016-04-25, but the middle of the file is 2026-04-25")] == refusals(found)
    fixtures = read(f"{FIXTURE_HEAD}\n{FIXTURE_ROW.replace('/2026', '/2016')}\n")
    assert [(2, "is dated 2016-04-25, but the file is of 2026-04-20")] == refusals(fixtures)


def test_fixtures_are_judged_by_the_instant_in_the_name():
    text = f"{FIXTURE_HEAD}\n{FIXTURE_ROW}\n"
    found = read(text, "fixtures_20260701T1030Z_ab.csv")
    assert datetime(2026, 7, 1, 10, 30, tzinfo=UTC) == found.as_of
    assert "is dated 2026-04-25, but the file is of 2026-07-01" == found.refused[0].reason


def test_a_season_is_judged_by_the_years_in_the_name():
    row = changed(SEASON_ROW, Date="25/04/2016")
    found = read(f"{SEASON_HEAD}\n{row}\n", "E0_2526.csv")
    reason = "is dated 2016-04-25, but the file is of the season 2025-2026"
    assert [(2, reason)] == refusals(found)


def test_a_cut_last_line_is_refused():
    found = read("\n".join((SEASON_HEAD, SEASON_ROW, SEASON_ROW[:40])))
    assert [(3, "is cut off after 8 of 24 cells")] == refusals(found)


def test_cells_beyond_the_columns_are_counted():
    text = f"{SEASON_HEAD},\n{SEASON_ROW},,\n{SEASON_ROW.replace('Leeds', 'Fulham')},x,y\n"
    first, second = read(text).fixtures
    beyond = "cell beyond the columns that have a name"
    assert ((), (beyond, beyond)) == (first.skipped, second.skipped)


def test_another_encoding_is_read_and_said():
    row = changed(SEASON_ROW, HomeTeam="Mönchengladbach", Div="D1")
    fixture = only(read(f"{SEASON_HEAD}\n{row}\n", encoding="cp1252"))
    assert ("monchengladbach", "cp1252") == (fixture.home.slug, fixture.encoding)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_marks_and_quotes_change_nothing(end, bom):
    quoted = ",".join(f'"{cell}"' for cell in SEASON_ROW.split(","))
    assert only(season(SEASON_ROW)) == only(read(f"{bom}{SEASON_HEAD}{end}{quoted}{end}"))


@given(st.randoms(use_true_random=False))
def test_columns_in_any_order_are_the_same(dice: random.Random):
    columns = list(zip(SEASON_HEAD.split(","), SEASON_ROW.split(","), strict=True))
    dice.shuffle(columns)
    text = "\n".join(",".join(cells) for cells in zip(*columns, strict=True))
    assert only(season(SEASON_ROW)) == only(read(text))


# ---- size


def test_a_long_line_is_refused_and_the_rest_kept():
    found = season("x" * (LINE_BYTES_MAX + 1), SEASON_ROW)
    assert [(2, f"is longer than {LINE_BYTES_MAX} bytes")] == refusals(found)
    assert 1 == len(found.fixtures)


@pytest.mark.parametrize("found", Format)
def test_a_line_of_two_gigabytes_is_refused_without_being_read(found):
    read_chunks = 0

    def chunks():
        nonlocal read_chunks
        for _ in range(2**31 // 2**16):
            read_chunks += 1
            yield b"x" * 2**16

    rows = read_file(chunks(), found, HINTS)
    assert 1 == len(rows.refused)
    assert read_chunks * 2**16 <= 17 * GIVE_UP_BYTES


@given(st.integers(1, 50))
def test_the_size_of_chunks_changes_nothing(size):
    raw = f"{SEASON_HEAD}\n{SEASON_ROW}\nbroken\n{SEASON_ROW[:30]}".encode()
    chunks = [raw[place : place + size] for place in range(0, len(raw), size)]
    whole = read_file([raw], Format.SEASON, HINTS)
    assert whole == read_file(chunks, Format.SEASON, HINTS)


# ---- any bytes

CELL = st.text(max_size=8) | st.sampled_from(["E0", "25/04/2026", "15:00", "0", "1.5", '"', "-1"])
HEADS = {
    Format.SEASON: SEASON_HEAD,
    Format.FIXTURES: FIXTURE_HEAD,
    Format.MULTIMARKET: MULTIMARKET_HEAD,
}


@given(st.binary(max_size=300), st.sampled_from(Format))
def test_any_bytes_are_read_or_refused(raw, found):
    _ = recognise(raw)
    for text in (raw, HEADS.get(found, OPENFOOTBALL[:45]).encode() + b"\n" + raw):
        rows = read_file([text], found, HINTS)
        assert all(isinstance(row, RefusedRow) for row in rows.refused)


@settings(max_examples=200)
@given(st.lists(st.lists(CELL, max_size=26), max_size=4), st.sampled_from(list(HEADS)))
def test_any_cells_are_read_or_refused(rows, found):
    lines = "\n".join(",".join(cells) for cells in rows).encode("utf-8", "surrogatepass")
    read_rows = read_file([HEADS[found].encode() + b"\n" + lines], found, HINTS)
    for fixture in read_rows.fixtures:
        assert fixture.home.slug != fixture.away.slug
        assert all(odds > 100 for odds in fixture.odds.values())
