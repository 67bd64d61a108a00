"""What has to hold for every ticket, whatever happened: the invariants, judged one by one (spec 6).

A check yields sentences about what is wrong; nothing is repaired.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import Enum
from itertools import groupby, pairwise
from typing import NamedTuple

from acca.core.chain import START, Link, Linked, hash_entry
from acca.core.holding import OUTCOMES, Held, Told, hold
from acca.core.lifecycle import Message, find_move
from acca.core.resulting import Decision, Ways, decide
from acca.core.settling import Settlement
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import Ticket

NAMED_MAX = 20
"""So many violations are named, however many there are."""
_FINGERPRINT = 2**128


class Invariant(Enum):
    """The six, by what they say."""

    I1 = "a journal has no gap, tells the status, and is covered by the stream"
    I2 = "the wallet was told one outcome in force, or a discard, never both"
    I3 = "amounts add up, none is below zero, no payout is above its cap"
    I4 = "a ticket was placed before its events started, and time runs forward"
    I5 = "same settled facts make same amounts"
    I6 = "the wallet holds what the tickets say, to the cent"


class Entry(NamedTuple):
    """A journal entry; `action` where it tells the wallet, `told_cents` where that is a new net."""

    n: int
    at: datetime
    kind: str
    status: Status
    result: TicketResult
    approved: bool
    action: Message | None = None
    told_cents: int | None = None


class Standing(NamedTuple):
    """A ticket as it is written; amounts as price, stake, excise and gross, withheld, net.

    `started` is the start of an event that is not after the ticket; `waits_from` is the first entry
    that is still to be sent to the wallet. Without a state there is neither status nor result.
    """

    id: bytes
    type: TicketType
    charge: tuple[int, int, int]
    struck: tuple[int, int, int]
    cap_cents: int | None
    is_reservation: bool
    created: datetime
    started: datetime | None
    n: int
    status: Status | None
    result: TicketResult | None
    approved: bool
    now: tuple[int, int, int]
    journal: tuple[Entry, ...]
    waits_from: int | None


class Violation(NamedTuple):
    """What is wrong, and where: an operator, and a ticket if it is one's."""

    invariant: Invariant
    operator: str
    ticket: str
    sentence: str


class Report:
    """What was checked, and what was found wrong; the first violations are kept by name."""

    def __init__(self) -> None:
        self.checked: dict[Invariant, int] = dict.fromkeys(Invariant, 0)
        self.violated: dict[Invariant, int] = dict.fromkeys(Invariant, 0)
        self.named: list[Violation] = []

    def note(
        self, invariant: Invariant, operator: str, ticket: str, sentences: Iterable[str]
    ) -> None:
        """Count one check and what it found."""
        self.checked[invariant] += 1
        for sentence in sentences:
            self.violated[invariant] += 1
            if len(self.named) < NAMED_MAX:
                self.named.append(Violation(invariant, operator, ticket, sentence))

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing was found."""
        return not any(self.violated.values())


def check_ticket(report: Report, operator: str, standing: Standing) -> None:
    """Check all that a ticket and its journal say by themselves."""
    named = operator, standing.id.hex()
    report.note(Invariant.I1, *named, check_journal(standing))
    report.note(Invariant.I2, *named, check_telling(standing))
    report.note(Invariant.I3, *named, check_amounts(standing))
    report.note(Invariant.I4, *named, check_times(standing))


def check_journal(standing: Standing) -> Iterator[str]:
    """Check that a journal has no gap, makes lawful moves and ends in the ticket's state."""
    journal = standing.journal
    if standing.status is None or not journal:
        yield "has no state or no journal"
        return
    if [entry.n for entry in journal] != list(range(1, standing.n + 1)):
        yield f"its journal is not numbered 1 to {standing.n}"
    last = journal[-1]
    if last[3:6] != (standing.status, standing.result, standing.approved):
        yield "its state is not what its last entry says"
    # The entries of one move are written together and share kind, status and time.
    moves = [next(group) for _, group in groupby(journal, lambda each: each[1:4])]
    if moves[0].kind != "new" or moves[0].status is not Status.NEW:
        yield "its journal does not begin with a new ticket"
    for before, after in pairwise(moves):
        if not _is_lawful(before, after):
            yield f"entry {after.n}, {after.kind}, does not lead from {before.status.value}"


def _is_lawful(before: Entry, after: Entry) -> bool:
    try:
        move = find_move(after.kind, before.status)
    except KeyError:
        return False
    return move is not None and move.after is after.status


_ENDED = {Status.RESULTED, Status.CLOSED}


def check_telling(standing: Standing) -> Iterator[str]:
    """Check that the wallet is told one outcome in force just where there is one, or a discard."""
    actions = [entry.action for entry in standing.journal]
    discards = actions.count(Message.TICKET_DISCARD)
    told = sum(action in OUTCOMES for action in actions)
    in_force = told - actions.count(Message.TICKET_ROLLBACK)
    if discards and told:
        yield "the wallet is told a discard and an outcome"
    if discards != (standing.status is Status.CANCELLED):
        yield f"{discards} discards are told of a ticket that is {_word(standing)}"
    if in_force != (standing.status in _ENDED):
        yield f"{in_force} outcomes are in force of a ticket that is {_word(standing)}"


