"""What a call to Acca may raise.

AccaError
├── Unreached              no answer came; what was asked may have been done all the same
│   └── Unreadable         an answer came, and it is none of Acca's
├── Unavailable            503: not now; `retry_after` in seconds
├── TooManyRequests        429: too fast; `retry_after` in seconds
├── TooLarge               413: the body is above its limit
├── Invalid                422: `detail` names every defect of the request
└── Refused                a `code` and its sentence, one class for each documented code:
    ├── NotAuthentic       1        ├── EventClosed              209
    ├── NotAllowed         2        ├── BetSuspended             210
    ├── FeatureOff         100      ├── EventTwice               211
    ├── UserNotFound       101      ├── NumberOfEventsWrong      212
    ├── TicketNotFound     102      ├── CardNotFound             213
    ├── OperatorNotFound   106      ├── CardClosed               214
    ├── TicketNotReserved  117      ├── PrizesChanged            215
    ├── EventNotFound      203      ├── TicketDeclined           216
    ├── BetNotFound        204      ├── PlatformDidNotAnswer     218
    ├── OddsChanged        205      ├── PayoutTooHigh            219
    ├── CurrencyNotSupported 207    ├── WinOutOfReach            220
    ├── PriceOutOfRange    208      ├── TypeNotEnabled           222
    │                               ├── BetsDoNotFitCard         223
    │                               ├── CashOutNotAvailable      224
    │                               ├── CashOutValueChanged      225
    │                               ├── IdempotencyConflict      226
    │                               ├── TotalOddsTooHigh         227
    │                               ├── CodeWrong                229
    │                               └── TooManyCodes             230
A code that is not listed is a plain `Refused`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


class AccaError(Exception):
    """Any failure of a call; `idempotency_key` is the one that the call was sent with.

    After Unreached and Unavailable, the same call with the same key tells what became of it.
    """

    again: ClassVar[bool] = False
    """Whether another try of the same request may fare better."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.idempotency_key: str | None = None


class Unreached(AccaError):
    """No answer came in time: what was asked may have been done, or may not."""

    again: ClassVar[bool] = True


class Unreadable(Unreached):
    """What answered does not speak as Acca does: a wrong address, or a proxy on the way."""

    again: ClassVar[bool] = False


class _Later(AccaError):
    again: ClassVar[bool] = True

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after: float | None = retry_after


class Unavailable(_Later):
    """Acca does not take work now, or the same request is still under way (503)."""


class TooManyRequests(_Later):
    """The operator exceeds its request rate (429)."""


class TooLarge(AccaError):
    """The body is above the limit of its path (413)."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect of a request: where it is, a sentence, and a word for programs."""

    loc: tuple[str | int, ...]
    msg: str
    type: str


class Invalid(AccaError):
    """The request is not as documented (422); every defect that was found is in `detail`."""

    def __init__(self, detail: Sequence[Defect]) -> None:
        self.detail: tuple[Defect, ...] = tuple(detail)
        super().__init__("; ".join(f"{_path(one.loc)} {one.msg}" for one in self.detail))


class Refused(AccaError):
    """A refusal: its code, its sentence, and for some `because`, a slug that tells them apart."""

    def __init__(self, code: int, message: str, because: str | None = None) -> None:
        super().__init__(f"{message} (code {code})")
        self.code: int = code
        self.message: str = message
        self.because: str | None = because


class NotAuthentic(Refused):
    """Signature, timestamp or operator name is missing or wrong."""


class NotAllowed(Refused):
    """The request is authentic, but not this operator's to make."""


class FeatureOff(Refused):
    """The feature is switched off for the operator."""


class UserNotFound(Refused):
    """The operator's platform does not know the player."""


class TicketNotFound(Refused):
    """No ticket has this id or code."""


class OperatorNotFound(Refused):
    """No operator has this name."""


class TicketNotReserved(Refused):
    """Only a reserved ticket can be paid; the money that was collected goes back to the player."""


class EventNotFound(Refused):
    """No event has this id."""


class BetNotFound(Refused):
    """The event has no such bet."""


class OddsChanged(Refused):
    """The odds moved further than `odds_diff` allows."""


class CurrencyNotSupported(Refused):
    """The currency is not the operator's, the player's or the card's."""


class PriceOutOfRange(Refused):
    """The price is too low or too high."""


class EventClosed(Refused):
    """The event has started, or takes no bets."""


class BetSuspended(Refused):
    """The bet is suspended for now."""


class EventTwice(Refused):
    """An event is named more than once."""


class NumberOfEventsWrong(Refused):
    """There are too few or too many events, or lines."""


class CardNotFound(Refused):
    """No bet card has this code."""


class CardClosed(Refused):
    """The bet card is closed."""


class PrizesChanged(Refused):
    """A prize of the card is lower than the one that was shown to the player."""


class TicketDeclined(Refused):
    """The operator's platform declined the ticket."""


class PlatformDidNotAnswer(Refused):
    """The operator's platform did not answer; the ticket is discarded."""


class PayoutTooHigh(Refused):
    """The ticket could pay more than is allowed."""


class WinOutOfReach(Refused):
    """No combination of events reaches the win that was asked for."""


class TypeNotEnabled(Refused):
    """The ticket type is not enabled for the operator."""


class BetsDoNotFitCard(Refused):
    """The bets are not those that the card asks for."""


class CashOutNotAvailable(Refused):
    """The ticket cannot be cashed out now."""


class CashOutValueChanged(Refused):
    """The cash-out is worth another amount by now."""


class IdempotencyConflict(Refused):
    """The idempotency key was used with another body; nothing was done."""


class TotalOddsTooHigh(Refused):
    """The total odds are above the limit."""


class CodeWrong(Refused):
    """The one-time password is wrong or has expired."""


class TooManyCodes(Refused):
    """Too many one-time passwords were asked for, or tried."""


REFUSALS: Mapping[int, type[Refused]] = {
    1: NotAuthentic,
    2: NotAllowed,
    100: FeatureOff,
    101: UserNotFound,
    102: TicketNotFound,
    106: OperatorNotFound,
    117: TicketNotReserved,
    203: EventNotFound,
    204: BetNotFound,
    205: OddsChanged,
    207: CurrencyNotSupported,
    208: PriceOutOfRange,
    209: EventClosed,
    210: BetSuspended,
    211: EventTwice,
    212: NumberOfEventsWrong,
    213: CardNotFound,
    214: CardClosed,
    215: PrizesChanged,
    216: TicketDeclined,
    218: PlatformDidNotAnswer,
    219: PayoutTooHigh,
    220: WinOutOfReach,
    222: TypeNotEnabled,
    223: BetsDoNotFitCard,
    224: CashOutNotAvailable,
    225: CashOutValueChanged,
    226: IdempotencyConflict,
    227: TotalOddsTooHigh,
    229: CodeWrong,
    230: TooManyCodes,
}
"""The class of each documented code."""


def refused(code: int, message: str, because: str | None = None) -> Refused:
    """Make the error of a code."""
    return REFUSALS.get(code, Refused)(code, message, because)


def _path(loc: Sequence[str | int]) -> str:
    return ".".join(str(step) for step in loc)
