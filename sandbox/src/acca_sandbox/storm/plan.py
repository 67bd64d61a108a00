"""What a storm is to be, and what is told of it afterwards, as values."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from acca_client.journal import TimelineEntry
from acca_sandbox.wallet.faults import Fault

LATE_SECONDS = 8.5
"""Longer than the create time-out of the storm's operator, which is 8 s."""

FAULTS = (
    Fault(kind="slow", action="identify", probability=0.02, seconds=0.2),
    Fault(kind="error", action="identify", probability=0.01),
    Fault(kind="drop", action="identify", probability=0.01),
    Fault(kind="decline", action="ticket_create", probability=0.03),
    Fault(kind="error", action="ticket_create", probability=0.02),
    Fault(kind="cut", action="ticket_create", probability=0.02),
    Fault(kind="drop", action="ticket_create", probability=0.02),
    Fault(kind="late", action="ticket_create", probability=0.005, seconds=LATE_SECONDS),
    Fault(kind="slow", action="ticket_create", probability=0.03, seconds=0.3),
    Fault(kind="duplicate", action="ticket_create", probability=0.02),
    Fault(kind="html", action="ticket_create", probability=0.01, status=502),
    Fault(kind="decline", action="ticket_reserve", probability=0.05),
    Fault(kind="drop", action="ticket_reserve", probability=0.05),
    Fault(kind="error", action="ticket_discard", probability=0.1),
    Fault(kind="drop", action="ticket_discard", probability=0.1),
    Fault(kind="duplicate", action="ticket_discard", probability=0.1),
)
"""What the wallet does wrong, about one call in ten."""


class Victim(Enum):
    """A kind of process that may be killed."""

    API = "api"
    WORKER = "worker"
    PARENT = "parent"
    DATABASE = "database"


Say = Callable[[int], None]
"""Takes how many wishes have been answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StormPlan:
    """How many tickets are wished for, by how many clients at once, and what goes wrong.

    `kills` are spread evenly over the tickets, the `victims` taking turns.
    """

    tickets: int = 400
    clients: int = 20
    seed: int = 7
    faults: Sequence[Fault] = FAULTS
    victims: Sequence[Victim] = ()
    kills: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What clients were told; `seconds` of each create and reserve, with all its tries."""

    placed: int
    refused: Counter[int]
    unknown: int
    seconds: Sequence[float] = field(repr=False)
    lasted_seconds: float
    calls: int
    retries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What stands in the end: tickets by status, and money in cents, by Acca and by the wallet.

    `turnover_cents` is the price of all open tickets that the wallet has paid.
    """

    statuses: Counter[str]
    turnover_cents: int
    debits_cents: int
    discards: int
    findings: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StormReport:
    """All that is told of a storm; `audit` is what the audit printed."""

    answered: Answered
    reckoned: Reckoned
    faults: Counter[str]
    kills: Counter[str]
    audit: str
    audit_is_clean: bool
    timeline: Sequence[TimelineEntry] = field(repr=False)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing is off."""
        return self.audit_is_clean and not self.reckoned.findings
