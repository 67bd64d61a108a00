"""Payouts that corrections take back: kept as they begin, reported with what became of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from acca.core.operator import Clawback
from acca.core.settling import Settlement
from acca.core.ticket_facts import Key, Ticket
from acca.store.connection import Reader, Writer
from acca.store.queries import load_queries

_QUERIES = load_queries("clawbacks.sql")


class Clawed(NamedTuple):
    """The journal entry that takes back a payout, or holds it back, and the net before and after.

    Nothing is paid where the ticket is open again.
    """

    key: Key
    n: int
    policy: str
    was_net_cents: int
    net_cents: int


class ClawbackRow(NamedTuple):
    """A payout that was to be taken back, and what became of that.

    `course` is `on its way`, `taken back`, `given up`, `held`, `waived` or `dropped`.
    """

    operator: str
    ticket: bytes
    code: str
    type: str
    currency: str
    player: str
    at: datetime
    policy: str
    was_net_cents: int
    net_cents: int
    course: str


def clawed_by(ticket: Ticket, settlement: Settlement | None, policy: Clawback) -> Clawed:
    """Say what the next move of a ticket takes back."""
    facts, state = ticket
    net = 0 if settlement is None else settlement.net_cents
    return Clawed(facts.key, state.n + 1, policy.value, state.net_cents, net)


async def note_clawbacks(writer: Writer, clawed: Sequence[Clawed]) -> None:
    """Keep moves that take back payouts, in the transaction that makes them."""
    if clawed:
        rows = [(*one.key, *one[1:]) for one in sorted(clawed)]
        await writer.run(_QUERIES["note_clawbacks"], *map(list, zip(*rows, strict=True)))


async def list_clawbacks(
    reader: Reader, operator: str | None, since: datetime | None, limit: int
) -> list[ClawbackRow]:
    """List payouts that were to be taken back, the newest first."""
    rows = await reader.rows(_QUERIES["list_clawbacks"], operator, since, limit)
    return [ClawbackRow(*row) for row in rows]
