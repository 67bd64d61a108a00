"""The rows of providers: a name, and the number that stands in the keys of all that is theirs."""

from datetime import datetime
from typing import NamedTuple

import asyncpg

from acca.core.keys import Holder
from acca.core.operating import HolderUnknown
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("providers.sql")


class Provider(NamedTuple):
    """A provider as it was enrolled."""

    id: int
    name: str
    created: datetime


async def insert_provider(writer: Writer, name: str, who: str) -> Provider | None:
    """Add a provider, or none where the name is taken; waits for another who adds it just now."""
    row = await writer.row(_QUERIES["insert_provider"], name, who)
    return None if row is None else _parse(row)


async def list_providers(reader: Reader) -> list[Provider]:
    """List all providers by name."""
    return [_parse(row) for row in await reader.rows(_QUERIES["list_providers"])]


async def get_provider(reader: Reader, name: str) -> Provider:
    """Find a provider by its name, or raise HolderUnknown."""
    return _require(await reader.row(_QUERIES["get_provider"], name), name)


async def get_provider_for_update(writer: Writer, name: str) -> Provider:
    """Find a provider and hold it until the transaction ends, or raise HolderUnknown."""
    return _require(await writer.row(_QUERIES["get_provider_for_update"], name), name)


def _require(row: asyncpg.Record | None, name: str) -> Provider:
    if row is None:
        raise HolderUnknown(Holder.PROVIDER, name)
    return _parse(row)


def _parse(row: asyncpg.Record) -> Provider:
    return Provider(row["id"], row["name"], row["created"])
