"""The limits of an operator: versions that are only ever added, the last one in force."""

import asyncpg

from acca.core.limits import Limits, LimitsOf
from acca.core.setting import declarations
from acca.core.ticket import TicketType
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("operator_limits.sql")
_NAMES = tuple(declarations(Limits))


async def list_operator_limits(reader: Reader, operator_id: int) -> list[LimitsOf]:
    """List the limits of one operator in force; what is not listed has the default ones."""
    rows = await reader.rows(_QUERIES["list_operator_limits"], operator_id)
    return [_parse(row) for row in rows]


async def append_operator_limits(
    writer: Writer, operator_id: int, limits: LimitsOf, who: str
) -> None:
    """Append the next version of limits; the transaction holds the operator."""
    ticket_type, currency, values = limits
    query = _QUERIES["append_operator_limits"]
    await writer.run(query, operator_id, ticket_type.value, currency, who, *values.values)


def _parse(row: asyncpg.Record) -> LimitsOf:
    limits = Limits({name: row[name] for name in _NAMES})
    return LimitsOf(TicketType(row["ticket_type"]), row["currency"], limits)
