"""What would become of the tickets of an event, if it had ended in a certain way."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from acca.core.leg_results import with_legs
from acca.core.resulting import HOLD_CORRECTION, TooLate, decide, lowered_by
from acca.core.score import Ending, Result
from acca.core.supposing import Supposed, Tally
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import LegResult, Ticket
from acca.store.connection import Reader
from acca.store.day_payouts import Day, DayPayouts, see_days
from acca.store.leg_results import read_leg_news
from acca.store.supposing import page_tickets
from acca.store.worlds import World, allowed_by, read_days_of, read_world


async def suppose(reader: Reader, event: int, result: Result, version: int) -> Supposed:
    """Add up what a result would do to the tickets of an event, in a transaction.

    `version` is that of the last result that is known: the same figures after another are not the
    same dry run.
    """
    tally = Tally()
    paid: Counter[Day] = Counter()
    async for tickets in page_tickets(reader, event):
        world = await read_world(reader, tickets, with_jackpots=False, supposed=(event, result))
        days = await _see_days(reader, tickets, world)
        news = await read_leg_news(reader, tickets, world)
        days.hold(paid)
        for ticket in tickets:
            _count(tally, _Looked(ticket, world, days, news.get(ticket.facts.key, ())))
        paid.update(days.changes())
    return tally.end(f"{event} {version} {spell_result(result)}")


def spell_result(result: Result) -> str:
    """Write a result as `result enter` takes it."""
    if result.score is None:
        return result.ending.value
    score = result.score
    total = "-".join(map(str, score.total))
    halves = f"ht{'-'.join(map(str, score.periods[0]))}" if score.periods else ""
    return f"{'abandoned' if result.ending is Ending.ABANDONED else ''}{total}{halves}"


async def _see_days(reader: Reader, tickets: list[Ticket], world: World) -> DayPayouts:
    days = await read_days_of(reader, tickets, world)
    if days.matter:
        await see_days(reader, days, tickets)
    return days


class _Looked(NamedTuple):
    """A ticket that is looked at, and its legs that are to be told."""

    ticket: Ticket
    world: World
    days: DayPayouts
    legs: Sequence[LegResult]


def _count(tally: Tally, looked: _Looked) -> None:
    ticket, world, days, legs = looked
    facts, state = ticket
    told = world.tellers[facts.key.operator]
    name = told.teller.operator
    if state.status is Status.NEW:
        tally.stays(name, facts)
        return
    settlement, taken = allowed_by(days, ticket, world)
    ways = world.ways[facts.key.operator, facts.type]
    decision = with_legs(ticket, decide(ticket, settlement, ways), legs)
    if decision is None:
        tally.stays(name, facts)
    elif isinstance(decision, TooLate):
        tally.late(name, facts, decision)
    elif decision.kind == HOLD_CORRECTION:
        tally.holds(name, ticket, lowered_by(state, settlement))
    else:
        tally.moves(name, ticket, decision, has_sms=told.settings.sms_url is not None)
        days.note(facts, taken if decision.state.result is TicketResult.WON else None)
