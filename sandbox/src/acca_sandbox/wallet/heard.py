"""Which calls came for each ticket, and what was said to each; kept for whoever looks, bounded."""

from collections import OrderedDict
from typing import NamedTuple

_TICKETS_MAX = 100_000
_CALLS_MAX = 200
_ATTEMPT_MAX = 9


class Heard(NamedTuple):
    """A call and its answer; `first` to `last` are the places of the entries that it wrote.

    A status of 0 is a fault that befell it, whose kind is the message.
    """

    at_ms: int
    action: str
    n: int
    attempt: bytes
    status: int
    message: str
    first: int
    last: int


Told = tuple[int, str, int, bytes, int, str, int, int]
"""A call as it is kept, made into a `Heard` for whoever looks: many come, few are looked at."""


class Hearing:
    """The calls for the tickets that were heard of last."""

    def __init__(self, tickets_max: int = _TICKETS_MAX) -> None:
        self._tickets_max: int = tickets_max
        self._calls: OrderedDict[str, list[Told]] = OrderedDict()

    def add(self, ticket_id: str, told: Told) -> None:
        """Keep a call, at the cost of the ticket that came first."""
        calls = self._calls.get(ticket_id)
        if calls is None:
            self._calls[ticket_id] = [told]
            if len(self._calls) > self._tickets_max:
                _ = self._calls.popitem(last=False)
        elif len(calls) < _CALLS_MAX:
            calls.append(told)

    def add_fault(self, delivery_id: bytes, attempt: bytes, fault: tuple[int, str, str]) -> None:
        """Keep that a fault befell a call of a ticket, told by its time, action and kind."""
        ticket_id, _, n = delivery_id.decode("utf-8", "replace").rpartition("-")
        if n.isascii() and n.isdigit():
            at_ms, action, kind = fault
            self.add(ticket_id, (at_ms, action, int(n), attempt, 0, kind, 0, 0))

    def of(self, ticket_id: str) -> list[Heard]:
        """Return the calls for a ticket, in the order in which they came."""
        return [Heard(*told) for told in self._calls.get(ticket_id, [])]


def spell_attempt(attempt: bytes) -> str:
    """Write an attempt as it was told; nothing is known of one that a journal gave back."""
    return attempt[:_ATTEMPT_MAX].decode("latin-1")
