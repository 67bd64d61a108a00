"""How a weekend is to be, and what is told of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from acca_sandbox.storm.plan import FAULTS, Answered
from acca_sandbox.wallet.faults import Fault, Kind
from acca_sandbox.weekend.cashing import CashOuts

SETTINGS = (
    "features=reserve,paid,cash-out",
    "update_types=quicktip,quickbet,smartbet,superbet,jackpot",
)
"""What the operator of a weekend has set: all that its players ask for."""
_OUTCOMES = ("ticket_update", "ticket_win", "ticket_lost", "ticket_void", "ticket_rollback")
_KINDS: tuple[tuple[Kind, float], ...] = (
    ("error", 0.02),
    ("cut", 0.02),
    ("drop", 0.02),
    ("duplicate", 0.02),
)
FAULTS_OF_A_WEEKEND = (
    *(fault for fault in FAULTS if fault.kind != "late"),
    *(
        Fault(kind=kind, action=action, probability=share)
        for action in _OUTCOMES
        for kind, share in _KINDS
    ),
)
"""What the wallet does wrong; nobody waits for an answer that comes too late."""

LINES_DROPPED = 0.01
"""Of the answers to players, so many never arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekendPlan:
    """How many tickets are wished for, by how many players, and whose matches are played.

    `data` is a folder of real fixtures and results; without it a league is simulated. The tickets
    are wished for in so many `rounds`, in each of which the faults have dice of their own.
    """

    tickets: int = 5_000
    players: int = 500
    clients: int = 16
    seed: int = 7
    data: Path | None = None
    faults: Sequence[Fault] = FAULTS_OF_A_WEEKEND
    rounds: int = 1


Say = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Sales:
    """What became of the tickets of one type; amounts in cents of what the wallet was paid.

    Of the `results`, those that were cashed out are apart from those that won.
    """

    placed: int
    results: Counter[str]
    turnover_cents: int
    excise_cents: int
    withholding_cents: int
    paid_out_cents: int

    @property
    def ggr_cents(self) -> int:
        """Tell what is left of the stakes: turnover less excise, gross winnings and refunds."""
        paid_gross = self.paid_out_cents + self.withholding_cents
        return self.turnover_cents - self.excise_cents - paid_gross


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekendReport:
    """All that is told of a weekend; `difference_cents` is wallet against tickets."""

    matches: int
    cards: Counter[str]
    answered: Answered
    dropped: int
    sales: dict[str, Sales]
    cashed_out: CashOuts
    corrected: Sequence[str]
    deliveries: Counter[str]
    calls: int
    faults: Counter[str]
    difference_cents: int
    violations: int
    left: int
    audit: str
    audit_is_clean: bool

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing is off."""
        off = self.difference_cents or self.violations or self.left or self.answered.unknown
        return self.audit_is_clean and not off
