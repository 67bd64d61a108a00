"""SQL statements by name, out of the .sql files of this room; none is composed.

A statement begins with the line `-- name: verb_phrase`, then comes a comment of one sentence, then
the SQL to its semicolon. A body between `$$` may hold semicolons of its own.
"""

import importlib.resources
import re
from typing import LiteralString, cast

_NAME = re.compile(r"-- name: ([a-z][a-z0-9_]*)")
_BODY = re.compile(r"\$\$.*?\$\$", re.DOTALL)


class BadQueries(Exception):
    """A .sql file is not as it should be, or a name is asked for that it lacks: a bug."""


class Queries(dict[str, LiteralString]):
    """The statements of one file; an unknown name is a bug that says so."""

    def __missing__(self, name: str) -> LiteralString:
        raise BadQueries(f"There is no query {name}, only {', '.join(self)}.")


def load_queries(file: str) -> Queries:
    """Load the statements of a file that lies beside this module."""
    path = importlib.resources.files("acca.store").joinpath(file)
    return parse_queries(path.read_text(encoding="utf-8"), file)


def parse_queries(text: str, file: str) -> Queries:
    """Split a file into its statements, without their comments."""
    queries = Queries()
    head, *blocks = re.split(r"^(?=-- name:)", text, flags=re.MULTILINE)
    if head.strip():
        raise BadQueries(f"{file}: there is something before the first name: {head.strip()!r}")
    for block in blocks:
        name, statement = _parse_block(block, file)
        if name in queries:
            raise BadQueries(f"{file}: {name} stands there twice")
        # What lies in our own package is as literal as what stands in our code.
        queries[name] = cast("LiteralString", statement)
    return queries


def _parse_block(block: str, file: str) -> tuple[str, str]:
    named, *rest = block.strip().splitlines()
    found = _NAME.fullmatch(named)
    if not found:
        raise BadQueries(f"{file}: {named!r} is not a name")
    name = found[1]
    comment = [line for line in rest if line.startswith("--")]
    if not comment or not comment[-1].endswith("."):
        raise BadQueries(f"{file}: {name} lacks its sentence")
    statement = "\n".join(line for line in rest if not line.startswith("--")).strip()
    if not statement.endswith(";") or _BODY.sub("", statement).count(";") > 1:
        raise BadQueries(f"{file}: {name} is not one statement that ends with a semicolon")
    return name, statement
