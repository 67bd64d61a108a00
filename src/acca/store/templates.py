"""The rows of templates of cards, and of the copies that operators have of them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

import asyncpg

from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries
from acca.wire.document import render
from acca.wire.template_files import TemplateFile, parse_template_file

_QUERIES = load_queries("templates.sql")


class StoredTemplate(NamedTuple):
    """A version of a template; with no file it is off since then."""

    name: str
    version: int
    file: TemplateFile | None
    at: datetime
    who: str


class Due(NamedTuple):
    """Copies of a template that an operator should have on a day of its own."""

    operator: int
    template: str
    day: date


async def list_templates(reader: Reader) -> list[StoredTemplate]:
    """List the templates that are in force, by name."""
    return [_parse(row) for row in await reader.rows(_QUERIES["list_templates"])]


async def append_template(
    writer: Writer, name: str, file: TemplateFile | None, who: str
) -> StoredTemplate:
    """Add the next version of a template, or end it."""
    body = None if file is None else render(file)
    row = await writer.row(_QUERIES["append_template"], name, body, who)
    assert row is not None, "what is inserted comes back"
    return _parse(row)


async def list_copied(reader: Reader, dues: Iterable[Due]) -> set[tuple[int, str]]:
    """List the operators and templates of those copies that were made."""
    columns = list(zip(*dues, strict=True)) or [(), (), ()]
    rows = await reader.rows(_QUERIES["list_copied"], *map(list, columns))
    return {(row["operator"], row["template"]) for row in rows}


async def is_copied(reader: Reader, due: Due) -> bool:
    """Tell whether copies were made."""
    return bool(await reader.value(_QUERIES["is_copied"], *due))


async def insert_copies(writer: Writer, due: Due, codes: Sequence[str]) -> None:
    """Note the copies that were made; the transaction holds the operator."""
    await writer.run(_QUERIES["insert_copies"], *due, codes)


async def list_copies(reader: Reader, operator: int, template: str, days: int) -> list[str]:
    """List the codes of an operator's copies of a template, of so many days."""
    rows = await reader.rows(_QUERIES["list_copies"], operator, template, days)
    return [code for row in rows for code in row["codes"]]


def _parse(row: asyncpg.Record) -> StoredTemplate:
    body = row["body"]
    file = None if body is None else parse_template_file(body)
    return StoredTemplate(row["name"], row["version"], file, row["at"], row["who"])
