"""What cash-outs are priced by, beside what placing and settling read."""

from collections.abc import Collection

from acca.core.cashing_out import Market
from acca.store.connection import Reader
from acca.store.placing import EventsRead, read_events
from acca.store.queries import load_queries

_QUERIES = load_queries("cashing_out.sql")


async def read_market(reader: Reader, events: Collection[int]) -> Market:
    """Read how events are offered now, and which bets of those under way are priced in play."""
    read = await read_events(reader, events)
    fresh = await _read_fresh(reader, read)
    return Market(read.now, {id_: event.seen for id_, event in read.events.items()}, fresh)


async def _read_fresh(reader: Reader, read: EventsRead) -> dict[int, frozenset[int]]:
    begun = [id_ for id_, event in read.events.items() if event.seen.starts <= read.now]
    if not begun:
        return {}
    rows = await reader.rows(_QUERIES["read_fresh_bets"], sorted(begun))
    return {row["id"]: frozenset(row["bets"]) for row in rows}
