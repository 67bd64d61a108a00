"""The outcome of one leg: a triple, never a bare word (spec 7, one formula for every leg)."""

from typing import NamedTuple

from acca.core.odds import ONE

LEG_ONE = 2 * ONE
"""A leg factor of one: factors are whole numbers over 200, times the number in a dead heat."""


class Outcome(NamedTuple):
    """Result r, void factor v in halves, and the number k that share a dead heat (d = 1/k).

    leg factor  f = v + (1 - v) * r * odds * d, exact over the denominator 200 * k.
    """

    won: int
    void_halves: int
    dead_heat: int = 1

    def factor(self, odds: int) -> int:
        """Tell the leg factor for odds in hundredths, as a numerator over LEG_ONE * dead_heat."""
        won, halves, sharing = self
        return halves * ONE * sharing + (2 - halves) * won * odds


WON = Outcome(1, 0)
HALF_WON = Outcome(1, 1)
VOID = Outcome(0, 2)
HALF_LOST = Outcome(0, 1)
LOST = Outcome(0, 0)


def dead_heat(sharing: int) -> Outcome:
    """Make the outcome of a bet that won together with `sharing - 1` others."""
    assert sharing >= 1, "a dead heat is shared by at least one"
    return Outcome(1, 0, sharing)
