"""The only place that reads the environment and the clock, and decides where the database is."""

import contextlib
import os
import signal
import time
from collections.abc import Generator
from types import FrameType
from typing import NoReturn

from acca.config import Config, read_config
from acca.store.embedded.server import EmbeddedPostgres, own_postgres, running_url


def config() -> Config:
    """Read the configuration of this process from its environment."""
    return read_config(os.environ, root=os.geteuid() == 0)


def unix_seconds() -> int:
    """Tell machine time, for `timestamp` headers: no sandbox shifts it."""
    return int(time.time())


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


@contextlib.contextmanager
def embedded_postgres(here: Config) -> Generator[EmbeddedPostgres]:
    """Own the embedded server of the home until the context ends, by whatever ends it."""
    _ = signal.signal(signal.SIGTERM, _leave)
    with own_postgres(here.home) as server:
        yield server


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
