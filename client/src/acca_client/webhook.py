"""What Acca sends to an operator's platform: verified, read, and carried out only once.

`verify` takes the headers and the exact bytes of a webhook and returns what it says. `judge` keeps
the one rule that makes repeats harmless: a number that is not greater than the last one carried out
for its ticket has been carried out already.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from acca_client.amounts import Amounts, take_amounts
from acca_client.documents import Malformed, Members, integer, parse, text
from acca_client.signature import WINDOW_SECONDS, WebhookRefused, verify_webhook

_DELIVERY_ID = re.compile(r"(?P<ticket_id>.{1,64})-(?P<n>[0-9]{1,18})", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)


class WebhookUnreadable(WebhookRefused):
    """A webhook whose signature is good, but whose document is not as it should be."""


@dataclass(frozen=True, slots=True)
class Ping:
    """A health check; it is not signed, and any 2xx answers it."""

    operator: str


@dataclass(frozen=True, slots=True)
class Identify:
    """Who is the player of this token? Answer `player_id`, `currency`, `balance`, `lang`."""

    operator: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTold:
    """A ticket with its amounts: to be taken (create), only noted (reserve), or new (update)."""

    operator: str
    ticket_id: str
    ticket_code: str
    player_id: str
    psp: str | None
    amounts: Amounts
    currency: str
    atag: str | None
    rtag: str | None
    ticket_type: str


@dataclass(frozen=True, slots=True)
class TicketNamed:
    """A ticket that is won, lost or closed; a win pays what was last told."""

    operator: str
    ticket_id: str


@dataclass(frozen=True, slots=True)
class TicketVoided:
    """A ticket that is void; `net_payout_cents` of its amounts goes back to the player."""

    operator: str
    ticket_id: str
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class TicketUndone:
    """A ticket that is refunded, discarded or rolled back, with the reason as a slug."""

    operator: str
    ticket_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Otp:
    """A one-time password to be sent to a telephone."""

    code: str
    msisdn: str


@dataclass(frozen=True, slots=True)
class TicketStatus:
    """News of a ticket for its player's telephone."""

    ticket_code: str
    ticket_id: str
    msisdn: str
    status: str
    result: str


@dataclass(frozen=True, slots=True)
class BetResult:
    """The result of one bet of a ticket."""

    ticket_id: str
    result: str
    event_id: int
    bet_id: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """Data of an action that this version does not know: better not answered with 200."""

    members: dict[str, object]


