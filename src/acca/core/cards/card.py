"""What the cards of all products share: the events they stand on, and their life."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from acca.core.markets.market import Bet


class CardEvent(NamedTuple):
    """An event as the catalogue has it; `bets` are those of its sport, by their id."""

    starts: datetime
    bets: Mapping[int, Bet]


Events = Mapping[int, CardEvent]
"""The events that a card names, by their id; one that is missing is not in the catalogue."""


class CardState(Enum):
    """Where a card stands in its life."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    SETTLED = "settled"


class CardTimes(NamedTuple):
    """What has happened to a card, and what its events say: `opens`, `closes` are plans."""

    opens: datetime
    closes: datetime
    published: datetime | None = None
    closed: datetime | None = None
    settled: datetime | None = None


def state_at(times: CardTimes, now: datetime) -> CardState:
    """Tell the state of a card in business time; nobody has to move it there."""
    if times.settled is not None:
        return CardState.SETTLED
    if times.closed is not None:
        return CardState.CLOSED
    if times.published is None:
        return CardState.DRAFT
    if now >= times.closes:
        return CardState.CLOSED
    return CardState.OPEN if now >= times.opens else CardState.SCHEDULED


def card_code(random_bytes: Callable[[int], bytes]) -> str:
    """Make a code of three random bytes: six digits of hex."""
    return random_bytes(3).hex().upper()


def find_event_faults(ids: Collection[int], events: Events) -> Iterator[str]:
    """Name events that are unknown, or stand on a card twice."""
    if not ids:
        yield "a card needs at least one event"
    for event in sorted(twice(ids)):
        yield f"event {event} stands on the card twice"
    for event in sorted(set(ids) - events.keys()):
        yield f"event {event} is not in the catalogue"


def twice(ids: Iterable[int]) -> set[int]:
    """Find what stands in a list more than once."""
    seen: set[int] = set()
    return {each for each in ids if each in seen or seen.add(each)}


def first_start(ids: Iterable[int], events: Events) -> datetime:
    """Tell when the first of some events starts."""
    return min(events[event].starts for event in ids)


def last_start(ids: Iterable[int], events: Events) -> datetime:
    """Tell when the last of some events starts."""
    return max(events[event].starts for event in ids)
