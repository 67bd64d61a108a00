"""Tickets whose wallet call came to no end are cancelled, and discarded at the wallet (spec 6.1).

The wallet may have taken the money: a discard gives it back, whatever became of the call.
"""

from acca.core.refusals import OperatorPlatformSilent
from acca.core.ticket import Status
from acca.core.ticket_facts import Change, Entry, Task, Ticket
from acca.store.agenda import lease_due, list_lost, save_leased
from acca.store.connection import Database
from acca.store.tellers import OperatorTold, read_tellers
from acca.store.tickets import get_tickets
from acca.wire.pam_calls import tell_discard

RECOVERED = "recovered"
_CHUNK = 200


async def recover_tickets(database: Database) -> int:
    """Cancel the next tickets that are still new though nobody calls for them; tell how many.

    Whoever confirms or refuses such a ticket just now, or recovers it too, wins or loses by the
    number of its journal: it ends once.
    """
    async with database.writer() as writer:
        leased = await lease_due(writer, Task.RECOVER, _CHUNK)
        lost = await list_lost(writer, [one.key for one in leased])
        tickets = await get_tickets(writer, lost)
        tellers = await read_tellers(writer, {key.operator for key in lost})
        changes = [
            _cancel(ticket, tellers[key.operator])
            for key, ticket in tickets.items()
            if ticket.state.status is Status.NEW
        ]
        return await save_leased(writer, changes)


def _cancel(ticket: Ticket, told: OperatorTold) -> Change:
    key, state = ticket.facts.key, ticket.state
    # The call may be on its way still, and a discard must not overtake it.
    discard = tell_discard(told.teller, key.id, RECOVERED, told.settings.discard_delay)
    entry = Entry("recover", discard, refusal=OperatorPlatformSilent.code, detail=RECOVERED)
    return Change(key, state.n, state._replace(status=Status.CANCELLED), (entry,), ends=True)
