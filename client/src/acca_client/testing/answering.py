"""The double's side of a call: what is asked becomes what is told; nothing of it is HTTP."""

import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import RLock
from urllib.parse import parse_qs, unquote, urlsplit

from acca_client.documents import Malformed, Members, array, parse, text
from acca_client.errors import (
    CardNotFound,
    IdempotencyConflict,
    OperatorNotFound,
    Refused,
    UserNotFound,
)
from acca_client.testing.book import Book, Kept
from acca_client.testing.buying_back import gross_of, show_offer, worth
from acca_client.testing.composing import calculate, compose, fill
from acca_client.testing.explaining import explain
from acca_client.testing.finance import Taxes
from acca_client.testing.gate import Asked, Gate
from acca_client.testing.listing import Query, listed, whole
from acca_client.testing.offer import Offer
from acca_client.testing.one_time import VALID_SECONDS, Codes, msisdn_of
from acca_client.testing.order import Order, positive, read_order, require_own
from acca_client.testing.refusing import sample
from acca_client.testing.showing import amounts_of, show_quote
from acca_client.testing.striking import PRICE_MAX_CENTS, Struck, strike
from acca_client.testing.telling import Told, told, told_defect, told_refusal, told_status

_EVENTS_MAX = 1_000
_KEY_LENGTH_MAX = 255
_TOLD_OF_TICKETS = frozenset({"timeline", "cashout", "explain", "receipt"})


@dataclass(frozen=True, slots=True)
class Upset:
    """What goes wrong with a call: done or not, and what is told all the same, if anything."""

    is_done: bool
    instead: Told | None


