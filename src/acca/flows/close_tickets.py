"""Tickets are closed a day after their wallet acknowledged how they ended (spec 6.7).

First `ticket_closed` is written, after which corrections come too late; once the wallet has it too
the ticket is closed.
"""

from collections.abc import Mapping
from datetime import timedelta

from acca.core.ticket import Status, TicketType
from acca.core.ticket_facts import Change, Entry, Key, Task, Ticket, Waiting
from acca.store.agenda import drop_tasks, lease_due, list_sending, put_off, save_leased
from acca.store.clock import read_clock
from acca.store.connection import Database, Writer
from acca.store.jackpots import make_final
from acca.store.tellers import OperatorTold, read_tellers
from acca.store.tickets import get_tickets
from acca.wire.pam_calls import tell_closed

_CHUNK = 500
_UNTIL_SENT = timedelta(minutes=1)


async def close_tickets(database: Database) -> int:
    """Close the next tickets that are due, one step each; tell how many were looked at."""
    async with database.writer() as writer:
        leased = [one.key for one in await lease_due(writer, Task.CLOSE, _CHUNK)]
        if not leased:
            return 0
        now = (await read_clock(writer)).now
        sending = await list_sending(writer, leased)
        for key in sending:
            # No close while the wallet has not acknowledged what it was told before.
            await put_off(writer, key, Waiting(Task.CLOSE, now + _UNTIL_SENT))
        tickets = await get_tickets(writer, [key for key in leased if key not in sending])
        for key in await _keep_jackpots(writer, tickets):
            await put_off(writer, key, Waiting(Task.CLOSE, now + _UNTIL_SENT))
            del tickets[key]
        tellers = await read_tellers(writer, {key.operator for key in tickets})
        changes = {
            key: change
            for key, ticket in tickets.items()
            if (change := _close(ticket, tellers[key.operator])) is not None
        }
        await drop_tasks(writer, Task.CLOSE, [key for key in tickets if key not in changes])
        _ = await save_leased(writer, list(changes.values()))
    return len(leased)


async def _keep_jackpots(writer: Writer, tickets: Mapping[Key, Ticket]) -> list[Key]:
    """End corrections of jackpots whose first ticket is closed; tell which are not at rest yet."""
    of_cards = {
        key: (key.operator, ticket.facts.card)
        for key, ticket in tickets.items()
        if ticket.facts.type is TicketType.JACKPOT and ticket.facts.card is not None
    }
    final = await make_final(writer, sorted(set(of_cards.values())))
    return [key for key, card in of_cards.items() if card not in final]


def _close(ticket: Ticket, told: OperatorTold) -> Change | None:
    facts, state = ticket
    if state.status is not Status.RESULTED:
        return None
    if state.closing:
        after = state._replace(status=Status.CLOSED)
        return Change(facts.key, state.n, after, (Entry("closed"),), ends=True)
    entry = Entry("close", tell_closed(told.teller, facts.key.id))
    return Change(facts.key, state.n, state._replace(closing=True), (entry,))
