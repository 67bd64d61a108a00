"""Who signs a request to `/be`, and whether it comes too often."""

from functools import partial
from zoneinfo import ZoneInfo

from acca.api.calls import Call
from acca.api.parties import Parties, read_operator
from acca.api.rates import Rates
from acca.api.signing import Signed, read_signed
from acca.engine import Engine
from acca.store.rules import OperatorRules
from acca.wire.signature import Order


class Signers:
    """The operators that sign, as one process knows them."""

    def __init__(self, engine: Engine) -> None:
        self._engine: Engine = engine
        self._rates: Rates = Rates(engine.monotonic, engine.api_processes)
        self._parties: Parties[OperatorRules] = Parties(
            partial(read_operator, engine.database), engine.monotonic
        )

    async def read(
        self, call: Call, order: Order | None = None
    ) -> tuple[Signed[OperatorRules], bytes]:
        """Read the body of a genuine request; `order` is the documented one of its members."""
        return await read_signed(call, self._parties, self._engine.unix_seconds(), order=order)

    def require_rate(self, signed: Signed[OperatorRules]) -> None:
        """Raise TooManyRequests where the operator makes more requests than it may."""
        rate = signed.settings.rules.settings.requests_per_second_max
        self._rates.require(signed.party_id, rate)


def zone_of(signed: Signed[OperatorRules]) -> ZoneInfo:
    """Tell the time zone of the operator."""
    return signed.settings.rules.settings.time_zone
