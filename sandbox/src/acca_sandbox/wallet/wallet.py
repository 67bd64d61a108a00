"""A wallet of one or more operators: believes a call or not, does it, keeps it, answers it."""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import msgspec

from acca_client.signature import WebhookRefused, verify_webhook
from acca_sandbox.wallet.calls import (
    BadCall,
    Call,
    Identify,
    Ping,
    TicketCall,
    action_of,
    read_call,
    read_notification,
)
from acca_sandbox.wallet.changes import (
    CallRefused,
    CallTaken,
    Change,
    MoneyAdded,
    OperatorAdded,
    PeopleChange,
    PlayerAdded,
    SmsTaken,
    TokenAdded,
    TokenUsed,
    one_line,
)
from acca_sandbox.wallet.heard import Hearing
from acca_sandbox.wallet.journal import Journal
from acca_sandbox.wallet.ledger import Ledger, Player, Refused, Verdict

BAD_REQUEST = 400
FORBIDDEN = 403
_ENCODE = msgspec.json.Encoder().encode
_N_DIGITS_MAX = 15


class Answer(NamedTuple):
    """What goes back to the caller."""

    status: int
    body: bytes


class Request(NamedTuple):
    """A call that is believed: its action, and the doing of it."""

    action: str
    do: Callable[[], Answer]


class Operator(NamedTuple):
    """An operator's valid keys, and its ledger."""

    keys: list[str]
    ledger: Ledger


class UnknownOperator(Exception):
    """No operator of that name is here."""


OK = Answer(200, b'{"message":"ok"}')


def say(status: int, code: int, message: str) -> Answer:
    """Make an answer of a code and a sentence."""
    return Answer(status, _ENCODE({"code": code, "message": message}))


BROKEN = say(500, 500, "The journal cannot be written")


