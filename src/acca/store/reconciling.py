"""Tickets as a reconciliation compares them: by ids or in a range of them; nothing is written."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import asyncpg

from acca.core.holding import Told
from acca.core.lifecycle import Message
from acca.core.reconciling import Placed
from acca.core.ticket import Status
from acca.store.connection import Reader
from acca.store.queries import load_queries
from acca.wire.pam import read_told_cents

_QUERIES = load_queries("reconciling.sql")
# Members of an Enum are found slowly by their value, and tickets come by the million.
_STATUSES = {status.value: status for status in Status}
_MESSAGES = {message.value: message for message in Message}


async def page_ids(
    reader: Reader, operator: int, first: bytes, end: bytes, limit: int
) -> list[bytes]:
    """Read the next ids of an operator's tickets from `first` on and before `end`, in order."""
    rows = await reader.rows(_QUERIES["page_ids"], operator, first, end, limit)
    return [row["id"] for row in rows]


async def read_placed(reader: Reader, operator: int, ids: Sequence[bytes]) -> dict[bytes, Placed]:
    """Read tickets of an operator by their ids; who has none of an id is not told of it.

    Journals are read after the states: what was added meanwhile is left out.
    """
    rows = await reader.rows(_QUERIES["read_placed"], operator, ids)
    entries = await reader.rows(_QUERIES["read_told"], operator, ids)
    told = {ticket: list(found) for ticket, found in groupby(entries, itemgetter("ticket"))}
    return {row["id"]: _parse(row, told.get(row["id"], ())) for row in rows}


def _parse(row: asyncpg.Record, entries: Sequence[asyncpg.Record]) -> Placed:
    id_, code, currency, player, price_cents, net_cents, status, n, next_n = row
    told = tuple([_parse_told(entry) for entry in entries if entry["n"] <= n])
    named = id_, code, currency, player
    return Placed(*named, _STATUSES[status], price_cents, net_cents, told, next_n)


def _parse_told(entry: asyncpg.Record) -> Told:
    _, n, action, body = entry
    return Told(n, _MESSAGES[action], None if body is None else read_told_cents(body))
