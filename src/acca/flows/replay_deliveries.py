"""Staff lets deliveries be tried at once that wait or were given up, or sent again."""

from acca.core.operating import OperatingRefused
from acca.core.ticket_facts import Ticket
from acca.core.ticket_id import parse_identifier
from acca.store import deliveries
from acca.store.connection import Database, Writer
from acca.store.operators import Operator, get_operator
from acca.store.tickets import find_ticket


class ReplayRefused(OperatingRefused):
    """Nothing is replayed, and the sentence says why."""


async def replay(database: Database, operator: str, identifier: str | None) -> int:
    """Let the lanes of a ticket, or of all of an operator, be tried at once; tell how many."""
    async with database.writer() as writer:
        found = await get_operator(writer, operator)
        id_ = None
        if identifier is not None:
            id_ = (await _find(writer, found, identifier)).facts.key.id
        return await deliveries.replay(writer, found.id, id_)


async def send_again(database: Database, operator: str, identifier: str, first: int) -> int:
    """Let a wallet that has lost it be told again of a ticket, from an entry on; tell how many.

    A wallet passes over what it has carried out, by the number of the entry.
    """
    async with database.writer() as writer:
        ticket = await _find(writer, await get_operator(writer, operator), identifier)
        return await deliveries.send_again(writer, ticket.facts.key, first)


async def _find(writer: Writer, operator: Operator, identifier: str) -> Ticket:
    ticket = await find_ticket(writer, operator.id, parse_identifier(identifier))
    if ticket is None:
        raise ReplayRefused(f"The operator has no ticket {identifier}.")
    return ticket
