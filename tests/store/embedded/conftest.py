import contextlib
import pathlib
import subprocess

import pytest
from postgres_servers import temporary_home

from acca.store.embedded import sockets
from acca.store.embedded.account import server_account
from acca.store.embedded.server import own_postgres


@pytest.fixture(scope="session")
def made_homes():
    """Return a function that gives a home of a version as initdb leaves it, made once."""
    homes = {}
    with contextlib.ExitStack() as stack:

        def made(version):
            if version not in homes:
                homes[version] = stack.enter_context(temporary_home())
                with own_postgres(homes[version], version=version, durable=False):
                    pass
            return homes[version]

        yield made


@pytest.fixture
def new_home():
    """Return a home that does not exist yet."""
    with temporary_home() as place:
        yield place
        # A test that kills the engine leaves its socket, which a next start would remove.
        sockets._remove_stale(place, server_account(), pathlib.Path("/tmp"))


@pytest.fixture
def home(new_home, made_homes, postgres_version):
    """Return a home that has a database, and has been stopped."""
    subprocess.run(["cp", "-a", made_homes(postgres_version), new_home], check=True)
    return new_home


@pytest.fixture
def own(home, postgres_version):
    """Return a function that owns the test's home, durably, as an engine does."""
    return lambda **how: own_postgres(home, version=postgres_version, **how)


@pytest.fixture
def own_new(new_home, postgres_version):
    """Return a function that owns a home that is to be made first."""
    return lambda **how: own_postgres(new_home, version=postgres_version, **how)
