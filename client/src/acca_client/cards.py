"""Bet cards as the Bet Card API shows them: one class a product, each one step from a request.

Amounts are cents, odds and percentages `Decimal`, times know their zone. `to_request` of a card
makes what `create`, `reserve` and `quote` take, at the odds, prices and prizes that it shows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import prod
from typing import Unpack

from acca_client.placing import Accumulator, Jackpot, Pick, Source, Superbet, Tags
from acca_client.tickets import Named, Prize

_ONE = Decimal(1)
_NO_DIFFERENCE = Decimal(0)


@dataclass(frozen=True, slots=True)
class League:
    """A league with its country."""

    id: int
    name: str
    slug: str
    country: str
    country_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEvent:
    """A match on a card; `operator_time_starts` is the same instant in the operator's zone."""

    id: int
    starts: datetime
    operator_time_starts: datetime
    league: League
    home_team: Named
    away_team: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBet:
    """A bet that can be picked; None for odds where none are offered just now."""

    id: int
    code: str
    name: str
    market_code: str
    market_name: str
    line_name: str | None
    odds: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLeg:
    """A bet of a match that was picked for the player, with the reason if there is one."""

    event: CardEvent
    bet: CardBet
    tip_reason: str | None

    def pick(self) -> Pick:
        """Make the pick of it, at the odds shown."""
        return pick_of(self.event, self.bet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A match of a card with the bets that the player may choose from."""

    event: CardEvent
    bets: tuple[CardBet, ...]

    def pick(self, bet: int) -> Pick:
        """Make the pick of one of its bets, by its number; KeyError if it is none of them."""
        return pick_of(self.event, {each.id: each for each in self.bets}[bet])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    code: str
    title: str
    description: str | None
    sitename: str | None
    domain: str | None
    preview_img: str | None
    operator: str
    currency: str
    opens: datetime
    closes: datetime
    operator_time_closes: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuicktipCard(_Card):
    """An accumulator as it was tipped."""

    total_odds: Decimal
    risk: str
    probability_percent: Decimal
    legs: tuple[CardLeg, ...]

    def picks(self) -> tuple[Pick, ...]:
        """Make the picks of all its legs."""
        return tuple(leg.pick() for leg in self.legs)

    def to_request(
        self,
        token: str,
        source: Source,
        price_cents: int,
        odds_diff: Decimal = _NO_DIFFERENCE,
        **tags: Unpack[Tags],
    ) -> Accumulator:
        """Make the request that places it as it was tipped."""
        return Accumulator(
            token=token,
            price_cents=price_cents,
            currency=self.currency,
            source=source,
            picks=self.picks(),
            type="quicktip",
            odds_diff=odds_diff,
            betcard_code=self.code,
            **tags,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickbetCard(_Card):
    """A coupon to choose from."""

    prices_cents: tuple[int, ...]
    min_events: int
    max_events: int
    choices: tuple[Choice, ...]

    def picks(self, chosen: Mapping[int, int]) -> tuple[Pick, ...]:
        """Make picks of the numbers of events and of the bets chosen there, in that order."""
        offered = _by_event(self.choices)
        return tuple(offered[event].pick(bet) for event, bet in chosen.items())

    def to_request(
        self,
        token: str,
        source: Source,
        price_cents: int,
        picks: Sequence[Pick],
        odds_diff: Decimal = _NO_DIFFERENCE,
        **tags: Unpack[Tags],
    ) -> Accumulator:
        """Make the request that places what the player chose."""
        return Accumulator(
            token=token,
            price_cents=price_cents,
            currency=self.currency,
            source=source,
            picks=picks,
            type="quickbet",
            odds_diff=odds_diff,
            betcard_code=self.code,
            **tags,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartbetCard(_Card):
    """Stakes, wins and bands of odds to wish with."""

    stakes_cents: tuple[int, ...]
    wins_cents: tuple[int, ...]
    risks: tuple[str, ...]
    max_events: int
    events_count: int

    def to_request(
        self,
        token: str,
        source: Source,
        composed: "Composed",
        odds_diff: Decimal = _NO_DIFFERENCE,
        **tags: Unpack[Tags],
    ) -> Accumulator:
        """Make the request that places what was composed, for the stake that was wished."""
        return Accumulator(
            token=token,
            price_cents=composed.price_cents,
            currency=self.currency,
            source=source,
            picks=composed.picks(),
            type="smartbet",
            odds_diff=odds_diff,
            betcard_code=self.code,
            **tags,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A market of a superbet, with the bets that may be its answer."""

    market_code: str
    market_name: str
    line_name: str | None
    answers: tuple[CardBet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperbetCard(_Card):
    """Questions about one match, and what so many correct answers pay."""

    event: CardEvent
    questions: tuple[Question, ...]
    price_cents: int
    prizes: tuple[Prize, ...]

    def to_request(
        self, token: str, source: Source, bets: Sequence[int], **tags: Unpack[Tags]
    ) -> Superbet:
        """Make the request that places one answer to each question, by the bets' numbers."""
        return Superbet(
            token=token,
            price_cents=self.price_cents,
            currency=self.currency,
            source=source,
            event=self.event.id,
            bets=bets,
            betcard_code=self.code,
            **tags,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JackpotCard(_Card):
    """A jackpot: the price of one line, the prize for all right and those for some wrong."""

    price_cents: int
    prize_cents: int
    bonus_prizes_cents: tuple[int, ...]
    max_lines: int
    choices: tuple[Choice, ...]

    def picks(self, chosen: Mapping[int, Sequence[int]]) -> tuple[Pick, ...]:
        """Make picks of the numbers of events and of one bet there, or of several."""
        offered = _by_event(self.choices)
        return tuple(offered[event].pick(bet) for event, bets in chosen.items() for bet in bets)

    def to_request(
        self,
        token: str,
        source: Source,
        picks: Sequence[Pick],
        odds_diff: Decimal = _NO_DIFFERENCE,
        **tags: Unpack[Tags],
    ) -> Jackpot:
        """Make the request that places all lines of the picks, at the price of so many."""
        lines = prod(Counter(pick.event for pick in picks).values())
        return Jackpot(
            token=token,
            price_cents=lines * self.price_cents,
            currency=self.currency,
            source=source,
            picks=picks,
            odds_diff=odds_diff,
            betcard_code=self.code,
            prize_cents=self.prize_cents,
            bonus_prizes_cents=self.bonus_prizes_cents,
            **tags,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A smartbet that was composed for a wish, with what it costs and pays."""

    price_cents: int
    stake_cents: int
    total_odds: Decimal
    ext_amount_cents: int
    wht_amount_cents: int
    gross_payout_cents: int
    net_payout_cents: int
    risk: str
    legs: tuple[CardLeg, ...]
    probability_percent: Decimal
    seed: int

    def picks(self) -> tuple[Pick, ...]:
        """Make the picks of all its legs."""
        return tuple(leg.pick() for leg in self.legs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A jackpot that was filled for the player: so many lines for so much in all."""

    price_cents: int
    lines: int
    probability_percent: Decimal
    seed: int
    choices: tuple[Choice, ...]

    def picks(self) -> tuple[Pick, ...]:
        """Make the picks of all its bets; a match with several is repeated."""
        return tuple(pick_of(choice.event, bet) for choice in self.choices for bet in choice.bets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finance:
    """What a ticket at given odds costs and pays, by the operator's taxes."""

    price_cents: int
    stake_cents: int
    total_odds: Decimal
    ext_percent: Decimal
    ext_amount_cents: int
    ext_type: str
    wht_percent: Decimal
    wht_amount_cents: int
    gross_payout_cents: int
    net_payout_cents: int


def pick_of(event: CardEvent, bet: CardBet) -> Pick:
    """Make a pick; odds of 1 where none are shown, as a jackpot does not multiply them."""
    return Pick(event.id, bet.id, _ONE if bet.odds is None else bet.odds)


def _by_event(choices: Sequence[Choice]) -> dict[int, Choice]:
    return {choice.event.id: choice for choice in choices}