class Wallet:
    """Everything that the operators hold, in memory, and in a journal where one is given."""

    def __init__(
        self,
        journal: Journal | None = None,
        clock: Callable[[], float] = time.time,
        seed: int = 7,
    ) -> None:
        self.operators: dict[str, Operator] = {}
        self.inbox: list[SmsTaken] = []
        self.refused: list[CallRefused] = []
        self.calls: Counter[str] = Counter()
        self.heard: Hearing = Hearing()
        self.seed: int = seed
        self._clock: Callable[[], float] = clock
        self._keys: list[str] = []
        self._journal: Journal | None = None
        for change in journal.read_all() if journal else ():
            self._apply(change)
        self._journal = journal

    def now_ms(self) -> int:
        """Return the wallet's time."""
        return int(self._clock() * 1000)

    def ledger(self, operator: str = "") -> Ledger:
        """Return the ledger of an operator; of the first one where none is named."""
        name = operator or next(iter(self.operators), "")
        if name not in self.operators:
            raise UnknownOperator(f"Operator {name} was not found")
        return self.operators[name].ledger

    def dice(self, ledger: Ledger) -> random.Random:
        """Return dice that never fall twice alike for a ledger, also after a restart."""
        drawn = len(ledger.players), ledger.tokens_issued
        seed = f"{self.seed}:{ledger.operator}:{drawn}"
        return random.Random(seed)  # noqa: S311 - sandbox tokens are the same on each run

    def change(self, change: Change) -> None:
        """Apply a change and keep it."""
        self._apply(change)
        self._keep(change)

    def receive_call(self, headers: Mapping[bytes, bytes], body: bytes) -> Request | Answer:
        """Believe a call of the PAM API or answer why not."""
        if self.is_broken:
            return BROKEN
        refusal = self._disbelief(headers, body, self._keys)
        try:
            call = read_call(body)
        except BadCall as bad:
            return self._refuse("pam", refusal, str(bad))
        name = call.data.operator
        if isinstance(call, Ping):
            return Request("ping", lambda: OK)
        if refusal is None and len(self.operators) > 1:
            # The body says whose key it must be; another operator's key fits nothing of his.
            keys = self.operators[name].keys if name in self.operators else []
            refusal = self._disbelief(headers, body, keys)
        if refusal is not None:
            return self._refuse("pam", refusal)
        if name not in self.operators:
            return self._refuse("pam", f"Operator {name} was not found")
        return self._request(call, self.operators[name].ledger, headers, body)

    def receive_sms(self, headers: Mapping[bytes, bytes], body: bytes) -> Request | Answer:
        """Believe an SMS notification or answer why not."""
        if self.is_broken:
            return BROKEN
        operator = headers.get(b"operator-name", b"").decode("latin-1")
        keys = self.operators[operator].keys if operator in self.operators else []
        refusal = self._disbelief(headers, body, keys)
        try:
            told = read_notification(body)
        except BadCall as bad:
            return self._refuse("sms", refusal, str(bad))
        if refusal is not None:
            return self._refuse("sms", refusal)
        delivery_id = headers.get(b"delivery-id", b"").decode("latin-1")
        sms = SmsTaken(self.now_ms(), operator, delivery_id, told.type, told.data)
        return Request("sms", partial(self._take_sms, sms))

    def _request(
        self, call: Call, ledger: Ledger, headers: Mapping[bytes, bytes], body: bytes
    ) -> Request | Answer:
        assert not isinstance(call, Ping), "a ping is answered before its operator is looked up"
        if isinstance(call, Identify):
            return Request("identify", partial(self._identify, ledger, call.data.token))
        n = _number(headers.get(b"delivery-id", b""), call.data.ticket_id)
        if n is None:
            return self._refuse("pam", None, "delivery-id is not the ticket's id, `-` and a number")
        action, attempt = action_of(call), headers.get(b"attempt", b"")
        return Request(action, partial(self._carry_out, ledger, call, (action, n, attempt), body))

    def _identify(self, ledger: Ledger, token: str) -> Answer:
        try:
            player, used_up = ledger.identify(token)
        except Refused as refused:
            return say(refused.status, refused.code, refused.message)
        if used_up:
            self._keep(TokenUsed(ledger.operator, token))
        return Answer(200, _ENCODE(identity(ledger, player)))

    def _carry_out(
        self, ledger: Ledger, call: TicketCall, told: tuple[str, int, bytes], body: bytes
    ) -> Answer:
        at_ms = self.now_ms()
        verdict = self._do(ledger, call, told, at_ms)
        if verdict.changed and self._journal is not None:
            self._journal.append(CallTaken(at_ms, told[1], one_line(body)))
        if verdict.status == OK.status:
            return OK
        return say(verdict.status, verdict.code, verdict.message)

    def _do(
        self, ledger: Ledger, call: TicketCall, told: tuple[str, int, bytes], at_ms: int
    ) -> Verdict:
        """Do a call, told by its action, number and attempt, and keep what came of it."""
        action, n, attempt = told
        entries = ledger.book.entries
        first = len(entries)
        verdict = ledger.carry_out(call, n, at_ms)
        status, _, message, _ = verdict
        self.heard.add(
            call.data.ticket_id,
            (at_ms, action, n, attempt, status, message, first, len(entries)),
        )
        return verdict

    def _take_sms(self, sms: SmsTaken) -> Answer:
        self.change(sms)
        return OK

    def _disbelief(
        self, headers: Mapping[bytes, bytes], body: bytes, keys: list[str]
    ) -> str | None:
        signed = {
            "timestamp": headers.get(b"timestamp", b"").decode("latin-1"),
            "signature": headers.get(b"signature", b"").decode("latin-1"),
        }
        try:
            verify_webhook(signed, body, keys, int(self._clock()))
        except WebhookRefused as refused:
            return str(refused)
        return None

    def _refuse(self, path: str, disbelief: str | None, defect: str = "") -> Answer:
        reason = disbelief or defect
        self.change(CallRefused(self.now_ms(), "sms" if path == "sms" else "pam", reason))
        status = BAD_REQUEST if disbelief is None else FORBIDDEN
        return say(status, status, reason)

    @property
    def is_broken(self) -> bool:
        """Tell whether the journal cannot be written any more."""
        # What memory holds and the journal lacks would be answered as a repeat, and then be lost.
        return self._journal is not None and self._journal.broken

    def _keep(self, change: Change) -> None:
        if self._journal is not None:
            self._journal.append(change)

    def _apply(self, change: Change) -> None:
        match change:
            case CallTaken():
                call = read_call(bytes(change.body))
                assert not isinstance(call, Ping | Identify), "only ticket calls are kept"
                ledger = self.operators[call.data.operator].ledger
                _ = self._do(ledger, call, (action_of(call), change.n, b""), change.at_ms)
            case SmsTaken():
                self.inbox.append(change)
            case CallRefused():
                self.refused.append(change)
            case _:
                self._apply_to_people(change)

    def _apply_to_people(self, change: PeopleChange) -> None:
        match change:
            case OperatorAdded(operator, keys):
                known = self.operators.get(operator)
                ledger = known.ledger if known else Ledger(operator)
                self.operators[operator] = Operator(keys, ledger)
                self._keys = [key for each in self.operators.values() for key in each.keys]
            case PlayerAdded():
                self.operators[change.operator].ledger.add_player(
                    _player(change), change.balance_cents, change.at_ms
                )
            case MoneyAdded(at_ms, operator, player_id, amount_cents):
                ledger = self.operators[operator].ledger
                ledger.deposit(ledger.players[player_id], amount_cents, at_ms)
            case TokenAdded(operator, player_id, token, single_use):
                ledger = self.operators[operator].ledger
                ledger.add_token(token, player_id, single_use=single_use)
            case TokenUsed(operator, token):
                _ = self.operators[operator].ledger.identify(token)


def identity(ledger: Ledger, player: Player) -> dict[str, object]:
    """Return what identify tells of a player."""
    return {
        "player_id": player.player_id,
        "lang": player.lang,
        "balance": ledger.balance_cents(player),
        "currency": player.currency,
        "feature_flags": player.feature_flags,
        "msisdn": player.msisdn,
    }


def _player(added: PlayerAdded) -> Player:
    return Player(
        player_id=added.player_id,
        currency=added.currency,
        lang=added.lang,
        msisdn=added.msisdn,
        feature_flags=added.feature_flags,
    )


def _number(delivery_id: bytes, ticket_id: str) -> int | None:
    ticket, _, n = delivery_id.rpartition(b"-")
    if ticket != ticket_id.encode() or not n.isdigit() or len(n) > _N_DIGITS_MAX:
        return None
    return int(n) or None
