"""Connections to PostgreSQL: those that read and those that write are different types."""

import contextlib
import functools
from collections.abc import AsyncGenerator, Generator, Iterable
from typing import LiteralString, NamedTuple, TypeAlias

import asyncpg
from asyncpg.pool import Pool, PoolConnectionProxy
from asyncpg.transaction import Transaction

from acca.store.queries import load_queries
from acca.store.unusable import ServerOutOfReach, ServerTooOld, SettingsIgnored

SERVER_VERSION_MIN = 16
BAD_ROWS = (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError)
"""Faults of a statement of which some row is guilty: the rows are tried again one by one."""
OVERTAKEN = (asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError)
"""Faults of a transaction that another stood in the way of: it is done again as it is."""
_LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
_QUERIES = load_queries("connection.sql")

# The driver's classes take parameters for the type checker only, hence the quotes.
RawConnection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
_Lent: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"
_Pool: TypeAlias = "Pool[asyncpg.Record]"

_EVERY_SESSION = {
    "application_name": "acca",
    "TimeZone": "UTC",
    "jit": "off",
    # An engine that stands still must not hold a lock that a suspension waits for.
    "idle_in_transaction_session_timeout": "2000",
    "lock_timeout": "1000",
    # What is moved was read just now: by key, never by reading all tickets of a month.
    "random_page_cost": "1.1",
    # A plan made for one batch's array is no better for the next, and making it costs: up to
    # 50 ms of a list by type, where the list itself takes one.
    "plan_cache_mode": "force_generic_plan",
}
READER_SETTINGS = {
    **_EVERY_SESSION,
    "default_transaction_read_only": "on",
    "statement_timeout": "30000",
}
WRITER_SETTINGS = {
    **_EVERY_SESSION,
    "statement_timeout": "5000",
}
_ACQUIRE_SECONDS_MAX = 5.0
_BEYOND_STATEMENT_SECONDS = 5.0


class Reader:
    """A connection whose transactions only read."""

    def __init__(self, connection: _Lent) -> None:
        self._connection: _Lent = connection

    async def rows(self, query: LiteralString, *arguments: object) -> list[asyncpg.Record]:
        """Return all rows of a statement."""
        return await self._connection.fetch(query, *arguments)

    async def row(self, query: LiteralString, *arguments: object) -> asyncpg.Record | None:
        """Return the first row of a statement, if it has one."""
        return await self._connection.fetchrow(query, *arguments)

    async def value(self, query: LiteralString, *arguments: object) -> object:
        """Return the first column of the first row, for the caller to type."""
        return await self._connection.fetchval(query, *arguments)

    async def pages(
        self, sizes: Iterable[int], query: LiteralString, *arguments: object
    ) -> AsyncGenerator[list[asyncpg.Record]]:
        """Give the rows of a statement in pages of these sizes, as they are found.

        Inside a transaction only; no more than a page is in memory at once.
        """
        cursor = await self._connection.cursor(query, *arguments)
        for size in sizes:
            rows = await cursor.fetch(size)
            if not rows:
                return
            yield rows


class Writer(Reader):
    """A connection that may change rows, and therefore also read what it changes."""

    async def run(self, query: LiteralString, *arguments: object) -> None:
        """Run a statement whose rows nobody wants."""
        _ = await self._connection.execute(query, *arguments)

    def transaction(self) -> Transaction:
        """Begin a transaction, for locks that must precede reading; only flows do."""
        return self._connection.transaction()


class Database(NamedTuple):
    """The two pools of one process; what is taken from them is given back on leaving."""

    readers: _Pool
    writers: _Pool

    @contextlib.asynccontextmanager
    async def reader(self) -> AsyncGenerator[Reader]:
        """Lend a connection that only reads."""
        async with _lend(self.readers) as connection:
            yield Reader(connection)

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncGenerator[Reader]:
        """Lend a connection that only reads, with all its statements as of one moment."""
        async with (
            _lend(self.readers) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield Reader(connection)

    @contextlib.asynccontextmanager
    async def writer(self) -> AsyncGenerator[Writer]:
        """Lend a connection that writes."""
        async with _lend(self.writers) as connection:
            yield Writer(connection)


@contextlib.asynccontextmanager
async def _lend(pool: _Pool) -> AsyncGenerator[_Lent]:
    connection = await pool.acquire(timeout=_ACQUIRE_SECONDS_MAX)
    try:
        yield connection
    finally:
        # A session that the server has ended cannot be given back; the pool drops it. Each
        # statement had its answer by then: nothing is left to tell, least of all over a fault.
        with contextlib.suppress(*_LOST):
            await pool.release(connection)


@contextlib.asynccontextmanager
async def open_database(
    url: str,
    *,
    reader_url: str | None = None,
    connections_max: int = 10,
    statement_cache_size: int = 100,
) -> AsyncGenerator[Database]:
    """Open the pools of a database; TLS and the rest are said by the URL.

    Readers may go to a replica. Behind a pooler of transactions `statement_cache_size` has to be 0,
    and each of the two URLs names a role that has our settings by ALTER ROLE.
    """
    open_pool = functools.partial(
        _open_pool, connections_max=connections_max, statement_cache_size=statement_cache_size
    )
    async with (
        await open_pool(reader_url or url, READER_SETTINGS) as readers,
        await open_pool(url, WRITER_SETTINGS) as writers,
    ):
        yield Database(readers, writers)


async def connect(url: str, settings: dict[str, str]) -> RawConnection:
    """Open one connection with settings of its own, for this room only."""
    with _reaching():
        connection = await asyncpg.connect(url, server_settings=settings)
    require_version(connection.get_server_version().major)
    return connection


async def _open_pool(
    url: str, settings: dict[str, str], *, connections_max: int, statement_cache_size: int
) -> _Pool:
    with _reaching():
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=connections_max,
            statement_cache_size=statement_cache_size,
            command_timeout=int(settings["statement_timeout"]) / 1000 + _BEYOND_STATEMENT_SECONDS,
            server_settings=settings,
            init=functools.partial(_require_session, settings),
            # The driver ends open transactions itself; a session of ours has nothing else to reset.
            reset=_reset_nothing,
        )


@contextlib.contextmanager
def _reaching() -> Generator[None]:
    try:
        yield
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
        raise ServerOutOfReach("No connection to the database", str(fault)) from fault


async def _reset_nothing(_: object) -> None:
    """Save the round trip at each return to the pool."""


async def _require_session(wanted: dict[str, str], connection: RawConnection) -> None:
    """Refuse a session without its settings, as a pooler between us may drop them unseen."""
    require_version(connection.get_server_version().major)
    rows = await connection.fetch(_QUERIES["read_settings"], list(wanted))
    found = {row["name"]: row["setting"] for row in rows}
    ignored = [name for name, value in wanted.items() if found.get(name) != value]
    if ignored:
        raise SettingsIgnored(
            f"The server ignores our settings {', '.join(ignored)}",
            "if a pooler stands between, set them on the role (ALTER ROLE ... SET ...).",
        )


def require_version(major: int) -> None:
    """Refuse a server that lacks what our SQL uses."""
    if major < SERVER_VERSION_MIN:
        raise ServerTooOld(
            f"The server is PostgreSQL {major}, too old for Acca",
            f"give it one of version {SERVER_VERSION_MIN} or newer.",
        )
