"""Reservations that nobody has paid in time are cancelled, and discarded at the wallet (6.2)."""

from acca.core.paying import Because
from acca.core.ticket import Status
from acca.core.ticket_facts import Change, Entry, Task, Ticket
from acca.store.agenda import lease_due, save_leased
from acca.store.connection import Database
from acca.store.tellers import OperatorTold, read_tellers
from acca.store.tickets import get_tickets
from acca.wire.pam_calls import tell_discard

_CHUNK = 200


async def expire_reservations(database: Database) -> int:
    """Cancel the next reservations that have expired, and tell how many."""
    async with database.writer() as writer:
        leased = await lease_due(writer, Task.EXPIRE, _CHUNK)
        tickets = await get_tickets(writer, [one.key for one in leased])
        tellers = await read_tellers(writer, {key.operator for key in tickets})
        changes = [
            _cancel(ticket, tellers[key.operator])
            for key, ticket in tickets.items()
            if ticket.state.status is Status.RESERVED
        ]
        return await save_leased(writer, changes)


def _cancel(ticket: Ticket, told: OperatorTold) -> Change:
    key, state = ticket.facts.key, ticket.state
    reason = Because.RESERVATION_EXPIRED.value
    entry = Entry("expire", tell_discard(told.teller, key.id, reason), detail=reason)
    return Change(key, state.n, state._replace(status=Status.CANCELLED), (entry,), ends=True)
