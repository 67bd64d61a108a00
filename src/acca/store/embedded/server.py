"""The embedded server's life: lock the home, clean it, fill it, start the server, and stop it.

Stopping is the signal that `pg_ctl stop -m fast` sends, to a process that is known to be ours:
pg_ctl takes its number from a file, which after a crash may name somebody else's process.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

from acca.store.embedded import launcher
from acca.store.embedded.account import Account, require_way_in, server_account
from acca.store.embedded.binaries import find_binaries
from acca.store.embedded.directories import (
    DATABASE,
    SUPERUSER,
    data_directory,
    make_data_directory,
    make_home,
    make_server_directory,
    open_log,
    remove_half_made,
    rotate_log,
)
from acca.store.embedded.lock import hold_home
from acca.store.embedded.processes import (
    FAST_STOP_SECONDS_MAX,
    Tell,
    end_processes,
    read_pid_file,
    running_server,
)
from acca.store.embedded.settings import server_settings
from acca.store.embedded.sockets import socket_directory
from acca.store.unusable import DatabaseDidNotStart, HomeUnusable

POSTGRES_VERSION = 18
_LOG_LINES_TOLD = 10
_LOG = logging.getLogger(__name__)


class EmbeddedPostgres(NamedTuple):
    """A server that runs and answers, and belongs to this process."""

    url: str
    process: subprocess.Popen[bytes]
    programs: Path
    account: Account

    def runs(self) -> bool:
        """Say whether the server is still there; when not, its owner has to end too."""
        return self.process.poll() is None


class _Waiting(NamedTuple):
    tell: Tell
    every_seconds: float


@contextlib.contextmanager
def own_postgres(
    home: Path,
    *,
    version: int = POSTGRES_VERSION,
    durable: bool = True,
    tell: Tell = _LOG.info,
    tell_every_seconds: float = 5.0,
) -> Generator[EmbeddedPostgres]:
    """Own the home's database: started on entering, once it answers, and stopped on leaving.

    Crash recovery is waited for however long it takes. Enter it in the main thread: a server that
    another thread started is not stopped when the engine is killed, but by the next start.
    """
    home, waiting = home.resolve(), _Waiting(tell, tell_every_seconds)
    with contextlib.ExitStack() as owned:
        with _readable(home):
            start = _owned(home, version, waiting, durable=durable)
            server = owned.enter_context(start)
        yield server


@contextlib.contextmanager
def _owned(
    home: Path, version: int, waiting: _Waiting, *, durable: bool
) -> Generator[EmbeddedPostgres]:
    make_home(home)
    with hold_home(home):
        account = server_account()
        require_way_in(home, account)
        programs = find_binaries(version, account, home)
        make_server_directory(home, account)
        remove_half_made(home, waiting.tell)
        end_processes(data_directory(home), waiting.tell)
        data = make_data_directory(home, programs, account, version=version, durable=durable)
        log = rotate_log(home)
        with socket_directory(home, account) as sockets:
            command = _command(programs, data, sockets, durable=durable)
            with _started(command, account, data, log) as process:
                server = EmbeddedPostgres(_url(sockets, 5432), process, programs, account)
                _wait_until_it_answers(server, data, log, waiting)
                yield server


def running_url(home: Path) -> str | None:
    """Return the URL of the server that runs in a home, for a second command of its owner."""
    with _readable(home):
        notice = running_server(data_directory(home.resolve()))
        return _url(Path(notice.sockets), notice.port) if notice and notice.ready else None


@contextlib.contextmanager
def _readable(home: Path) -> Generator[None]:
    try:
        yield
    except PermissionError as fault:
        raise HomeUnusable(
            f"{fault.filename} may not be opened ({fault.strerror})",
            f"run Acca as the user whom {home} belongs to, or give it another home.",
        ) from fault


def _url(sockets: Path, port: int) -> str:
    place = urllib.parse.quote(str(sockets))
    return f"postgresql://{SUPERUSER}@/{DATABASE}?host={place}&port={port}"


def _command(programs: Path, data: Path, sockets: Path, *, durable: bool) -> list[str]:
    settings = server_settings(durable=durable)
    switches = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return [str(programs / "postgres"), "-D", str(data), "-k", str(sockets), *switches]


@contextlib.contextmanager
def _started(
    command: list[str], account: Account, data: Path, log: Path
) -> Generator[subprocess.Popen[bytes]]:
    tied = "tied" if threading.current_thread() is threading.main_thread() else "untied"
    user = ("-", "-") if account.uid is None else (str(account.uid), str(account.gid))
    start = (sys.executable, "-I", "-S", launcher.__file__, str(os.getpid()), tied, *user)
    with open_log(log) as output:
        # In a session of its own, the terminal's Ctrl-C reaches the engine alone, which stops it.
        process = subprocess.Popen(  # noqa: S603 - a list of ours, no shell
            [*start, *command],
            cwd=data,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        _ = process.wait(FAST_STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        # Its log keeps what is committed; only the next start takes longer.
        process.send_signal(signal.SIGQUIT)
        _ = process.wait()


def _wait_until_it_answers(
    server: EmbeddedPostgres, data: Path, log: Path, waiting: _Waiting
) -> None:
    begun = told = time.monotonic()
    while not _answers(server, data):
        if not server.runs():
            raise DatabaseDidNotStart("The database did not start; it said", _last_lines(log))
        now = time.monotonic()
        if now - told >= waiting.every_seconds:
            told = now
            waiting.tell(f"the database is recovering ({now - begun:.0f} s so far); see {log}")
        time.sleep(0.02)


def _answers(server: EmbeddedPostgres, data: Path) -> bool:
    notice = read_pid_file(data)
    if notice is None or notice.pid != server.process.pid or not notice.ready:
        return False
    psql = (server.programs / "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align")
    done = server.account.run(*psql, "--command=select 1", server.url, directory=Path("/"))
    return done.returncode == 0


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-_LOG_LINES_TOLD:])
