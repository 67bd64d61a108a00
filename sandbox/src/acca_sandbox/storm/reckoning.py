"""The reckoning after a storm: what Acca's stream tells, what the wallet holds, what clients heard.

It looks at Acca from outside only, as an operator can; `acca audit` looks from inside.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from acca_client.engine import AsyncEngine
from acca_client.journal import StreamEvent
from acca_sandbox.storm.control import Held
from acca_sandbox.storm.crowd import Heard, Way, number_of
from acca_sandbox.storm.plan import Reckoned

MOVING: Collection[str] = frozenset({"new", "reserved"})
"""The statuses of a ticket that will be another one by itself."""
_FINDINGS_MAX = 20
_PLACING = {"ticket_create", "ticket_reserve"}
_NOTHING = Held(ticket_id="", taken_cents=0, given_cents=0, discarded=False, last_n=0)


class _Told(msgspec.Struct, frozen=True):
    price: int
    rtag: str | None = None


class _Body(msgspec.Struct, frozen=True):
    data: _Told


@dataclass
class Seen:
    """A ticket as the stream tells it; `waits_for` is the last entry that the wallet must have."""

    wish: int | None = None
    price_cents: int = 0
    is_reservation: bool = False
    status: str = ""
    waits_for: int = 0


class Follower:
    """Reads the operator's stream, and keeps of each ticket what was told last.

    `moving` are the statuses that a ticket has only on its way.
    """

    def __init__(self, engine: AsyncEngine, moving: Collection[str] = MOVING) -> None:
        self._moving: Collection[str] = moving
        self.tickets: dict[str, Seen] = {}
        self.read: int = 0
        self.actions: Counter[str] = Counter()
        self._engine: AsyncEngine = engine

    async def catch_up(self) -> None:
        """Read all that there is by now."""
        async for event in self._engine.each_event(self.read):
            self.read = event.number
            if event.lane == "pam" and event.action is not None:
                self.actions[event.action] += 1
            self._note(self.tickets.setdefault(event.ticket_id, Seen()), event)

    def _note(self, seen: Seen, event: StreamEvent) -> None:
        seen.status = event.status
        if event.action in _PLACING and event.body is not None:
            told = msgspec.json.decode(event.body, type=_Body).data
            seen.wish, seen.price_cents = number_of(told.rtag), told.price
            seen.is_reservation = event.action == "ticket_reserve"
        elif event.lane == "pam":
            seen.waits_for = int(event.delivery_id.rpartition("-")[2])

    def unsettled(self, held: Mapping[str, Held]) -> int:
        """Count the tickets that are on their way, or of which stream or wallet lacks something."""
        # The stream has no head at all while the worker that numbers it is away.
        unnumbered = len(held.keys() - self.tickets.keys())
        return unnumbered + sum(
            seen.status in self._moving or held.get(id_, _NOTHING).last_n < seen.waits_for
            for id_, seen in self.tickets.items()
        )


def reckon(
    tickets: Mapping[str, Seen], held: Mapping[str, Held], heard: Sequence[Heard], left: int
) -> Reckoned:
    """Compare what was told, what is held and what was heard."""
    open_ = [(id_, seen) for id_, seen in tickets.items() if seen.status == "open"]
    findings = [f"{left} tickets were still on their way"] if left else []
    for sentences in (_of_money(tickets, held), _of_promises(tickets, heard)):
        findings.extend(sentences)
    return Reckoned(
        statuses=Counter(seen.status for seen in tickets.values()),
        turnover_cents=sum(seen.price_cents for _, seen in open_ if not seen.is_reservation),
        debits_cents=sum(each.debit_cents for each in held.values()),
        discards=sum(each.discarded for each in held.values()),
        findings=findings[:_FINDINGS_MAX],
    )


def _of_money(tickets: Mapping[str, Seen], held: Mapping[str, Held]) -> Iterator[str]:
    """Check that players are left without the price of open tickets, and nothing else."""
    for id_ in {**tickets, **held}:
        seen = tickets.get(id_, Seen())
        is_due = seen.status == "open" and not seen.is_reservation
        due, debit = seen.price_cents if is_due else 0, held.get(id_, _NOTHING).debit_cents
        if debit != due:
            status = seen.status or "unknown"
            yield f"ticket {id_} is {status}, and the wallet took {debit} instead of {due}"
    paid = Counter(
        seen.wish for id_, seen in tickets.items() if held.get(id_, _NOTHING).debit_cents
    )
    yield from (
        f"wish {wish} was debited {times} times" for wish, times in paid.items() if times > 1
    )


def _of_promises(tickets: Mapping[str, Seen], heard: Sequence[Heard]) -> Iterator[str]:
    """Check that what clients were told is so: a placed ticket lives, a refused one does not."""
    living: dict[int | None, set[str]] = {}
    for id_, seen in tickets.items():
        if seen.status == "open":
            living.setdefault(seen.wish, set()).add(id_)
    for each in heard:
        lives, wish = living.get(each.wish.number, set()), each.wish
        left = wish.way is Way.LEAVE or (wish.way is Way.PAY and each.refused)
        expected: set[str] = set() if left else each.placed
        if len(lives) > 1 or (lives != expected and not each.unknown):
            told = ", ".join(sorted(each.placed)) or "nothing"
            yield f"wish {wish.number} ({wish.way.value}): told {told}, {len(lives)} tickets live"
