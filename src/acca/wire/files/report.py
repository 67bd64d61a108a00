"""What became of a file: counts, and every row that was refused, with its line and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from acca.core.fixtures import RefusedRow
from acca.wire.files.entries import EventPlan

_USUAL_ENCODING = "utf-8"


class FileReport(NamedTuple):
    """The counts of one file; `encodings` counts the rows that are not UTF-8."""

    name: str
    format: str
    rows: int
    new_events: int
    moved_events: int
    stale_rows: int
    offered_odds: int
    derived_odds: int
    results: int
    refused: tuple[RefusedRow, ...]
    skipped: Mapping[str, int]
    encodings: Mapping[str, int]


def report(
    name: str, word: str, plans: Sequence[EventPlan], refused: Iterable[RefusedRow]
) -> FileReport:
    """Count what the rows of a file ask for."""
    rows = [each.row for each in plans]
    encodings = Counter(row.fixture.encoding for row in rows)
    del encodings[_USUAL_ENCODING]
    return FileReport(
        name=name,
        format=word,
        rows=len(rows),
        new_events=sum(row.event is None for row in rows),
        moved_events=sum(row.moved_from is not None for row in rows),
        stale_rows=sum(row.is_stale for row in rows),
        offered_odds=sum(len(each.offered.prices) for each in plans if each.offered),
        derived_odds=sum(len(each.derived.prices) for each in plans if each.derived),
        results=sum(each.result is not None for each in plans),
        refused=tuple(sorted(refused)),
        skipped=Counter(reason for row in rows for reason in row.fixture.skipped),
        encodings=encodings,
    )


def render(found: FileReport) -> str:
    """Write the report as text: counts, then refused rows, then cells that were left out."""
    counts = (
        f"{found.name}: {found.format}, {found.rows} rows, {found.new_events} new events, "
        f"{found.moved_events} moved, {found.stale_rows} stale, {found.results} results, "
        f"{found.offered_odds} offered odds, {found.derived_odds} derived odds, "
        f"{len(found.refused)} refused rows, {sum(found.skipped.values())} skipped cells"
    )
    refused = [f"  {lines}: {reason}" for lines, reason in _gathered(found.refused)]
    skipped = [f"  {count} cells: {reason}" for reason, count in sorted(found.skipped.items())]
    encodings = [
        f"  {count} rows read as {each}" for each, count in sorted(found.encodings.items())
    ]
    return "\n".join([counts, *refused, *skipped, *encodings])


def _gathered(refused: Sequence[RefusedRow]) -> list[tuple[str, str]]:
    """Name neighbouring lines of one reason together: a file may hold hundreds of blank ones."""
    numbered = enumerate(refused)
    runs = groupby(numbered, key=lambda each: (each[1].line - each[0], each[1].reason))
    return [(_lines([row.line for _, row in run]), reason) for (_, reason), run in runs]


def _lines(lines: Sequence[int]) -> str:
    first, last = lines[0], lines[-1]
    return f"line {first}" if first == last else f"lines {first}-{last}"
