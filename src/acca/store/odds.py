"""Odds of events as arrays, with their history; they move without touching the event's row."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, cast

from acca.core.catalogue.offer import Book, Change, Offer
from acca.core.markets.market import Sport
from acca.core.markets.sports import SPORTS
from acca.store.connection import Reader, Writer
from acca.store.literals import array_literal
from acca.store.packed import unpack_array
from acca.store.queries import load_queries

_QUERIES = load_queries("odds.sql")
_SPORTS = {sport.id: sport for sport in SPORTS.values()}
_unpack_shape = lru_cache(4096)(unpack_array)
"""Many events offer the same bets, and derive the same."""

PATCHES_MAX = 3
"""Where no more bets of an event moved, only they are sent, and not all of its odds."""


class LocatedOffer(NamedTuple):
    """An event's id, its sport and its odds."""

    id: int
    sport: Sport
    offer: Offer


class HistoryRow(NamedTuple):
    """A change of odds with its business time."""

    changed: datetime
    change: Change


async def lock_offers(
    writer: Writer, provider: int, keys: Sequence[str]
) -> dict[str, LocatedOffer]:
    """Lock odds by their events' keys, in the order of ids; the events stay as free as they were.

    Whoever also locks events does that before.
    """
    rows = await writer.rows(_QUERIES["lock_offers"], provider, keys)
    return {key: LocatedOffer(*_parse(id_, sport, *offer)) for id_, key, sport, *offer in rows}


async def get_offer_for_update(writer: Writer, event: int) -> LocatedOffer:
    """Lock the odds of an event that is locked."""
    row = await writer.row(_QUERIES["get_offer_for_update"], event)
    assert row is not None, "an event has a row of odds from its first day"
    return LocatedOffer(*_parse(*row))


def _parse(id_: int, sport: int, *columns: bytes) -> tuple[int, Sport, Offer]:
    bets, odds, derived, versions = columns
    flags = cast("tuple[bool, ...]", _unpack_shape(derived))
    offer = Offer(_unpack_shape(bets), unpack_array(odds), flags, unpack_array(versions))
    return id_, _SPORTS[sport], offer


async def save_offers(writer: Writer, books: Mapping[int, Book], now: datetime) -> None:
    """Write locked odds by the ids of their events, and their changes into the history."""
    whole = {id_: book for id_, book in books.items() if _is_whole(book)}
    patched = {id_: book for id_, book in books.items() if id_ not in whole}
    if whole:
        rows = [(id_, *_spell_offer(book)) for id_, book in whole.items()]
        columns = map(list, zip(*rows, strict=True))
        await writer.run(_QUERIES["save_offers"], now, *_spell_changes(whole), *columns)
    if patched:
        columns = map(array_literal, zip(*_patches(patched), strict=True))
        await writer.run(_QUERIES["patch_offers"], now, *_spell_changes(patched), *columns)


def _is_whole(book: Book) -> bool:
    return book.reshaped or len(book.moved) > PATCHES_MAX


def _spell_offer(book: Book) -> tuple[str | bool | None, ...]:
    bets, odds, derived, versions = book.offer()
    shape = map(array_literal, (bets, derived)) if book.reshaped else (None, None)
    return (*shape, array_literal(odds), array_literal(versions), bool(book.changes))


def _patches(books: Mapping[int, Book]) -> Iterator[tuple[int, ...]]:
    """Spell what moved of each event; a place that is not needed repeats the last."""
    for id_, book in books.items():
        moved = [(place + 1, change.odds, change.version) for place, change in book.patches()]
        moved += moved[-1:] * (PATCHES_MAX - len(moved))
        yield (id_, bool(book.changes), *chain.from_iterable(moved))


def _spell_changes(books: Mapping[int, Book]) -> list[str]:
    rows = [(id_, *change) for id_, book in books.items() for change in book.changes]
    columns = zip(*rows, strict=True) if rows else [()] * (1 + len(Change._fields))
    return list(map(array_literal, columns))


async def read_history(reader: Reader, event: int) -> list[HistoryRow]:
    """Read every change of the odds of an event, in the order of time."""
    rows = await reader.rows(_QUERIES["read_history"], event)
    return [
        HistoryRow(row["changed"], Change(row["bet"], row["odds"], row["derived"], row["version"]))
        for row in rows
    ]


async def prepare_history(writer: Writer) -> int:
    """Make room for this month and the two after it; return how many months had none."""
    return cast("int", await writer.value(_QUERIES["prepare_history"]))
