"""Rules and lines that several sports share. A line is a whole number of quarters: 2.5 is 10.

Line codes are plain decimals in their shortest form: `2.5`, `-0.75`, `1`, `0`. A handicap's line is
that of the home side.
"""

from collections.abc import Callable

from acca.core.markets.market import Condition, Halves, Line, Part, Rule, Selection
from acca.core.numbers import render_scaled
from acca.core.outcome import LOST, VOID, WON, Outcome

Weights = tuple[int, int]
"""By how much a point of (home, away) helps a bet."""

BOTH, NEITHER = (1, 1), (-1, -1)
HOME, AWAY = (1, -1), (-1, 1)
HOME_ALONE, NOT_HOME = (1, 0), (-1, 0)
AWAY_ALONE, NOT_AWAY = (0, 1), (0, -1)
HALF = 2
"""Half a point, in quarters."""


def beats(weights: Weights, quarters: int) -> Rule:
    """Make the rule that weighted points have to exceed a whole or half line; level is void."""
    by_home, by_away = weights[0] * 4, weights[1] * 4

    def rule(home: int, away: int) -> Outcome:
        excess = by_home * home + by_away * away - quarters
        return WON if excess > 0 else VOID if not excess else LOST

    return rule


def holds(truth: Callable[[int, int], bool]) -> Rule:
    """Make the rule that is won where something is true of the points, and else lost."""
    return lambda home, away: WON if truth(home, away) else LOST


def leads(weights: Weights, by_quarters: int = 0) -> Rule:
    """Make the rule that one side is ahead of a whole line; level is lost."""
    return beats(weights, by_quarters + HALF)


DRAWN = holds(lambda home, away: home == away)
RESULT = (("1", "Home", leads(HOME)), ("X", "Draw", DRAWN), ("2", "Away", leads(AWAY)))
"""Code, name and rule of the three results of a part."""


def single(part: Part, rule: Rule) -> Halves:
    """Make a bet of one condition."""
    return ((Condition(part, rule),),)


def split(part: Part, weights: Weights, quarters: int) -> Halves:
    """Make a bet on a line; a quarter line is half a bet on each of its two neighbours."""
    neighbours = (quarters - 1, quarters + 1) if quarters % 2 else (quarters,)
    return tuple((Condition(part, beats(weights, each)),) for each in neighbours)


def line_code(quarters: int) -> str:
    """Write a line as a plain decimal."""
    return render_scaled(25 * quarters, 2)


def signed(quarters: int) -> str:
    """Write a handicap as people read it, a plus before what is given."""
    return f"+{line_code(quarters)}" if quarters > 0 else line_code(quarters)


def unlined(*selections: Selection) -> tuple[Line, ...]:
    """Make the only line of a market that has none."""
    return (Line(None, None, selections),)


def results(part: Part) -> tuple[Line, ...]:
    """Offer home, draw and away."""
    return unlined(*(Selection(code, name, single(part, rule)) for code, name, rule in RESULT))


def winners(part: Part) -> tuple[Line, ...]:
    """Offer home and away; level is void."""
    return unlined(
        Selection("1", "Home", split(part, HOME, 0)), Selection("2", "Away", split(part, AWAY, 0))
    )


def yes_or_no(part: Part, truth: Callable[[int, int], bool]) -> tuple[Line, ...]:
    """Offer that something is true, or is not."""
    return unlined(
        Selection("Y", "Yes", single(part, holds(truth))),
        Selection("N", "No", single(part, holds(lambda home, away: not truth(home, away)))),
    )


def totals(
    part: Part, lines: range, more: Weights = BOTH, less: Weights = NEITHER
) -> tuple[Line, ...]:
    """Offer over and under at each line."""
    return tuple(
        Line(
            line_code(line),
            line_code(line),
            (
                Selection("O", "Over", split(part, more, line)),
                Selection("U", "Under", split(part, less, -line)),
            ),
        )
        for line in lines
    )


def handicaps(part: Part, lines: range) -> tuple[Line, ...]:
    """Offer home and away, the home side starting with each line."""
    return tuple(
        Line(
            line_code(line),
            signed(line),
            (
                Selection("1", f"Home ({signed(line)})", split(part, HOME, -line)),
                Selection("2", f"Away ({signed(-line)})", split(part, AWAY, line)),
            ),
        )
        for line in lines
    )
