"""What every room of tests may ask for: a migrated database of its own, on a server of the run."""

import pytest
from postgres_servers import PostgresServers

from acca.store.connection import open_database


@pytest.fixture(scope="session")
def postgres_servers():
    with PostgresServers() as servers:
        yield servers


@pytest.fixture
def postgres_version():
    """Return the version to run on; the store's own tests run on each that is supported."""
    return 18


@pytest.fixture
def postgres_server(postgres_servers, postgres_version):
    return postgres_servers.start(postgres_version)


@pytest.fixture
async def empty_url(postgres_servers, postgres_version):
    """Return the URL of a database without any table."""
    async with postgres_servers.copy(postgres_version, "template1") as url:
        yield url


@pytest.fixture
async def database_url(postgres_servers, postgres_version):
    """Return the URL of a migrated database that only this test uses."""
    async with postgres_servers.migrated_copy(postgres_version, sandbox=False) as url:
        yield url


@pytest.fixture
async def sandbox_url(postgres_servers, postgres_version):
    """Return the URL of a migrated database that was created as a sandbox."""
    async with postgres_servers.migrated_copy(postgres_version, sandbox=True) as url:
        yield url


@pytest.fixture
async def database(database_url):
    async with open_database(database_url) as opened:
        yield opened


@pytest.fixture
async def sandbox(sandbox_url):
    async with open_database(sandbox_url) as opened:
        yield opened
