"""Events stopped by staff, and opened again with a word on the odds in doubt."""

from collections.abc import Sequence
from typing import NamedTuple

from acca.core.catalogue.offer import Book, Change
from acca.core.catalogue.standing import Standing, Stop, with_stop
from acca.core.catalogue.stopping import Doubt, LiftRefused, accept_doubts, lift_stops
from acca.core.operating import OperatingRefused
from acca.store import clock, events, odds, stops
from acca.store.connection import Database, Writer
from acca.store.events import Located
from acca.store.stops import Action, StopChange


class StopRefused(OperatingRefused):
    """Nothing was stopped or lifted, and the sentence says why."""


class Lift(NamedTuple):
    """A lift that staff asks for; the doubt is None where no odds are in doubt."""

    event: int
    doubt: Doubt | None
    person: str
    reason: str | None = None


async def stop_event(database: Database, event: int, person: str, reason: str | None) -> Standing:
    """Stop an event until staff lifts it; one that staff stopped before stays as it is."""
    async with database.writer() as writer, writer.transaction():
        found = await _lock(writer, event)
        if Stop.STAFF in found.standing.stops:
            return found.standing
        after = with_stop(found.standing, Stop.STAFF)
        await events.save_standings(writer, {event: after})
        await stops.add_stop_change(writer, event, StopChange(person, Action.STOP, reason))
        return after


async def lift_event(database: Database, lift: Lift) -> Standing:
    """Lift the stops of staff and of odds in doubt; what others stopped stays stopped."""
    async with database.writer() as writer, writer.transaction():
        found = await _lock(writer, lift.event)
        try:
            after = lift_stops(found.standing, lift.doubt)
        except LiftRefused as refused:
            raise StopRefused(str(refused)) from None
        ended = await _end_doubts(writer, found, lift.doubt)
        await events.save_standings(writer, {lift.event: after})
        await stops.add_stop_change(writer, lift.event, _change(lift, ended))
        return after


def _change(lift: Lift, ended: Sequence[Change]) -> StopChange:
    bets, prices = [each.bet for each in ended], [each.odds for each in ended]
    return StopChange(lift.person, Action.LIFT, lift.reason, lift.doubt, bets, prices)


async def _lock(writer: Writer, event: int) -> Located:
    found = await events.get_event_for_update(writer, event)
    if found is None:
        raise StopRefused("The event is not known.")
    return found


async def _end_doubts(writer: Writer, found: Located, doubt: Doubt | None) -> list[Change]:
    """Take or forget the odds in doubt; they and the time are read after the wait for the lock."""
    located = await odds.get_offer_for_update(writer, found.id)
    doubted = [each.change for each in await stops.list_doubts(writer, found.id)]
    if doubted and doubt is Doubt.ACCEPT:
        book = Book(located.sport, located.offer)
        accept_doubts(book, found.key, doubted)
        await odds.save_offers(writer, {found.id: book}, (await clock.read_clock(writer)).now)
    await stops.forget_doubts(writer, found.id)
    return doubted
