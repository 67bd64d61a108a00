"""What was checked of a receipt, in words for people, and what nobody can check by it alone."""

from collections.abc import Iterator

from acca.core.jackpot_judging import How
from acca.core.money import render_units
from acca.core.odds import render_odds
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON, Outcome
from acca.core.receipt import JackpotRound, Known, Leg, Receipt, Step
from acca.core.receipt_steps import spell
from acca.core.score import Ending

NOT_CHECKED = (
    "that the scores are true, and were known then",
    "that the odds, the card and its prizes were those on offer",
    "that the tax profile is what the law asks for",
    "that the ticket was paid, and its amounts were paid out",
)
_OF_JACKPOTS = (
    "that the pool and the winning lines count all tickets of the card",
    "that the card's void policies apply to the events as they are said to count",
)
_WORDS = {
    WON: "won",
    HALF_WON: "half won, half void",
    VOID: "void",
    HALF_LOST: "half lost, half void",
    LOST: "lost",
}


def checked(receipt: Receipt, key: str) -> Iterator[str]:
    """Say all that was checked of a receipt that is good, in its order."""
    ticket = receipt.ticket
    yield f"signature by key {key} over the canonical content, and its SHA-256"
    yield f"ticket {ticket.id} ({ticket.code}) of {ticket.operator}: {_stage(receipt)}"
    yield from (_leg(place, leg) for place, leg in enumerate(receipt.legs, 1))
    if receipt.superbet is not None and receipt.superbet.answers is not None:
        right, void, _, _ = receipt.superbet.answers
        yield f"superbet {receipt.superbet.card}: {right} right, {void} void"
    if receipt.jackpot is not None and receipt.jackpot.round is not None:
        yield from _round(receipt.jackpot.card, receipt.jackpot.round)
    yield from map(_step, receipt.steps)
    end = receipt.end
    gross, wht, net = map(render_units, end[2:5])
    yield (f"result {end.result.value}: gross {gross}, withheld {wht}, net {net} {ticket.currency}")


def not_checked(receipt: Receipt) -> tuple[str, ...]:
    """Say what a receipt cannot prove by itself."""
    return NOT_CHECKED if receipt.jackpot is None else (*NOT_CHECKED, *_OF_JACKPOTS)


def _stage(receipt: Receipt) -> str:
    return f"{receipt.stage.value}, {receipt.ticket.status.value}"


def _leg(place: int, leg: Leg) -> str:
    line = "" if leg.line is None else f" {leg.line}"
    odds = "" if leg.odds is None else f" at {render_odds(leg.odds)}"
    bet = f"leg {place}, {leg.home_team} - {leg.away_team}, {leg.market}{line} {leg.bet}{odds}"
    if leg.outcome is None:
        return bet
    factor = "" if leg.factor is None else f", factor {spell(leg.factor)}"
    known = "not played in time" if leg.not_played else _known(leg.result)
    return f"{bet}: {known}: {_outcome(leg.outcome)}{factor}"


def _known(known: Known | None) -> str:
    if known is None:
        return "no result"
    if known.total is None:
        return known.ending.value
    score = f"{known.total[0]}-{known.total[1]}"
    periods = ", ".join(f"{home}-{away}" for home, away in known.periods)
    told = f"{score} ({periods})" if periods else score
    return told if known.ending is Ending.PLAYED else f"{known.ending.value} at {told}"


def _outcome(outcome: Outcome) -> str:
    return _WORDS.get(outcome) or f"won in a dead heat of {outcome.dead_heat}"


def _round(card: str, round_: JackpotRound) -> Iterator[str]:
    if round_.refund is not None:
        yield f"jackpot {card}: refunded, {round_.refund.value}"
        return
    for number, place in enumerate(round_.places, 1):
        counts = place.counts
        sign = "" if counts.sign is None else f" {counts.sign.value}"
        how = f"{counts.how.value}{sign}"
        if counts.how is How.DRAWN:
            by = "its seed" if round_.seed else "another's draw, not checked"
            how = f"{how} by {by} over {place.scores}"
        yield f"jackpot {card}, event {number}: {how}"
    for tier, (lines, prize) in enumerate(zip(round_.lines_won, round_.prizes, strict=True)):
        each = render_units(prize.per_line_cents)
        yield f"jackpot {card}, tier {tier}: {lines} lines of this ticket at {each}"


def _step(step: Step) -> str:
    exact = spell(step.exact)
    if step.rounding is None:
        return f"{step.name} = {step.formula} = {step.rounded}"
    return f"{step.name} = {step.formula} = {exact}, {step.rounding.value} {step.rounded}"
