"""Smartbet: the player names stake, win and risk; the accumulator is composed from open events."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from acca.core.cards.card import Events, find_event_faults, last_start
from acca.core.numbers import Malformed, render_fixed
from acca.core.odds import parse_odds

_BAND = re.compile(r"([0-9.]{1,9})-([0-9.]{1,9})", re.ASCII)


class Band(NamedTuple):
    """The odds between which each selection of a smartbet falls, in hundredths, both included."""

    lowest: int
    highest: int


class Smartbet(NamedTuple):
    """The body of the card; suggested stakes and wins in cents, events that may be chosen from."""

    stakes: tuple[int, ...]
    wins: tuple[int, ...]
    risks: tuple[Band, ...]
    max_events: int
    events: tuple[int, ...]


def parse_band(text: str) -> Band:
    """Read a band such as `1.25-4.99`."""
    match = _BAND.fullmatch(text)
    if match is None:
        raise Malformed("has to be a band of odds such as 1.25-4.99")
    band = Band(parse_odds(match[1]), parse_odds(match[2]))
    if band.lowest > band.highest:
        raise Malformed("has to name the lower odds first")
    return band


def render_band(band: Band) -> str:
    """Write a band with all decimals."""
    return f"{render_fixed(band.lowest, 2)}-{render_fixed(band.highest, 2)}"


def narrowest(bands: Iterable[Band], odds: Iterable[int]) -> Band | None:
    """Choose the narrowest of some bands that holds all odds, if any does."""
    found = sorted(odds)
    holding = [band for band in bands if band.lowest <= found[0] and found[-1] <= band.highest]
    return min(holding, key=lambda band: (band.highest - band.lowest, band), default=None)


def event_ids(card: Smartbet) -> tuple[int, ...]:
    """Tell the events of a card, in its order."""
    return card.events


def find_faults(card: Smartbet, events: Events) -> Iterator[str]:
    """Say all that is wrong with a card."""
    yield from find_event_faults(card.events, events)
    if card.max_events < 1:
        yield "max_events has to be at least 1"
    if not card.risks:
        yield "a smartbet needs at least one band of odds"


def closing(card: Smartbet, events: Events) -> datetime:
    """Tell when a card closes: at the start of its last event; started ones drop out before."""
    return last_start(card.events, events)
