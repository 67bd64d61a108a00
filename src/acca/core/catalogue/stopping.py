"""Stops by staff: an event is stopped, or opened again with a word on the odds in doubt."""

from collections.abc import Sequence
from enum import Enum
from itertools import groupby

from acca.core.catalogue.offer import Book, Change
from acca.core.catalogue.standing import Standing, Stop
from acca.core.catalogue.told import OddsTold, Price

_STAFF_LIFTS = frozenset({Stop.STAFF, Stop.SUSPICIOUS})


class Doubt(Enum):
    """What becomes of odds that jumped and were not taken."""

    ACCEPT = "accept"
    """They stand, as if they had never been doubted, unless something newer was taken since."""
    DROP = "drop"
    """Those that stand stay; the same ones told again are doubted again."""


class LiftRefused(Exception):
    """Nothing was lifted, and the sentence says why."""


def lift_stops(standing: Standing, doubt: Doubt | None) -> Standing:
    """Lift what staff may lift; a provider lifts its own stop, and silence ends by itself."""
    if not standing.stops & _STAFF_LIFTS:
        raise LiftRefused("The event is stopped neither by staff nor for odds in doubt.")
    suspicious = Stop.SUSPICIOUS in standing.stops
    if suspicious and doubt is None:
        raise LiftRefused("Odds of the event are in doubt: accept them or drop them.")
    if doubt is not None and not suspicious:
        raise LiftRefused("No odds of the event are in doubt.")
    return standing._replace(stops=standing.stops - _STAFF_LIFTS)


def accept_doubts(book: Book, event: str, doubts: Sequence[Change]) -> None:
    """Take odds in doubt as their entries told them, each where it is still news."""
    for (version, derived), told in groupby(sorted(doubts, key=_entry), _entry):
        prices = tuple(Price(each.odds, each.bet) for each in told)
        _ = book.take(OddsTold(event, version, prices, derived), trusted=True)


def _entry(change: Change) -> tuple[int, bool]:
    return change.version, change.derived
