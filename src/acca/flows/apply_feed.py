"""A batch of the feed taken into the catalogue: a verdict for each entry, all in one transaction.

Locks are taken in one order by everybody: events by id, their odds by id, then what is new by name.
Entries that only tell odds do not lock the event, so that odds and tickets never wait for each
other; where their odds stop the event, the transaction begins again with the event locked first.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from acca.core.catalogue.deciding import Decision, Known, decide
from acca.core.catalogue.offer import Change
from acca.core.catalogue.standing import Standing
from acca.core.catalogue.told import EntryVerdict, Judged, OddsTold, Told
from acca.store import catalogue, clock, events, feed, odds, results, stops
from acca.store.connection import BAD_ROWS, OVERTAKEN, Database, Writer
from acca.store.results import ResultRow, Source
from acca.wire.document import ANSWER_BYTES_MAX, parse, render
from acca.wire.feed import AliveEntry, Batch, EntryDefects, FeedAnswer
from acca.wire.feed_told import told_of, verdict_of

ATTEMPTS_MAX = 10
_BAD_ROW = Judged(EntryVerdict.REFUSED, "The catalogue cannot hold this entry.")


class Outcome(NamedTuple):
    """The verdict on an entry, and our id of its event where it is known."""

    judged: Judged
    event_id: int | None


Taken = TypeVar("Taken")


class _BeginAgain(Exception):
    """What was read without a lock turned out to need one, or another was faster."""

    def __init__(self, *to_lock: str) -> None:
        super().__init__()
        self.to_lock: tuple[str, ...] = to_lock


class _Taking(NamedTuple):
    """How a transaction goes about its entries."""

    provider: int
    source: Source
    to_lock: frozenset[str] = frozenset()
    one_by_one: bool = False


async def apply_batch(database: Database, provider: int, sha256: bytes, batch: Batch) -> FeedAnswer:
    """Take a batch, once: the same bytes again get the same answer and do nothing.

    What holds nothing but `alive` always has the same bytes, and is news every time.
    """
    is_news = all(isinstance(entry, AliveEntry) for entry in batch.entries)

    async def take(writer: Writer, taking: _Taking) -> FeedAnswer:
        kept = None if is_news else await feed.read_answer(writer, provider, sha256)
        if kept is not None:
            return parse(FeedAnswer, kept, ANSWER_BYTES_MAX)
        answer = await _take_batch(writer, taking, batch)
        if not (is_news or await feed.add_batch(writer, provider, sha256, render(answer))):
            raise _BeginAgain
        return answer

    return await _persist(database, _Taking(provider, Source.FEED), take)


async def apply_entries(
    database: Database, provider: int, entries: Sequence[Told], source: Source
) -> list[Outcome]:
    """Take entries that do not come as a document of the feed, as an importer's."""

    async def take(writer: Writer, taking: _Taking) -> list[Outcome]:
        return await _take(writer, taking, entries)

    return await _persist(database, _Taking(provider, source), take)


async def _persist(
    database: Database, taking: _Taking, take: Callable[[Writer, _Taking], Awaitable[Taken]]
) -> Taken:
    """Begin again with wider locks, or one entry after another, until a transaction is done."""
    overtaken: Exception | None = None
    for _ in range(ATTEMPTS_MAX):
        try:
            async with database.writer() as writer, writer.transaction():
                return await take(writer, taking)
        except _BeginAgain as again:
            taking = taking._replace(to_lock=taking.to_lock.union(again.to_lock))
        except OVERTAKEN as fault:
            # An engine that stands still holds its locks for two seconds, a suspension has to come.
            overtaken = fault
        except BAD_ROWS:
            if taking.one_by_one:
                raise
            taking = taking._replace(one_by_one=True)
    if overtaken is not None:
        raise overtaken
    message = f"a batch was overtaken {ATTEMPTS_MAX} times"
    raise AssertionError(message)


