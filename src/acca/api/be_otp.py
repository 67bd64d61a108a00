"""`/be`: one-time passwords are sent to telephones, and checked."""

from acca.api.answers import Answer
from acca.api.be_orders import require_own, seller_of
from acca.api.be_signed import Signers, zone_of
from acca.api.bodies import require_json
from acca.api.calls import Call
from acca.engine import Engine
from acca.flows.check_codes import check_code
from acca.outbound.wallets import Target
from acca.wire.be_answers import OtpSent, OtpVerified
from acca.wire.be_requests import OTP_CHECK_SIGNED, OTP_SIGNED, OtpCheck, OtpRequest
from acca.wire.document import parse, render


class OneTime:
    """The endpoints of one-time passwords, on the tools of a process."""

    def __init__(self, engine: Engine, signers: Signers) -> None:
        self._engine: Engine = engine
        self._signers: Signers = signers

    async def send(self, call: Call) -> Answer:
        """Send a code to a telephone; the answer does not wait until it is there."""
        signed, body = await self._signers.read(call, OTP_SIGNED)
        self._signers.require_rate(signed)
        require_json(call)
        request = parse(OtpRequest, body)
        require_own(signed, request.operator)
        seller = seller_of(signed)
        target = Target(seller.name, seller.rules.settings, seller.secret)
        lasts = await self._engine.codes.send(signed.settings, request.msisdn, target)
        return Answer(200, render(OtpSent(expires_in_seconds=lasts), zone_of(signed)))

    async def verify(self, call: Call) -> Answer:
        """Check a code that a player has typed."""
        signed, body = await self._signers.read(call, OTP_CHECK_SIGNED)
        self._signers.require_rate(signed)
        require_json(call)
        request = parse(OtpCheck, body)
        require_own(signed, request.operator)
        await check_code(self._engine.database, signed.settings, request.msisdn, request.code)
        return Answer(200, render(OtpVerified(verified=True), zone_of(signed)))
