"""What a ticket is explained by, read through a snapshot: everything of one moment."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from acca.core.explaining import Explained, Known, explain
from acca.core.jackpot_judging import Decided, Refunded
from acca.core.jackpot_settling import Prizes
from acca.core.ticket import TicketType
from acca.core.ticket_facts import Ticket
from acca.store.connection import Reader
from acca.store.day_payouts import read_days
from acca.store.showing import read_shown
from acca.store.stream import read_timeline
from acca.store.worlds import World, read_world


class ExplainedThere(NamedTuple):
    """A ticket explained, and the time zone of its operator."""

    explained: Explained
    zone: ZoneInfo


async def read_explained(reader: Reader, ticket: Ticket) -> ExplainedThere:
    """Read what a ticket is explained by, and explain it."""
    facts = ticket.facts
    (shown,) = await read_shown(reader, [ticket])
    world = await read_world(reader, [ticket])
    timeline = await read_timeline(reader, facts.key)
    days = await read_days(reader, {}, {}, [ticket])
    settlement, taken = days.allow(ticket, world.settle(facts), world.terms_of(facts))
    known = Known(
        world.now,
        shown.terms,
        shown.events,
        shown.card if facts.type in {TicketType.SUPERBET, TicketType.JACKPOT} else None,
        world.outcomes.of(facts),
        settlement,
        [entry.kind for entry in timeline],
        _judged(world, ticket),
        None if taken is None else taken.cap_cents,
    )
    zone = world.tellers[facts.key.operator].settings.time_zone
    return ExplainedThere(explain(ticket, known), zone)


def _judged(world: World, ticket: Ticket) -> tuple[Decided | Refunded, Prizes] | None:
    round_ = world.rounds.get(ticket.facts.card or "")
    return None if round_ is None else (round_.outcome, round_.prizes)