async def _take_batch(writer: Writer, taking: _Taking, batch: Batch) -> FeedAnswer:
    told = [None if isinstance(e, EntryDefects) else told_of(e) for e in batch.entries]
    outcomes = iter(await _take(writer, taking, [each for each in told if each is not None]))
    if any(isinstance(entry, AliveEntry) for entry in batch.entries):
        await feed.note_alive(writer, taking.provider)
    pairs = zip(batch.entries, told, strict=True)
    return FeedAnswer(
        verdicts=tuple(
            verdict_of(place, entry, *((None, None) if each is None else next(outcomes)))
            for place, (entry, each) in enumerate(pairs)
        )
    )


async def _take(writer: Writer, taking: _Taking, entries: Sequence[Told]) -> list[Outcome]:
    if not entries:
        return []
    loaded = await _load(writer, taking, entries)
    if taking.one_by_one:
        return [await _take_alone(writer, taking, told) for told in entries]
    return await _decide_and_save(writer, taking, entries, loaded)


async def _take_alone(writer: Writer, taking: _Taking, told: Told) -> Outcome:
    """Take one entry of a batch whose locks are held; a guilty one fails alone."""
    try:
        async with writer.transaction():
            loaded = await _load(writer, taking, [told])
            (outcome,) = await _decide_and_save(writer, taking, [told], loaded)
            return outcome
    except BAD_ROWS:
        return Outcome(_BAD_ROW, None)


class _Loaded(NamedTuple):
    known: Known
    ids: dict[str, int]


async def _load(writer: Writer, taking: _Taking, entries: Sequence[Told]) -> _Loaded:
    """Lock events, then odds; the time is read after the wait for both."""
    moving = {told.event for told in entries if not isinstance(told, OddsTold)} | taking.to_lock
    priced = {told.event for told in entries if isinstance(told, OddsTold)}
    standing = await events.lock_events(writer, taking.provider, list(moving)) if moving else {}
    offered = await odds.lock_offers(writer, taking.provider, list(priced)) if priced else {}
    now = (await clock.read_clock(writer)).now
    known = Known(
        now,
        {key: (each.sport, each.offer) for key, each in offered.items()},
        {key: each.standing for key, each in standing.items()},
    )
    ids = {key: each.id for key, each in (*standing.items(), *offered.items())}
    return _Loaded(known, ids)


async def _decide_and_save(
    writer: Writer, taking: _Taking, entries: Sequence[Told], loaded: _Loaded
) -> list[Outcome]:
    decision = decide(entries, loaded.known)
    if decision.unlocked:
        raise _BeginAgain(*decision.unlocked)
    ids = loaded.ids | await _add_new(writer, taking.provider, decision, loaded)
    await _save(writer, taking.source, decision, ids, loaded.known.now)
    pairs = zip(entries, decision.verdicts, strict=True)
    return [Outcome(judged, ids.get(told.event)) for told, judged in pairs]


async def _add_new(
    writer: Writer, provider: int, decision: Decision, loaded: _Loaded
) -> dict[str, int]:
    known = loaded.known.standings
    told = {
        key: one for key, one in decision.standings.items() if _has_new_head(one, known.get(key))
    }
    await catalogue.add_names(writer, [one.head for one in told.values()])
    new = {key: one for key, one in told.items() if key not in known}
    if not new:
        return {}
    added = await events.add_events(writer, provider, new)
    if len(added) < len(new):
        raise _BeginAgain
    return added


def _has_new_head(standing: Standing, known: Standing | None) -> bool:
    return known is None or standing.head != known.head


async def _save(
    writer: Writer, source: Source, decision: Decision, ids: Mapping[str, int], now: datetime
) -> None:
    if decision.standings:
        standings = {ids[key]: one for key, one in decision.standings.items()}
        await events.save_standings(writer, standings)
    if decision.results:
        rows = [ResultRow(ids[one.event], one.number, one.result) for one in decision.results]
        await results.add_results(writer, rows, source, now)
    if decision.books:
        books = {ids[key]: book for key, book in decision.books.items()}
        await odds.save_offers(writer, books, now)
    if decision.doubts:
        doubts = [(ids[one.event], one.change) for one in decision.doubts]
        newest = {(id_, one.bet): one for id_, one in sorted(doubts, key=_by_version)}
        await stops.save_doubts(writer, newest, now)


def _by_version(doubted: tuple[int, Change]) -> int:
    return doubted[1].version
