"""Tickets brought as far in their lives as a test needs them, and what is written of them."""

import datetime as dt

from tickets_made import STARTS, new_ticket

from acca.core.confirming import state_when_new
from acca.core.lifecycle import Message
from acca.core.ticket import Status
from acca.core.ticket_facts import Change, Entry, Task, Waiting
from acca.store.rules import read_operator_rules
from acca.store.tickets import Acceptance, accept_tickets, get_tickets, save_changes

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


async def accept(database, *tickets):
    """Write new tickets."""
    async with database.writer() as writer:
        accepted = await accept_tickets(writer, tickets)
    assert [Acceptance.TAKEN] * len(tickets) == [one.acceptance for one in accepted]


async def save(database, *changes):
    """Move tickets on."""
    async with database.writer() as writer:
        return await save_changes(writer, changes)


async def lost(database, operator, events, **changes):
    """Write a ticket for which nobody calls the wallet any more."""
    ticket = new_ticket(operator, events, **changes)._replace(call_lasts=dt.timedelta(seconds=-1))
    await accept(database, ticket)
    return ticket


async def reserve(database, operator, events, expires=STARTS, *, approved=True, **changes):
    """Write a ticket and let the wallet have accepted its reservation."""
    ticket = new_ticket(operator, events, is_reservation=True, **changes)
    telling = ticket.telling._replace(action=Message.TICKET_RESERVE)
    ticket = ticket._replace(approved=approved, telling=telling)
    await accept(database, ticket)
    await save(database, reserved(ticket, expires))
    return ticket


def reserved(ticket, expires=STARTS):
    """Make the change that the wallet's 200 to a reservation leads to."""
    new = state_when_new(ticket.facts, approved=ticket.approved)
    state = new._replace(status=Status.RESERVED, expires=expires)
    waiting = Waiting(Task.EXPIRE, expires)
    return Change(ticket.facts.key, 1, state, (Entry("confirm reservation"),), waiting)


async def open_unapproved(database, operator, events, due=STARTS, **changes):
    """Write an open ticket that a trader has to approve until `due`."""
    ticket = new_ticket(operator, events, **changes)._replace(approved=False)
    await accept(database, ticket)
    new = state_when_new(ticket.facts, approved=False)
    state = new._replace(status=Status.OPEN)
    waiting = Waiting(Task.DECLINE, due)
    await save(database, Change(ticket.facts.key, 1, state, (Entry("confirm"),), waiting))
    return ticket


async def state_of(database, ticket):
    """Read where a ticket stands."""
    async with database.reader() as reader:
        return (await get_tickets(reader, [ticket.facts.key]))[ticket.facts.key].state


async def rows(database, query, *arguments):
    """Read rows as tuples."""
    async with database.reader() as reader:
        return [tuple(row) for row in await reader.rows(query, *arguments)]


async def journal(database, ticket):
    """Read the kinds, messages and details of a ticket's entries."""
    query = (
        "SELECT n, kind, status, action, refusal, detail, actor FROM journal"
        " WHERE ticket = $1 ORDER BY n"
    )
    return await rows(database, query, ticket.facts.key.id)


async def agenda(database, ticket):
    """Read what waits for a ticket, by lane."""
    query = "SELECT lane, task, next_n, last_n FROM agenda WHERE ticket = $1 ORDER BY lane"
    return await rows(database, query, ticket.facts.key.id)


async def rests(database, ticket):
    """Tell whether the code of a ticket rests."""
    query = "SELECT free_from IS NOT NULL FROM ticket_code WHERE ticket = $1"
    return await rows(database, query, ticket.facts.key.id) == [(True,)]


async def rules_of(database, name="site"):
    """Read all that is set for an operator."""
    async with database.reader() as reader:
        return await read_operator_rules(reader, name)
