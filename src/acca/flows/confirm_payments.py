"""A reserved ticket has been paid: it becomes open, or is refused and, where it is late, ends.

All that is judged is held by locks: no event starts between the judgement and the save.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from acca.core.confirming import state_when_new
from acca.core.event_shown import EventShown
from acca.core.operator import Feature
from acca.core.paying import (
    CANCELS,
    Because,
    Hindered,
    NotReserved,
    Present,
    judge_payment,
    waiting_when_open,
)
from acca.core.refusals import (
    FeatureOff,
    IdempotencyKeyReused,
    Refusal,
    TicketNotFound,
    TicketNotReserved,
)
from acca.core.ticket import Status, TicketType
from acca.core.ticket_facts import Change, Entry, Key, State, Ticket
from acca.core.ticket_id import parse_identifier
from acca.store.claims import Claimed, ClaimName, find_claims
from acca.store.connection import Database, Reader, Writer
from acca.store.door import Door
from acca.store.payments import Claiming, claim_requests, lock_for_moving
from acca.store.placing import CardName, EventsRead, read_events
from acca.store.rules import OperatorRules
from acca.store.tellers import OperatorTold, told_of
from acca.store.tickets import Claim, find_ticket, get_tickets, save_changes
from acca.wire.pam_calls import tell_discard, tell_status

_NEW_FOR = timedelta(seconds=2)
"""So long a ticket is waited for whose reservation the wallet has not answered yet (spec 3)."""
_LOOKS_SECONDS = 0.05
_CARD_PRICED = {TicketType.SUPERBET, TicketType.JACKPOT}


class Payment(NamedTuple):
    """A request that says that a ticket has been paid; `claim` where it has an idempotency-key."""

    rules: OperatorRules
    identifier: str
    claim: Claim | None = None


class Paid(NamedTuple):
    """The ticket, open now, with its events; or as the same request has left it before."""

    ticket: Ticket
    events: Mapping[int, EventShown]
    is_replay: bool = False


class NotPaid(NamedTuple):
    """What the request is refused with, and for the header why; `status` where a ticket has one."""

    refusal: Refusal
    because: Because | None = None
    status: Status | None = None
    is_replay: bool = False


Answer = Paid | NotPaid


class Cashier:
    """Takes the payments of one process; concurrent ones meet at its door."""

    def __init__(self, database: Database, monotonic: Callable[[], float]) -> None:
        async def save(payments: Sequence[Payment]) -> list[Answer]:
            return await pay(database, payments)

        self._door: Door[Payment, Answer] = Door(save)
        self._monotonic: Callable[[], float] = monotonic

    async def pay(self, payment: Payment) -> Answer:
        """Pay a ticket; one whose reservation is still on its way is waited for, up to 2 s."""
        until = self._monotonic() + _NEW_FOR.total_seconds()
        answer = await self._door.enter(payment)
        while _is_new(answer) and self._monotonic() < until:
            await asyncio.sleep(_LOOKS_SECONDS)
            answer = await self._door.enter(payment)
        return answer


def _is_new(answer: Answer) -> bool:
    return isinstance(answer, NotPaid) and answer.status is Status.NEW


class _Asked(NamedTuple):
    payment: Payment
    ticket: Ticket

    @property
    def key(self) -> Key:
        return self.ticket.facts.key

    @property
    def name(self) -> ClaimName | None:
        claim = self.payment.claim
        return None if claim is None else ClaimName(self.key.operator, claim.key)


class _Standing(NamedTuple):
    """What was read under the locks."""

    tickets: Mapping[Key, Ticket]
    claims: Mapping[ClaimName, Claimed]
    read: EventsRead
    cards: frozenset[CardName]


async def pay(database: Database, payments: Sequence[Payment]) -> list[Answer]:
    """Pay tickets, answered in their order; a ticket that is asked for twice is paid once."""
    async with database.reader() as reader:
        found = [await _find(reader, payment) for payment in payments]
    answers = {place: one for place, one in enumerate(found) if isinstance(one, NotPaid)}
    waiting = {place: one for place, one in enumerate(found) if isinstance(one, _Asked)}
    done: dict[int, Answer] = {**answers}
    while waiting:
        together = _first_of_each(waiting)
        async with database.writer() as writer, writer.transaction():
            done |= await _pay_together(writer, together)
        waiting = {place: one for place, one in waiting.items() if place not in together}
    return [done[place] for place in range(len(payments))]


async def _find(reader: Reader, payment: Payment) -> _Asked | NotPaid:
    operator, rules, _ = payment.rules
    if Feature.PAID not in rules.settings.features:
        return NotPaid(FeatureOff(feature="Paid"))
    ticket = await find_ticket(reader, operator.id, parse_identifier(payment.identifier))
    if ticket is None:
        return NotPaid(TicketNotFound(identifier=payment.identifier))
    return _Asked(payment, ticket)


def _first_of_each(waiting: Mapping[int, _Asked]) -> dict[int, _Asked]:
    """Choose payments of which no two are for one ticket or of one key: the others come after."""
    taken: set[Key | ClaimName | None] = set()
    first: dict[int, _Asked] = {}
    for place, asked in waiting.items():
        names = {asked.key, asked.name} - {None}
        if not names & taken:
            first[place] = asked
        taken |= names
    return first


async def _pay_together(writer: Writer, together: Mapping[int, _Asked]) -> dict[int, Answer]:
    standing = await _lock_and_read(writer, together.values())
    answers: dict[int, Answer] = {}
    changes: dict[int, Change] = {}
    for place, asked in together.items():
        claimed = None if asked.name is None else standing.claims.get(asked.name)
        if claimed is not None:
            answers[place] = _replay(asked, claimed, standing)
            continue
        decided = _decide(asked, standing)
        if isinstance(decided, NotPaid):
            answers[place] = decided
        else:
            changes[place] = decided
    saved = await _save(writer, together, changes)
    for place, change in changes.items():
        answers[place] = _answer(together[place], change, saved.get(change.key), standing)
    return answers


async def _lock_and_read(writer: Writer, together: Iterable[_Asked]) -> _Standing:
    cards = await lock_for_moving(writer, [asked.ticket.facts for asked in together])
    names = [asked.name for asked in together if asked.name is not None]
    claims = await find_claims(writer, names) if names else {}
    tickets = await get_tickets(writer, [asked.key for asked in together])
    events = frozenset(event for asked in together for event in asked.ticket.facts.events)
    return _Standing(tickets, claims, await read_events(writer, events), cards)


def _decide(asked: _Asked, standing: _Standing) -> Change | NotPaid:
    ticket = standing.tickets[asked.key]
    settings = asked.payment.rules.rules.settings
    told = told_of(asked.payment.rules.operator.name, settings)
    hindered = judge_payment(ticket, _present(ticket, standing), settings)
    match hindered:
        case NotReserved():
            return NotPaid(TicketNotReserved(), status=ticket.state.status)
        case Hindered(because) if because not in CANCELS:
            return NotPaid(TicketNotReserved(), because, ticket.state.status)
        case Hindered(because):
            return _cancel(ticket, because, told)
        case None:
            return _open(ticket, standing.read, told)


def _present(ticket: Ticket, standing: _Standing) -> Present:
    events = {id_: event.seen for id_, event in standing.read.events.items()}
    facts = ticket.facts
    lives_with_card = facts.type in _CARD_PRICED and facts.card is not None
    is_open = CardName(facts.key.operator, facts.card or "") in standing.cards
    return Present(standing.read.now, events, is_card_open=is_open or not lives_with_card)


def _cancel(ticket: Ticket, because: Because, told: OperatorTold) -> Change:
    facts, state = ticket
    discard = tell_discard(told.teller, facts.key.id, Because.RESERVATION_EXPIRED.value)
    entry = Entry("expire", discard, refusal=TicketNotReserved.code, detail=because.value)
    return Change(facts.key, state.n, state._replace(status=Status.CANCELLED), (entry,), ends=True)


def _open(ticket: Ticket, read: EventsRead, told: OperatorTold) -> Change:
    facts, state = ticket
    state = state._replace(status=Status.OPEN, expires=None)
    sms = tell_status(told.teller, facts, state) if told.settings.sms_url is not None else None
    shown = [read.events[event].shown for event in facts.events]
    waiting = waiting_when_open(
        state,
        read.now,
        min(event.starts for event in shown),
        has_result=any(event.result is not None for event in shown),
    )
    return Change(facts.key, state.n, state, (Entry("pay", sms),), waiting)


async def _save(
    writer: Writer, together: Mapping[int, _Asked], changes: dict[int, Change]
) -> dict[Key, State]:
    """Save changes but those whose idempotency-key has gone to another ticket; tell the states."""
    claiming = {
        place: Claiming(claim, change.key, change.n + 1)
        for place, change in changes.items()
        if (claim := together[place].payment.claim) is not None
    }
    kept = await claim_requests(writer, claiming.values())
    saving = [
        change
        for place, change in changes.items()
        if place not in claiming or together[place].name in kept
    ]
    moved = await save_changes(writer, saving) if saving else {}
    assert len(moved) == len(saving), "who holds a ticket is not overtaken"
    return {
        change.key: change.state._replace(n=change.n + 1, updated=moved[change.key])
        for change in saving
    }


def _answer(asked: _Asked, change: Change, state: State | None, standing: _Standing) -> Answer:
    if state is None:
        return NotPaid(IdempotencyKeyReused())
    if state.status is Status.CANCELLED:
        because = change.entries[0].detail
        return NotPaid(TicketNotReserved(), Because(because), state.status)
    return Paid(Ticket(asked.ticket.facts, state), _shown(asked, standing))


def _replay(asked: _Asked, claimed: Claimed, standing: _Standing) -> Answer:
    """Answer as the entry says that decided the request when it came first."""
    claim, deciding = asked.payment.claim, claimed.deciding
    if claim is None or claimed.body != claim.body or claimed.ticket != asked.key:
        return NotPaid(IdempotencyKeyReused())
    assert deciding is not None, "a payment and the entry that decides it are written together"
    if deciding.refusal is not None:
        because = None if deciding.detail is None else Because(deciding.detail)
        return NotPaid(TicketNotReserved(), because, deciding.status, is_replay=True)
    new = state_when_new(asked.ticket.facts, approved=deciding.approved)
    state = new._replace(n=claimed.n, status=deciding.status, updated=deciding.at)
    return Paid(Ticket(asked.ticket.facts, state), _shown(asked, standing), is_replay=True)


def _shown(asked: _Asked, standing: _Standing) -> dict[int, EventShown]:
    return {event: standing.read.events[event].shown for event in asked.ticket.facts.events}
