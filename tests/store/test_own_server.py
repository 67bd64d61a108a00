"""A server of the operator's own, over the network and with a password, by DATABASE_URL."""

import socket
import subprocess
import time

import asyncpg
import pytest
from postgres_servers import temporary_home

from acca.config import read_config
from acca.store.clock import read_clock
from acca.store.connection import open_database
from acca.store.migrate import load_migrations, migrate
from acca.store.unusable import ServerOutOfReach

PASSWORD = "op3n sesame!"
QUOTED = "op3n%20sesame%21"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def accepts(server, port):
    asking = (server.programs / "pg_isready", "-h", "127.0.0.1", "-p", str(port))
    return 0 == server.account.run(*asking, directory=server.programs).returncode


def make(server, data):
    """Make a data directory as an operator would: with a password, and none of our settings."""
    password = data.with_name("password")
    password.write_text(PASSWORD)
    data.mkdir(mode=0o700)
    if server.account.uid is not None:
        data.parent.chmod(0o711)
        for path in (data, password):
            path.chmod(0o700)
            subprocess.run(["chown", str(server.account.uid), path], check=True)
    how = ("--auth=scram-sha-256", f"--pwfile={password}", "--no-sync", "--username=keeper")
    done = server.account.run(server.programs / "initdb", "-D", data, *how, directory=data)
    assert b"" == done.stderr


@pytest.fixture
def port(postgres_server):
    with temporary_home() as data:
        make(postgres_server, data)
        free = free_port()
        options = ("-h", "127.0.0.1", "-p", str(free), "-k", "", "-F")
        with subprocess.Popen(
            [postgres_server.programs / "postgres", "-D", data, *options],
            user=postgres_server.account.uid,
            stderr=subprocess.DEVNULL,
            cwd="/",
        ) as process:
            while not accepts(postgres_server, free):
                time.sleep(0.02)
            yield free
            process.terminate()


async def test_acca_works_on_a_server_that_it_does_not_own(port):
    told = {"DATABASE_URL": f"postgresql://keeper:{QUOTED}@127.0.0.1:{port}/postgres"}
    url = read_config(told, root=False).database_url
    assert load_migrations() == await migrate(url)
    async with open_database(url) as opened, opened.reader() as reader:
        assert not (await read_clock(reader)).sandbox


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("keeper:wrong@127.0.0.1:{port}/postgres", "password authentication failed"),
        ("keeper:{QUOTED}@127.0.0.1:{port}/lacking", 'database "lacking" does not exist'),
        ("keeper:{QUOTED}@127.0.0.1:{closed}/postgres", "Connect call failed"),
    ],
)
async def test_a_url_that_leads_nowhere_says_why_and_no_password(port, place, said):
    url = "postgresql://" + place.format(port=port, QUOTED=QUOTED, closed=free_port())
    for opening in (migrate(url), open_database(url).__aenter__()):
        with pytest.raises(ServerOutOfReach, match=said) as refused:
            await opening
        assert "sesame" not in str(refused.value)


async def test_what_is_no_url_is_refused():
    with pytest.raises(ServerOutOfReach, match="invalid DSN"):
        await migrate("mysql://db/acca")


async def test_a_fault_of_a_running_server_stays_the_drivers_own(database):
    async with database.reader() as reader:
        with pytest.raises(asyncpg.DivisionByZeroError):
            await reader.value("SELECT 1 / 0")
