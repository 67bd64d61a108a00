"""Odds of events as arrays, with their history; they move without touching the event's row."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from acca.core.catalogue.offer import Book, Change, Offer
from acca.core.markets.market import Sport
from acca.core.markets.sports import SPORTS
from acca.store.connection import Reader, Writer
from acca.store.literals import array_literal
from acca.store.queries import load_queries

_QUERIES = load_queries("odds.sql")
_SPORTS = {sport.id: sport for sport in SPORTS.values()}


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
    return {
        row["key"]: LocatedOffer(
            row["id"],
            _SPORTS[row["sport"]],
            Offer(row["bets"], row["odds"], row["derived"], row["versions"]),
        )
        for row in rows
    }


async def save_offers(writer: Writer, books: Mapping[int, Book], now: datetime) -> None:
    """Write locked odds by the ids of their events, and their changes into the history."""
    rows = [
        (id_, *_spell_offer(book), *_spell_changes(book.changes)) for id_, book in books.items()
    ]
    await writer.run(_QUERIES["save_offers"], now, *map(list, zip(*rows, strict=True)))


def _spell_offer(book: Book) -> tuple[str | None, ...]:
    bets, odds, derived, versions = book.offer()
    shape = map(array_literal, (bets, derived)) if book.reshaped else (None, None)
    return (*shape, array_literal(odds), array_literal(versions))


def _spell_changes(changes: Sequence[Change]) -> tuple[str, ...]:
    columns = zip(*changes, strict=True) if changes else [()] * len(Change._fields)
    return tuple(map(array_literal, columns))


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
