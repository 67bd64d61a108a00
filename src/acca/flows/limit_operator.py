"""Change limits of an operator, for several ticket types and currencies at once."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from acca.core.limits import Limits, LimitsOf, judge_limits
from acca.core.operating import LimitsRefused
from acca.core.setting import Asked, change_settings
from acca.core.ticket import TicketType
from acca.store.connection import Database
from acca.store.operator_limits import append_operator_limits, list_operator_limits
from acca.store.operator_settings import get_operator_settings
from acca.store.operators import get_operator_for_update


class AskedLimits(NamedTuple):
    """What is asked for; without types or currencies, for all that the operator has."""

    limits: Sequence[Asked]
    ticket_types: Collection[TicketType] = ()
    currencies: Collection[str] = ()


async def limit_operator(
    database: Database, name: str, asked: AskedLimits, who: str
) -> list[LimitsOf]:
    """Change limits, all of them or none, and return those that differ now."""
    async with database.writer() as writer, writer.transaction():
        operator = await get_operator_for_update(writer, name)
        sold = (await get_operator_settings(writer, operator.id)).currencies
        changed = _decide(await list_operator_limits(writer, operator.id), asked, sold)
        for limits in changed:
            await append_operator_limits(writer, operator.id, limits, who)
        return changed


def _decide(
    present: Sequence[LimitsOf], asked: AskedLimits, sold: Collection[str]
) -> list[LimitsOf]:
    in_force = {(of.ticket_type, of.currency): of.limits for of in present}
    changed: list[LimitsOf] = []
    for currency in _currencies(asked.currencies, sold):
        for ticket_type in asked.ticket_types or TicketType:
            before = in_force.get((ticket_type, currency), Limits())
            after = change_settings(before, asked.limits, judge_limits)
            if after != before:
                changed.append(LimitsOf(ticket_type, currency, after))
    return changed


def _currencies(asked: Collection[str], sold: Collection[str]) -> list[str]:
    foreign = sorted(set(asked) - set(sold))
    if foreign:
        raise LimitsRefused(f"The operator does not sell in {', '.join(foreign)}.")
    if not sold:
        raise LimitsRefused("The operator has no currencies yet, which limits are for.")
    return sorted(set(asked or sold))
