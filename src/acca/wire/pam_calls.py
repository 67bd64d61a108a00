"""What a ticket tells the wallet: the exact bytes, made once and sent as they are (spec 4)."""

from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple, TypedDict

from acca.core.finance import ExtType, TaxTerms
from acca.core.lifecycle import Message
from acca.core.operator import WebhookBlanks
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Amounts, Facts, Lane, LegResult, State, Telling
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
from acca.wire.sms import NOTIFICATIONS, BetResult, Notification, TicketStatus

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
    id_ = ended.facts.key.id.hex()
    if message in _PLAIN:
        head, tail = _around_id(teller, message)
        return Telling(Lane.PAM, message, b"%b%b%b" % (head, id_.encode(), tail))
    return _tell(teller, message, _with_more(teller, message, id_, ended))


@lru_cache(1024)
def _around_id(teller: Teller, message: Message) -> tuple[bytes, bytes]:
    """Render a call that names nothing but its ticket, once, and cut it where the ticket stands."""
    call = _PLAIN[message](operator=teller.operator, ticket_id=_PLACE)
    head, tail = _tell(teller, message, call).body.rsplit(_PLACE.encode(), 1)
    return head, tail


def _with_more(teller: Teller, message: Message, id_: str, ended: Ended) -> Call:
    facts, terms, amounts, reason = ended
    if message is Message.TICKET_UPDATE:
        told = _told(teller, facts, terms, amounts)
        return TicketUpdate(**told, psp=facts.psp, ticket_type=facts.type)
    if message is Message.TICKET_VOID:
        return TicketVoid(**_paying(teller, facts, terms, amounts))
    assert message is Message.TICKET_ROLLBACK, "an end is an update, an outcome or a rollback"
    return TicketRollback(operator=teller.operator, ticket_id=id_, reason=reason)


_PLAIN = {Message.TICKET_WIN: TicketWin, Message.TICKET_LOST: TicketLost}
_PLACE = "0" * 24


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


def tell_leg(teller: Teller, id_: bytes, told: LegResult, delay: timedelta = _NOW) -> Telling:
    """Tell the player how one leg of a ticket ended."""
    (event, bet), result = told
    leg = BetResult(ticket_id=id_.hex(), result=result, event_id=event, bet_id=bet)
    return _notify(teller, Message.BET_RESULT, leg)._replace(delay=delay)


def _tell(teller: Teller, action: Message, call: Call, delay: timedelta = _NOW) -> Telling:
    return Telling(Lane.PAM, action, _blanks(teller, CALLS.render(call)), delay)


def _notify(teller: Teller, action: Message, notification: Notification) -> Telling:
    return Telling(Lane.SMS, action, _blanks(teller, NOTIFICATIONS.render(notification)))


def _blanks(teller: Teller, body: bytes) -> bytes:
    return without_blanks(body) if teller.blanks is WebhookBlanks.REMOVE else body