def _word(standing: Standing) -> str:
    return "nowhere" if standing.status is None else standing.status.value


def check_amounts(standing: Standing) -> Iterator[str]:
    """Check the sums of a ticket as it was struck and as it stands."""
    price, stake, ext = standing.charge
    if price != stake + ext or min(standing.charge) < 0:
        yield "the price is not stake and excise"
    for word, (gross, wht, net) in (("struck", standing.struck), ("present", standing.now)):
        if net != gross - wht or min(gross, wht, net) < 0:
            yield f"the {word} net payout is not gross less withheld"
    paid = [standing.struck[0]]
    if standing.result is TicketResult.WON:
        paid.append(standing.now[0])
    if standing.cap_cents is not None and max(paid) > standing.cap_cents:
        yield "the payout is above its cap"


def check_times(standing: Standing) -> Iterator[str]:
    """Check that a ticket came before its events, and its entries one after another.

    An event that was moved to before the ticket counts too: whoever placed it may have known more.
    """
    if standing.started is not None:
        yield f"an event started at {standing.started:%Y-%m-%d %H:%M:%S}, not after the ticket"
    times = [standing.created, *(entry.at for entry in standing.journal)]
    if any(later < earlier for earlier, later in pairwise(times)):
        yield "an entry is older than the one before it"


def check_end(ticket: Ticket, settlement: Settlement | None, ways: Ways) -> Iterator[str]:
    """Check that a ticket has ended as the facts of now say; a closed one is not touched by them.

    To be asked only while nothing waits to be settled.
    """
    decision = decide(ticket, settlement, ways)
    if isinstance(decision, Decision):
        now, then = ticket.state, decision.state
        yield (
            f"is {now.status.value}, {now.result.value}, net {now.net_cents}; by the facts it is"
            f" {then.status.value}, {then.result.value}, net {then.net_cents}"
        )


def check_held(standing: Standing, held: Held) -> Iterator[str]:
    """Compare what a wallet holds with what it was told, as far as it has carried that out."""
    if held.last_n > standing.n:
        yield f"the wallet carried out entry {held.last_n}, and there are {standing.n}"
    expected = _expect(standing, held.last_n)
    if expected.discarded:
        # A create that never came took nothing: what counts is that nothing is kept.
        expected = expected._replace(taken_cents=held.taken_cents, given_cents=held.taken_cents)
    for name in ("taken_cents", "given_cents", "outcome", "discarded", "closed"):
        is_, should_be = getattr(held, name), getattr(expected, name)
        if is_ != should_be:
            yield f"the wallet has {name} {is_} instead of {should_be}"
    missing = _first_missing(standing, held)
    if missing is not None:
        yield f"entry {missing} was not carried out, and nothing waits to be sent"


def _expect(standing: Standing, last_n: int) -> Held:
    told = (
        Told(entry.n, entry.action, entry.told_cents)
        for entry in standing.journal
        if entry.action is not None and entry.n <= last_n
    )
    return hold(standing.charge[0], standing.struck[2], told)._replace(last_n=last_n)


def _first_missing(standing: Standing, held: Held) -> int | None:
    """Find the first entry that the wallet lacks and nobody will send any more."""
    if standing.status is Status.NEW:
        return None
    if standing.status is Status.CANCELLED and not held.taken_cents:
        # A wallet need not remember what never cost anything.
        return None
    missing = [e.n for e in standing.journal if e.action is not None and e.n > held.last_n]
    if standing.status is Status.CANCELLED:
        missing = [n for n in missing if n > 1]
    if not missing or (standing.waits_from is not None and standing.waits_from <= missing[0]):
        return None
    return missing[0]


def check_unknown(held: Held) -> Iterator[str]:
    """Judge what a wallet holds of a ticket that nobody has placed."""
    if held.taken_cents != held.given_cents or not held.discarded:
        yield f"the wallet took {held.taken_cents} for a ticket that does not exist"


class Fingerprint(NamedTuple):
    """A sum over journal entries that tells two heaps apart whatever their order."""

    entries: int = 0
    total: int = 0

    def added(self, ticket: bytes, n: int) -> "Fingerprint":
        """Add an entry."""
        digest = hashlib.blake2b(ticket + n.to_bytes(4), digest_size=16).digest()
        return Fingerprint(self.entries + 1, (self.total + int.from_bytes(digest)) % _FINGERPRINT)


class Chained(NamedTuple):
    """An entry of a stream, and what the journal says of it, None where it says nothing."""

    link: Link
    ticket: bytes
    n: int
    said: Linked | None


def check_chain(before: Link, entries: Iterable[Chained]) -> Iterator[str]:
    """Check that entries follow a link without a gap, each with the hash of what it says."""
    for entry in entries:
        if entry.link.number != before.number + 1:
            yield f"number {entry.link.number} follows {before.number} in the stream"
        if entry.said is None:
            yield f"number {entry.link.number} of the stream is of no journal"
        elif entry.link.hash != hash_entry(before, entry.said):
            yield f"number {entry.link.number} of the stream does not have its hash"
        before = entry.link


def check_head(head: Link | None, last: Link) -> Iterator[str]:
    """Check that the head of a stream is its last entry."""
    if (head or START) != last:
        yield f"the head of the stream is not its last entry, {last.number}"
