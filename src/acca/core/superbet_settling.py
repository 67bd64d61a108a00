"""Settlement of superbets: prizes by the number of right answers (spec 7).

A question is right, wrong or void. It is right if its bet won, be it in one half of a quarter line
or in a dead heat: a prize counts answers, and an answer has no odds of which a part could be paid.
So a bet that lost one half and had the other void is wrong.
"""

from collections.abc import Sequence

from acca.core.cards.superbet import Superbet, VoidQuestion
from acca.core.finance import withhold
from acca.core.outcome import VOID, Outcome
from acca.core.settling import Settlement, Terms, refund
from acca.core.ticket import TicketResult


def settle_superbet(
    card: Superbet, bets: tuple[int, ...], outcomes: Sequence[Outcome | None], terms: Terms
) -> Settlement | None:
    """Settle a superbet once its last question is decided, before that None.

    No question left, or by `void_all` a single one void, is a refund. Prizes are gross. There are
    no odds, so the settled ones are 0.
    """
    assert len(bets) == len(outcomes), "every answer has an outcome"
    decided = [outcome for outcome in outcomes if outcome is not None]
    if len(decided) < len(outcomes):
        return None
    voids = decided.count(VOID)
    if is_refunded(card, voids):
        return refund(terms)
    right = sum(bool(outcome.won) for outcome in decided)
    return _pay(prize_cents(card, right, voids), terms)


def is_refunded(card: Superbet, voids: int) -> bool:
    """Tell whether so many questions without an answer give the price back."""
    all_void = voids == len(card.questions)
    return voids > 0 and (card.void_question is VoidQuestion.VOID_ALL or all_void)


def prize_cents(card: Superbet, right: int, voids: int) -> int:
    """Find the best prize that is reached.

    `lower` shifts the table to the questions left: with one void the prize for six right is for
    five, so that all right stays the first prize and one wrong the second; but one answer has to be
    right, or nobody could lose. `count_as_correct` gives the void answers to everybody, and what
    they win by themselves with them.
    """
    if card.void_question is VoidQuestion.LOWER and not right:
        return 0
    reached = (prize.amount_cents for prize in card.prizes if prize.correct <= right + voids)
    return max(reached, default=0)


def _pay(uncapped: int, terms: Terms) -> Settlement:
    gross = uncapped if terms.cap_cents is None else min(uncapped, terms.cap_cents)
    if not gross:
        return Settlement(TicketResult.LOST, 0, 0, 0, 0, 0)
    wht = withhold(gross, terms.charge, terms.tax)
    return Settlement(TicketResult.WON, 0, gross, wht, gross - wht, uncapped)
