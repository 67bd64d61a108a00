"""The rows of operators: a name, and the number that stands in the keys of all that is theirs."""

from datetime import datetime
from typing import NamedTuple

import asyncpg

from acca.core.keys import Holder
from acca.core.operating import HolderUnknown
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("operators.sql")


class Operator(NamedTuple):
    """An operator as it was enrolled."""

    id: int
    name: str
    created: datetime


async def insert_operator(writer: Writer, name: str, who: str) -> Operator | None:
    """Add an operator, or none where the name is taken; waits for another who adds it just now."""
    row = await writer.row(_QUERIES["insert_operator"], name, who)
    return None if row is None else _parse(row)


async def list_operators(reader: Reader) -> list[Operator]:
    """List all operators by name."""
    return [_parse(row) for row in await reader.rows(_QUERIES["list_operators"])]


async def get_operator(reader: Reader, name: str) -> Operator:
    """Find an operator by its name, or raise HolderUnknown."""
    return _require(await reader.row(_QUERIES["get_operator"], name), name)


async def get_operator_for_update(writer: Writer, name: str) -> Operator:
    """Find an operator and hold it until the transaction ends, or raise HolderUnknown."""
    return _require(await writer.row(_QUERIES["get_operator_for_update"], name), name)


def _require(row: asyncpg.Record | None, name: str) -> Operator:
    if row is None:
        raise HolderUnknown(Holder.OPERATOR, name)
    return _parse(row)


def _parse(row: asyncpg.Record) -> Operator:
    return Operator(row["id"], row["name"], row["created"])
