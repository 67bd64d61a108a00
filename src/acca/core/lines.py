"""The lines of a combination ticket counted by their right picks, never written out."""

from collections.abc import Iterable
from typing import NamedTuple


class Marked(NamedTuple):
    """One event of a decided ticket: how many outcomes were picked, and how many count as right.

    More than one is right where the card lets a void event count as correct.
    """

    picks: int
    right: int


def lines_by_right(events: Iterable[Marked]) -> tuple[int, ...]:
    """Count the lines with exactly 0, 1, 2 … right picks; one place more than there are events.

    The product of (wrong + right x) over all events; the place is the power of x.
    """
    counts = [1]
    for picks, right in events:
        assert 0 <= right <= picks > 0, "right picks are among those of the event"
        one_less, same = [0, *counts], [*counts, 0]
        counts = [
            less * right + here * (picks - right) for less, here in zip(one_less, same, strict=True)
        ]
    return tuple(counts)
