"""The secret keys of operators and of providers, each in a table of its own."""

from datetime import datetime

import asyncpg

from acca.core.keys import Holder, Key, Secret
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = {
    Holder.OPERATOR: load_queries("operator_keys.sql"),
    Holder.PROVIDER: load_queries("provider_keys.sql"),
}


async def list_keys(reader: Reader, holder: Holder, holder_id: int) -> list[Key]:
    """List all keys of one operator or provider, retired ones too, in their order."""
    rows = await reader.rows(_QUERIES[holder]["list_keys"], holder_id)
    return [_parse(row) for row in rows]


async def insert_key(
    writer: Writer, holder: Holder, holder_id: int, secret: Secret, who: str
) -> Key:
    """Add a key; the transaction holds the holder, so numbers follow each other."""
    query = _QUERIES[holder]["insert_key"]
    return _require(await writer.row(query, holder_id, secret.text, who))


async def retire_key(
    writer: Writer, holder: Holder, holder_id: int, number: int, retires: datetime, who: str
) -> Key:
    """Set the end of a key that is valid; the database refuses any other."""
    query = _QUERIES[holder]["retire_key"]
    return _require(await writer.row(query, holder_id, number, retires, who))


def _require(row: asyncpg.Record | None) -> Key:
    assert row is not None, "a key is written where its holder is held"
    return _parse(row)


def _parse(row: asyncpg.Record) -> Key:
    return Key(row["number"], Secret(row["secret"]), row["created"], row["retires"])
