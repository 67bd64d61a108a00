"""What a weekend came to: tickets by type and result, every cent between Acca and the wallet."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from acca_client.engine import AsyncEngine
from acca_client.tickets import Ticket
from acca_sandbox.storm.control import Held
from acca_sandbox.weekend.plan import Sales

_PAID = frozenset({"won", "void"})
_DEAD = frozenset({"new", "cancelled"})
_STATUSES = ("new", "reserved", "open", "resulted", "closed", "cancelled")


async def list_all(engine: AsyncEngine) -> list[Ticket]:
    """List the tickets of every status."""
    return [ticket for status in _STATUSES async for ticket in engine.each_ticket(status=status)]


def sum_up(tickets: Iterable[Ticket]) -> dict[str, Sales]:
    """Sum up what was sold and paid, by type; voided tickets are no turnover."""
    by_type: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        if ticket.status not in {*_DEAD, "reserved"}:
            by_type.setdefault(ticket.type, []).append(ticket)
    return {type_: _sum_type(found) for type_, found in sorted(by_type.items())}


def _sum_type(tickets: Sequence[Ticket]) -> Sales:
    sold = [ticket.amounts for ticket in tickets if ticket.result != "void"]
    won = [ticket.amounts for ticket in tickets if ticket.result == "won"]
    return Sales(
        len(tickets),
        Counter("cashed out" if each.is_cashed_out else each.result for each in tickets),
        sum(each.price_cents for each in sold),
        sum(each.ext_amount_cents for each in sold),
        sum(each.wht_amount_cents for each in won),
        sum(each.net_payout_cents for each in won),
    )


def difference(tickets: Iterable[Ticket], held: Mapping[str, Held], reserved: set[str]) -> int:
    """Tell by how many cents the wallet differs from the tickets, ticket by ticket.

    `reserved` are those that were paid at the till: the wallet took nothing for them.
    """
    left = dict(held)
    off = 0
    for ticket in tickets:
        taken = left.pop(ticket.id, None)
        debit = 0 if taken is None else taken.debit_cents
        off += abs(debit - _due(ticket, is_reserved=ticket.id in reserved))
    return off + sum(abs(each.debit_cents) for each in left.values())


def _due(ticket: Ticket, *, is_reserved: bool) -> int:
    """Tell what a player is left without, below zero where more was won than paid."""
    if ticket.status in {*_DEAD, "reserved"}:
        return 0
    price = 0 if is_reserved else ticket.amounts.price_cents
    return price - (ticket.amounts.net_payout_cents if ticket.result in _PAID else 0)
