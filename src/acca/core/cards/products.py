"""The five products by the type of their value: one place that knows them all."""

from collections.abc import Iterator
from datetime import datetime

from acca.core.cards import jackpot, quickbet, quicktip, smartbet, superbet
from acca.core.cards.card import Events
from acca.core.cards.jackpot import Jackpot
from acca.core.cards.quickbet import Quickbet
from acca.core.cards.quicktip import Quicktip
from acca.core.cards.smartbet import Smartbet
from acca.core.cards.superbet import Superbet

Body = Quicktip | Quickbet | Smartbet | Superbet | Jackpot


def event_ids(body: Body) -> tuple[int, ...]:
    """Tell the events that a card stands on, in its order."""
    match body:
        case Quicktip():
            return quicktip.event_ids(body)
        case Quickbet():
            return quickbet.event_ids(body)
        case Smartbet():
            return smartbet.event_ids(body)
        case Superbet():
            return superbet.event_ids(body)
        case Jackpot():
            return jackpot.event_ids(body)


def find_faults(body: Body, events: Events) -> Iterator[str]:
    """Say all that is wrong with a card."""
    match body:
        case Quicktip():
            return quicktip.find_faults(body, events)
        case Quickbet():
            return quickbet.find_faults(body, events)
        case Smartbet():
            return smartbet.find_faults(body, events)
        case Superbet():
            return superbet.find_faults(body, events)
        case Jackpot():
            return jackpot.find_faults(body, events)


def closing(body: Body, events: Events) -> datetime:
    """Tell when a card closes by its events."""
    match body:
        case Quicktip():
            return quicktip.closing(body, events)
        case Quickbet():
            return quickbet.closing(body, events)
        case Smartbet():
            return smartbet.closing(body, events)
        case Superbet():
            return superbet.closing(body, events)
        case Jackpot():
            return jackpot.closing(body, events)


def closes_at(body: Body, first_start: datetime, last_start: datetime) -> datetime:
    """Tell when a card closes, from the first and the last start of its events."""
    return last_start if isinstance(body, Quickbet | Smartbet) else first_start
