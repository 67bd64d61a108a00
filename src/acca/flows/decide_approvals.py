"""Tickets over a limit: a trader approves or declines them, or their first event does (6.4)."""

import re
from datetime import datetime
from typing import NamedTuple

from acca.core.numbers import Malformed
from acca.core.operating import OperatingRefused
from acca.core.paying import has_started, waiting_when_open
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Change, Entry, Key, Task, Ticket, Waiting
from acca.core.ticket_id import parse_identifier
from acca.store.agenda import lease_due, put_off, save_leased
from acca.store.connection import Database, Reader, Writer
from acca.store.operators import get_operator
from acca.store.payments import lock_for_moving
from acca.store.placing import EventsRead, read_events
from acca.store.tellers import OperatorTold, read_tellers
from acca.store.tickets import find_ticket, get_tickets, save_changes
from acca.wire.pam_calls import AFTER_THE_WALLET, tell_refund, tell_status

NOT_APPROVED = "not-approved"
_CHUNK = 200
_REASON = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
_REASON_LENGTH_MAX = 64


class ApprovalRefused(OperatingRefused):
    """The ticket was neither approved nor declined, and the sentence says why."""


class Asked(NamedTuple):
    """Whose ticket, its id or code, and who decides."""

    operator: str
    identifier: str
    person: str


class _Found(NamedTuple):
    ticket: Ticket
    read: EventsRead
    told: OperatorTold


def parse_decline(text: str) -> str:
    """Read why a ticket is declined: a slug, such as `too-much-risk`, that the wallet is told."""
    if len(text) > _REASON_LENGTH_MAX or _REASON.fullmatch(text) is None:
        message = f"is not a slug of at most {_REASON_LENGTH_MAX} characters, such as too-much-risk"
        raise Malformed(message)
    return text


async def approve(database: Database, asked: Asked) -> Ticket:
    """Approve a ticket whose events have not started."""
    async with database.writer() as writer, writer.transaction():
        found = await _lock(writer, asked)
        if _is_late(found.ticket, found.read):
            raise ApprovalRefused("An event of the ticket has started: it can only be declined.")
        return await _save(writer, _approve(found, asked.person))


async def decline(database: Database, asked: Asked, reason: str) -> Ticket:
    """Decline a ticket: the wallet gives back its price, and no result touches it any more."""
    async with database.writer() as writer, writer.transaction():
        found = await _lock(writer, asked)
        return await _save(writer, _decline(found.ticket, found.told, reason, asked.person))


async def decline_unapproved(database: Database) -> int:
    """Decline the next tickets that nobody approved until their first event; tell how many.

    One whose events were moved to a later time waits until then.
    """
    async with database.writer() as writer:
        leased = await lease_due(writer, Task.DECLINE, _CHUNK)
        found = await get_tickets(writer, [one.key for one in leased])
        read = await read_events(
            writer, frozenset(event for one in found.values() for event in one.facts.events)
        )
        waiting = {key: one for key, one in found.items() if _is_undecided(one)}
        late = {key: one for key, one in waiting.items() if _is_late(one, read)}
        for key in waiting.keys() - late.keys():
            first = _first_start(waiting[key], read)
            await put_off(writer, key, Waiting(Task.DECLINE, first))
        tellers = await read_tellers(writer, {key.operator for key in late})
        changes = [_decline(one, tellers[key.operator], NOT_APPROVED) for key, one in late.items()]
        return await save_leased(writer, changes)


async def _lock(writer: Writer, asked: Asked) -> _Found:
    operator = await get_operator(writer, asked.operator)
    ticket = await find_ticket(writer, operator.id, parse_identifier(asked.identifier))
    if ticket is None:
        raise ApprovalRefused(f"{asked.operator} has no ticket {asked.identifier}.")
    _ = await lock_for_moving(writer, [ticket.facts])
    ticket = await _reread(writer, ticket.facts.key)
    if not _is_undecided(ticket):
        status = ticket.state.status
        word = "approved" if status is Status.OPEN else status.value
        raise ApprovalRefused(f"The ticket waits for nobody: it is {word}.")
    read = await read_events(writer, frozenset(ticket.facts.events))
    tellers = await read_tellers(writer, [operator.id])
    return _Found(ticket, read, tellers[operator.id])


async def _reread(reader: Reader, key: Key) -> Ticket:
    return (await get_tickets(reader, [key]))[key]


def _is_undecided(ticket: Ticket) -> bool:
    return ticket.state.status is Status.OPEN and not ticket.state.approved


def _is_late(ticket: Ticket, read: EventsRead) -> bool:
    return any(has_started(read.events[event].seen, read.now) for event in ticket.facts.events)


def _first_start(ticket: Ticket, read: EventsRead) -> datetime:
    return min(read.events[event].seen.starts for event in ticket.facts.events)


def _approve(found: _Found, person: str) -> Change:
    facts, state = found.ticket
    state = state._replace(approved=True)
    has_result = any(found.read.events[event].shown.result is not None for event in facts.events)
    waiting = waiting_when_open(
        state, found.read.now, _first_start(found.ticket, found.read), has_result=has_result
    )
    return Change(facts.key, state.n, state, (Entry("approve", actor=person),), waiting)


def _decline(ticket: Ticket, told: OperatorTold, reason: str, person: str | None = None) -> Change:
    facts, state = ticket
    price = facts.charge.price_cents
    state = state._replace(
        status=Status.RESULTED,
        result=TicketResult.VOID,
        sealed=True,
        gross_cents=price,
        wht_cents=0,
        net_cents=price,
    )
    refund = tell_refund(told.teller, facts.key.id, reason)
    entries = [Entry("decline", refund, person, detail=reason)]
    sms = tell_status(told.teller, facts, state) if told.settings.sms_url is not None else None
    if sms is not None:
        late = sms._replace(delay=AFTER_THE_WALLET)
        entries.append(Entry("decline", late, person, detail=reason))
    return Change(facts.key, state.n, state, tuple(entries))


async def _save(writer: Writer, change: Change) -> Ticket:
    moved = await save_changes(writer, [change])
    assert change.key in moved, "who holds a ticket is not overtaken"
    return await _reread(writer, change.key)
