import datetime as dt

import pytest
from feed_entries import (
    CANCELLED,
    DRAWN,
    FUTURE,
    NOW,
    PAST,
    POSTPONED,
    WON,
    head_told,
    odds_told,
    result_told,
    suspension_told,
)

from acca.core.catalogue.deciding import Known, decide
from acca.core.catalogue.offer import JUMP, Change, Offer
from acca.core.catalogue.standing import State, Stop
from acca.core.catalogue.told import EntryVerdict, OddsTold, Price
from acca.core.markets.football import FOOTBALL
from acca.core.score import Ending, Result, Score

APPLIED, UNCHANGED, STALE = EntryVerdict.APPLIED, EntryVerdict.UNCHANGED, EntryVerdict.STALE
REFUSED, SUSPICIOUS = EntryVerdict.REFUSED, EntryVerdict.SUSPICIOUS
ABANDONED = Result(Ending.ABANDONED, Score((1, 0)))


def decided(*entries):
    return decide(entries, Known(NOW, {}, {}))


def verdicts(*entries):
    """Return the verdicts on entries that follow the event's head of version 5."""
    first, *others = decided(head_told(5), *entries).verdicts
    assert APPLIED is first.verdict
    return [judged.verdict for judged in others]


def message(*entries):
    *_, last = decided(*entries).verdicts
    assert REFUSED is last.verdict
    return last.message


def state(*entries):
    return decided(*entries).standings["x1"].state


@pytest.mark.parametrize(
    ("first", "again", "older"),
    [
        (head_told(8, live=True), head_told(8, live=True), head_told(7)),
        (odds_told(8, {1: 200}), odds_told(8, {1: 200}), odds_told(7, {1: 300})),
        (suspension_told(8, bet=1), suspension_told(8, bet=1), suspension_told(7, bet=1)),
        (suspension_told(8), suspension_told(8), suspension_told(7)),
        (result_told(8), result_told(8), result_told(7)),
    ],
)
def test_what_was_told_is_unchanged_and_what_is_older_is_stale(first, again, older):
    assert [APPLIED, UNCHANGED, STALE] == verdicts(first, again, older)


@pytest.mark.parametrize(
    ("first", "newer"),
    [
        (head_told(6), head_told(7)),
        (odds_told(6, {1: 200}), odds_told(8, {1: 200})),
        (suspension_told(6, market="MRFT"), suspension_told(7, bet=1)),
        (suspension_told(6), suspension_told(8)),
        (result_told(6), result_told(8)),
    ],
)
def test_what_is_told_again_with_a_newer_version_is_unchanged_and_its_version_counts(first, newer):
    between = newer._replace(version=newer.version - 1)
    assert [UNCHANGED, STALE] == verdicts(first, newer, between)[1:]


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (200, 200 * JUMP - 1, APPLIED),
        (200, 200 * JUMP, SUSPICIOUS),
        (2000, 201, APPLIED),
        (2000, 200, SUSPICIOUS),
    ],
)
def test_odds_that_jump_tenfold_either_way_are_suspicious(before, after, verdict):
    told = [odds_told(6, {1: before}), odds_told(7, {1: after})]
    assert verdict is verdicts(*told)[1]


def test_of_suspicious_odds_none_is_taken_and_the_event_stops():
    told = [head_told(1), odds_told(2, {1: 200, 2: 300}), odds_told(3, {1: 2000, 2: 310})]
    decision = decided(*told)
    assert ([1, 2], [200, 300]) == tuple(map(list, decision.books["x1"].offer()[:2]))
    assert {Stop.SUSPICIOUS} == decision.standings["x1"].stops


def test_suspicious_odds_of_an_event_that_is_not_locked_ask_for_its_lock():
    offer = Offer([1], [200], [False], [4])
    decision = decide([odds_told(5, {1: 9000})], Known(NOW, {"x1": (FOOTBALL, offer)}, {}))
    assert ({"x1"}, {}, {}) == (decision.unlocked, decision.standings, decision.books)


def test_an_offer_that_is_given_is_not_touched():
    offer = Offer([1], [200], [False], [4])
    decision = decide([odds_told(5, {1: 210, 3: 300})], Known(NOW, {"x1": (FOOTBALL, offer)}, {}))
    assert ([1], [200], [False], [4]) == offer
    assert [Change(1, 210, derived=False, version=5), Change(3, 300, derived=False, version=5)] == (
        decision.books["x1"].changes
    )


