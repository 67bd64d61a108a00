"""A list of tickets compared with ours in bounded memory: put in order on disk, then side by side.

Nothing is written to the database, and a replica serves as well.
"""

from collections.abc import AsyncGenerator, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

import typer
from rich.console import Console
from rich.progress import Progress

from acca.cli.opened import on_database
from acca.cli.ordering import Ordered, ordered
from acca.cli.reconcile_shown import Tally, Write, print_sums, show, writing
from acca.core.reconciling import Difference, Listed, compare
from acca.core.ticket_id import ID_BYTES
from acca.store.connection import Database, Reader
from acca.store.operators import get_operator
from acca.store.reconciling import page_ids, read_placed
from acca.wire.reconcile_files import LINE_BYTES_MAX, Defect, pack, read_list, unpack

_BATCH = 2_000
_DEFECTS_NAMED_MAX = 20
_BAD_FILE = 2
_SHOWN_EVERY_LINES = 1_000


class Asked(NamedTuple):
    """What is compared, and how it is told; the ids of a period begin and end, None where open."""

    operator: str
    file: Path
    first: bytes | None
    end: bytes | None
    as_json: bool
    out: Path | None


class _Period(NamedTuple):
    """Ids from the first on and before the end: all of these have to be listed."""

    first: bytes
    end: bytes


class _Defects:
    """What is wrong with a file: the first of it by name, and how much there is."""

    def __init__(self) -> None:
        self.count: int = 0

    def note(self, defect: Defect) -> None:
        """Tell of a defect, if not of too many."""
        self.count += 1
        if self.count <= _DEFECTS_NAMED_MAX:
            line, sentence = defect
            typer.echo(f"line {line}: {sentence}." if line else f"{sentence}.", err=True)

    def refuse(self) -> None:
        """End if there was any."""
        if self.count > _DEFECTS_NAMED_MAX:
            typer.echo(f"and {self.count - _DEFECTS_NAMED_MAX:,} more.", err=True)
        if self.count:
            typer.echo("Nothing was compared.", err=True)
            raise typer.Exit(_BAD_FILE)


def reconcile_list(asked: Asked) -> bool:
    """Compare a list with ours, show what differs, and tell whether nothing does."""
    with (
        _progress() as progress,
        _usable(asked.file),
        asked.file.open("rb") as file,
        ordered(_read(file, asked.file.stat().st_size, progress)) as lines,
    ):
        period = _judge_ids(asked, lines)
        with writing(asked.operator, asked.out, as_json=asked.as_json) as write:
            work = _Work(asked.operator, lines, period, write, progress)
            tally = on_database(partial(_compare, work))
    if asked.as_json:
        print_sums(tally)
    else:
        show(asked.operator, tally)
    return not tally.differing


def _progress() -> Progress:
    """Show how far it has come, without turning aside what is printed for another program."""
    return Progress(console=Console(stderr=True), transient=True, redirect_stdout=False)


@contextmanager
def _usable(path: Path) -> Generator[None]:
    """End with a sentence where a file cannot be opened, read or written."""
    try:
        yield
    except OSError as fault:
        if fault.errno is None:
            # A time-out of the database is one too.
            raise
        typer.echo(f"{fault.filename or path} cannot be used: {fault.strerror}.", err=True)
        raise typer.Exit(_BAD_FILE) from fault


# ---- the list


def _read(file: IO[bytes], size: int, progress: Progress) -> Iterator[bytes]:
    """Give what the lines of a list tell, packed; end after the last where any is wrong."""
    task = progress.add_task("reading", total=size)
    defects = _Defects()
    lines = iter(partial(file.readline, LINE_BYTES_MAX + 1), b"")
    for number, found in enumerate(read_list(lines)):
        if not number % _SHOWN_EVERY_LINES:
            progress.update(task, completed=file.tell())
        if isinstance(found, Defect):
            defects.note(found)
        elif not defects.count:
            yield pack(found)
    progress.remove_task(task)
    defects.refuse()


def _judge_ids(asked: Asked, lines: Ordered) -> _Period:
    """Refuse a list that names a ticket twice or, without a period, none; tell the period."""
    defects, least, before = _Defects(), b"", b""
    for one in lines:
        if one[:ID_BYTES] == before[:ID_BYTES]:
            defects.note(_twice(unpack(before), unpack(one)))
        least, before = least or one, one
    defects.refuse()
    first, end = asked.first, asked.end
    if before:
        first = least[:ID_BYTES] if first is None else first
        end = _after(before[:ID_BYTES]) if end is None else end
    if first is None or end is None:
        defects.note(Defect(0, "the file lists no ticket: name a period by --from and --until"))
        defects.refuse()
    assert first is not None, "a list without tickets was refused"
    assert end is not None, "and its last id ends the period"
    return _Period(first, end)


def _twice(before: Listed, one: Listed) -> Defect:
    return Defect(one.line, f"ticket_id: {one.id.hex()} stands in line {before.line} already")


def _after(id_: bytes) -> bytes:
    """Make the bytes that come next after an id."""
    return id_ + b"\0"


# ---- side by side


class _Work(NamedTuple):
    """A list in order, where differences go, and where it shows how far it has come."""

    operator: str
    lines: Ordered
    period: _Period
    write: Write
    progress: Progress


async def _compare(work: _Work, opened: Database) -> Tally:
    tally = Tally()
    task = work.progress.add_task("comparing", total=work.lines.count)
    async with opened.reader() as reader:
        operator = (await get_operator(reader, work.operator)).id
        async for count, differences in _side_by_side(reader, operator, work):
            tally.listed += count
            work.progress.update(task, completed=tally.listed)
            for difference in differences:
                tally.note(difference)
                work.write(difference)
    return tally


_Found = tuple[int, list[Difference]]
"""How many lines were compared, and the differences among them."""


async def _side_by_side(reader: Reader, operator: int, work: _Work) -> AsyncGenerator[_Found]:
    """Compare a batch of lines after the other, and between them what only we have."""
    at, end = work.period
    for batch in _batches(map(unpack, work.lines)):
        listed = {one.id: one for one in batch}
        until = min(_after(batch[-1].id), end)
        async for found in _ours_alone(reader, operator, _Period(at, until), listed.keys()):
            yield 0, found
        at = max(at, until)
        placed = await read_placed(reader, operator, list(listed))
        pairs = ((placed.get(id_), one) for id_, one in listed.items())
        yield len(batch), [each for pair in pairs if (each := compare(*pair)) is not None]
    async for found in _ours_alone(reader, operator, _Period(at, end), ()):
        yield 0, found


def _batches(lines: Iterator[Listed]) -> Iterator[Sequence[Listed]]:
    while batch := list(islice(lines, _BATCH)):
        yield batch


async def _ours_alone(
    reader: Reader, operator: int, period: _Period, listed: Collection[bytes]
) -> AsyncGenerator[list[Difference]]:
    """Find the tickets of a period that are not listed and should be."""
    at, end = period
    while ids := await page_ids(reader, operator, at, end, _BATCH):
        at = _after(ids[-1])
        alone = [id_ for id_ in ids if id_ not in listed]
        placed = await read_placed(reader, operator, alone) if alone else {}
        found = (compare(placed[id_], None) for id_ in alone if id_ in placed)
        yield [each for each in found if each is not None]
