"""Staff decides on tickets that are held: amounts that have changed, payouts to be taken back.

A ticket is held while it is open, decided and not told, or once it has paid and a correction would
take money back. Releasing it tells the wallet; waiving leaves a payout as it was and closes it.
"""

from enum import Enum
from typing import NamedTuple

from acca.core.day_paying import Allowed
from acca.core.leg_results import add_legs
from acca.core.operating import OperatingRefused
from acca.core.operator import AmountsChanged
from acca.core.resulting import Decision, lowered_by, release, take_back, waive
from acca.core.settling import Settlement
from acca.core.ticket import Status
from acca.core.ticket_facts import Change, Entry, Ticket
from acca.core.ticket_id import parse_identifier
from acca.store.clawbacks import clawed_by, note_clawbacks
from acca.store.connection import Database, Writer
from acca.store.day_payouts import DayPayouts
from acca.store.leg_results import read_leg_news
from acca.store.operators import get_operator
from acca.store.settling import Late, get_for_update, note_late
from acca.store.tickets import find_ticket, get_tickets, save_changes
from acca.store.worlds import World, allowed_by, hold_days_of, read_world
from acca.wire.endings import Telling, change_of
from acca.wire.pam_calls import tell_closed


class Way(Enum):
    """How the wallet is told of a ticket that was held."""

    FETCH = "fetch"
    VOID = "void"
    UPDATE = "update"


_CHANGED = {
    Way.FETCH: AmountsChanged.FETCH,
    Way.VOID: AmountsChanged.VOID,
    Way.UPDATE: None,
}


class Released(NamedTuple):
    """Whose ticket, its id or code, who releases it, and how the wallet is told.

    Without a way a win is plain, and a corrected one is told as the operator has set.
    """

    operator: str
    identifier: str
    person: str
    way: Way | None = None


class Waived(NamedTuple):
    """Whose ticket, its id or code, who leaves it as it was paid, and why."""

    operator: str
    identifier: str
    person: str
    reason: str


class ReleaseRefused(OperatingRefused):
    """The ticket was not released, and the sentence says why."""


class _Found(NamedTuple):
    """A ticket that is held, what it is settled by, and what its player's day allows."""

    ticket: Ticket
    world: World
    days: DayPayouts | None
    allowed: Allowed


async def release_ticket(database: Database, asked: Released) -> Ticket:
    """Tell the wallet how a held ticket ended, in the way that staff has agreed with it."""
    async with database.writer() as writer, writer.transaction():
        found = await _hold(writer, asked.operator, asked.identifier)
        ticket, world, days, (settlement, taken) = found
        facts, state = ticket
        told = world.tellers[facts.key.operator]
        news = await read_leg_news(writer, [ticket], world)
        legs = news.get(facts.key, ())
        decision = add_legs(_decide(ticket, settlement, world, asked.way), legs)
        telling = Telling(told.teller, told.settings.sms_url is not None, asked.person)
        terms = world.terms[facts.key.operator, facts.tax_profile]
        moved = await _move(writer, change_of(ticket, decision, telling, terms, world.now))
        if lowered_by(state, settlement) > 0:
            clawed = clawed_by(ticket, settlement, told.settings.clawback)
            await note_clawbacks(writer, [clawed])
        if days is not None:
            days.note(facts, taken)
            await days.save(writer, [facts.key])
        return moved


def _decide(
    ticket: Ticket, settlement: Settlement | None, world: World, way: Way | None
) -> Decision:
    facts, state = ticket
    if state.status is not Status.OPEN:
        ways = world.ways[facts.key.operator, facts.type]
        return take_back(ticket, settlement, ways.changed if way is None else _CHANGED[way])
    if settlement is None:
        raise ReleaseRefused("The outcome of the ticket is not certain any more.")
    return release(ticket, settlement, _CHANGED[way or Way.FETCH])


async def waive_clawback(database: Database, asked: Waived) -> Ticket:
    """Leave a payout that a correction would lower as it was: the ticket is closed with it.

    What it would have paid is kept among the corrections that came too late.
    """
    async with database.writer() as writer, writer.transaction():
        found = await _hold(writer, asked.operator, asked.identifier)
        facts, state = found.ticket
        if state.status is Status.OPEN:
            raise ReleaseRefused("The ticket has paid nothing yet: release it.")
        teller = found.world.tellers[facts.key.operator].teller
        entry = Entry("close", tell_closed(teller, facts.key.id), asked.person, detail=asked.reason)
        moved = await _move(writer, Change(facts.key, state.n, waive(state), (entry,)))
        late = Late(facts.key, differs=True, settlement=found.allowed.settlement)
        await note_late(writer, [late])
        return moved


async def _hold(writer: Writer, name: str, identifier: str) -> _Found:
    operator = await get_operator(writer, name)
    named = await find_ticket(writer, operator.id, parse_identifier(identifier))
    if named is None:
        raise ReleaseRefused(f"{name} has no ticket {identifier}.")
    (ticket,) = await get_for_update(writer, [named.facts.key])
    if not ticket.state.held:
        raise ReleaseRefused(f"The ticket is not held: it is {ticket.state.status.value}.")
    world = await read_world(writer, [ticket])
    days = await hold_days_of(writer, [ticket], world)
    return _Found(ticket, world, days, allowed_by(days, ticket, world))


async def _move(writer: Writer, change: Change) -> Ticket:
    moved = await save_changes(writer, [change])
    assert change.key in moved, "who holds a ticket is not overtaken"
    return (await get_tickets(writer, [change.key]))[change.key]
