"""A batch of entries decided: a verdict for each, and what is to be written.

Entries are taken in the order of the batch, but the outcome does not hang on any order: a catalogue
is the highest version of each fact (odds of each bet, suspension of each bet and of the whole
event, head, result). One version for the whole event would lose odds of bet 7 that come after a
newer entry about bet 9, and shuffled batches would end otherwise than ordered ones.

Three judgements do hang on what is known when an entry comes: an event that is not known yet, or
has not started (to be told again), a result that contradicts another without correcting it (a
provider that is right sends a correction, and the newest correction stands), and odds that jump:
the event stops, and the newest doubt about each bet is kept until staff accepts or drops it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from acca.core.catalogue.offer import Book, Change, Offer
from acca.core.catalogue.standing import (
    Standing,
    Stop,
    take_head,
    take_result,
    take_suspension,
    with_stop,
)
from acca.core.catalogue.told import (
    EntryRefused,
    EntryVerdict,
    HeadTold,
    Judged,
    OddsTold,
    ResultTold,
    SuspensionTold,
    Told,
)
from acca.core.markets.market import Sport
from acca.core.score import Result


class Known(NamedTuple):
    """What the catalogue holds of the events of a batch, by the provider's keys.

    Offers are of all events that have odds in the batch, standings of all that have anything else.
    """

    now: datetime
    offers: Mapping[str, tuple[Sport, Offer]]
    standings: Mapping[str, Standing]


class NewResult(NamedTuple):
    """A version of a result that is to be written."""

    event: str
    number: int
    result: Result


class Doubted(NamedTuple):
    """Odds of an entry that was suspicious, which staff will accept or drop."""

    event: str
    change: Change


class Decision(NamedTuple):
    """Verdicts in the order of the entries, and what changed.

    `unlocked` are events that have to be suspended, and whose standing was not given: nothing may
    be written until it was.
    """

    verdicts: list[Judged]
    standings: dict[str, Standing]
    books: dict[str, Book]
    results: list[NewResult]
    doubts: list[Doubted]
    unlocked: frozenset[str]


def decide(entries: Sequence[Told], known: Known) -> Decision:
    """Judge entries one after another."""
    work = _Work(known)
    verdicts = [work.judge(told) for told in entries]
    books = {key: book for key, book in work.books.items() if book.moved}
    unlocked = frozenset(work.unlocked)
    return Decision(verdicts, work.standings, books, work.results, work.doubts, unlocked)


class _Work:
    def __init__(self, known: Known) -> None:
        self.standings: dict[str, Standing] = {}
        self.books: dict[str, Book] = {}
        self.results: list[NewResult] = []
        self.doubts: list[Doubted] = []
        self.unlocked: set[str] = set()
        self._known: Known = known

    def judge(self, told: Told) -> Judged:
        try:
            return self._take_odds(told) if isinstance(told, OddsTold) else self._take(told)
        except EntryRefused as refused:
            return Judged(EntryVerdict.REFUSED, str(refused))

    def _take(self, told: HeadTold | SuspensionTold | ResultTold) -> Judged:
        before = self._standing(told.event)
        if isinstance(told, HeadTold):
            after, judged = take_head(before, told)
        elif before is None:
            raise EntryRefused("The event is not known.")
        elif isinstance(told, SuspensionTold):
            after, judged = take_suspension(before, told)
        else:
            after, judged = take_result(before, told, self._known.now)
            self._note_result(told.event, before, after)
        if after is not before:
            self.standings[told.event] = after
        return judged

    def _standing(self, event: str) -> Standing | None:
        return self.standings.get(event) or self._known.standings.get(event)

    def _note_result(self, event: str, before: Standing, after: Standing) -> None:
        if after.results > before.results:
            assert after.fact is not None, "a result that was counted is a fact"
            self.results.append(NewResult(event, after.results, after.fact.result))

    def _take_odds(self, told: OddsTold) -> Judged:
        book = self._book(told.event)
        judged = book.take(told)
        if judged.verdict is EntryVerdict.SUSPICIOUS:
            self._stop(told.event)
            self.doubts.extend(Doubted(told.event, change) for change in book.news(told))
        return judged

    def _book(self, event: str) -> Book:
        book = self.books.get(event)
        if book is None:
            book = self.books[event] = self._open_book(event)
        return book

    def _open_book(self, event: str) -> Book:
        found = self._known.offers.get(event)
        if found is not None:
            return Book(*found)
        standing = self._standing(event)
        if standing is None:
            raise EntryRefused("The event is not known.")
        return Book(standing.sport, Offer())

    def _stop(self, event: str) -> None:
        standing = self._standing(event)
        if standing is None:
            self.unlocked.add(event)
        else:
            self.standings[event] = with_stop(standing, Stop.SUSPICIOUS)
