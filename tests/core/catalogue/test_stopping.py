import pytest
from feed_entries import head

from acca.core.catalogue.offer import Book, Change, Offer
from acca.core.catalogue.standing import Standing, Stop
from acca.core.catalogue.stopping import Doubt, LiftRefused, accept_doubts, lift_stops
from acca.core.markets.football import FOOTBALL


def stopped(*stops):
    return Standing(head(), 1, frozenset(stops))


@pytest.mark.parametrize(
    ("stops", "doubt", "left"),
    [
        ([Stop.STAFF], None, []),
        ([Stop.SUSPICIOUS], Doubt.DROP, []),
        ([Stop.STAFF, Stop.SUSPICIOUS], Doubt.ACCEPT, []),
        ([Stop.STAFF, Stop.SILENT, Stop.PROVIDER], None, [Stop.SILENT, Stop.PROVIDER]),
    ],
)
def test_staff_lifts_its_own_stop_and_that_of_odds_in_doubt(stops, doubt, left):
    assert frozenset(left) == lift_stops(stopped(*stops), doubt).stops


@pytest.mark.parametrize(
    ("stops", "doubt", "sentence"),
    [
        ([], None, "neither by staff"),
        ([Stop.PROVIDER, Stop.SILENT], Doubt.DROP, "neither by staff"),
        ([Stop.SUSPICIOUS], None, "accept them or drop them"),
        ([Stop.STAFF], Doubt.ACCEPT, "No odds"),
    ],
)
def test_what_is_not_for_staff_or_wants_a_word_is_refused(stops, doubt, sentence):
    with pytest.raises(LiftRefused, match=sentence):
        lift_stops(stopped(*stops), doubt)


def change(bet, odds, version, *, derived=False):
    return Change(bet, odds, derived, version)


def test_each_of_the_odds_in_doubt_is_taken_where_it_is_still_news():
    book = Book(FOOTBALL, Offer([1, 2], [200, 300], [False, False], [2, 9]))
    derived, newer = change(3, 4000, 4, derived=True), change(1, 2000, 5)
    accept_doubts(book, "x1", [change(2, 3000, 5), derived, newer])
    assert [derived, newer] == book.changes
    assert [newer, change(2, 300, 9), derived] == list(map(Change, *book.offer()))
