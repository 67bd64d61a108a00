"""Dry runs of results: the tickets they look at, and what they have shown."""

from collections.abc import AsyncGenerator, Mapping
from datetime import datetime
from typing import NamedTuple

from acca.core.ticket_facts import Key, Ticket
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries
from acca.store.tickets import get_tickets

_QUERIES = load_queries("supposing.sql")
_PAGE = 2_000


class Shown(NamedTuple):
    """What a dry run has shown, of which event and result, to whom and when."""

    event: int
    result: str
    who: str
    at: datetime
    figures: Mapping[str, int]


class JackpotTickets(NamedTuple):
    """A card of a jackpot that stands on an event, and its tickets."""

    operator: str
    card: str
    tickets: int


async def page_tickets(reader: Reader, event: int) -> AsyncGenerator[list[Ticket]]:
    """Give the tickets that stand on an event, a page at a time, in a transaction."""
    sizes = iter(lambda: _PAGE, 0)
    async for rows in reader.pages(sizes, _QUERIES["list_of_event"], event):
        keys = sorted(Key(*row) for row in rows)
        found = await get_tickets(reader, keys)
        yield [found[key] for key in keys if key in found]


async def count_jackpots(reader: Reader, event: int) -> list[JackpotTickets]:
    """Count the jackpot tickets on an event, which are judged with their cards."""
    rows = await reader.rows(_QUERIES["count_jackpots"], event)
    return [JackpotTickets(*row) for row in rows]


async def keep_shown(writer: Writer, mark: str, version: int, shown: Shown) -> None:
    """Keep what was shown under its mark."""
    names, figures = list(shown.figures), list(shown.figures.values())
    head = mark, shown.event, version, shown.result, shown.who
    await writer.run(_QUERIES["keep"], *head, names, figures)


async def find_shown(reader: Reader, mark: str) -> Shown | None:
    """Find what was shown under a mark."""
    row = await reader.row(_QUERIES["find"], mark)
    if row is None:
        return None
    event, result, who, at, names, figures = row
    return Shown(event, result, who, at, dict(zip(names, figures, strict=True)))


async def forget_shown(writer: Writer) -> None:
    """Forget what was shown long ago."""
    await writer.run(_QUERIES["forget"])
