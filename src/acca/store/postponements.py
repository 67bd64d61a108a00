"""Events that were postponed, and what each operator's window made of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from acca.core.catalogue.standing import State
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("postponements.sql")


class Postponed(NamedTuple):
    """An event that was to start at `planned`, told to be postponed by a version of its result.

    `starts` and `state` are as they stand `now`.
    """

    operator: int
    event: int
    version: int
    planned: datetime
    told: datetime
    starts: datetime
    state: State
    now: datetime


async def list_unjudged(reader: Reader) -> list[Postponed]:
    """List postponed events once for every operator that has not judged them yet."""
    rows = await reader.rows(_QUERIES["list_unjudged"])
    return [Postponed(*row)._replace(state=State(row["state"])) for row in rows]


async def add_judgements(writer: Writer, judged: Mapping[Postponed, bool]) -> None:
    """Keep which events are void for an operator, and put their tickets down to be settled."""
    if not judged:
        return
    rows = [(one.operator, one.event, one.version, one.told, void) for one, void in judged.items()]
    await writer.run(_QUERIES["add_judgements"], *map(list, zip(*rows, strict=True)))