Data = (
    Ping
    | Identify
    | TicketTold
    | TicketNamed
    | TicketVoided
    | TicketUndone
    | Otp
    | TicketStatus
    | BetResult
    | Unknown
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """What a webhook says: `action` of a wallet call, or the type of an SMS notification.

    `n` numbers the deliveries of a ticket and is the same at every attempt; it, `delivery_id` and
    `ticket_id` are None where no ticket is meant.
    """

    action: str
    data: Data
    delivery_id: str | None
    ticket_id: str | None
    n: int | None
    attempt: int


class Delivery(Enum):
    """What to do with a delivery; both are answered with 200."""

    CARRY_OUT = "carry out"
    ALREADY_DONE = "already done"


def judge(last: int | None, n: int) -> Delivery:
    """Tell whether to carry out delivery `n`, after `last` of the same ticket, None if it has none.

    Save `n` as the ticket's last in the transaction that carries it out.
    """
    return Delivery.CARRY_OUT if last is None or n > last else Delivery.ALREADY_DONE


def verify(
    keys: Sequence[str],
    headers: Mapping[str, str],
    body: bytes,
    now: int,
    window: int = WINDOW_SECONDS,
) -> Webhook:
    """Verify a webhook and read it; WebhookRefused if it is not to be believed.

    Give every key that is valid now, and the bytes as they came. Only `ping` needs no signature.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if "signature" not in given and _is_ping(body):
        return _read(given, body)
    verify_webhook(given, body, keys, now, window)
    return _read(given, body)


def _is_ping(body: bytes) -> bool:
    try:
        return Members(parse(body), "webhook").maybe("action", text) == "ping"
    except Malformed:
        return False


def _read(headers: Mapping[str, str], body: bytes) -> Webhook:
    try:
        members = Members(parse(body), "webhook")
        action = members.maybe("action", text) or members.take("type", text)
        data = members.take("data", _DATA.get(action, _unknown))
        return _delivered(action, data, headers)
    except Malformed as malformed:
        raise WebhookUnreadable(str(malformed)) from None


def _delivered(action: str, data: Data, headers: Mapping[str, str]) -> Webhook:
    delivery_id = headers.get("delivery-id")
    ticket_id, n = (None, None) if delivery_id is None else _number(delivery_id)
    # Headers are not signed: one that names another ticket must not number this one's deliveries.
    of_data = getattr(data, "ticket_id", None)
    if ticket_id is not None and of_data not in {None, ticket_id}:
        raise Malformed("delivery-id names another ticket than the body")
    attempt = headers.get("attempt", "1")
    if _COUNT.fullmatch(attempt) is None:
        raise Malformed("attempt has to be a number")
    return Webhook(
        action=action,
        data=data,
        delivery_id=delivery_id,
        ticket_id=of_data or ticket_id,
        n=n,
        attempt=int(attempt),
    )


def _number(delivery_id: str) -> tuple[str, int]:
    match = _DELIVERY_ID.fullmatch(delivery_id)
    if match is None:
        raise Malformed("delivery-id has to be a ticket's id, a hyphen and a number")
    return match["ticket_id"], int(match["n"])


def _ping(token: object, place: str) -> Ping:
    return Ping(Members(token, place).take("operator", text))


def _identify(token: object, place: str) -> Identify:
    members = Members(token, place)
    return Identify(members.take("operator", text), members.take("token", text))


def _told(token: object, place: str) -> TicketTold:
    members = Members(token, place)
    return TicketTold(
        operator=members.take("operator", text),
        ticket_id=members.take("ticket_id", text),
        ticket_code=members.take("ticket_code", text),
        player_id=members.take("player_id", text),
        psp=members.maybe("psp", text),
        amounts=take_amounts(members),
        currency=members.take("currency", text),
        atag=members.maybe("atag", text),
        rtag=members.maybe("rtag", text),
        ticket_type=members.take("ticket_type", text),
    )


def _ticket_named(token: object, place: str) -> TicketNamed:
    members = Members(token, place)
    return TicketNamed(members.take("operator", text), members.take("ticket_id", text))


def _voided(token: object, place: str) -> TicketVoided:
    members = Members(token, place)
    operator, ticket_id = members.take("operator", text), members.take("ticket_id", text)
    return TicketVoided(operator, ticket_id, take_amounts(members))


def _undone(token: object, place: str) -> TicketUndone:
    members = Members(token, place)
    operator, ticket_id = members.take("operator", text), members.take("ticket_id", text)
    return TicketUndone(operator, ticket_id, members.take("reason", text))


def _otp(token: object, place: str) -> Otp:
    members = Members(token, place)
    return Otp(members.take("code", text), members.take("msisdn", text))


def _ticket_status(token: object, place: str) -> TicketStatus:
    members = Members(token, place)
    return TicketStatus(
        members.take("ticket_code", text),
        members.take("ticket_id", text),
        members.take("msisdn", text),
        members.take("status", text),
        members.take("result", text),
    )


def _bet_result(token: object, place: str) -> BetResult:
    members = Members(token, place)
    return BetResult(
        members.take("ticket_id", text),
        members.take("result", text),
        members.take("event_id", integer),
        members.take("bet_id", integer),
    )


def _unknown(token: object, place: str) -> Unknown:
    return Unknown(Members(token, place).rest())


_DATA: Mapping[str, Callable[[object, str], Data]] = {
    "ping": _ping,
    "identify": _identify,
    "ticket_create": _told,
    "ticket_reserve": _told,
    "ticket_update": _told,
    "ticket_closed": _ticket_named,
    "ticket_win": _ticket_named,
    "ticket_lost": _ticket_named,
    "ticket_void": _voided,
    "ticket_refund": _undone,
    "ticket_discard": _undone,
    "ticket_rollback": _undone,
    "otp": _otp,
    "ticket_status": _ticket_status,
    "bet_result": _bet_result,
}
