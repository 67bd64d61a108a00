"""Bring a database up to date: numbered SQL of migrations/, forward only, one transaction each.

An index on a big table is made before the release, by hand, with CREATE INDEX CONCURRENTLY, which
no transaction can hold; the migration says CREATE INDEX IF NOT EXISTS under the same name.
"""

import contextlib
import hashlib
import importlib.resources
import re
from collections.abc import AsyncGenerator, Sequence
from typing import NamedTuple

import asyncpg

from acca.store.connection import Database, RawConnection, connect
from acca.store.queries import load_queries
from acca.store.unusable import NotMadeAsSandbox, SchemaOutdated, SchemaUnknown

_QUERIES = load_queries("migrate.sql")
_FILE = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_SETTINGS = {
    "application_name": "acca migrate",
    "timezone": "UTC",
    # A migration may take long, and so may the wait for another migrator.
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "60000",
}


class Applied(NamedTuple):
    """What a database knows of a migration; the hash tells whether the file was changed since."""

    number: int
    name: str
    sha256: bytes


class Migration(NamedTuple):
    """One step of the schema."""

    number: int
    name: str
    sql: str

    def mark(self) -> Applied:
        """Return what a database remembers of it."""
        return Applied(self.number, self.name, hashlib.sha256(self.sql.encode()).digest())


def load_migrations() -> list[Migration]:
    """Load the migrations of this Acca in their order."""
    folder = importlib.resources.files("acca.store").joinpath("migrations")
    migrations = sorted(
        _parse_migration(file.name, file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    )
    numbers = [migration.number for migration in migrations]
    assert numbers == list(range(1, len(numbers) + 1)), "migrations are numbered without gaps"
    return migrations


def _parse_migration(file: str, sql: str) -> Migration:
    found = _FILE.fullmatch(file)
    assert found, f"a migration is named like 0001_clock.sql, not {file}"
    return Migration(int(found[1]), found[2], sql)


async def migrate(
    url: str, *, sandbox: bool = False, migrations: Sequence[Migration] | None = None
) -> list[Migration]:
    """Apply what the database lacks, and return it; a second migrator waits and finds nothing.

    Whether it is a sandbox is settled for ever when the database is new; asking for a sandbox later
    is refused. The session's lock needs a connection without a pooler of transactions.
    """
    known = load_migrations() if migrations is None else migrations
    async with _only_migrator(url) as connection:
        missing = missing_migrations(known, await _list_applied(connection))
        for migration in missing:
            await _apply(connection, migration, sandbox=sandbox)
        if sandbox and not await connection.fetchval(_QUERIES["is_sandbox"]):
            raise NotMadeAsSandbox(
                "This database was not created as a sandbox and never becomes one",
                "give the sandbox a home or a database of its own.",
            )
        return missing


async def require_schema(database: Database) -> None:
    """Refuse a database whose schema is not that of this Acca, before anything is asked of it."""
    async with database.reader() as reader:
        if not await reader.value(_QUERIES["has_migrations"]):
            raise SchemaOutdated("The database holds nothing of Acca yet", "run `acca migrate`.")
        rows = await reader.rows(_QUERIES["list_applied_migrations"])
    missing = missing_migrations(load_migrations(), [_parse_applied(row) for row in rows])
    if missing:
        raise SchemaOutdated(
            f"The database lacks {len(missing)} of this Acca's migrations", "run `acca migrate`."
        )


def missing_migrations(known: Sequence[Migration], applied: Sequence[Applied]) -> list[Migration]:
    """Choose what is still to be applied; refuse a database whose past is not ours."""
    marks = {migration.number: migration.mark() for migration in known}
    for past in applied:
        if past.number not in marks:
            raise SchemaUnknown(
                f"The database has migration {past.number} ({past.name}) of a newer Acca",
                "install that one, or restore a backup.",
            )
        if past != marks[past.number]:
            raise SchemaUnknown(
                f"Migration {past.number} ({past.name}) was changed after this database had it",
                "restore the file; a change goes into a migration of its own.",
            )
    return list(known[len(applied) :])


@contextlib.asynccontextmanager
async def _only_migrator(url: str) -> AsyncGenerator[RawConnection]:
    connection = await connect(url, _SETTINGS)
    try:
        _ = await connection.execute(_QUERIES["become_only_migrator"])
        yield connection
    finally:
        await connection.close()


async def _list_applied(connection: RawConnection) -> list[Applied]:
    _ = await connection.execute(_QUERIES["create_migration_table"])
    rows = await connection.fetch(_QUERIES["list_applied_migrations"])
    return [_parse_applied(row) for row in rows]


def _parse_applied(row: asyncpg.Record) -> Applied:
    return Applied(row["number"], row["name"], row["sha256"])


async def _apply(connection: RawConnection, migration: Migration, *, sandbox: bool) -> None:
    async with connection.transaction():
        _ = await connection.execute(_QUERIES["limit_waiting_for_locks"])
        kind = "on" if sandbox else "off"
        _ = await connection.fetchval(_QUERIES["say_whether_sandbox"], kind)
        _ = await connection.execute(migration.sql)
        _ = await connection.execute(_QUERIES["record_migration"], *migration.mark())
