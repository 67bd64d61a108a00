"""Requests to place a ticket as orders: the wish, who buys, and what makes the request the same."""

import contextlib
import hashlib
import re
from datetime import timedelta
from typing import Annotated

from acca.api.bodies import require_json
from acca.api.calls import Call
from acca.api.signing import Signed
from acca.core.cards.fitting import Pick
from acca.core.placing import Wish
from acca.core.refusals import NotAllowed, TicketNotFound
from acca.core.ticket_facts import Buyer
from acca.flows.place_tickets import Order, Seller
from acca.store.rules import OperatorRules
from acca.store.tickets import Claim
from acca.wire.be_requests import (
    PlaceAccumulator,
    PlaceJackpot,
    PlaceRequest,
    PlaceSuperbet,
    parse_place,
)
from acca.wire.defects import Defect, Defective
from acca.wire.document import Document, parse
from acca.wire.words import OPERATOR

KEY_LASTS = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class _OfOperator(Document, frozen=True, kw_only=True):
    """What tells whose a request is, whatever else is wrong with it."""

    operator: Annotated[str, OPERATOR]


def read_identifier(call: Call) -> str:
    """Read what names a ticket in the path; the database holds no text with a NUL in it."""
    identifier = call.parameter("identifier")
    if "\0" in identifier:
        raise TicketNotFound(identifier=identifier)
    return identifier


def read_own(call: Call, signed: Signed[OperatorRules], body: bytes) -> PlaceRequest:
    """Read the signer's own request; one of another operator is not judged any further."""
    try:
        require_json(call)
        request = parse_place(body)
    except Defective:
        with contextlib.suppress(Defective):
            require_own(signed, parse(_OfOperator, body).operator)
        raise
    require_own(signed, request.operator)
    return request


def require_own(signed: Signed[OperatorRules], operator: str) -> None:
    """Raise NotAllowed where the body speaks of another operator than the one that signed."""
    if operator != signed.party_name:
        raise NotAllowed(reason="operator is not the operator-name that signed")


def claim_of(call: Call, signed: Signed[OperatorRules], body: bytes) -> Claim:
    """Tell what makes a request the same again: its idempotency-key, else its signature.

    By signature without the body's bytes: tolerant verification takes a caught body with one more
    blank in it, and that must not be another request.
    """
    keyed = key_claim_of(call, body)
    if keyed is not None:
        return keyed
    path = _path(call)
    window = signed.settings.rules.settings.clock_window
    named = ("signature", path, signed.timestamp, signed.signature)
    name = _hash(named)
    return Claim(name, name, 2 * window)


def key_claim_of(call: Call, body: bytes) -> Claim | None:
    """Tell the claim of an idempotency-key, None where the request has none."""
    key = read_key(call)
    if key is None:
        return None
    digest = hashlib.sha256(body).digest()
    return Claim(_hash(("key", call.method, _path(call), key)), digest, KEY_LASTS)


def _path(call: Call) -> str:
    return call.target.partition("?")[0]


def read_key(call: Call) -> str | None:
    """Read the `idempotency-key` header, None where there is none."""
    found = call.values(b"idempotency-key")
    if not found:
        return None
    if len(found) > 1 or _KEY.fullmatch(found[0]) is None:
        sentence = "has to be 1 to 255 visible ASCII characters, once"
        raise Defective([Defect(("header", "idempotency-key"), sentence, "key")])
    return found[0]


def order_of(
    request: PlaceRequest, seller: Seller, received: float, claim: Claim | None, *, reserves: bool
) -> Order:
    """Make the order of a request."""
    buyer = Buyer(request.source, request.psp, request.atag, request.rtag, request.msisdn)
    return Order(seller, _wish(request), buyer, request.token, reserves, claim, received)


def seller_of(signed: Signed[OperatorRules]) -> Seller:
    """Make the seller of an operator that signed; our own calls are signed by its newest key."""
    return Seller(signed.party_id, signed.party_name, signed.settings.rules, signed.secret)


def _wish(request: PlaceRequest) -> Wish:
    prizes = None
    if isinstance(request, PlaceJackpot):
        prizes = (request.prize_cents, *request.bonus_prizes)
    return Wish(
        type=request.type,
        currency=request.currency,
        price_cents=request.price_cents,
        stake_cents=request.stake_cents,
        picks=_picks(request),
        odds_diff=0 if isinstance(request, PlaceSuperbet) else request.odds_diff,
        card=request.betcard_code,
        prizes=prizes,
        has_atag=bool(request.atag),
    )


def _picks(request: PlaceAccumulator | PlaceSuperbet | PlaceJackpot) -> tuple[Pick, ...]:
    if isinstance(request, PlaceSuperbet):
        return tuple(Pick(request.event, bet, None) for bet in request.bets)
    return tuple(Pick(event.id, event.bet, event.odds) for event in request.events)


def _hash(parts: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).digest()
