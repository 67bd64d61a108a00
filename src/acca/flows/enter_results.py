"""Results by people: entered by one, confirmed by another where two have to agree.

A version that is entered is never overwritten: a correction is the next version, and the facts are
the latest confirmed one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from acca.core.catalogue.standing import Standing, enter_result
from acca.core.catalogue.told import EntryRefused
from acca.core.score import Result
from acca.core.supposing import Supposed, changes
from acca.store import clock, events, results
from acca.store.connection import Database, Reader, Writer
from acca.store.events import Located
from acca.store.results import ResultRow, ResultVersion
from acca.store.supposed_worlds import spell_result, suppose
from acca.store.supposing import (
    JackpotTickets,
    Shown,
    count_jackpots,
    find_shown,
    forget_shown,
    keep_shown,
)


class Entered(NamedTuple):
    """What a person says of how an event ended; only what `corrects` may contradict the facts."""

    event: int
    result: Result
    person: str
    corrects: bool = False
    as_shown: str | None = None
    """The mark of a dry run: just what that showed is made a fact, or nothing."""


class ResultRefused(Exception):
    """A result was not entered or not confirmed, and the sentence says why."""


class NotAsShown(ResultRefused):
    """Tickets have changed since the dry run: nothing was made a fact."""

    def __init__(self, changed: Sequence[str]) -> None:
        self.changed: tuple[str, ...] = tuple(changed)
        super().__init__("\n".join(["It is not as it was shown; try it again.", *changed]))


class Trial(NamedTuple):
    """A dry run, and the jackpots on the event, which are judged with their cards."""

    supposed: Supposed
    jackpots: list[JackpotTickets]


async def enter(database: Database, entered: Entered, *, two_persons: bool) -> int:
    """Enter a result or a correction, and return its version.

    It is a fact at once, or where two persons have to agree once another confirms it.
    """
    async with database.writer() as writer, writer.transaction():
        found, now = await _lock(writer, entered.event)
        after = _decide(found.standing, entered.result, now, corrects=entered.corrects)
        assert after.fact is not None, "what was entered is a fact to be"
        if entered.as_shown is not None:
            await _require_shown(writer, entered.as_shown, found, after.fact.result)
        row = ResultRow(found.id, found.standing.results + 1, after.fact.result)
        await results.add_entered(writer, row, entered.person, now, confirmed=not two_persons)
        if not two_persons:
            await events.save_standings(writer, {found.id: after})
        return row.version


async def confirm(
    database: Database, event: int, version: int, person: str, as_shown: str | None = None
) -> None:
    """Confirm what another person entered last; from then on it is the fact."""
    async with database.writer() as writer, writer.transaction():
        found, now = await _lock(writer, event)
        known = await results.read_results(writer, event)
        entered = _require_waiting(known, version, person)
        # Whether it corrects was judged when it was entered; nothing newer has come since.
        after = _decide(found.standing, entered.result, now, corrects=True)
        if as_shown is not None:
            await _require_shown(writer, as_shown, found, entered.result)
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


async def try_result(database: Database, entered: Entered) -> Trial:
    """Add up what a result would do, and keep it under its mark; nothing else is written.

    All is read out of one snapshot.
    """
    async with database.snapshot() as reader:
        found = await events.get_event(reader, entered.event)
        if found is None:
            raise ResultRefused("The event is not known.")
        now = (await clock.read_clock(reader)).now
        after = _decide(found.standing, entered.result, now, corrects=entered.corrects)
        assert after.fact is not None, "what was entered is a fact to be"
        version = await _version_of_fact(reader, found.id)
        supposed = await suppose(reader, found.id, after.fact.result, version)
        jackpots = await count_jackpots(reader, found.id)
    spelled = spell_result(after.fact.result)
    shown = Shown(found.id, spelled, entered.person, now, supposed.figures)
    async with database.writer() as writer:
        await keep_shown(writer, supposed.mark, version, shown)
    return Trial(supposed, jackpots)


async def forget_trials(database: Database) -> int:
    """Forget what dry runs have shown long ago: a duty of every hour."""
    async with database.writer() as writer:
        await forget_shown(writer)
    return 0


async def _require_shown(writer: Writer, mark: str, found: Located, result: Result) -> None:
    """Raise ResultRefused unless a result does just what was shown; the event is held."""
    shown = await find_shown(writer, mark)
    if shown is None:
        raise ResultRefused("No dry run has this mark, or it is older than a week.")
    if (shown.event, shown.result) != (found.id, spell_result(result)):
        raise ResultRefused(f"The mark is of event {shown.event} and result {shown.result}.")
    version = await _version_of_fact(writer, found.id)
    supposed = await suppose(writer, found.id, result, version)
    if supposed.mark != mark:
        now = Shown(found.id, shown.result, shown.who, shown.at, supposed.figures)
        raise NotAsShown(changes(shown.figures, now.figures))


async def _version_of_fact(reader: Reader, event: int) -> int:
    known = await results.read_results(reader, event)
    return max((one.version for one in known if one.confirmed is not None), default=0)
