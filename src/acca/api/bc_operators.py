"""Operators as the Bet Card API asks for them: by name, unsigned, with all that is set for them."""

from functools import partial

from acca.api.parties import Parties, read_operator
from acca.core.refusals import OperatorNotFound
from acca.engine import Engine
from acca.store.rules import OperatorRules


class Operators:
    """The operators that one process knows, read anew within a second of a change."""

    def __init__(self, engine: Engine) -> None:
        self._parties: Parties[OperatorRules] = Parties(
            partial(read_operator, engine.database), engine.monotonic
        )

    async def find(self, name: str) -> OperatorRules:
        """Find an operator by its name, or raise OperatorNotFound."""
        party = await self._parties.find(name)
        if party is None:
            raise OperatorNotFound(name=name)
        return party.settings
