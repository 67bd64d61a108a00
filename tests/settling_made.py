"""Tickets whose events end, as tests of settlement tell it: on a sandbox whose clock they move."""

import datetime as dt
import itertools
import json
from typing import NamedTuple

from catalogue_seen import add_provider
from feed_entries import result_told
from ticket_lives import accept, rows, save
from tickets_made import add_events, add_operator, new_ticket

from acca.core.audit import Report
from acca.core.confirming import state_when_new
from acca.core.delivering import Course, Step, closes_in
from acca.core.finance import TaxTerms
from acca.core.score import Ending, Result, Score
from acca.core.setting import Asked
from acca.core.tax_profiles import AskedProfile
from acca.core.ticket import Status
from acca.core.ticket_facts import Change, Entry, Lane
from acca.flows import settle_tickets
from acca.flows.add_card import add_card
from acca.flows.advance_clock import advance_by
from acca.flows.apply_feed import apply_entries
from acca.flows.move_card import publish
from acca.flows.number_stream import number_stream
from acca.flows.set_operator import set_operator
from acca.flows.tax_operator import tax_operator
from acca.store.audit import audit_operator
from acca.store.clock import read_clock
from acca.store.deliveries import Bearing, Speaking, Stepped, lease_lanes, save_steps
from acca.store.operators import get_operator
from acca.store.results import Source
from acca.wire.card_files import parse_card_file

_CODES = itertools.count(1)
PAM, ONE = Lane.PAM, Bearing(10, dt.timedelta(seconds=30))
HOME_WINS = Result(Ending.PLAYED, Score((2, 1), ((1, 0), (1, 1))))
AWAY_WINS = Result(Ending.PLAYED, Score((0, 1), ((0, 0), (0, 1))))
CANCELLED, POSTPONED = Result(Ending.CANCELLED), Result(Ending.POSTPONED)


class Season(NamedTuple):
    """An operator, a provider and events that start in an hour."""

    database: object
    operator: int
    provider: int
    events: list[int]

    async def open(self, events=None, **changes):
        """Write an open ticket on the home sides of events."""
        ticket = new_ticket(self.operator, events or self.events[:2], **changes)
        await accept(self.database, ticket)
        await save(self.database, opened(ticket))
        return ticket

    async def end(self, event, result=HOME_WINS, version=10, *, corrects=False):
        """Tell how an event ended."""
        key = f"x{self.events.index(event)}"
        told = result_told(version, result, key, corrects=corrects)
        (outcome,) = await apply_entries(self.database, self.provider, [told], Source.FEED)
        return outcome.judged

    async def settle(self):
        """Settle all that there is to be settled."""
        while await settle_tickets.list_job(self.database):
            pass
        while await settle_tickets.settle_chunk(self.database):
            pass

    async def set(self, **settings):
        """Change settings of the operator."""
        asked = [Asked(key, value) for key, value in settings.items()]
        await set_operator(self.database, "site", asked, "test", "for a test")

    async def wait(self, **time):
        """Let business time pass."""
        await advance_by(self.database, dt.timedelta(**time))


def opened(ticket):
    """Make the change that the wallet's 200 to a create leads to."""
    new = state_when_new(ticket.facts, approved=ticket.approved)
    return Change(ticket.facts.key, 1, new._replace(status=Status.OPEN), (Entry("confirm"),))


async def begin(database, *, count=4, **settings):
    """Enrol an operator without taxes, and add events that start in an hour."""
    operator = await add_operator(database, **settings)
    await untax(database)
    provider = await add_provider(database, "feeder")
    async with database.reader() as reader:
        now = (await read_clock(reader)).now
    events = await add_events(database, provider, count, now + dt.timedelta(hours=1))
    return Season(database, operator, provider, events)


async def untax(database):
    """Give the operator a profile of no taxes, the first of all."""
    first_day = dt.date(2020, 1, 1)
    await tax_operator(database, "site", AskedProfile(TaxTerms(), first_day=first_day), "test")


async def acknowledge(database, ticket):
    """Let the wallet have answered 200 to all that it was told, as a delivery saves it."""
    async with database.writer() as writer:
        while leased := await lease_lanes(writer, {Speaking(ticket.facts.key.operator, PAM): ONE}):
            for lane in leased:
                for due in lane.entries:
                    step = Step(Course.NEXT)
                    step = Stepped(lane, due.n, step, closes_in(due.action), None)
                    await save_steps(writer, [step])


async def told(database, ticket):
    """Read what the wallet is told of a ticket after its create, in order."""
    query = "SELECT action FROM journal WHERE ticket = $1 AND lane = 'pam' AND n > 1 ORDER BY n"
    return [action for (action,) in await rows(database, query, ticket.facts.key.id)]


async def publish_card(database, document):
    """Add a card of the operator and publish it; return its code."""
    card = parse_card_file(json.dumps(document).encode())
    code = f"{next(_CODES):06X}"
    await add_card(database, "site", card, lambda: code, "test")
    await publish(database, "site", code, "test")
    return code


async def rows_changed(database, statement):
    """Change rows as no flow does."""
    async with database.writer() as writer:
        await writer.run(statement)


async def audit(season):
    """Check the invariants of all tickets of the operator, and report."""
    await number_stream(season.database)
    report = Report()
    async with season.database.reader() as reader:
        operator = await get_operator(reader, "site")
        await audit_operator(reader, operator, report, dt.timedelta(seconds=-1))
    return report
