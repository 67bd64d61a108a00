"""Bets of every sport settled from the result of their event; nothing here knows a sport."""

from collections.abc import Callable

from acca.core.markets.market import Bet, Condition, Sport
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON, Outcome
from acca.core.score import Ending, Result, Score

# Members of an Enum are looked up slowly, and this runs once for every leg of every ticket.
_PLAYED, _CANCELLED, _POSTPONED = Ending.PLAYED, Ending.CANCELLED, Ending.POSTPONED


def settle(sport: Sport, bet: Bet, result: Result) -> Outcome | None:
    """Settle a bet, None while undecided: postponed, or a part that it looks at is not known.

    Of an abandoned event stands what every possible continuation would have confirmed, each half
    of the stake by itself; the rest is void.
    """
    ending, score = result
    if ending is _CANCELLED:
        return VOID
    if ending is _POSTPONED or score is None:
        return None
    judge = _final if ending is _PLAYED else _standing
    halves = bet.halves
    outcome = _settle_half(judge, sport, halves[0], score)
    if len(halves) == 1:
        return outcome
    return _merge(outcome, _settle_half(judge, sport, halves[1], score))


Judge = Callable[[Sport, Condition, Score], Outcome | None]


def _settle_half(
    judge: Judge, sport: Sport, half: tuple[Condition, ...], score: Score
) -> Outcome | None:
    """Settle one half of a stake: lost with any condition, won with all, else void."""
    verdict = WON
    for condition in half:
        outcome = judge(sport, condition, score)
        if outcome is None:
            return None
        if outcome is not WON and verdict is not LOST:
            verdict = outcome
    return verdict


def _final(sport: Sport, condition: Condition, score: Score) -> Outcome | None:
    part, rule = condition
    points = sport.points(score, part)
    return None if points is None else rule(*points)


def _standing(sport: Sport, condition: Condition, score: Score) -> Outcome | None:
    part, rule = condition
    outcome = None
    for points in sport.reachable(score, part):
        other = rule(*points)
        if outcome is None:
            outcome = other
        elif other is not outcome:
            return VOID
    return outcome


def _merge(one: Outcome | None, other: Outcome | None) -> Outcome | None:
    # Lines side by side: of two outcomes that differ one is void, never won beside lost.
    if one is other:
        return one
    return HALF_WON if one is WON or other is WON else HALF_LOST
