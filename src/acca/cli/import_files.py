"""Files of fixtures, odds and results, told to the catalogue as a feed would.

Each batch is a transaction of its own: an import that dies in the middle is simply run again, since
every match is known again by its key, and every fact by its version.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import typer
from rich.progress import Progress

from acca.boot import new_secret, person
from acca.core.catalogue.told import EntryVerdict, OddsTold, Told
from acca.core.fixtures import KnownEvent, identify, remember
from acca.core.operating import HolderUnknown
from acca.flows.apply_feed import Outcome, apply_entries
from acca.flows.enrol_provider import enrol_provider
from acca.store.clock import read_clock
from acca.store.connection import Database
from acca.store.events import ListedEvent, list_known_events
from acca.store.platform_settings import get_platform_settings
from acca.store.providers import get_provider
from acca.store.results import Source
from acca.wire.feed import Entry
from acca.wire.feed_told import told_of
from acca.wire.files.entries import EventPlan, plan
from acca.wire.files.formats import HEAD_BYTES, FileRows, Hints, read_file, recognise
from acca.wire.files.leagues import LEAGUES
from acca.wire.files.report import render, report

_CHUNK_BYTES = 256 * 1024
_EVENTS_IN_BATCH = 50
"""Some ten thousand odds: a transaction of about a fifth of a second."""
_BETWEEN_FILES = timedelta(seconds=1)
"""Files that do not say when they were true grow in this step, so that a later one is newer."""
_CODES = {league.slug: code for code, league in LEAGUES.items()}


class _Import(NamedTuple):
    """What the files are imported with."""

    database: Database
    provider: int
    margin_rate: int
    dry_run: bool


class _Row(NamedTuple):
    """An entry as it is applied, and the line that it comes from."""

    line: int
    told: Told


async def import_all(database: Database, files: Sequence[Path], name: str, *, dry_run: bool) -> int:
    """Import file after file, and return how many were no files that Acca reads."""
    async with database.reader() as reader:
        now = (await read_clock(reader)).now
        margin_rate = (await get_platform_settings(reader)).derived_margin
    number = await _provider(database, name, dry_run=dry_run)
    importing = _Import(database, number, margin_rate, dry_run)
    known = await _known(importing)
    unread = 0
    for place, file in enumerate(files):
        rows = _read(file, now + place * _BETWEEN_FILES)
        if rows is None:
            typer.echo(f"{file.name}: not imported, its content is of no format that Acca reads")
            unread += 1
            continue
        known = await _import_one(importing, file.name, rows, known)
    return unread


async def _provider(database: Database, name: str, *, dry_run: bool) -> int:
    """Find the provider, or enrol it; a dry run of a new one knows no events."""
    async with database.reader() as reader:
        try:
            return (await get_provider(reader, name)).id
        except HolderUnknown:
            if dry_run:
                return 0
    return (await enrol_provider(database, name, new_secret(), person())).provider.id


async def _known(importing: _Import) -> list[KnownEvent]:
    async with importing.database.reader() as reader:
        listed = await list_known_events(reader, importing.provider)
    return [_as_known(each) for each in listed]


def _as_known(event: ListedEvent) -> KnownEvent:
    league = f"football/{event.country_slug}/{event.league_slug}"
    pair = (_CODES.get(league, league), event.home_slug, event.away_slug)
    return KnownEvent(event.key, pair, event.starts, event.finished)


def _read(file: Path, as_of: datetime) -> FileRows | None:
    with file.open("rb") as opened:
        found = recognise(opened.read(HEAD_BYTES))
        if found is None:
            return None
        _ = opened.seek(0)
        chunks = iter(lambda: opened.read(_CHUNK_BYTES), b"")
        return read_file(chunks, found, Hints(file.name, as_of))


async def _import_one(
    importing: _Import, name: str, rows: FileRows, known: Sequence[KnownEvent]
) -> list[KnownEvent]:
    """Import one file, print its report, and return what is known after it."""
    identified = identify(rows.fixtures, known, rows.as_of)
    plans = plan(identified.rows, rows.as_of, importing.margin_rate)
    found = report(name, rows.format.value, plans, [*rows.refused, *identified.refused])
    typer.echo(render(found))
    if not importing.dry_run:
        _tell(await _apply(importing, name, plans))
    return remember(known, identified.rows)


async def _apply(
    importing: _Import, name: str, plans: Sequence[EventPlan]
) -> list[tuple[int, Outcome]]:
    outcomes: list[tuple[int, Outcome]] = []
    with Progress(transient=True) as progress:
        task = progress.add_task(name, total=len(plans))
        for first in range(0, len(plans), _EVENTS_IN_BATCH):
            batch = plans[first : first + _EVENTS_IN_BATCH]
            rows = [row for each in batch for row in _rows(each)]
            told = [row.told for row in rows]
            done = await apply_entries(importing.database, importing.provider, told, Source.IMPORT)
            outcomes += zip([row.line for row in rows], done, strict=True)
            progress.advance(task, len(batch))
    return outcomes


def _rows(planned: EventPlan) -> Iterator[_Row]:
    line = planned.row.fixture.line
    for entry in planned.entries():
        yield _Row(line, _told(entry, derived=entry is planned.derived))


def _told(entry: Entry, *, derived: bool) -> Told:
    told = told_of(entry)
    assert told is not None, "a file tells of events only"
    return told._replace(derived=derived) if isinstance(told, OddsTold) else told


def _tell(outcomes: Sequence[tuple[int, Outcome]]) -> None:
    """Print how many entries the catalogue took, and each that it did not, with line and reason."""
    counts = Counter(outcome.judged.verdict for _, outcome in outcomes)
    said = ", ".join(f"{counts[each]} {each.value}" for each in EntryVerdict if counts[each])
    typer.echo(f"  entries: {said or 'none'}")
    for line, outcome in outcomes:
        if outcome.judged.message is not None:
            typer.echo(f"  line {line}: {outcome.judged.verdict.value}: {outcome.judged.message}")
