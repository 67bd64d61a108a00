"""Every expected no, with its code and sentence, in order of precedence (spec 1, errors).

    Refusal
    ├── NotSigned, NotAllowed                       1, 2      the request may not be made
    ├── FeatureOff … TicketTypeOff                100, 222    the operator does not offer it
    ├── CardNotFound … PayoutTooHigh              201 … 227   the rules, judged without the wallet
    ├── UserNotFound … OperatorPlatformSilent     101 … 218   the wallet
    └── TicketNotFound … TooManyCodes             102 … 230   everything but placing

Codes 100-199 are the documentation's; a code it does not publish is never used there.
"""

from typing import ClassVar


class Refusal(Exception):
    """A no to the caller: nothing was done, and the sentence says why.

    `facts` fill the sentence; they hold what the caller sent or may know, never a secret.
    """

    code: ClassVar[int]
    sentence: ClassVar[str]
    documented: ClassVar[bool]

    def __init_subclass__(cls, *, code: int, sentence: str, documented: bool = False) -> None:
        cls.code, cls.sentence, cls.documented = code, sentence, documented

    def __init__(self, **facts: object) -> None:
        self.message: str = self.sentence.format(**facts)
        super().__init__(self.message)


class NotSigned(Refusal, code=1, sentence="{reason}"):
    """The signature, timestamp or operator name is missing or wrong (403)."""


class NotAllowed(Refusal, code=2, sentence="{reason}"):
    """Authenticated, but this is not the caller's (403)."""


class FeatureOff(
    Refusal, code=100, sentence="{feature} feature not implemented yet", documented=True
):
    """The feature is switched off for the operator: Reserve, Paid, Cash-out or OTP."""


class TicketTypeOff(
    Refusal, code=222, sentence="Ticket type `{type}` is not enabled for the operator"
):
    """The operator does not sell tickets of this type."""


class CardNotFound(Refusal, code=213, sentence="Bet card with `{code}` code is not found"):
    """There is no such card, or it is not published."""


class CardClosed(Refusal, code=214, sentence="Bet card with `{code}` code is closed"):
    """The card is closed."""


class BetsDoNotFit(Refusal, code=223, sentence="Bets do not fit the bet card"):
    """Wrong event or number of bets, two bets of one market, or an unknown selection."""


class EventTwice(Refusal, code=211, sentence="Event `{id}` is present more than once"):
    """An event stands in the request more than once."""


class WrongNumberOfEvents(
    Refusal, code=212, sentence="Number of events has to be between {min} and {max}"
):
    """Too few or too many events; for a jackpot, lines."""


class EventNotFound(Refusal, code=203, sentence="Event with `{id}` identifier is not found"):
    """There is no such event."""


class BetNotFound(Refusal, code=204, sentence="Bet `{bet}` of event `{id}` is not found"):
    """The event has no such bet."""


class EventClosed(Refusal, code=209, sentence="Event `{id}` does not accept bets any more"):
    """The event has started, or is closed or suspended."""


class BetSuspended(Refusal, code=210, sentence="Bet `{bet}` of event `{id}` is suspended"):
    """The bet is suspended."""


class OddsChanged(Refusal, code=205, sentence="Ticket odds changed", documented=True):
    """Odds moved by more than the request accepts, or the total fell below the operator's limit."""


class PrizesChanged(Refusal, code=215, sentence="Bet card prizes changed"):
    """A prize is lower now than the one sent, or the lists differ in length."""


class CurrencyNotSupported(Refusal, code=207, sentence="Currency `{currency}` is not supported"):
    """The currency is not the operator's, the card's or the player's."""


class PriceOutOfLimits(Refusal, code=208, sentence="Price has to be between {min} and {max}"):
    """The price is outside the limits, or more than what the player's day has left."""


class OddsTooHigh(Refusal, code=227, sentence="Total odds have to be at most {max}"):
    """The total odds are above the operator's limit."""


class PayoutTooHigh(Refusal, code=219, sentence="Payout has to be at most {max}"):
    """The payout is above the operator's limit."""


class UserNotFound(Refusal, code=101, sentence="User not found", documented=True):
    """The operator's wallet does not know the token."""


class TicketDeclined(Refusal, code=216, sentence="Ticket was declined: {message}"):
    """The operator's wallet said no."""


class OperatorPlatformSilent(Refusal, code=218, sentence="Operator platform did not answer"):
    """The operator's wallet gave no answer that can be relied on; the ticket is discarded."""


class TicketNotFound(
    Refusal,
    code=102,
    sentence="Ticket with `{identifier}` identifier is not found",
    documented=True,
):
    """The operator has no such ticket."""


class OperatorNotFound(
    Refusal, code=106, sentence="Operator {name} was not found", documented=True
):
    """There is no such operator."""


class TicketNotReserved(
    Refusal,
    code=117,
    sentence="Ticket has to have `reserved` status in order to do this action",
    documented=True,
):
    """Only a reserved ticket can be paid."""


class WinNotReachable(
    Refusal,
    code=220,
    sentence="No combination of events reaches the requested win; the nearest is {nearest}",
):
    """No combination of events reaches the wanted win."""


class CashOutNotAvailable(Refusal, code=224, sentence="Cash-out is not available"):
    """The ticket cannot be cashed out now."""


class CashOutValueChanged(Refusal, code=225, sentence="Cash-out value changed"):
    """The offer is lower now than the amount that was accepted."""


class IdempotencyKeyReused(
    Refusal, code=226, sentence="Requests with the same idempotency-key must have the same body"
):
    """The key stands for another request (409)."""


class CodeWrong(Refusal, code=229, sentence="Code is wrong or has expired"):
    """The one-time password is wrong, used or expired."""


class TooManyCodes(Refusal, code=230, sentence="Too many codes for this number"):
    """Too many one-time passwords, or tries, for this number."""


PRECEDENCE: tuple[tuple[type[Refusal], ...], ...] = (
    (NotSigned, NotAllowed),
    (FeatureOff,),
    (TicketTypeOff,),
    (CardNotFound, CardClosed),
    (BetsDoNotFit, EventTwice, WrongNumberOfEvents),
    (EventNotFound, BetNotFound),
    (EventClosed, BetSuspended),
    (OddsChanged,),
    (PrizesChanged,),
    (CurrencyNotSupported,),
    (PriceOutOfLimits,),
    (OddsTooHigh, PayoutTooHigh),
    (UserNotFound,),
    (TicketDeclined, OperatorPlatformSilent),
)
"""The stages of placing a ticket, in the order in which they answer.

What the wallet's identify adds (101, 218, 207 by its currency, 208 by the player's day) comes after
all the rules that need no wallet, and before its verdict on the ticket.
"""

APART: tuple[type[Refusal], ...] = (
    TicketNotFound,
    OperatorNotFound,
    TicketNotReserved,
    WinNotReachable,
    CashOutNotAvailable,
    CashOutValueChanged,
    IdempotencyKeyReused,
    CodeWrong,
    TooManyCodes,
)
"""Refusals that never compete with those of placing."""

REFUSALS: tuple[type[Refusal], ...] = (*(one for stage in PRECEDENCE for one in stage), *APART)

_STAGE: dict[type[Refusal], int] = {
    refusal: place for place, stage in enumerate(PRECEDENCE) for refusal in stage
}


def first_of(refusals: list[Refusal]) -> Refusal | None:
    """Choose the refusal that answers: the earliest stage, then the request's order."""
    if not refusals:
        return None
    return min(refusals, key=lambda refusal: _STAGE[type(refusal)])
