"""Staff lets deliveries be tried at once that wait, or that were given up."""

from acca.core.operating import OperatingRefused
from acca.core.ticket_id import parse_identifier
from acca.store import deliveries
from acca.store.connection import Database
from acca.store.operators import get_operator
from acca.store.tickets import find_ticket


class ReplayRefused(OperatingRefused):
    """Nothing is replayed, and the sentence says why."""


async def replay(database: Database, operator: str, identifier: str | None) -> int:
    """Let the lanes of a ticket, or of all of an operator, be tried at once; tell how many."""
    async with database.writer() as writer:
        found = await get_operator(writer, operator)
        ticket = None
        if identifier is not None:
            ticket = await find_ticket(writer, found.id, parse_identifier(identifier))
            if ticket is None:
                raise ReplayRefused(f"The operator has no ticket {identifier}.")
        id_ = None if ticket is None else ticket.facts.key.id
        return await deliveries.replay(writer, found.id, id_)
