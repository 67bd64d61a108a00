"""What follows from the card, the round and the picks of a jackpot's receipt.

That the card's void policies led to how its events count is not worked out again: it would take
every change of every start and result since the card was published.
"""

from fractions import Fraction

from acca.core.cards.fitting import Pick, misfits
from acca.core.cards.jackpot import Jackpot, PrizeKind
from acca.core.finance import RATE_ONE
from acca.core.jackpot_judging import Decided, How, sign_of
from acca.core.jackpot_settling import (
    Prizes,
    Tally,
    count_lines,
    prize_tiers,
    settle_jackpot,
    winning_lines,
)
from acca.core.markets.sports import SPORTS
from acca.core.numbers import Rounding
from acca.core.public_draw import SEED_BYTES, Sign, commit_to, draw
from acca.core.receipt import JackpotPart, JackpotPlace, JackpotRound, Receipt, Stage
from acca.core.receipt_parts import Contradiction, Pointer
from acca.core.receipt_steps import Steps, gross_steps, refund_step
from acca.core.score import Ending
from acca.core.settling import Settlement, Terms, refund

_ROUND: Pointer = ("jackpot", "round")


def complete_jackpot(receipt: Receipt) -> JackpotPart | None:
    """Work out signs, prizes and lines of a jackpot, once it is settled."""
    part = receipt.jackpot
    if part is None:
        return None
    _require_picks(receipt, part)
    if receipt.stage is not Stage.SETTLED:
        return part._replace(round=None)
    if part.round is None:
        raise Contradiction(_ROUND, "is missing in what is settled")
    if part.round.refund is not None:
        return part._replace(round=_refunded(part.round))
    return part._replace(round=_decided(receipt, part, part.round))


def _require_picks(receipt: Receipt, part: JackpotPart) -> None:
    picks = [Pick(leg.event, leg.bet_id, None) for leg in receipt.legs]
    bets_of = {leg.event: SPORTS[leg.sport].bets for leg in receipt.legs}
    for refusal in misfits(part.terms, picks, bets_of):
        raise Contradiction(("legs",), f"do not fit the card: {refusal.message}")


def _refunded(round_: JackpotRound) -> JackpotRound:
    return round_._replace(
        seed=None,
        places=(),
        winning_lines=(),
        prizes=(),
        lines_by_wrong=(),
        lines_won=(),
    )


def _decided(receipt: Receipt, part: JackpotPart, round_: JackpotRound) -> JackpotRound:
    card = part.terms
    if [place.counts.event for place in round_.places] != list(card.events):
        raise Contradiction((*_ROUND, "places"), "are not the events of the card")
    if len(round_.winning_lines) != len(card.tiers):
        raise Contradiction((*_ROUND, "winning_lines"), "has to name each tier of the card")
    _require_seed(part, round_)
    places = tuple(_place(part, round_, place) for place in range(len(round_.places)))
    decided = Decided(tuple(place.counts for place in places), round_.prize_rate)
    events = [leg.event for leg in receipt.legs]
    lines = count_lines(decided, events, [leg.bet_id for leg in receipt.legs])
    tally = Tally(round_.pool_stake_cents, round_.winning_lines)
    prizes = prize_tiers(card, round_.prize_rate, tally, round_.carried_in_cents)
    return round_._replace(
        places=places,
        prizes=prizes.tiers,
        lines_by_wrong=lines,
        lines_won=winning_lines(card, lines),
    )


def _require_seed(part: JackpotPart, round_: JackpotRound) -> None:
    if round_.seed is None:
        return
    at = (*_ROUND, "seed")
    if all(place.counts.how is not How.DRAWN for place in round_.places):
        raise Contradiction(at, "is told though nothing was drawn")
    try:
        seed = bytes.fromhex(round_.seed)
    except ValueError:
        raise Contradiction(at, "is not hex") from None
    if len(seed) != SEED_BYTES or commit_to(seed) != part.terms.commitment:
        raise Contradiction(at, "is not the one that the card committed to")


