"""Quicktip: a curated accumulator, one tip for each event."""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from acca.core.cards.card import Events, find_event_faults, first_start


class Risk(Enum):
    """How likely a quicktip is to win, from the model's probability."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Tip(NamedTuple):
    """One bet of one event, and why, in a sentence for the player."""

    event: int
    bet: int
    reason: str | None = None


class Quicktip(NamedTuple):
    """The body of the card."""

    tips: tuple[Tip, ...]


def event_ids(card: Quicktip) -> tuple[int, ...]:
    """Tell the events of a card, in its order."""
    return tuple(tip.event for tip in card.tips)


def find_faults(card: Quicktip, events: Events) -> Iterator[str]:
    """Say all that is wrong with a card."""
    yield from find_event_faults(event_ids(card), events)
    for event, bet, _ in card.tips:
        if event in events and bet not in events[event].bets:
            yield f"event {event} has no bet {bet}"


def closing(card: Quicktip, events: Events) -> datetime:
    """Tell when a card closes: at the start of its first event."""
    return first_start(event_ids(card), events)
