"""Stops by staff: odds in doubt until somebody decides, and who stopped and lifted what."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from acca.core.catalogue.offer import Change
from acca.core.catalogue.stopping import Doubt
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("stops.sql")


class Action(Enum):
    """What staff does to an event."""

    STOP = "stop"
    LIFT = "lift"


class StopChange(NamedTuple):
    """Who did what, and why; bets and odds are those in doubt that were accepted or dropped."""

    who: str
    action: Action
    reason: str | None = None
    doubt: Doubt | None = None
    bets: Sequence[int] = ()
    odds: Sequence[int] = ()


class Doubted(NamedTuple):
    """Odds in doubt, and those that stand meanwhile, None where the bet has none."""

    change: Change
    standing: int | None


class KeptChange(NamedTuple):
    """A change with its business time."""

    created: datetime
    change: StopChange


async def save_doubts(
    writer: Writer, doubts: Mapping[tuple[int, int], Change], now: datetime
) -> None:
    """Keep odds in doubt by event and bet; of each the newest one stays."""
    rows = [(event, *change) for (event, _), change in doubts.items()]
    await writer.run(_QUERIES["save_doubts"], now, *map(list, zip(*rows, strict=True)))


async def list_doubts(reader: Reader, event: int) -> list[Doubted]:
    """List the odds in doubt of an event that are still news, in the order of bets."""
    rows = await reader.rows(_QUERIES["list_doubts"], event)
    return [Doubted(Change(*told), standing) for *told, standing in rows]


async def forget_doubts(writer: Writer, event: int) -> None:
    """Forget the odds in doubt of an event that is locked."""
    await writer.run(_QUERIES["forget_doubts"], event)


async def add_stop_change(writer: Writer, event: int, change: StopChange) -> None:
    """Keep who stopped an event or lifted its stops."""
    who, action, reason, doubt, bets, odds = change
    said = None if doubt is None else doubt.value
    query = _QUERIES["add_stop_change"]
    await writer.run(query, event, who, action.value, reason, said, bets, odds)


async def list_stop_changes(reader: Reader, event: int) -> list[KeptChange]:
    """List who stopped an event and lifted its stops, the newest first."""
    rows = await reader.rows(_QUERIES["list_stop_changes"], event)
    return [KeptChange(row["created"], _parse(*list(row)[1:])) for row in rows]


def _parse(
    who: str, action: str, reason: str | None, doubt: str | None, *columns: Sequence[int]
) -> StopChange:
    said = None if doubt is None else Doubt(doubt)
    return StopChange(who, Action(action), reason, said, *columns)
