"""Results by people: entered by one, confirmed by another where two have to agree.

A version that is entered is never overwritten: a correction is the next version, and the facts are
the latest confirmed one.
"""

from datetime import datetime
from typing import NamedTuple

from acca.core.catalogue.standing import Standing, enter_result
from acca.core.catalogue.told import EntryRefused
from acca.core.score import Result
from acca.store import clock, events, results
from acca.store.connection import Database, Writer
from acca.store.events import Located
from acca.store.results import ResultRow, ResultVersion


class Entered(NamedTuple):
    """What a person says of how an event ended; only what `corrects` may contradict the facts."""

    event: int
    result: Result
    person: str
    corrects: bool = False


class ResultRefused(Exception):
    """A result was not entered or not confirmed, and the sentence says why."""


async def enter(database: Database, entered: Entered, *, two_persons: bool) -> int:
    """Enter a result or a correction, and return its version.

    It is a fact at once, or where two persons have to agree once another confirms it.
    """
    async with database.writer() as writer, writer.transaction():
        found, now = await _lock(writer, entered.event)
        after = _decide(found.standing, entered.result, now, corrects=entered.corrects)
        assert after.fact is not None, "what was entered is a fact to be"
        row = ResultRow(found.id, found.standing.results + 1, after.fact.result)
        await results.add_entered(writer, row, entered.person, now, confirmed=not two_persons)
        if not two_persons:
            await events.save_standings(writer, {found.id: after})
        return row.version


async def confirm(database: Database, event: int, version: int, person: str) -> None:
    """Confirm what another person entered last; from then on it is the fact."""
    async with database.writer() as writer, writer.transaction():
        found, now = await _lock(writer, event)
        known = await results.read_results(writer, event)
        entered = _require_waiting(known, version, person)
        # Whether it corrects was judged when it was entered; nothing newer has come since.
        after = _decide(found.standing, entered.result, now, corrects=True)
        await results.confirm_result(writer, event, version, now, person)
        await events.save_standings(writer, {found.id: after})


async def _lock(writer: Writer, event: int) -> tuple[Located, datetime]:
    found = await events.get_event_for_update(writer, event)
    if found is None:
        raise ResultRefused("The event is not known.")
    return found, (await clock.read_clock(writer)).now


def _decide(standing: Standing, result: Result, now: datetime, *, corrects: bool) -> Standing:
    try:
        return enter_result(standing, result, now, corrects=corrects)
    except EntryRefused as refused:
        raise ResultRefused(str(refused)) from None


def _require_waiting(known: list[ResultVersion], version: int, person: str) -> ResultVersion:
    if not 1 <= version <= len(known):
        raise ResultRefused("There is no such version of the result.")
    entered = known[version - 1]
    if entered.confirmed is not None:
        raise ResultRefused("This version is confirmed already.")
    if version < len(known):
        raise ResultRefused("A newer version was entered.")
    if entered.entered_by == person:
        raise ResultRefused("Another person has to confirm it.")
    return entered