def _place(part: JackpotPart, round_: JackpotRound, number: int) -> JackpotPlace:
    """Find the sign of a place from what it counts by."""
    given = round_.places[number]
    at: Pointer = (*_ROUND, "places", number)
    how = given.counts.how
    if (how is How.DRAWN) != (given.scores is not None):
        raise Contradiction((*at, "scores"), f"do not fit an event that was {how.value}")
    if (how is How.REPLACED) != (given.counts.reserve in part.terms.reserves):
        raise Contradiction((*at, "counts", "reserve"), f"does not fit what was {how.value}")
    counts = given.counts._replace(sign=_sign(part, round_, number, at))
    return given._replace(counts=counts)


def _sign(part: JackpotPart, round_: JackpotRound, number: int, at: Pointer) -> Sign | None:
    given = round_.places[number]
    how = given.counts.how
    if how in {How.PLAYED, How.REPLACED}:
        result = given.result
        if result is None or result.ending is not Ending.PLAYED or result.total is None:
            raise Contradiction((*at, "result"), "is not that of a match that was played")
        return sign_of(result.total)
    if given.result is not None:
        raise Contradiction((*at, "result"), "stands where none counts")
    if how is not How.DRAWN:
        return None
    if round_.seed is None:
        # It was drawn elsewhere, and nobody here can repeat that.
        return given.counts.sign
    return draw(bytes.fromhex(round_.seed), part.card, number + 1, given.scores or "")


def settle_jackpot_part(part: JackpotPart, terms: Terms) -> Settlement:
    """Settle a jackpot by its completed round."""
    round_ = part.round
    assert round_ is not None, "what is settled has a round"
    if round_.refund is not None:
        return refund(terms)
    return settle_jackpot(part.terms, Prizes(round_.prizes), round_.lines_by_wrong, terms)


def jackpot_steps(steps: Steps, part: JackpotPart, terms: Terms, day_cap_cents: int | None) -> None:
    """Tell what the lines of a ticket win, and what caps and taxes leave of it."""
    round_ = part.round
    assert round_ is not None, "what is settled has a round"
    if round_.refund is not None:
        refund_step(steps, terms)
        return
    _tier_steps(steps, part.terms, round_)
    won = zip(round_.lines_won, round_.prizes, strict=True)
    uncapped = sum(lines * prize.per_line_cents for lines, prize in won)
    formula = "sum over tiers of lines_won * per_line_cents"
    _ = steps.count("uncapped_gross_cents", formula, uncapped)
    gross_steps(steps, uncapped, terms, day_cap_cents)


def _tier_steps(steps: Steps, card: Jackpot, round_: JackpotRound) -> None:
    """Tell how the prize of each tier was found and shared out; every part is rounded down."""
    rate = Fraction(round_.prize_rate, RATE_ONE)
    carried_in = round_.carried_in_cents
    for number, (tier, prize) in enumerate(zip(card.tiers, round_.prizes, strict=True)):
        name = f"tier_{number}"
        amount, formula = tier.amount_cents * rate, "amount_cents * prize_rate"
        if tier.pool_rate is not None:
            amount = round_.pool_stake_cents * Fraction(tier.pool_rate, RATE_ONE) * rate
            formula = "pool_stake_cents * pool_rate * prize_rate"
        _ = steps.round(f"{name}_amount_cents", formula, amount, rounding=Rounding.DOWN)
        if tier.kind is PrizeKind.FIXED_PER_LINE:
            continue
        formula = (
            f"{name}_amount_cents + carried_in_cents" if carried_in else f"{name}_amount_cents"
        )
        put_in = steps.count(f"{name}_put_in_cents", formula, prize.put_in_cents)
        carried_in = 0
        if prize.lines:
            shared = Fraction(put_in, prize.lines)
            formula = f"{name}_put_in_cents / winning_lines of tier {number}"
            _ = steps.round(f"{name}_per_line_cents", formula, shared, rounding=Rounding.DOWN)
