"""What a ticket tells the wallet: the exact bytes, made once and sent as they are (spec 4)."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple, TypedDict

from acca.core.finance import ExtType, TaxTerms
from acca.core.lifecycle import Message
from acca.core.operator import WebhookBlanks
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Amounts, Facts, Lane, State, Telling
from acca.wire.pam import (
    CALLS,
    Call,
    TicketClosed,
    TicketCreate,
    TicketDiscard,
    TicketLost,
    TicketRefund,
    TicketReserve,
    TicketRollback,
    TicketUpdate,
    TicketVoid,
    TicketWin,
)
from acca.wire.signature import without_blanks
from acca.wire.sms import NOTIFICATIONS, Notification, TicketStatus

_NOW = timedelta(0)
AFTER_THE_WALLET = timedelta(days=14)
"""The player reads of an outcome once the wallet has acknowledged it, which makes this due."""


class Teller(NamedTuple):
    """The operator that is told: its name on the wire, and what its code does with blanks."""

    operator: str
    blanks: WebhookBlanks


class _Paying(TypedDict):
    operator: str
    ticket_id: str
    price_cents: int
    stake_cents: int
    wht_amount_cents: int
    wht_rate: int
    ext_amount_cents: int
    ext_rate: int
    ext_type: ExtType
    gross_payout_cents: int
    net_payout_cents: int


class _Told(_Paying):
    ticket_code: str
    player_id: str
    currency: str
    atag: str | None
    rtag: str | None


def tell_placing(teller: Teller, facts: Facts, terms: TaxTerms) -> Telling:
    """Tell of a new ticket: a create takes its price, a reservation takes nothing."""
    told = _told(teller, facts, terms, Amounts(*facts.payout[:3]))
    if facts.is_reservation:
        reserve = TicketReserve(**told, psp=facts.psp, ticket_type=facts.type)
        return _tell(teller, Message.TICKET_RESERVE, reserve)
    return _tell(teller, Message.TICKET_CREATE, TicketCreate(**told, ticket_type=facts.type))


def _told(teller: Teller, facts: Facts, terms: TaxTerms, amounts: Amounts) -> _Told:
    return {
        **_paying(teller, facts, terms, amounts),
        "ticket_code": facts.code,
        "player_id": facts.player,
        "currency": facts.currency,
        "atag": facts.atag,
        "rtag": facts.rtag,
    }


def _paying(teller: Teller, facts: Facts, terms: TaxTerms, amounts: Amounts) -> _Paying:
    return {
        "operator": teller.operator,
        "ticket_id": facts.key.id.hex(),
        "price_cents": facts.charge.price_cents,
        "stake_cents": facts.charge.stake_cents,
        "wht_amount_cents": amounts.wht_cents,
        "wht_rate": terms.wht_rate,
        "ext_amount_cents": facts.charge.ext_cents,
        "ext_rate": terms.ext_rate,
        "ext_type": terms.ext_formula.ext_type,
        "gross_payout_cents": amounts.gross_cents,
        "net_payout_cents": amounts.net_cents,
    }


class Ended(NamedTuple):
    """A ticket whose end is told: its facts, the terms of its taxes, its amounts, and why."""

    facts: Facts
    terms: TaxTerms
    amounts: Amounts
    reason: str


def tell_end(teller: Teller, message: Message, ended: Ended) -> Telling:
    """Tell of one step of a settlement: the rollback of an old one, an update, or the outcome."""
    facts = ended.facts
    return _tell(teller, message, _ENDS[message](teller, facts.key.id.hex(), ended))


def _update(teller: Teller, _: str, ended: Ended) -> Call:
    facts, terms, amounts, _reason = ended
    told = _told(teller, facts, terms, amounts)
    return TicketUpdate(**told, psp=facts.psp, ticket_type=facts.type)


def _void(teller: Teller, _: str, ended: Ended) -> Call:
    return TicketVoid(**_paying(teller, ended.facts, ended.terms, ended.amounts))


def _win(teller: Teller, id_: str, _: Ended) -> Call:
    return TicketWin(operator=teller.operator, ticket_id=id_)


def _lost(teller: Teller, id_: str, _: Ended) -> Call:
    return TicketLost(operator=teller.operator, ticket_id=id_)


def _rollback(teller: Teller, id_: str, ended: Ended) -> Call:
    return TicketRollback(operator=teller.operator, ticket_id=id_, reason=ended.reason)


_ENDS: dict[Message, Callable[[Teller, str, Ended], Call]] = {
    Message.TICKET_UPDATE: _update,
    Message.TICKET_WIN: _win,
    Message.TICKET_LOST: _lost,
    Message.TICKET_VOID: _void,
    Message.TICKET_ROLLBACK: _rollback,
}


def tell_closed(teller: Teller, id_: bytes) -> Telling:
    """Tell that nothing will change a ticket any more."""
    closed = TicketClosed(operator=teller.operator, ticket_id=id_.hex())
    return _tell(teller, Message.TICKET_CLOSED, closed)


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
