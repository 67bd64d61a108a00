"""A receipt: what a ticket's amounts follow from, each step to them, and the amounts; no rules."""

from datetime import datetime
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from acca.core.cards.jackpot import Jackpot
from acca.core.cards.superbet import Superbet
from acca.core.cashing_out import Worth
from acca.core.finance import Charge, TaxTerms
from acca.core.jackpot_judging import Place, RefundReason
from acca.core.jackpot_settling import TierPrize
from acca.core.numbers import Rounding
from acca.core.outcome import Outcome
from acca.core.score import Ending, Points, Result, Score, Side
from acca.core.settling import VoidRefund
from acca.core.ticket import Status, TicketResult, TicketType

FORMAT = "acca-receipt-v1"


class Stage(Enum):
    """By what the amounts of a receipt came about."""

    STRUCK = "struck"
    SETTLED = "settled"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    CASHED_OUT = "cashed_out"


class Named(NamedTuple):
    """The ticket; its id in hex, the operator by its name."""

    operator: str
    id: str
    code: str
    type: TicketType
    player: str
    currency: str
    created: datetime
    status: Status


class Known(NamedTuple):
    """One version of the result of an event."""

    version: int
    ending: Ending
    total: Points | None
    periods: tuple[Points, ...]
    first: Side | None

    @property
    def result(self) -> Result:
        """Make the result that rules are asked with."""
        score = None if self.total is None else Score(self.total, self.periods, self.first)
        return Result(self.ending, score)


class Leg(NamedTuple):
    """A bet of the ticket; codes, outcome and factor follow from the others.

    `not_played`: postponed for longer than the operator waits, so void whatever is told later. A
    superbet and a jackpot have no odds; the picks of a jackpot have their results in its round.
    """

    event: int
    sport: str
    league: str
    home_team: str
    away_team: str
    starts: datetime
    bet_id: int
    market: str
    line: str | None
    bet: str
    odds: int | None
    result: Known | None
    not_played: bool
    outcome: Outcome | None
    factor: Fraction | None


class Struck(NamedTuple):
    """What an accumulator would have paid as it was struck."""

    total_odds: int
    uncapped_cents: int
    gross_cents: int
    wht_cents: int
    net_cents: int


class Answers(NamedTuple):
    """How the questions of a superbet were answered, all of it derived."""

    right: int
    void: int
    refunded: bool
    prize_cents: int


class SuperbetPart(NamedTuple):
    """The card of a superbet, and once it is settled the answers."""

    card: str
    terms: Superbet
    answers: Answers | None


class JackpotPlace(NamedTuple):
    """How one event of a jackpot counts; a sign follows from `result`, or from seed and `scores`.

    `result` is that of the reserve where one replaced the event.
    """

    counts: Place
    result: Known | None
    scores: str | None


class JackpotRound(NamedTuple):
    """How a jackpot was decided and shared out.

    `seed` is told once something was drawn by it. Of `places` on all follows but their events, how
    they count, the pool and the winning lines of all tickets by tier. `lines_by_wrong` are the
    lines of this ticket with 0, 1, 2 … wrong picks, `lines_won` those that win each tier.
    """

    version: int
    refund: RefundReason | None
    prize_rate: int
    seed: str | None
    places: tuple[JackpotPlace, ...]
    pool_stake_cents: int
    carried_in_cents: int
    winning_lines: tuple[int, ...]
    prizes: tuple[TierPrize, ...]
    lines_by_wrong: tuple[int, ...]
    lines_won: tuple[int, ...]


class JackpotPart(NamedTuple):
    """The card of a jackpot, and once it is settled its round."""

    card: str
    terms: Jackpot
    round: JackpotRound | None


class CashOut(NamedTuple):
    """What was offered for a ticket before its end, gross, and how much of it was taken, net.

    The fair value and the offer follow from what each leg was worth then.
    """

    worths: tuple[Worth, ...]
    margin_rate: int
    fair_value_cents: int
    offered_cents: int
    accepted_cents: int


class Step(NamedTuple):
    """A figure, how it is made of others, what it is exactly, and what it was rounded to if so."""

    name: str
    formula: str
    exact: Fraction
    rounded: str
    rounding: Rounding | None


class End(NamedTuple):
    """The result and the amounts in force; before the end those that were struck."""

    result: TicketResult
    settled_odds: int | None
    gross_cents: int
    wht_cents: int
    net_cents: int


class Receipt(NamedTuple):
    """All of it: inputs, and what `acca.core.receipting.complete` makes of them."""

    format: str
    stage: Stage
    ticket: Named
    charge: Charge
    tax: TaxTerms
    cap_cents: int | None
    void_refund: VoidRefund
    legs: tuple[Leg, ...]
    struck: Struck | None
    superbet: SuperbetPart | None
    jackpot: JackpotPart | None
    steps: tuple[Step, ...]
    end: End
    day_cap_cents: int | None = None
    """What was left of the player's cap of the day when the ticket was settled."""
    cash_out: CashOut | None = None