def test_bets_are_named_by_market_line_and_code_too():
    prices = (Price(190, market="OUFT", line="2.5", code="O"), Price(200, market="MRFT", code="1"))
    offer = decided(head_told(1), OddsTold("x1", 2, prices)).books["x1"].offer()
    over = FOOTBALL.bet("OUFT", "2.5", "O").id
    assert ([1, over], [200, 190]) == tuple(map(list, offer[:2]))


def test_told_odds_replace_derived_ones_of_the_same_price():
    derived = OddsTold("x1", 2, (Price(200, 1),), derived=True)
    book = decided(head_told(1), derived, odds_told(3, {1: 200})).books["x1"]
    assert [False] == list(book.offer().derived)
    assert [True, False] == [change.derived for change in book.changes]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (odds_told(2, {9999: 200}), "Football has no bet 9999."),
        (OddsTold("x1", 2, (Price(200, market="OUFT", line="99", code="O"),)), "OUFT 99 O."),
        (OddsTold("x1", 2, (Price(200, 1), Price(210, 1))), "One bet has two prices."),
        (suspension_told(2, bet=9999), "Football has no bet 9999."),
        (suspension_told(2, market="OUFT", line="99"), "Football has no OUFT 99."),
        (suspension_told(2, line="2.5"), "A line needs its market."),
        (head_told(2, sport="tennis"), "The event is of football; its bets mean nothing else."),
        (head_told(2, sport="chess"), "There is no sport chess."),
        (head_told(2, home="japs-47"), "A team does not play against itself."),
        (result_told(2, Result(Ending.PLAYED, Score((1, 0), ((2, 0),)))), "The score holds more"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(told, sentence):
    assert sentence in message(head_told(1), told)


@pytest.mark.parametrize("told", [odds_told(2, {1: 200}), suspension_told(2), result_told(2)])
def test_an_event_has_to_be_told_before_anything_about_it(told):
    assert "The event is not known." == message(told)


@pytest.mark.parametrize("result", [WON, ABANDONED])
def test_an_event_that_has_not_started_was_not_played(result):
    told = [head_told(1, starts=NOW + dt.timedelta(seconds=1)), result_told(2, result)]
    assert "The event has not started." == message(*told)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], State.SCHEDULED),
        ([head_told(2, live=True)], State.LIVE),
        ([result_told(2)], State.FINISHED),
        ([result_told(2, ABANDONED)], State.ABANDONED),
        ([result_told(2, CANCELLED)], State.CANCELLED),
        ([result_told(2, POSTPONED)], State.POSTPONED),
        ([result_told(2, POSTPONED), head_told(3, starts=FUTURE)], State.SCHEDULED),
        ([head_told(3, starts=FUTURE), result_told(2, POSTPONED)], State.SCHEDULED),
        ([result_told(2, POSTPONED), head_told(3), result_told(4, POSTPONED)], State.POSTPONED),
        ([result_told(2, POSTPONED), result_told(3)], State.FINISHED),
        ([result_told(2), head_told(3, live=True)], State.FINISHED),
    ],
)
def test_the_state_follows_the_newest_word(told, expected):
    assert expected is state(head_told(1), *told)


def test_a_result_that_contradicts_another_needs_to_be_a_correction():
    assert [APPLIED, REFUSED, APPLIED] == verdicts(
        result_told(6), result_told(7, DRAWN), result_told(7, DRAWN, corrects=True)
    )


def test_a_correction_that_comes_before_what_it_corrects_stands():
    told = [result_told(8, DRAWN, corrects=True), result_told(7, WON)]
    assert [APPLIED, STALE] == verdicts(*told)
    assert [DRAWN] == [each.result for each in decided(head_told(5), *told).results]


def test_a_score_without_play_is_dropped():
    told = result_told(2, Result(Ending.CANCELLED, Score((1, 0))))
    assert [CANCELLED] == [each.result for each in decided(head_told(1), told).results]


def test_results_of_one_batch_are_numbered_one_after_another():
    told = [head_told(1), result_told(2), result_told(3, DRAWN, corrects=True)]
    assert [(1, WON), (2, DRAWN)] == [(each.number, each.result) for each in decided(*told).results]


def test_an_event_is_moved_back_and_forth_by_its_versions():
    told = [head_told(1), head_told(3, starts=FUTURE), head_told(2, starts=PAST)]
    assert FUTURE == decided(*told).standings["x1"].head.starts
