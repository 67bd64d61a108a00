"""PostgreSQL for tests: a server a version and process, a database a test.

A test's database is a copy of one that was migrated once. Homes lie in memory where they can, since
tests kill processes and not the machine: a copy takes 15 ms there, and 60 to 160 on a disk.
"""

import contextlib
import itertools
import os
import pathlib
import shutil
import tempfile

import asyncpg

from acca.store.embedded.server import own_postgres
from acca.store.migrate import migrate

MEMORY = pathlib.Path("/dev/shm")
MEMORY_BYTES_MIN = 2 << 30


@contextlib.contextmanager
def temporary_home():
    """Make a place for a home: as root, the server's user cannot pass through pytest's own."""
    place = pathlib.Path(tempfile.mkdtemp(prefix="acca-test-", dir=memory()))
    if os.geteuid() == 0:
        place.chmod(0o711)
    try:
        yield place / "home"
    finally:
        shutil.rmtree(place)


def memory():
    """Return where files lie in memory, if there is room for the servers of several processes."""
    try:
        return MEMORY if shutil.disk_usage(MEMORY).free >= MEMORY_BYTES_MIN else None
    except OSError:
        return None


class PostgresServers:
    """The servers of one test process, each started when the first test asks for it."""

    def __init__(self):
        self._stack = contextlib.ExitStack()
        self._servers = {}
        self._templates = set()
        self._numbers = itertools.count(1)

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        return self._stack.__exit__(*fault)

    def start(self, version):
        if version not in self._servers:
            home = self._stack.enter_context(temporary_home())
            server = own_postgres(home, version=version, durable=False)
            self._servers[version] = self._stack.enter_context(server)
        return self._servers[version]

    def url(self, version, name):
        return self.start(version).url.replace("/acca?", f"/{name}?")

    @contextlib.asynccontextmanager
    async def copy(self, version, template):
        name = f"test_{next(self._numbers)}"
        await self._run(version, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(version, name)
        finally:
            await self._run(version, f"DROP DATABASE {name} WITH (FORCE)")

    @contextlib.asynccontextmanager
    async def migrated_copy(self, version, *, sandbox):
        template = "migrated_sandbox" if sandbox else "migrated"
        if (version, template) not in self._templates:
            await self._run(version, f"CREATE DATABASE {template}")
            await migrate(self.url(version, template), sandbox=sandbox)
            self._templates.add((version, template))
        async with self.copy(version, template) as url:
            yield url

    async def _run(self, version, statement):
        connection = await asyncpg.connect(self.start(version).url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
