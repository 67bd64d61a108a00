"""`/be`: tickets are bought back: the offer, and its acceptance."""

from acca.api.answers import Answer
from acca.api.be_orders import claim_of, read_identifier, require_own
from acca.api.be_signed import Signers, zone_of
from acca.api.bodies import require_json
from acca.api.calls import Call
from acca.engine import Engine
from acca.flows.cash_out import Asked, accept_cash_out, offer_cash_out
from acca.store.showing import read_shown
from acca.wire.be_answers import CashOutOffer
from acca.wire.be_requests import CASH_OUT_SIGNED, CashOutRequest
from acca.wire.document import parse, parse_nothing, render
from acca.wire.ticket_answers import answer_ticket

_REPLAYED = (b"idempotent-replay", b"true")


class CashingOut:
    """The endpoints of cash-outs, on the tools of a process."""

    def __init__(self, engine: Engine, signers: Signers) -> None:
        self._engine: Engine = engine
        self._signers: Signers = signers

    async def offer(self, call: Call) -> Answer:
        """Tell what a ticket is worth now."""
        signed, body = await self._signers.read(call)
        self._signers.require_rate(signed)
        parse_nothing(body)
        asked = Asked(signed.settings, read_identifier(call))
        offered = await offer_cash_out(self._engine.database, asked)
        gross, wht, net = offered.offer.amounts
        answer = CashOutOffer(
            amount_cents=net,
            gross_payout_cents=gross,
            wht_amount_cents=wht,
            net_payout_cents=net,
            valid_until=offered.valid_until,
        )
        return Answer(200, render(answer, zone_of(signed)))

    async def accept(self, call: Call) -> Answer:
        """Buy a ticket back for what was offered."""
        signed, body = await self._signers.read(call, CASH_OUT_SIGNED)
        self._signers.require_rate(signed)
        require_json(call)
        request = parse(CashOutRequest, body)
        require_own(signed, request.operator)
        claim = claim_of(call, signed, body)
        asked = Asked(signed.settings, read_identifier(call))
        database = self._engine.database
        done = await accept_cash_out(database, asked, request.amount_cents, claim)
        async with database.reader() as reader:
            (shown,) = await read_shown(reader, [done.ticket])
        answer = Answer(200, render(answer_ticket(done.ticket, shown), zone_of(signed)))
        if done.is_replay:
            answer = answer._replace(headers=(_REPLAYED, *answer.headers))
        return answer
