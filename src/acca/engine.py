"""The tools of one process, made by boot.py and passed down to whatever answers or works in it."""

import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import NamedTuple

from structlog.typing import FilteringBoundLogger

from acca.core.one_time import mask
from acca.flows import deliver_messages, send_codes
from acca.flows.deliver_messages import Deliverer
from acca.flows.place_tickets import Placer, Tools
from acca.flows.send_codes import CodeSender, Unsent
from acca.outbound.caller import Machine
from acca.outbound.wallets import Wallets
from acca.store.connection import Database


class Engine(NamedTuple):
    """The database, the machine's clocks, the dice, the log and the wallets of one process."""

    database: Database
    unix_seconds: Callable[[], int]
    """Machine time, for `timestamp` headers."""
    monotonic: Callable[[], float]
    """Machine time in seconds that never goes back, for time-outs and measurements."""
    random_bytes: Callable[[int], bytes]
    log: FilteringBoundLogger
    wallets: Wallets
    placer: Placer
    deliverer: Deliverer
    codes: CodeSender
    api_processes: int = 1
    """How many processes answer side by side; what an operator may do is shared out among them."""


class Means(NamedTuple):
    """What a process is given from outside; `allow_private` is for wallets of a sandbox."""

    unix_seconds: Callable[[], int]
    monotonic: Callable[[], float]
    random_bytes: Callable[[int], bytes]
    log: FilteringBoundLogger
    allow_private: bool
    api_processes: int = 1


@contextlib.asynccontextmanager
async def open_engine(database: Database, means: Means) -> AsyncGenerator[Engine]:
    """Make the tools of a process; what runs for callers that went away ends before they close."""
    machine = Machine(means.unix_seconds, means.monotonic)
    wallets = Wallets(machine, allow_private=means.allow_private)
    placer = Placer(Tools(database, wallets, means.monotonic, means.random_bytes))
    deliverer = Deliverer(
        deliver_messages.Tools(database, wallets, means.monotonic, means.random_bytes)
    )
    codes = CodeSender(
        send_codes.Tools(
            database, wallets, means.monotonic, means.random_bytes, _reporter(means.log)
        )
    )
    try:
        yield Engine(
            database,
            means.unix_seconds,
            means.monotonic,
            means.random_bytes,
            means.log,
            wallets,
            placer,
            deliverer,
            codes,
            means.api_processes,
        )
    finally:
        await codes.drain()
        await placer.drain()
        await deliverer.drain()
        await wallets.close()


def _reporter(log: FilteringBoundLogger) -> Callable[[Unsent], None]:
    def report(unsent: Unsent) -> None:
        log.warning(
            "a one-time password was not sent",
            operator=unsent.operator,
            msisdn=mask(unsent.msisdn),
            tries=unsent.tries,
        )

    return report