class Desk:
    """Answers calls, one at a time, from what it holds in memory."""

    def __init__(self, gate: Gate, provider: Gate, taxes: Taxes, clock: Callable[[], int]) -> None:
        self.gate: Gate = gate
        self.taxes: Taxes = taxes
        self.clock: Callable[[], int] = clock
        self.offer: Offer = Offer(gate.operator, self.now())
        self.book: Book = Book(gate.operator, taxes, self.offer)
        self.codes: Codes = Codes()
        self.players: dict[str, str] = {}
        self.upsets: deque[Upset] = deque()
        self.calls: list[Asked] = []
        self.lock: RLock = RLock()
        self._provider: Gate = provider
        self._answered: dict[tuple[str, ...], tuple[bytes, Told]] = {}
        self._fed: dict[str, int] = {}

    def now(self) -> datetime:
        """Tell the time of the double's clock."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def answer(self, asked: Asked) -> Told | None:
        """Answer a call; None if nothing is to come back."""
        with self.lock:
            self.calls.append(asked)
            try:
                return self._route(asked)
            except Refused as refusal:
                return told_refusal(refusal)
            except Malformed as malformed:
                return told_defect(malformed)

    def _route(self, asked: Asked) -> Told | None:
        parts = urlsplit(asked.target)
        area, *path = [unquote(step) for step in parts.path.strip("/").split("/")]
        query = parse_qs(parts.query, keep_blank_values=True)
        if area == "bc":
            return self._show(asked, path, query)
        if area == "feed":
            self._provider.check(asked, self.clock())
            return told(self._feed(asked.body))
        self.gate.check(asked, self.clock())
        if asked.method == "POST":
            return self._upset(asked, path)
        return self._look_up(path, query)

    def _upset(self, asked: Asked, path: list[str]) -> Told | None:
        if not self.upsets:
            return self._once(asked, path)
        upset = self.upsets.popleft()
        if upset.is_done:
            try:
                _ = self._once(asked, path)
            except (Refused, Malformed):
                return None
        return upset.instead

    def _once(self, asked: Asked, path: list[str]) -> Told:
        """Carry a request out, or give the answer that it has had already."""
        known = _known_by(asked)
        if known is None or path[-1:] == ["quote"] or path[:1] == ["otp"]:
            return self._change(asked, path)
        if known in self._answered:
            body, answer = self._answered[known]
            if body != asked.body:
                raise sample(IdempotencyConflict)
            return replace(answer, headers={**answer.headers, "idempotent-replay": "true"})
        answer = self._change(asked, path)
        self._answered[known] = asked.body, answer
        return answer

    def _change(self, asked: Asked, path: list[str]) -> Told:
        now = self.now()
        match path:
            case ["tickets"] | ["tickets", "reserve"]:
                order, struck = self._strike(asked.body)
                player = self._player(order.token)
                kept = self.book.place(struck, player, now, reserve=len(path) > 1)
            case ["tickets", "quote"]:
                _, struck = self._strike(asked.body)
                amounts = amounts_of(struck, self.taxes)
                return told(show_quote(struck, amounts, PRICE_MAX_CENTS))
            case ["tickets", identifier, "paid"]:
                if asked.body not in {b"", b"{}"}:
                    raise Malformed("body has to be empty")
                kept = self.book.find(identifier)
                self.book.pay(kept, now)
            case ["otp"] | ["otp", "verify"]:
                return self._code(asked.body, is_try=len(path) > 1)
            case ["tickets", identifier, "cashout"]:
                kept = self._cash_out(identifier, asked.body, now)
            case _:
                return _nothing_there()
        return told(self.book.show(kept))

    def _code(self, body: bytes, *, is_try: bool) -> Told:
        members = Members(parse(body), "body")
        operator, msisdn = members.take("operator", text), members.take("msisdn", msisdn_of)
        code = members.take("code", text) if is_try else ""
        require_own(operator, self.gate.operator)
        if is_try:
            self.codes.verify(msisdn, code, self.clock())
            return told({"verified": True})
        _ = self.codes.send(msisdn, self.clock())
        return told({"expires_in": VALID_SECONDS})

    def _cash_out(self, identifier: str, body: bytes, now: datetime) -> Kept:
        members = Members(parse(body), "body")
        operator, cents = members.take("operator", text), members.take("amount", positive)
        require_own(operator, self.gate.operator)
        kept = self.book.find(identifier)
        offered = worth(kept, self.offer, self.taxes, now)
        price = kept.struck.order.price_cents
        self.book.cash_out(kept, gross_of(cents, price, offered, self.taxes), now)
        return kept

    def _strike(self, body: bytes) -> tuple[Order, Struck]:
        order = read_order(body, self.gate.operator)
        return order, strike(order, self.offer, self.now())

    def _player(self, token: str) -> str:
        if not self.players:
            return token
        if token not in self.players:
            raise sample(UserNotFound)
        return self.players[token]

    def _look_up(self, path: list[str], query: Query) -> Told:
        match path:
            case ["tickets"]:
                tickets = listed(self.book.newest_first(), query)
                return told([self.book.show(kept) for kept in tickets])
            case ["tickets", identifier]:
                return told(self.book.show(self.book.find(identifier)))
            case ["tickets", identifier, what] if what in _TOLD_OF_TICKETS:
                return self._tell_of(self.book.find(identifier), what, query)
            case ["events"]:
                limit = whole(query, "limit", 100, range(1, _EVENTS_MAX + 1))
                return told(self.book.page(whole(query, "after", 0, range(10**15)), limit))
            case _:
                return _nothing_there()

    def _tell_of(self, kept: Kept, what: str, query: Query) -> Told:
        match what:
            case "timeline":
                return told(self.book.timeline(kept))
            case "cashout":
                return told(show_offer(kept, self.offer, self.taxes, self.now()))
            case "explain":
                return told(explain(kept, self.offer, query))
            case _:
                return told_status(404, "The double signs no receipts: ask a sandbox of Acca")

    def _show(self, asked: Asked, path: list[str], query: Query) -> Told:
        match path:
            case ["calculator", "finance-details"]:
                self._check_operator(query)
                return told(calculate(self.taxes, query))
            case [product] if product in self.offer.codes:
                self._check_operator(query)
                return _kept_at(asked, told([self.offer.card(product)]))
            case [product, code] if product in self.offer.codes:
                return self._card(asked, product, code)
            case _:
                return _nothing_there()

    def _card(self, asked: Asked, product: str, code: str) -> Told:
        if code != self.offer.codes[product]:
            raise CardNotFound(213, f"Bet card with `{code}` code is not found")
        match asked.method, product:
            case "GET", _:
                return _kept_at(asked, told(self.offer.card(product)))
            case "POST", "smartbets":
                return told(compose(self.offer, self.taxes, asked.body))
            case "POST", "jackpots":
                return told(fill(self.offer, asked.body))
            case _:
                return told_status(405, "Allowed here: GET")

    def _check_operator(self, query: Query) -> None:
        (name,) = query.get("operator", ("",))[:1]
        if name != self.gate.operator:
            raise OperatorNotFound(106, f"Operator {name} was not found")

    def _feed(self, body: bytes) -> dict[str, object]:
        """Take a batch: every entry is applied, and a new event gets the next number."""
        entries = Members(parse(body), "body").take("entries", array(Members))
        verdicts: list[dict[str, object]] = []
        for place, entry in enumerate(entries):
            event = entry.maybe("event", text)
            number = None if event is None else self._fed.setdefault(event, len(self._fed) + 1)
            named = {"message": None, "event": event, "event_id": number}
            verdicts.append({"entry": place, "verdict": "applied", **named})
        return {"verdicts": verdicts}


def _known_by(asked: Asked) -> tuple[str, ...] | None:
    """Tell what a repeat of a request is known by; None for one that is never a repeat."""
    key = asked.headers.get("idempotency-key")
    if key is not None:
        if len(key) not in range(1, _KEY_LENGTH_MAX + 1) or not key.isascii():
            raise Malformed("header.idempotency-key has to be 1 to 255 visible ASCII characters")
        return "key", asked.method, asked.target, key
    if not asked.body:
        return None
    signature, timestamp = asked.headers["signature"], asked.headers["timestamp"]
    return "signature", asked.method, asked.target, timestamp, signature


def _kept_at(asked: Asked, answer: Told) -> Told:
    """Answer with an etag, and with nothing more to who has this very answer."""
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    headers = {**answer.headers, "etag": etag, "cache-control": "no-cache"}
    if asked.headers.get("if-none-match") == etag:
        return Told(304, b"", headers)
    return replace(answer, headers=headers)


def _nothing_there() -> Told:
    return told_status(404, "There is nothing at this path")
