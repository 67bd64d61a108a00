"""Locks for tickets that move by what the catalogue says now, and the requests that move them."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from acca.core.ticket_facts import Facts, Key
from acca.store.claims import ClaimName
from acca.store.connection import Writer
from acca.store.placing import CardName
from acca.store.queries import load_queries
from acca.store.tickets import Claim

_QUERIES = load_queries("payments.sql")


class Claiming(NamedTuple):
    """A request, and the entry of a ticket that decides it."""

    claim: Claim
    ticket: Key
    n: int


async def lock_for_moving(writer: Writer, facts: Collection[Facts]) -> frozenset[CardName]:
    """Hold all that stands above tickets, then the tickets; tell which of their cards are open.

    Events first, then cards, then tickets, each kind in the order of ids: what is read from now
    on stands until the transaction ends.
    """
    events = sorted({event for one in facts for event in one.events})
    await writer.run(_QUERIES["lock_events"], events)
    cards = sorted({(one.key.operator, one.card) for one in facts if one.card is not None})
    opened = await _lock_cards(writer, cards)
    keys = sorted(one.key for one in facts)
    operators, ids = [key.operator for key in keys], [key.id for key in keys]
    await writer.run(_QUERIES["lock_tickets"], operators, ids)
    return opened


async def _lock_cards(writer: Writer, cards: Sequence[tuple[int, str]]) -> frozenset[CardName]:
    if not cards:
        return frozenset()
    rows = await writer.rows(_QUERIES["lock_cards"], *map(list, zip(*cards, strict=True)))
    return frozenset(CardName(row["operator"], row["code"]) for row in rows if row["is_open"])


async def claim_requests(writer: Writer, claiming: Iterable[Claiming]) -> set[ClaimName]:
    """Write which entry decides each request; keys that others have meanwhile are left out."""
    rows = [
        (one.ticket.operator, *one.claim[:2], one.ticket.id, one.n, one.claim.lasts.total_seconds())
        for one in claiming
    ]
    if not rows:
        return set()
    columns = map(list, zip(*rows, strict=True))
    kept = await writer.rows(_QUERIES["claim_requests"], *columns)
    return {ClaimName(row["operator"], row["key"]) for row in kept}
