"""Settlement of jackpots: lines counted, prizes shared out among them, tickets paid (spec 7).

A card that is refunded pays by `acca.core.settling.refund`; nothing here is asked for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from acca.core.cards.fitting import JACKPOT_MARKET
from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier
from acca.core.finance import RATE_ONE, withhold
from acca.core.jackpot_judging import Decided, How, Place
from acca.core.lines import Marked, lines_by_right
from acca.core.markets.football import BETS
from acca.core.numbers import Rounding, round_ratio
from acca.core.public_draw import Sign
from acca.core.settling import Settlement, Terms
from acca.core.ticket import TicketResult


class Tally(NamedTuple):
    """What some tickets of a card bring: Σ stake of all, and winning lines by tier."""

    stake_cents: int
    lines: tuple[int, ...]


class TierPrize(NamedTuple):
    """How the prize of a tier is shared out, in cents, among its winning lines.

    put in = lines · per line + remainder + carried + kept. The remainder and what is carried go to
    the next round; what nobody won and the card does not carry over stays with the operator.
    """

    lines: int
    put_in_cents: int
    per_line_cents: int
    remainder_cents: int = 0
    carried_cents: int = 0
    kept_cents: int = 0


class Prizes(NamedTuple):
    """The prizes of all tiers; `passed_on_cents` came from the last round and had no place here."""

    tiers: tuple[TierPrize, ...]
    passed_on_cents: int = 0

    @property
    def next_round_cents(self) -> int:
        """Add up what is booked for the next round's pool."""
        of_tiers = sum(tier.remainder_cents + tier.carried_cents for tier in self.tiers)
        return of_tiers + self.passed_on_cents


# No other sport has a market of this code, so that a bet id says it all.
_SIGNS: Mapping[int, Sign] = {
    bet.id: Sign(bet.code) for bet in BETS.values() if bet.market == JACKPOT_MARKET
}


def count_lines(decided: Decided, events: Sequence[int], bets: Sequence[int]) -> tuple[int, ...]:
    """Count the lines of a ticket with 0, 1, 2 … wrong picks; its picks stand side by side.

    Every line was paid for: lines that differ only in a pick that does not count all count.
    """
    picked: dict[int, list[Sign]] = {}
    for event, bet in zip(events, bets, strict=True):
        picked.setdefault(event, []).append(_SIGNS[bet])
    marks = [_mark(place, picked) for place in decided.places]
    # A single pick only shifts the count; multiplied out like the others it takes most of the time.
    singles = [mark.right for mark in marks if mark.picks == 1]
    right = sum(singles)
    by_wrong = lines_by_right(mark for mark in marks if mark.picks > 1)[::-1]
    return (0,) * (len(singles) - right) + by_wrong + (0,) * right


def _mark(place: Place, picked: Mapping[int, Sequence[Sign]]) -> Marked:
    picks = picked[place.event]
    if place.how is How.VOID:
        return Marked(len(picks), 0)
    if place.sign is None:
        return Marked(len(picks), len(picks))
    if place.reserve is None:
        return Marked(len(picks), picks.count(place.sign))
    # A reserve is picked once, and its pick stands in all lines of the ticket.
    return Marked(len(picks), len(picks) if place.sign in picked[place.reserve] else 0)


def winning_lines(card: Jackpot, lines_by_wrong: Sequence[int]) -> tuple[int, ...]:
    """Tell how many lines win each tier: the highest that they reach, or by the card's switch all.

    With all, a line wins its tier and every lower one.
    """
    tiers = lines_by_wrong[: len(card.tiers)]
    return tuple(tiers if card.highest_tier_only else accumulate(tiers))


def tally(card: Jackpot, tickets: Iterable[tuple[int, Sequence[int]]]) -> Tally:
    """Add up tickets in force: the stake of each in cents, and its lines by wrong picks."""
    stake, lines = 0, [0] * len(card.tiers)
    for stake_cents, lines_by_wrong in tickets:
        stake += stake_cents
        for place, winning in enumerate(winning_lines(card, lines_by_wrong)):
            lines[place] += winning
    return Tally(stake, tuple(lines))


def add_tallies(one: Tally, other: Tally) -> Tally:
    """Put together what two chunks of a card's tickets bring."""
    lines = (left + right for left, right in zip(one.lines, other.lines, strict=True))
    return Tally(one.stake_cents + other.stake_cents, tuple(lines))


def prize_tiers(
    card: Jackpot, prize_rate: int, counted: Tally, carried_in_cents: int = 0
) -> Prizes:
    """Share the prizes out among the winning lines of all tickets.

    `prize_rate` is that of the decided card. What the last round carried over is added, in full, to
    the first prize that is shared, else passed on. Every part is rounded down: a pool is never
    overdrawn.
    """
    assert carried_in_cents >= 0, "no round leaves debts to the next"
    tiers: list[TierPrize] = []
    carried_in = carried_in_cents
    for tier, lines in zip(card.tiers, counted.lines, strict=True):
        amount = _amount_cents(tier, prize_rate, counted.stake_cents)
        if tier.kind is PrizeKind.FIXED_PER_LINE:
            tiers.append(TierPrize(lines, lines * amount, amount))
        else:
            tiers.append(_share(amount + carried_in, lines, carries_over=card.carries_over))
            carried_in = 0
    return Prizes(tuple(tiers), carried_in)


def _amount_cents(tier: Tier, prize_rate: int, stake_cents: int) -> int:
    if tier.pool_rate is None:
        return round_ratio(tier.amount_cents * prize_rate, RATE_ONE, Rounding.DOWN)
    share = stake_cents * tier.pool_rate * prize_rate
    return round_ratio(share, RATE_ONE * RATE_ONE, Rounding.DOWN)


def _share(put_in: int, lines: int, *, carries_over: bool) -> TierPrize:
    if lines:
        per_line, remainder = divmod(put_in, lines)
        return TierPrize(lines, put_in, per_line, remainder_cents=remainder)
    if carries_over:
        return TierPrize(0, put_in, 0, carried_cents=put_in)
    return TierPrize(0, put_in, 0, kept_cents=put_in)


def settle_jackpot(
    card: Jackpot, prizes: Prizes, lines_by_wrong: Sequence[int], terms: Terms
) -> Settlement:
    """Settle a ticket of a decided card: the prizes of its lines, capped and taxed together.

    What a cap cuts off is not shared out again.
    """
    won = winning_lines(card, lines_by_wrong)
    uncapped = sum(
        lines * tier.per_line_cents for lines, tier in zip(won, prizes.tiers, strict=True)
    )
    gross = uncapped if terms.cap_cents is None else min(uncapped, terms.cap_cents)
    if not gross:
        return Settlement(TicketResult.LOST, 0, 0, 0, 0, 0)
    wht = withhold(gross, terms.charge, terms.tax)
    return Settlement(TicketResult.WON, 0, gross, wht, gross - wht, uncapped)
