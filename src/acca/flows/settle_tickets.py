"""Tickets are settled by results that are facts already, in chunks, and corrected by later ones.

A chunk is one transaction: its row is held, which is the lease; then its tickets in the order of
their ids; only then the facts are read, so that no correction which was committed is missed.
Whoever dies gives all of it back, and whoever comes again finds nothing to do.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

from acca.core.jackpot_judging import Decided
from acca.core.jackpot_settling import count_lines, tally
from acca.core.leg_results import with_legs
from acca.core.resulting import HOLD_CORRECTION, TooLate, decide, is_in_force, lowered_by
from acca.core.ticket import Status, TicketType
from acca.core.ticket_facts import Change, Key, LegResult, Task, Ticket
from acca.store import settling
from acca.store.agenda import drop_tasks, lease_due
from acca.store.clawbacks import Clawed, clawed_by, note_clawbacks
from acca.store.connection import BAD_ROWS, Database, Writer
from acca.store.day_payouts import DayPayouts
from acca.store.jackpots import add_tally, read_outcome, wake_jackpots
from acca.store.leg_results import read_leg_news
from acca.store.placing import CardName
from acca.store.settling import Chunk, Late, Work
from acca.store.tickets import save_changes
from acca.store.worlds import World, allowed_by, hold_days_of, read_jackpot, read_world
from acca.wire.endings import Telling, change_of

_JACKPOT = TicketType.JACKPOT
_UNDER_WAY = timedelta(seconds=2)
"""So long is waited for tickets that the wallet has not answered yet."""
_LEASED = 200


class CannotSettle(Exception):
    """Tickets that could not be settled, for reasons that are ours; staff has to look at them."""


class _Decided(NamedTuple):
    """What moves tickets, what came too late, what waits for its wallet and what we cannot do.

    `clawed` are the moves that take back a payout, or would; `news` the legs that are to be told.
    """

    changes: list[Change]
    late: list[Late]
    under_way: list[Key]
    broken: dict[Key, Exception]
    clawed: list[Clawed]
    days: DayPayouts | None = None
    news: Mapping[Key, Sequence[LegResult]] = MappingProxyType({})


async def look_for_work(database: Database) -> Work:
    """Tell whether there is something to be listed, or to be settled."""
    async with database.reader() as reader:
        return await settling.look_for_work(reader)


async def list_job(database: Database) -> bool:
    """List the tickets of the oldest job into chunks, each to be settled at once; tell if it was.

    Who dies on the way leaves the job, and it is listed again: a chunk too many changes nothing,
    but where tickets are counted. Those of a card are listed in one transaction, all or none.
    """
    async with database.writer() as holder, holder.transaction():
        job = await settling.take_job(holder)
        if job is None:
            return False
        place = 0
        async for keys in settling.list_tickets(holder, job):
            if job.card is not None:
                await settling.add_chunk(holder, keys, place, job)
            else:
                async with database.writer() as writer:
                    await settling.add_chunk(writer, keys, place, job)
            place += 1
        if job.event is not None:
            await wake_jackpots(holder, job.event)
        await settling.drop_job(holder, job)
    return True


async def settle_chunk(database: Database) -> bool:
    """Settle the tickets of the next chunk; tell whether there was one."""
    try:
        async with database.writer() as writer, writer.transaction():
            chunk = await settling.take_chunk(writer)
            if chunk is None:
                return False
            broken = await _settle_held(writer, chunk)
    except BAD_ROWS:
        broken = await _settle_one_by_one(database)
    _raise(broken)
    return True


async def _settle_held(writer: Writer, chunk: Chunk) -> dict[Key, Exception]:
    if chunk.step == "count":
        await _count_held(writer, chunk)
        return {}
    decided = await _decide_held(writer, chunk.keys, of_card=chunk.card)
    await _save(writer, decided)
    await _follow(writer, chunk, decided)
    return decided.broken


async def _count_held(writer: Writer, chunk: Chunk) -> None:
    """Count what the tickets of a chunk bring to their jackpot; each stands in one chunk alone."""
    tickets = await settling.get_for_update(writer, chunk.keys)
    operator, code = tickets[0].facts.key.operator, tickets[0].facts.card
    assert code is not None, "a jackpot is taken from its card"
    outcome = await read_outcome(writer, operator, code)
    assert isinstance(outcome, Decided), "only what is decided is counted"
    body = await read_jackpot(writer, CardName(operator, code))
    in_force = [ticket.facts for ticket in tickets if is_in_force(ticket.state)]
    counted = tally(
        body,
        [
            (facts.charge.stake_cents, count_lines(outcome, facts.events, facts.bets))
            for facts in in_force
        ],
    )
    await add_tally(writer, operator, code, counted)
    under_way = [one.facts.key for one in tickets if one.state.status is Status.NEW]
    await _follow(writer, chunk, _Decided([], [], under_way, {}, []))


async def _settle_one_by_one(database: Database) -> dict[Key, Exception]:
    """Settle a chunk that holds a bad row ticket by ticket, so that only the guilty one fails."""
    broken: dict[Key, Exception] = {}
    async with database.writer() as writer, writer.transaction():
        chunk = await settling.take_chunk(writer)
        if chunk is None:
            return {}
        decided = await _decide_held(writer, chunk.keys, of_card=chunk.card)
        for change in decided.changes:
            try:
                async with writer.transaction():
                    await _save(writer, decided._replace(changes=[change], late=[], broken={}))
            except BAD_ROWS as bad:
                broken[change.key] = bad
        rest = decided._replace(changes=[], broken=decided.broken | broken)
        await _save(writer, rest)
        await _follow(writer, chunk, rest)
    return rest.broken


async def _follow(writer: Writer, chunk: Chunk, decided: _Decided) -> None:
    if decided.under_way:
        keys = map(settling.spell_key, decided.under_way)
        await settling.add_chunk(writer, keys, chunk.place, chunk, _UNDER_WAY)
    await settling.drop_chunk(writer, chunk)


async def settle_opened(database: Database) -> int:
    """Settle tickets that became open after one of their events had a result; tell how many."""
    async with database.writer() as writer:
        leased = await lease_due(writer, Task.SETTLE, _LEASED)
    if not leased:
        return 0
    async with database.writer() as writer, writer.transaction():
        decided = await _decide_held(writer, [one.key for one in leased])
        await _save(writer, decided)
        # What is not certain yet waits for the next result like any other ticket.
        done = {change.key for change in decided.changes} | decided.broken.keys()
        await drop_tasks(writer, Task.SETTLE, [one.key for one in leased if one.key not in done])
    _raise(decided.broken)
    return len(leased)


def _raise(broken: Mapping[Key, Exception]) -> None:
    if broken:
        named = ", ".join(key.id.hex() for key in broken)
        raise CannotSettle(named) from next(iter(broken.values()))


async def _decide_held(writer: Writer, keys: Sequence[Key], of_card: str | None = None) -> _Decided:
    """Decide on tickets; jackpots only with their card, as all of one are settled together."""
    tickets = await settling.get_for_update(writer, keys)
    world = await read_world(writer, tickets, with_jackpots=of_card is not None)
    days = await hold_days_of(writer, tickets, world)
    news = await read_leg_news(writer, tickets, world)
    decided = _Decided([], [], [], {}, [], days, news)
    for ticket in tickets:
        # A ticket that we cannot settle must not keep others from it.
        try:
            _sort(decided, ticket, world)
        except Exception as bug:  # noqa: BLE001 - whatever it is, it is raised once the others are
            decided.broken[ticket.facts.key] = bug
    return decided


def _sort(decided: _Decided, ticket: Ticket, world: World) -> None:
    facts, state = ticket
    if state.status is Status.NEW:
        decided.under_way.append(facts.key)
        return
    if facts.type is _JACKPOT and facts.card not in world.rounds:
        return
    settlement, taken = allowed_by(decided.days, ticket, world)
    ways = world.ways[facts.key.operator, facts.type]
    decision = decide(ticket, settlement, ways)
    decision = with_legs(ticket, decision, decided.news.get(facts.key, ()))
    if isinstance(decision, TooLate):
        decided.late.append(Late(facts.key, decision.differs, settlement))
    elif decision is not None:
        told = world.tellers[facts.key.operator]
        telling = Telling(told.teller, told.settings.sms_url is not None)
        terms = world.terms[facts.key.operator, facts.tax_profile]
        decided.changes.append(change_of(ticket, decision, telling, terms, world.now))
        if lowered_by(state, settlement) > 0:
            decided.clawed.append(clawed_by(ticket, settlement, told.settings.clawback))
        # What is held is paid as before.
        if decided.days is not None and decision.kind != HOLD_CORRECTION:
            decided.days.note(facts, taken)


async def _save(writer: Writer, decided: _Decided) -> None:
    if decided.changes:
        moved = await save_changes(writer, decided.changes)
        assert len(moved) == len(decided.changes), "who holds a ticket is not overtaken"
        if decided.days is not None:
            await decided.days.save(writer, moved)
        await note_clawbacks(writer, [one for one in decided.clawed if one.key in moved])
    await settling.note_late(writer, decided.late)
    for key in decided.broken:
        await settling.mark_attention(writer, key)
