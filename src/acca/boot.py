"""The only place that holds the environment, the clock and the dice; it finds the database."""

import contextlib
import gc
import os
import pwd
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from types import FrameType
from typing import NoReturn

from acca.config import Config, read_config
from acca.core.cards.card import card_code
from acca.core.keys import SECRET_BYTES, Secret
from acca.store.embedded.server import EmbeddedPostgres, own_postgres, running_url

_COLLECT_AFTER = 50_000
"""Allocations between two looks of the collector; by default it looks after 700."""

monotonic_seconds = time.monotonic
"""Machine time that never goes back, for time-outs and measurements; a ticket asks for it often."""


def config() -> Config:
    """Read the configuration of this process from its environment."""
    return read_config(os.environ, root=os.geteuid() == 0)


def unix_seconds() -> int:
    """Tell machine time, for `timestamp` headers: no sandbox shifts it."""
    return int(time.time())


def random_bytes(number: int) -> bytes:
    """Draw bytes from the system's own source of randomness."""
    return os.urandom(number)


def new_secret() -> Secret:
    """Draw a secret key from the system's own source of randomness."""
    return Secret(secrets.token_hex(SECRET_BYTES))


def new_card_code() -> str:
    """Draw the code of a card: six digits of hex."""
    return card_code(secrets.token_bytes)


def person() -> str:
    """Name who runs this process, for the audit: the system's user, whatever its environment."""
    number = os.geteuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:
        name = str(number)
    return f"command line, {name}"


@contextlib.contextmanager
def database_url(here: Config) -> Generator[str]:
    """Name the database that is configured; an embedded one is started if it does not run.

    In order: DATABASE_URL, the server that another command of ours runs in the home, a server that
    this process owns while the context lasts.
    """
    given = here.database_url or running_url(here.home)
    if given is not None:
        yield given
        return
    with own_postgres(here.home) as server:
        yield server.url


def calm_collector() -> None:
    """Keep the collector from looking again and again at what stays, or at thousands of tickets.

    Chunks of tickets are made and dropped as a whole, without circles in them.
    """
    _ = gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 100)


def cores() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@contextlib.contextmanager
def child_environment(url: str) -> Generator[dict[str, str]]:
    """Make the environment of the processes of one group: one database, one folder of numbers."""
    with tempfile.TemporaryDirectory(prefix="acca-measures-") as folder:
        yield {**os.environ, "DATABASE_URL": url, "PROMETHEUS_MULTIPROC_DIR": folder}


@contextlib.contextmanager
def embedded_postgres(here: Config) -> Generator[EmbeddedPostgres]:
    """Own the embedded server of the home until the context ends, by whatever ends it."""
    _ = signal.signal(signal.SIGTERM, _leave)
    with own_postgres(here.home) as server:
        yield server


@contextlib.contextmanager
def temporary_postgres() -> Generator[EmbeddedPostgres]:
    """Own a server whose home is new and goes with the context, for measurements."""
    home = Path(tempfile.gettempdir()) / f"acca-{secrets.token_hex(4)}"
    try:
        with own_postgres(home) as server:
            yield server
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
