"""Objects that stand inside several documents."""

import re
from typing import Annotated

from acca.core.numbers import Malformed
from acca.core.score import Points
from acca.wire.document import Document
from acca.wire.kinds import integer, nullable, spelled
from acca.wire.words import CENTS, IDENTIFIER, NAME

_POINTS = re.compile(r"([0-9]{1,3})-([0-9]{1,3})", re.ASCII)


def _parse_points(text: str) -> Points:
    match = _POINTS.fullmatch(text)
    if match is None:
        raise Malformed("has to be a score such as 2-1")
    return int(match[1]), int(match[2])


def _spell_points(points: Points) -> str:
    return f"{points[0]}-{points[1]}"


POINTS = spelled("score", _parse_points, {"pattern": "^[0-9]{1,3}-[0-9]{1,3}$"}, _spell_points)
"""Points of home and away, `2-1`."""


class Named(Document, frozen=True, kw_only=True):
    """A sport, category, league or team of a ticket."""

    id: Annotated[int, integer(1)]
    name: Annotated[str, NAME]


class Coded(Document, frozen=True, kw_only=True):
    """A market, bet or line of a ticket."""

    code: Annotated[str, IDENTIFIER]
    name: Annotated[str, NAME]


class EventScore(Document, frozen=True, kw_only=True):
    """How an event stands: at half-time, where known, and at full time."""

    ht: Annotated[Points | None, nullable(POINTS)] = None
    ft: Annotated[Points, POINTS]


class Prize(Document, frozen=True, kw_only=True):
    """What a superbet pays for so many correct answers."""

    correct: Annotated[int, integer(0, 100)]
    amount_cents: Annotated[int, CENTS]
