"""How commands come to the database, and how they end when it or a rule says no."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Generator
from typing import TypeVar

from acca.boot import config, database_url
from acca.cli.app import fail
from acca.core.cards.refused import CardRefused
from acca.core.operating import OperatingRefused
from acca.core.setting import BadSettings
from acca.flows.advance_clock import ClockRefused
from acca.flows.enter_results import ResultRefused
from acca.store.connection import Database, open_database
from acca.store.migrate import require_schema
from acca.store.unusable import DatabaseUnusable

Value = TypeVar("Value")
_REFUSED = (
    DatabaseUnusable,
    ClockRefused,
    OperatingRefused,
    BadSettings,
    CardRefused,
    ResultRefused,
)


def on_database(work: Callable[[Database], Awaitable[Value]]) -> Value:
    """Do some work on the configured database, whose schema has to be ours."""
    with sentences(), database_url(config()) as url:
        return asyncio.run(_open(url, work))


@contextlib.contextmanager
def sentences() -> Generator[None]:
    """End with the sentence of what is in the way, never with a stack of calls."""
    try:
        yield
    except _REFUSED as refused:
        fail(str(refused))


async def _open(url: str, work: Callable[[Database], Awaitable[Value]]) -> Value:
    async with open_database(url) as opened:
        await require_schema(opened)
        return await work(opened)
