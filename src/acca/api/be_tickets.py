"""`/be`: tickets are created, reserved, quoted and paid, by operators that sign."""

import contextlib
from collections.abc import Generator
from zoneinfo import ZoneInfo

from acca.api.answers import Answer, answer_failure
from acca.api.be_orders import (
    claim_of,
    key_claim_of,
    order_of,
    read_identifier,
    read_own,
    seller_of,
)
from acca.api.be_signed import Signers, zone_of
from acca.api.calls import Call
from acca.core.numbers import Malformed
from acca.engine import Engine
from acca.flows.confirm_payments import Cashier, NotPaid, Payment
from acca.flows.place_tickets import Order, Placed, Quoted
from acca.store.showing import read_shown
from acca.wire.be_answers import Quote
from acca.wire.be_requests import PLACE_SIGNED, PickedEvent
from acca.wire.defects import Defective, defects_under
from acca.wire.document import parse_nothing, render
from acca.wire.ticket_answers import answer_ticket

REPLAYED = (b"idempotent-replay", b"true")


class Placing:
    """The endpoints that write tickets, on the tools of a process."""

    def __init__(self, engine: Engine, signers: Signers) -> None:
        self._engine: Engine = engine
        self._signers: Signers = signers
        self._cashier: Cashier = Cashier(engine.database, engine.monotonic)

    async def create(self, call: Call) -> Answer:
        """Place a ticket that the wallet pays now."""
        return await self._place(call, reserves=False)

    async def reserve(self, call: Call) -> Answer:
        """Place a ticket that is paid later."""
        return await self._place(call, reserves=True)

    async def quote(self, call: Call) -> Answer:
        """Tell what create would answer, and write nothing."""
        order, zone = await self._order(call, reserves=False)
        with _price_defects():
            quoted = await self._engine.placer.quote(order._replace(claim=None))
        return Answer(200, render(_quote(order, quoted), zone))

    async def paid(self, call: Call) -> Answer:
        """Take the payment of a reserved ticket; the request has no body, or `{}`."""
        signed, body = await self._signers.read(call)
        parse_nothing(body)
        claim = key_claim_of(call, body)
        payment = Payment(signed.settings, read_identifier(call), claim)
        outcome = await self._cashier.pay(payment)
        if isinstance(outcome, NotPaid):
            answer = answer_failure(outcome.refusal, call.id)
            if outcome.because is not None:
                because = (b"refused-because", outcome.because.value.encode())
                answer = answer._replace(headers=(because, *answer.headers))
        else:
            async with self._engine.database.reader() as reader:
                (shown,) = await read_shown(reader, [outcome.ticket])
            answer = Answer(200, render(answer_ticket(outcome.ticket, shown), zone_of(signed)))
        return _marked(answer, is_replay=outcome.is_replay)

    async def _place(self, call: Call, *, reserves: bool) -> Answer:
        order, zone = await self._order(call, reserves=reserves)
        with _price_defects():
            placed = await self._engine.placer.place(order)
        return _marked(_answer(placed, zone, call.id), is_replay=placed.is_replay)

    async def _order(self, call: Call, *, reserves: bool) -> tuple[Order, ZoneInfo]:
        """Read an order; the time of its create runs from here."""
        received = self._engine.monotonic()
        signed, body = await self._signers.read(call, PLACE_SIGNED)
        self._signers.require_rate(signed)
        request = read_own(call, signed, body)
        claim = claim_of(call, signed, body)
        order = order_of(request, seller_of(signed), received, claim, reserves=reserves)
        return order, zone_of(signed)


@contextlib.contextmanager
def _price_defects() -> Generator[None]:
    """Report a price and a stake that do not fit: only the tax profile in force can tell."""
    try:
        yield
    except Malformed as malformed:
        raise Defective(defects_under(("body", "price"), malformed, "price")) from None


def _quote(order: Order, quoted: Quoted) -> Quote:
    struck, wish = quoted.struck, order.wish
    picked = None
    if struck.odds:
        picked = tuple(
            PickedEvent(id=pick.event, bet=pick.bet, odds=odds)
            for pick, odds in zip(wish.picks, struck.odds, strict=True)
        )
    return Quote(
        price_cents=struck.charge.price_cents,
        stake_cents=struck.charge.stake_cents,
        currency=wish.currency,
        gross_payout_cents=struck.payout.gross_cents,
        net_payout_cents=struck.payout.net_cents,
        wht_amount_cents=struck.payout.wht_cents,
        wht_rate=struck.terms.wht_rate,
        ext_amount_cents=struck.charge.ext_cents,
        ext_rate=struck.terms.ext_rate,
        ext_type=struck.terms.ext_formula.ext_type,
        approved=struck.approved,
        type=wish.type,
        events=picked,
        odds=struck.total_odds,
        max_price_cents=quoted.largest_price_cents,
    )


def _answer(placed: Placed, zone: ZoneInfo, call_id: str) -> Answer:
    if placed.refusal is not None:
        return answer_failure(placed.refusal, call_id)
    return Answer(200, render(answer_ticket(placed.ticket, placed.shown), zone))


def _marked(answer: Answer, *, is_replay: bool) -> Answer:
    return answer._replace(headers=(REPLAYED, *answer.headers)) if is_replay else answer
