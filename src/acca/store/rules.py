"""All that is set for one operator, read at once: what its requests are checked and judged by."""

from typing import NamedTuple

from acca.core.keys import Holder, Key
from acca.core.placing import Rules
from acca.store.connection import Reader
from acca.store.keys import list_keys
from acca.store.operator_limits import list_operator_limits
from acca.store.operator_settings import get_operator_settings
from acca.store.operators import Operator, get_operator
from acca.store.tax_profiles import list_numbered_profiles


class OperatorRules(NamedTuple):
    """An operator with its rules and its keys, retired ones too."""

    operator: Operator
    rules: Rules
    keys: tuple[Key, ...]


async def read_operator_rules(reader: Reader, name: str) -> OperatorRules:
    """Read all that is set for an operator, or raise HolderUnknown."""
    operator = await get_operator(reader, name)
    limits = await list_operator_limits(reader, operator.id)
    rules = Rules(
        settings=await get_operator_settings(reader, operator.id),
        limits={(one.ticket_type, one.currency): one.limits for one in limits},
        profiles=await list_numbered_profiles(reader, operator.id),
    )
    return OperatorRules(
        operator, rules, tuple(await list_keys(reader, Holder.OPERATOR, operator.id))
    )
