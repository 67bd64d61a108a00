"""Jackpots as they are settled: judged, counted, shared out, paid, each step under its lock."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from acca.core.cards.jackpot import Jackpot
from acca.core.finance import RATE_ONE
from acca.core.jackpot_judging import Decided, How, Place, Refunded, RefundReason, Seen
from acca.core.jackpot_settling import Prizes, Tally, TierPrize
from acca.core.public_draw import Drawn, Sign
from acca.core.score import Ending
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries
from acca.store.results import parse_result
from acca.wire.card_files import JackpotFile, body_of, parse_card_file

_QUERIES = load_queries("jackpots.sql")


class HeldJackpot(NamedTuple):
    """A jackpot that nobody else moves: its card, and the version that is in force."""

    operator: int
    card: str
    version: int
    step: str
    commitment: str | None
    body: Jackpot
    title: str
    currency: str


class Board(NamedTuple):
    """How the events of a jackpot stand now, reserves last, and what was drawn for it before."""

    seen: tuple[Seen, ...]
    drawn: tuple[Drawn, ...]
    now: datetime


class Pool(NamedTuple):
    """What a round has from the one before, whether that is booked, and what it left before."""

    carried_in_cents: int
    is_taken: bool
    left_cents: int


class Told(NamedTuple):
    """Where the settlement of a jackpot stands, as staff sees it."""

    version: int
    step: str
    due: datetime | None
    commitment: str | None
    prizes: Prizes


class Round(NamedTuple):
    """By what the tickets of a jackpot are settled: the card, its events, and its prizes."""

    body: Jackpot
    outcome: Decided | Refunded
    prizes: Prizes


class PoolEntry(NamedTuple):
    """One booking of a pool as staff sees it."""

    operator: str
    title: str
    currency: str
    card: str
    version: int
    kind: str
    cents: int
    at: datetime


async def wake_jackpots(writer: Writer, event: int) -> None:
    """Let the jackpots that stand on an event be judged again."""
    await writer.run(_QUERIES["wake_jackpots"], event)


async def wake_jackpot(writer: Writer, operator: int, card: str) -> bool:
    """Let a jackpot be judged again; tell whether it is one that still can be."""
    return await writer.row(_QUERIES["wake_jackpot"], operator, card) is not None


async def get_due_for_update(writer: Writer) -> HeldJackpot | None:
    """Hold the jackpot that is due the longest."""
    return _parse_held(await writer.row(_QUERIES["get_due_for_update"]))


async def get_for_update(writer: Writer, operator: int, card: str) -> HeldJackpot | None:
    """Hold a jackpot, None where there is none that can still be judged."""
    return _parse_held(await writer.row(_QUERIES["get_for_update"], operator, card))


async def get_done_for_update(writer: Writer) -> HeldJackpot | None:
    """Hold a jackpot whose tickets have all been counted, or settled."""
    return _parse_held(await writer.row(_QUERIES["get_done_for_update"]))


def _parse_held(row: asyncpg.Record | None) -> HeldJackpot | None:
    if row is None:
        return None
    file = parse_card_file(row["body"])
    body = body_of(file)
    assert isinstance(file, JackpotFile), "a jackpot is of a card of jackpots"
    assert isinstance(body, Jackpot), "a jackpot is of a card of jackpots"
    named = row["operator"], row["card"], row["version"], row["step"], row["commitment"]
    return HeldJackpot(*named, body, file.title, row["currency"])


async def read_board(reader: Reader, held: HeldJackpot) -> Board:
    """Read how the events of a jackpot stand."""
    rows = await reader.rows(_QUERIES["read_seen"], held.operator, held.card)
    drawn = await read_drawn(reader, held.operator, held.card)
    return Board(tuple(map(_parse_seen, rows)), drawn, rows[0]["now"])


def _parse_seen(row: asyncpg.Record) -> Seen:
    result = parse_result(row)
    # A postponed event that has a new start is one that is still to be played.
    is_on_again = result is not None and result.ending is Ending.POSTPONED
    if is_on_again and row["state"] != Ending.POSTPONED.value:
        result = None
    return Seen(row["planned"], row["starts"], result)


async def read_drawn(reader: Reader, operator: int, card: str) -> tuple[Drawn, ...]:
    """Read what was drawn for a jackpot."""
    rows = await reader.rows(_QUERIES["read_drawn"], operator, card)
    return tuple(Drawn(row["place"], Sign(row["sign"]), row["scores"]) for row in rows)


async def read_told(reader: Reader, operator: int, card: str) -> Told | None:
    """Read where the settlement of a jackpot stands, None where there is no such jackpot."""
    row = await reader.row(_QUERIES["read_told"], operator, card)
    if row is None:
        return None
    prizes = await _read_prizes(reader, operator, card, row["version"])
    return Told(row["version"], row["step"], row["due"], row["commitment"], prizes)


async def _read_prizes(reader: Reader, operator: int, card: str, version: int) -> Prizes:
    rows = await reader.rows(_QUERIES["read_prizes"], operator, card, version)
    return Prizes(tuple(TierPrize(*prize) for prize in rows))


async def find_seed(reader: Reader, operator: int, commitment: str) -> bytes | None:
    """Find the seed of a commitment, None where it was never ours."""
    row = await reader.row(_QUERIES["find_seed"], operator, commitment)
    return None if row is None else row["seed"]


async def add_seed(writer: Writer, operator: int, commitment: str, seed: bytes, who: str) -> None:
    """Keep a seed that a card may commit to."""
    await writer.run(_QUERIES["add_seed"], operator, commitment, seed, who)


async def add_drawn(
    writer: Writer, operator: int, card: str, drawn: Sequence[Drawn], who: str | None = None
) -> None:
    """Keep what was drawn for ever."""
    columns = (
        [one.place for one in drawn],
        [one.sign.value for one in drawn],
        [one.scores for one in drawn],
    )
    await writer.run(_QUERIES["add_drawn"], operator, card, *columns, who)


async def put_off(writer: Writer, held: HeldJackpot, until: datetime | None) -> None:
    """Let a held jackpot wait until a time, or until another fact is told."""
    await writer.run(_QUERIES["put_off"], held.operator, held.card, until)


async def add_version(writer: Writer, held: HeldJackpot, outcome: Decided | Refunded) -> None:
    """Keep what a held jackpot makes of its events; then its tickets are counted, or refunded."""
    named = held.operator, held.card, held.version + 1
    if isinstance(outcome, Refunded):
        reason = outcome.reason.value
        await writer.run(
            _QUERIES["add_version"], *named, "settle", reason, RATE_ONE, [], [], [], []
        )
        return
    places = outcome.places
    await writer.run(
        _QUERIES["add_version"],
        *named,
        "count",
        None,
        outcome.prize_rate,
        [place.event for place in places],
        [place.how.value for place in places],
        ["" if place.sign is None else place.sign.value for place in places],
        [place.reserve or 0 for place in places],
    )


async def read_outcome(reader: Reader, operator: int, card: str) -> Decided | Refunded | None:
    """Read what is in force of a jackpot, None before it is judged."""
    row = await reader.row(_QUERIES["read_version"], operator, card)
    if row is None:
        return None
    if row["refund"] is not None:
        return Refunded(RefundReason(row["refund"]))
    return parse_decided(row)


def parse_decided(row: asyncpg.Record) -> Decided:
    """Read out of a row how the events of a jackpot count."""
    columns = zip(row["events"], row["hows"], row["signs"], row["reserves"], strict=True)
    return Decided(
        tuple(
            Place(event, How(how), Sign(sign) if sign else None, reserve or None)
            for event, how, sign, reserve in columns
        ),
        row["prize_rate"],
    )


async def add_tally(writer: Writer, operator: int, card: str, tally: Tally) -> None:
    """Keep what the tickets of one chunk bring."""
    await writer.run(_QUERIES["add_tally"], operator, card, tally.stake_cents, tally.lines)


async def read_tallies(reader: Reader, held: HeldJackpot) -> list[Tally]:
    """Read what all tickets of a held jackpot bring."""
    named = held.operator, held.card, held.version
    rows = await reader.rows(_QUERIES["read_tallies"], *named)
    return [Tally(row["stake_cents"], tuple(row["lines"])) for row in rows]


async def read_pool(reader: Reader, held: HeldJackpot) -> Pool:
    """Read what a round has from its pool, and what it left there before."""
    named = held.operator, held.card, held.title, held.currency
    row = await reader.row(_QUERIES["read_carried"], *named)
    assert row is not None, "a sum is a row"
    # Where less is left than was taken since, the pool is made good by the rounds to come.
    return Pool(max(0, row["carried_in"]), row["is_taken"], row["is_left"])


async def give_back_pool(writer: Writer, held: HeldJackpot) -> None:
    """Undo what a round took from its pool and left there, as it is refunded; before its version.

    What a later round has taken since stays taken, and the pool is short of it.
    """
    pool = await read_pool(writer, held)
    if pool.is_taken:
        named = held.operator, held.title, held.currency, held.card, held.version
        await writer.run(_QUERIES["book"], *named, pool.carried_in_cents, -pool.left_cents)


async def add_prizes(writer: Writer, held: HeldJackpot, prizes: Prizes, pool: Pool) -> None:
    """Keep how prizes are shared out and what is booked in the pool; then tickets are settled."""
    tiers = map(list, zip(*prizes.tiers, strict=True))
    booked: Mapping[str, int] = {
        "taken": 0 if pool.is_taken else -pool.carried_in_cents,
        "left": prizes.next_round_cents - pool.left_cents,
    }
    await writer.run(
        _QUERIES["add_prizes"],
        held.operator,
        held.card,
        held.version,
        *tiers,
        held.title,
        held.currency,
        list(booked),
        list(booked.values()),
    )


async def read_round(reader: Reader, operator: int, card: str, body: Jackpot) -> Round | None:
    """Read by what the tickets of a jackpot are settled, None before its prizes are known."""
    row = await reader.row(_QUERIES["read_version"], operator, card)
    outcome = await read_outcome(reader, operator, card)
    if row is None or outcome is None:
        return None
    prizes = await _read_prizes(reader, operator, card, row["version"])
    if isinstance(outcome, Decided) and not prizes.tiers:
        return None
    return Round(body, outcome, prizes)


async def finish(writer: Writer, held: HeldJackpot) -> None:
    """End the settlement of a held jackpot."""
    await writer.run(_QUERIES["finish"], held.operator, held.card)


async def make_final(
    writer: Writer, cards: Sequence[tuple[int, str]]
) -> frozenset[tuple[int, str]]:
    """Let no correction touch jackpots any more; tell for which that is so."""
    if not cards:
        return frozenset()
    rows = await writer.rows(_QUERIES["make_final"], *map(list, zip(*cards, strict=True)))
    return frozenset((row["operator"], row["card"]) for row in rows)


async def list_pool(reader: Reader, operator: str, limit: int) -> list[PoolEntry]:
    """List what rounds left to each other and took, the newest first."""
    return [PoolEntry(*row) for row in await reader.rows(_QUERIES["read_pool"], operator, limit)]
