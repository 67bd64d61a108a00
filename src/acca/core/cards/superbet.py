"""Superbet: several questions about one match, a fixed price, prizes by correct answers."""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from acca.core.cards.card import Events, find_event_faults, twice
from acca.core.cards.quickbet import find_choice_faults


class VoidQuestion(Enum):
    """What becomes of a ticket when a question has no answer."""

    VOID_ALL = "void_all"
    LOWER = "lower"
    COUNT_AS_CORRECT = "count_as_correct"


class Prize(NamedTuple):
    """What so many correct answers pay, gross, in cents."""

    correct: int
    amount_cents: int


class Superbet(NamedTuple):
    """The body of the card; `questions` are the bets to choose from in each."""

    event: int
    price_cents: int
    questions: tuple[tuple[int, ...], ...]
    prizes: tuple[Prize, ...]
    void_question: VoidQuestion = VoidQuestion.VOID_ALL


def event_ids(card: Superbet) -> tuple[int, ...]:
    """Tell the event of a card."""
    return (card.event,)


def find_faults(card: Superbet, events: Events) -> Iterator[str]:
    """Say all that is wrong with a card."""
    yield from find_event_faults(event_ids(card), events)
    yield from _find_prize_faults(card)
    if card.event not in events:
        return
    for bets in card.questions:
        yield from find_choice_faults(card.event, bets, events)
    # A bet that answers two questions would count twice, or never.
    for bet in sorted(twice(bet for bets in card.questions for bet in set(bets))):
        yield f"bet {bet} answers two questions"


def _find_prize_faults(card: Superbet) -> Iterator[str]:
    ranks = [prize.correct for prize in card.prizes]
    if not card.questions:
        yield "a superbet needs at least one question"
    if not ranks or ranks != sorted(set(ranks), reverse=True):
        yield "prizes have to fall from the most correct answers down, each number once"
    elif ranks[0] > len(card.questions) or ranks[-1] < 1:
        yield "prizes are for 1 to as many correct answers as there are questions"
    amounts = [prize.amount_cents for prize in card.prizes]
    if amounts != sorted(amounts, reverse=True):
        yield "fewer correct answers must not pay more"


def closing(card: Superbet, events: Events) -> datetime:
    """Tell when a card closes: at the start of its event."""
    return events[card.event].starts


def is_ambiguous(card: Superbet, other: Superbet) -> bool:
    """Tell whether some bets, price and event without a code could belong to either card.

    They could if questions pair up one to one so that each pair shares a bet.
    """
    same = card.event == other.event and card.price_cents == other.price_cents
    if not same or len(card.questions) != len(other.questions):
        return False
    return _pair_up([set(bets) for bets in card.questions], [set(bets) for bets in other.questions])


def _pair_up(left: list[set[int]], right: list[set[int]]) -> bool:
    if not left:
        return True
    first, *rest = left
    return any(
        _pair_up(rest, [*right[:place], *right[place + 1 :]])
        for place, bets in enumerate(right)
        if first & bets
    )
