"""Rows of a CSV file by the names of their columns."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from acca.core.fixtures import RefusedRow
from acca.wire.files.lines import Line

ROWS_MAX = 100_000
"""No season of any league has a tenth of it."""

Cells = Mapping[str, str]
"""Texts by column, stripped; a cell that is not there is blank."""


class Row(NamedTuple):
    """A line of the table; `beyond` counts cells with something in them that no column names."""

    number: int
    cells: Cells
    encoding: str
    beyond: int


def split(text: str) -> list[str] | None:
    """Split a line into its stripped cells, None where a quote is not closed."""
    try:
        return [cell.strip() for row in csv.reader((text,), strict=True) for cell in row]
    except csv.Error:
        return None


def read_table(lines: Iterable[Line | RefusedRow]) -> Iterator[Row | RefusedRow]:
    """Give each row below the first line that holds anything; what cannot be a row is refused."""
    header: list[str] | None = None
    count = 0
    for line in lines:
        if isinstance(line, RefusedRow):
            yield line
        elif header is None:
            header = _header(line.text)
        elif (count := count + 1) > ROWS_MAX:
            yield RefusedRow(line.number, f"is beyond {ROWS_MAX} rows; nothing is read from here")
            return
        else:
            yield _row(header, line)


def _header(text: str) -> list[str] | None:
    names = split(text)
    return names if names and any(names) else None


def _row(header: list[str], line: Line) -> Row | RefusedRow:
    cells = split(line.text)
    if cells is None:
        return RefusedRow(line.number, "has a quote that is not closed, or a line end inside")
    if not any(cells):
        return RefusedRow(line.number, "is blank")
    if line.is_cut and len(cells) < len(header):
        return RefusedRow(line.number, f"is cut off after {len(cells)} of {len(header)} cells")
    # Of two columns of one name the first holds, so they are laid down from the right.
    named = dict(reversed(list(zip(header, cells, strict=False))))
    _ = named.pop("", None)
    unnamed = sum(1 for name, cell in zip(header, cells, strict=False) if not name and cell)
    beyond = unnamed + sum(1 for cell in cells[len(header) :] if cell)
    return Row(line.number, named, line.encoding, beyond)
