"""How operators are told of what happens to their tickets by itself, read by their numbers."""

from collections.abc import Iterable
from typing import NamedTuple

from acca.core.operator import OperatorSettings
from acca.store.connection import Reader
from acca.store.operator_settings import get_operator_settings
from acca.store.operators import list_operators
from acca.wire.pam_calls import Teller


class OperatorTold(NamedTuple):
    """Who is told, and the settings in force."""

    teller: Teller
    settings: OperatorSettings


async def read_tellers(reader: Reader, operators: Iterable[int]) -> dict[int, OperatorTold]:
    """Read how operators are told."""
    wanted = frozenset(operators)
    told: dict[int, OperatorTold] = {}
    for operator in await list_operators(reader) if wanted else ():
        if operator.id in wanted:
            settings = await get_operator_settings(reader, operator.id)
            told[operator.id] = told_of(operator.name, settings)
    return told


def told_of(name: str, settings: OperatorSettings) -> OperatorTold:
    """Say how an operator of a name and settings is told."""
    return OperatorTold(Teller(name, settings.webhook_blanks), settings)
