"""Requests that were seen before, by their signature or idempotency-key."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Key
from acca.store.connection import Reader
from acca.store.queries import load_queries

_QUERIES = load_queries("claims.sql")


class ClaimName(NamedTuple):
    """A request by its operator and the hash that makes it the same again."""

    operator: int
    key: bytes


class Deciding(NamedTuple):
    """The journal entry that decided a request; `refusal` and `detail` where it was a no."""

    at: datetime
    kind: str
    status: Status
    result: TicketResult
    approved: bool
    refusal: int | None
    detail: str | None


class Claimed(NamedTuple):
    """A request that wrote: its ticket and, once there is one, the verdict on it."""

    ticket: Key
    body: bytes
    n: int
    deciding: Deciding | None


async def find_claims(reader: Reader, names: Sequence[ClaimName]) -> dict[ClaimName, Claimed]:
    """Find requests that were seen before; new ones are left out."""
    rows = await reader.rows(_QUERIES["find_claims"], *map(list, zip(*names, strict=True)))
    return {ClaimName(row["operator"], row["key"]): _parse(row) for row in rows}


def _parse(row: asyncpg.Record) -> Claimed:
    key = Key(row["operator"], row["ticket"])
    return Claimed(key, row["body"], row["n"], _parse_deciding(row))


def _parse_deciding(row: asyncpg.Record) -> Deciding | None:
    if row["kind"] is None:
        return None
    return Deciding(
        row["at"],
        row["kind"],
        Status(row["status"]),
        TicketResult(row["result"]),
        row["approved"],
        row["refusal"],
        row["detail"],
    )
