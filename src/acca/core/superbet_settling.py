"""Settlement of superbets: prizes by the number of right answers (spec 7)."""

from collections.abc import Sequence

from acca.core.cards.superbet import Superbet, VoidQuestion
from acca.core.finance import withhold
from acca.core.outcome import VOID, Outcome
from acca.core.settling import Settlement, Terms, refund
from acca.core.ticket import TicketResult


def settle_superbet(
    card: Superbet, bets: tuple[int, ...], outcomes: Sequence[Outcome | None], terms: Terms
) -> Settlement | None:
    """Settle a superbet once its last question is decided, before that None."""
    assert len(bets) == len(outcomes), "every answer has an outcome"
    decided = [outcome for outcome in outcomes if outcome is not None]
    if len(decided) < len(outcomes):
        return None
    voids = decided.count(VOID)
    if voids and (card.void_question is VoidQuestion.VOID_ALL or voids == len(decided)):
        return refund(terms)
    right = sum(bool(outcome.won) for outcome in decided)
    missing = voids if card.void_question is VoidQuestion.LOWER else 0
    if card.void_question is VoidQuestion.COUNT_AS_CORRECT:
        right += voids
    gross = {prize.correct - missing: prize.amount_cents for prize in card.prizes}.get(right, 0)
    if terms.cap_cents is not None:
        gross = min(gross, terms.cap_cents)
    if not gross:
        return Settlement(TicketResult.LOST, 0, 0, 0, 0, 0)
    wht = withhold(gross, terms.charge, terms.tax)
    return Settlement(TicketResult.WON, 0, gross, wht, gross - wht, gross)
