"""Staff releases a ticket that was held, as its wallet might not carry out an update."""

from typing import NamedTuple

from acca.core.operating import OperatingRefused
from acca.core.operator import AmountsChanged
from acca.core.resulting import release
from acca.core.ticket_facts import Ticket
from acca.core.ticket_id import parse_identifier
from acca.store.connection import Database
from acca.store.operators import get_operator
from acca.store.settling import get_for_update
from acca.store.tickets import find_ticket, get_tickets, save_changes
from acca.store.worlds import read_world
from acca.wire.endings import Telling, change_of


class Released(NamedTuple):
    """Whose ticket, its id or code, who releases it, and how the wallet is told; None: updated."""

    operator: str
    identifier: str
    person: str
    by: AmountsChanged | None


class ReleaseRefused(OperatingRefused):
    """The ticket was not released, and the sentence says why."""


async def release_ticket(database: Database, asked: Released) -> Ticket:
    """Tell the wallet how a held ticket ended, in the way that staff has agreed with it."""
    async with database.writer() as writer, writer.transaction():
        operator = await get_operator(writer, asked.operator)
        named = await find_ticket(writer, operator.id, parse_identifier(asked.identifier))
        if named is None:
            raise ReleaseRefused(f"{asked.operator} has no ticket {asked.identifier}.")
        (ticket,) = await get_for_update(writer, [named.facts.key])
        if not ticket.state.held:
            status = ticket.state.status.value
            raise ReleaseRefused(f"The ticket is not held: it is {status}.")
        facts = ticket.facts
        world = await read_world(writer, [ticket])
        settlement = world.settle(facts)
        if settlement is None:
            raise ReleaseRefused("The outcome of the ticket is not certain any more.")
        decision = release(ticket, settlement, asked.by)
        told = world.tellers[operator.id]
        telling = Telling(told.teller, told.settings.sms_url is not None, asked.person)
        terms = world.terms[operator.id, facts.tax_profile]
        change = change_of(ticket, decision, telling, terms, world.now)
        moved = await save_changes(writer, [change])
        assert facts.key in moved, "who holds a ticket is not overtaken"
        return (await get_tickets(writer, [facts.key]))[facts.key]
