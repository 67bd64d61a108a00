"""What a result would do to tickets, added up: figures of a dry run, and what changed since.

Figures are named counts and sums of cents, so that two dry runs are compared name by name. Nothing
is known of players' balances, which are the wallet's: who has to give back is named with how much.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from acca.core.leg_results import TELL_LEGS
from acca.core.lifecycle import Message
from acca.core.resulting import DROP_CORRECTION, Decision, TooLate
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Facts, Key, State, Ticket

NAMED_MAX = 20
"""So many players who have to give back are named."""
_ENDED = frozenset({Status.RESULTED, Status.CLOSED})
_TOLD = frozenset({"settle", "correct"})
_WORDS = {
    "reopen": "is open again",
    "hold": "is held for staff",
    "resume": "is held no more",
    DROP_CORRECTION: "stays paid after all",
    TELL_LEGS: "stays open, legs are told",
}
_FINGERPRINT = 2**256


class Owing(NamedTuple):
    """A player who would have to give back what the wallet has paid, all tickets together."""

    operator: str
    player: str
    currency: str
    cents: int


class Supposed(NamedTuple):
    """A dry run: its figures by name, who would have to give back, and what names it all."""

    figures: Mapping[str, int]
    owing: tuple[Owing, ...]
    mark: str


class Tally:
    """Adds up what becomes of tickets."""

    def __init__(self) -> None:
        self._figures: Counter[str] = Counter()
        self._owing: Counter[tuple[str, str, str]] = Counter()
        self._moving: int = 0

    def stays(self, operator: str, facts: Facts) -> None:
        """Count a ticket that nothing happens to."""
        self._figures[f"{_of(operator, facts)}: stays as it is"] += 1

    def late(self, operator: str, facts: Facts, late: TooLate) -> None:
        """Count a ticket that is closed, and would end otherwise or just so."""
        word = "is closed, and would end otherwise" if late.differs else "stays as it is"
        self._figures[f"{_of(operator, facts)}: {word}"] += 1

    def holds(self, operator: str, ticket: Ticket, cents: int) -> None:
        """Count a ticket whose payout is taken back only once staff agrees."""
        of = _of(operator, ticket.facts)
        self._see(ticket)
        self._figures[f"{of}: stays paid until staff decides"] += 1
        self._figures[f"{of}: cents that staff decides on"] += cents

    def moves(self, operator: str, ticket: Ticket, decision: Decision, *, has_sms: bool) -> None:
        """Count a ticket that moves, its money and what is told."""
        facts, before = ticket
        after = decision.state
        of = _of(operator, facts)
        self._see(ticket)
        self._figures[f"{of}: {_word(decision)}"] += 1
        paid = _paid(after) - _paid(before)
        if paid > 0:
            self._figures[f"{of}: cents to be paid"] += paid
        if paid < 0:
            self._figures[f"{of}: cents to be taken back"] -= paid
            self._owing[operator, facts.player, facts.currency] -= paid
        withheld = _withheld(after) - _withheld(before)
        if withheld:
            self._figures[f"{of}: cents more withheld"] += withheld
        for message in _messages(decision, facts, has_sms=has_sms):
            self._figures[f"deliveries: {message.value}"] += 1

    def _see(self, ticket: Ticket) -> None:
        named = _name(ticket.facts.key, ticket.state.n)
        self._moving = (self._moving + named) % _FINGERPRINT

    def end(self, supposed: str) -> Supposed:
        """Close the tally; what was supposed is part of what names it."""
        owing = sorted(self._owing.items(), key=lambda each: (-each[1], each[0]))
        self._figures["players who have to give back"] = len(owing)
        figures = {name: figure for name, figure in sorted(self._figures.items()) if figure}
        spelled = f"{supposed}\n{self._moving:x}\n{figures}\n{owing}"
        mark = hashlib.sha256(spelled.encode()).hexdigest()[:16]
        named = tuple(Owing(*name, cents) for name, cents in owing[:NAMED_MAX])
        return Supposed(figures, named, mark)


def changes(shown: Mapping[str, int], now: Mapping[str, int]) -> Sequence[str]:
    """Say, a sentence each, in what a dry run of now differs from one that was shown."""
    names = sorted(name for name in {**shown, **now} if shown.get(name, 0) != now.get(name, 0))
    found = [
        f"{name}: {shown.get(name, 0):,} were shown, {now.get(name, 0):,} now" for name in names
    ]
    return found or ["the same figures, of tickets that have moved since"]


def _of(operator: str, facts: Facts) -> str:
    return f"{operator} {facts.type.value} {facts.currency}"


def _word(decision: Decision) -> str:
    if decision.kind in _TOLD:
        word = "is settled" if decision.kind == "settle" else "is corrected to"
        return f"{word} {decision.state.result.value}"
    return _WORDS[decision.kind]


def _paid(state: State) -> int:
    return state.net_cents if _is_paid(state) else 0


def _withheld(state: State) -> int:
    return state.wht_cents if _is_paid(state) else 0


def _is_paid(state: State) -> bool:
    return state.status in _ENDED and state.result is not TicketResult.LOST


def _messages(decision: Decision, facts: Facts, *, has_sms: bool) -> Sequence[Message]:
    told = [*decision.tells, *(Message.BET_RESULT for _ in decision.legs)]
    if has_sms and decision.kind in _TOLD and facts.msisdn is not None:
        told.append(Message.TICKET_STATUS)
    return told


def _name(key: Key, n: int) -> int:
    spelled = key.operator.to_bytes(4) + key.id + n.to_bytes(4)
    return int.from_bytes(hashlib.sha256(spelled).digest())
