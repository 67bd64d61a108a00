"""Quickbet: the fast coupon, events with their main market, one tap for each."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from acca.core.cards.card import Events, find_event_faults, last_start


class CouponEvent(NamedTuple):
    """An event, and the bets of one market that a player chooses from."""

    event: int
    bets: tuple[int, ...]


class Quickbet(NamedTuple):
    """The body of the card; prices in cents."""

    prices: tuple[int, ...]
    min_events: int
    max_events: int
    events: tuple[CouponEvent, ...]


def event_ids(card: Quickbet) -> tuple[int, ...]:
    """Tell the events of a card, in its order."""
    return tuple(each.event for each in card.events)


def find_faults(card: Quickbet, events: Events) -> Iterator[str]:
    """Say all that is wrong with a card."""
    yield from find_event_faults(event_ids(card), events)
    if not 1 <= card.min_events <= card.max_events <= len(card.events):
        yield "min_events and max_events have to rise from 1 to the number of events"
    for event, bets in card.events:
        if event in events:
            yield from find_choice_faults(event, bets, events)


def find_choice_faults(event: int, bets: tuple[int, ...], events: Events) -> Iterator[str]:
    """Say what is wrong with the bets of an event among which a player chooses one."""
    known = events[event].bets
    unknown = [bet for bet in bets if bet not in known]
    for bet in unknown:
        yield f"event {event} has no bet {bet}"
    questions = {(known[bet].market, known[bet].line) for bet in bets if bet in known}
    if len(bets) <= 1 or len(set(bets)) < len(bets):
        yield f"event {event} needs at least two different bets to choose from"
    if len(questions) > 1:
        yield f"the bets of event {event} are not all of one market and line"


def closing(card: Quickbet, events: Events) -> datetime:
    """Tell when a card closes: at the start of its last event; started ones drop out before."""
    return last_start(event_ids(card), events)
