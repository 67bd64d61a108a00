"""What follows from the card and the answers of a superbet's receipt."""

from collections.abc import Sequence

from acca.core.cards.fitting import answers
from acca.core.outcome import VOID
from acca.core.receipt import Answers, Leg, Receipt, Stage, SuperbetPart
from acca.core.receipt_parts import Contradiction, NotDecided
from acca.core.receipt_steps import Steps, gross_steps, refund_step
from acca.core.settling import Settlement, Terms
from acca.core.superbet_settling import is_refunded, prize_cents, settle_superbet


def complete_superbet(receipt: Receipt) -> SuperbetPart | None:
    """Count the answers of a superbet, once it is settled."""
    part = receipt.superbet
    if part is None:
        return None
    _require_card(receipt, part)
    if receipt.stage is not Stage.SETTLED:
        return part._replace(answers=None)
    outcomes = [leg.outcome for leg in receipt.legs if leg.outcome is not None]
    if len(outcomes) < len(receipt.legs):
        raise NotDecided(("legs",), "are not decided, so that nothing is settled")
    right, voids = sum(bool(outcome.won) for outcome in outcomes), outcomes.count(VOID)
    refunded = is_refunded(part.terms, voids)
    prize = 0 if refunded else prize_cents(part.terms, right, voids)
    return part._replace(answers=Answers(right, voids, refunded, prize))


def _require_card(receipt: Receipt, part: SuperbetPart) -> None:
    for place, leg in enumerate(receipt.legs):
        if leg.event != part.terms.event:
            raise Contradiction(("legs", place, "event"), "is not that of the card")
    if not answers(part.terms, [leg.bet_id for leg in receipt.legs]):
        raise Contradiction(("superbet", "terms", "questions"), "are not answered once each")


def settle_superbet_part(part: SuperbetPart, legs: Sequence[Leg], terms: Terms) -> Settlement:
    """Settle a superbet whose questions are all decided."""
    bets = tuple(leg.bet_id for leg in legs)
    settled = settle_superbet(part.terms, bets, [leg.outcome for leg in legs], terms)
    assert settled is not None, "all questions are decided"
    return settled


def superbet_steps(
    steps: Steps, part: SuperbetPart, terms: Terms, day_cap_cents: int | None
) -> None:
    """Tell the prize of the answers, and what caps and taxes leave of it."""
    assert part.answers is not None, "the answers are counted before"
    _ = steps.count("right", "answers whose bet won", part.answers.right)
    _ = steps.count("void", "answers that are void", part.answers.void)
    if part.answers.refunded:
        refund_step(steps, terms)
        return
    rule = part.terms.void_question.value
    formula = f"best prize reached, void questions by {rule}"
    prize = steps.count("uncapped_gross_cents", formula, part.answers.prize_cents)
    gross_steps(steps, prize, terms, day_cap_cents)
