"""What measurements need of the database, and nothing else does."""

from collections.abc import Sequence
from typing import NamedTuple

from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("measuring.sql")


async def fill_history(writer: Writer, events: Sequence[int], first: int, last: int) -> None:
    """Add made-up changes of odds with these numbers."""
    await writer.run(_QUERIES["fill_history"], events, first, last)


async def read_for_share(writer: Writer, events: Sequence[int]) -> int:
    """Hold events as acceptance does, read their odds, and return how many there are."""
    return len(await writer.rows(_QUERIES["read_for_share"], events))


class Fill(NamedTuple):
    """Made-up tickets with these numbers: four legs, and one more on either of two bets."""

    operator: int
    first: int
    last: int
    events: Sequence[int]
    bets: Sequence[int]
    sides: tuple[int, int]
    tax_profile: int


class BareTicket(NamedTuple):
    """What the payout of a ticket is made of, and its last journal number."""

    id: bytes
    events: Sequence[int]
    bets: Sequence[int]
    odds: Sequence[int]
    stake_cents: int
    n: int


class BareEnd(NamedTuple):
    """How a ticket ended, and what is told of it."""

    id: bytes
    n: int
    result: str
    cents: int
    action: str
    body: bytes


async def fill_tickets(writer: Writer, fill: Fill) -> None:
    """Add made-up open tickets."""
    await writer.run(_QUERIES["fill_tickets"], *fill)


async def analyse(writer: Writer) -> None:
    """Let the planner know what was filled in."""
    await writer.run(_QUERIES["analyse"])


async def count_unsettled(reader: Reader, operator: int) -> int:
    """Count the open tickets of an operator."""
    row = await reader.row(_QUERIES["count_unsettled"], operator)
    assert row is not None, "a count is a row"
    return row["count"]


async def bare_list(reader: Reader, event: int) -> list[bytes]:
    """List the tickets of an event."""
    return [row["id"] for row in await reader.rows(_QUERIES["bare_list"], event)]


async def bare_hold(writer: Writer, operator: int, ids: Sequence[bytes]) -> list[BareTicket]:
    """Hold tickets."""
    return [BareTicket(*row) for row in await writer.rows(_QUERIES["bare_hold"], operator, ids)]


async def bare_save(writer: Writer, operator: int, ends: Sequence[BareEnd]) -> None:
    """Write how tickets ended."""
    columns = map(list, zip(*ends, strict=True))
    await writer.run(_QUERIES["bare_save"], operator, *columns)
