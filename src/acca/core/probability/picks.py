"""Chances of the lines of a jackpot ticket: how many picks of a line, or of any line, are right."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple


class Cover(NamedTuple):
    """One event of a combination ticket: outcomes picked, and the chance that one is right."""

    picks: int
    chance: float


def count_right(chances: Iterable[float]) -> tuple[float, ...]:
    """Tell the probability of exactly 0, 1, 2 … right among independent picks of these chances."""
    return _multiplied((chance, 1 - chance) for chance in chances)


def expected_lines(covers: Iterable[Cover]) -> tuple[float, ...]:
    """Tell how many lines are expected to have exactly 0, 1, 2 … right picks.

    A covered event gives one right pick and picks - 1 wrong ones, an uncovered one only wrong ones;
    on average that is (chance, picks - chance), and events are independent.
    """
    return _multiplied((chance, picks - chance) for picks, chance in covers)


def chance_to_reach(covers: Iterable[Cover]) -> tuple[float, ...]:
    """Tell the probability that at least one line has 0, 1, 2 … or more right picks.

    The best line is right in every covered event.
    """
    return _tail(count_right(cover.chance for cover in covers))


def chance_to_hit(covers: Sequence[Cover]) -> tuple[float, ...]:
    """Tell the probability that at least one line has exactly 0, 1, 2 … right picks.

    A covered event of one pick is right in all lines, one of several picks in as many as one likes.
    """
    always = count_right(cover.chance for cover in covers if cover.picks == 1)
    at_will = _tail(count_right(cover.chance for cover in covers if cover.picks > 1))
    chances = [0.0] * (len(covers) + 1)
    for right, chance in enumerate(always):
        for more, reached in enumerate(at_will):
            chances[right + more] += chance * reached
    return tuple(chances)


def _multiplied(events: Iterable[tuple[float, float]]) -> tuple[float, ...]:
    """Multiply out (wrong + right x) over all events, as `acca.core.lines` does in integers."""
    sums = [1.0]
    for right, wrong in events:
        one_less, same = [0.0, *sums], [*sums, 0.0]
        sums = [less * right + here * wrong for less, here in zip(one_less, same, strict=True)]
    return tuple(sums)


def _tail(chances: Sequence[float]) -> tuple[float, ...]:
    return tuple(accumulate(reversed(chances)))[::-1]
