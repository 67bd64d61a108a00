"""What a ticket tells the wallet: the exact bytes, made once and sent as they are (spec 4)."""

from datetime import timedelta
from typing import NamedTuple, TypedDict

from acca.core.finance import ExtType, TaxTerms
from acca.core.lifecycle import Message
from acca.core.operator import WebhookBlanks
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Facts, Lane, State, Telling
from acca.wire.pam import (
    CALLS,
    Call,
    TicketCreate,
    TicketDiscard,
    TicketRefund,
    TicketReserve,
)
from acca.wire.signature import without_blanks
from acca.wire.sms import NOTIFICATIONS, Notification, TicketStatus

_NOW = timedelta(0)


class Teller(NamedTuple):
    """The operator that is told: its name on the wire, and what its code does with blanks."""

    operator: str
    blanks: WebhookBlanks


class _Told(TypedDict):
    operator: str
    ticket_id: str
    ticket_code: str
    player_id: str
    price_cents: int
    stake_cents: int
    wht_amount_cents: int
    wht_rate: int
    ext_amount_cents: int
    ext_rate: int
    ext_type: ExtType
    gross_payout_cents: int
    net_payout_cents: int
    currency: str
    atag: str | None
    rtag: str | None


def tell_placing(teller: Teller, facts: Facts, terms: TaxTerms) -> Telling:
    """Tell of a new ticket: a create takes its price, a reservation takes nothing."""
    told: _Told = {
        "operator": teller.operator,
        "ticket_id": facts.key.id.hex(),
        "ticket_code": facts.code,
        "player_id": facts.player,
        "price_cents": facts.charge.price_cents,
        "stake_cents": facts.charge.stake_cents,
        "wht_amount_cents": facts.payout.wht_cents,
        "wht_rate": terms.wht_rate,
        "ext_amount_cents": facts.charge.ext_cents,
        "ext_rate": terms.ext_rate,
        "ext_type": terms.ext_formula.ext_type,
        "gross_payout_cents": facts.payout.gross_cents,
        "net_payout_cents": facts.payout.net_cents,
        "currency": facts.currency,
        "atag": facts.atag,
        "rtag": facts.rtag,
    }
    if facts.is_reservation:
        reserve = TicketReserve(**told, psp=facts.psp, ticket_type=facts.type)
        return _tell(teller, Message.TICKET_RESERVE, reserve)
    return _tell(teller, Message.TICKET_CREATE, TicketCreate(**told, ticket_type=facts.type))


def tell_discard(teller: Teller, id_: bytes, reason: str, delay: timedelta = _NOW) -> Telling:
    """Tell that a create or reserve did not succeed, whatever the wallet made of it."""
    discard = TicketDiscard(operator=teller.operator, ticket_id=id_.hex(), reason=reason)
    return _tell(teller, Message.TICKET_DISCARD, discard, delay)


def tell_refund(teller: Teller, id_: bytes, reason: str) -> Telling:
    """Tell that a ticket is declined: the wallet gives back its whole price."""
    refund = TicketRefund(operator=teller.operator, ticket_id=id_.hex(), reason=reason)
    return _tell(teller, Message.TICKET_REFUND, refund)


def tell_status(teller: Teller, facts: Facts, state: State) -> Telling | None:
    """Tell the player's telephone how a ticket stands; None where no number is known."""
    if facts.msisdn is None:
        return None
    status = TicketStatus(
        ticket_code=facts.code,
        ticket_id=facts.key.id.hex(),
        msisdn=facts.msisdn,
        status=Status.RESULTED if state.result is not TicketResult.PENDING else state.status,
        result=state.result,
    )
    return _notify(teller, Message.TICKET_STATUS, status)


def _tell(teller: Teller, action: Message, call: Call, delay: timedelta = _NOW) -> Telling:
    return Telling(Lane.PAM, action, _blanks(teller, CALLS.render(call)), delay)


def _notify(teller: Teller, action: Message, notification: Notification) -> Telling:
    return Telling(Lane.SMS, action, _blanks(teller, NOTIFICATIONS.render(notification)))


def _blanks(teller: Teller, body: bytes) -> bytes:
    return without_blanks(body) if teller.blanks is WebhookBlanks.REMOVE else body
