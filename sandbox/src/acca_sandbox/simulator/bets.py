"""The bets that the simulator offers, and what they are worth: odds in integer hundredths."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import fsum
from operator import itemgetter

from acca_sandbox.simulator.scores import (
    CELLS,
    Matrix,
    Points,
    expected,
    half_time_weights,
    points_of,
)

ODDS_MIN, ODDS_MAX = 101, 25_000
STEP_MAX = 8
"""Odds that become ten times greater or smaller stop an event: no step is that long."""
_ONE = 1_000_000
_PARTS = 10**12
_MARGINS = {"CSFT": 120_000, "MRFT": 50_000}
_MARGIN = 60_000
"""What the offered probabilities are more than the true ones, in millionths."""
_LIVE_MARKETS = frozenset({"MRFT", "DCFT", "OUFT", "BTTSFT"})

Truth = Callable[[int, int], bool]
"""Whether something holds of home and away goals."""


@dataclass(frozen=True, eq=False, slots=True)
class Bet:
    """One bet by its codes; it is void where `is_void` holds, else won where `wins` does.

    A bet that looks at half-time has `weights` in place of a truth: how probable it is, given each
    final score.
    """

    market: str
    line: str | None
    code: str
    wins: Truth
    is_void: Truth | None = None
    weights: Sequence[float] | None = None

    def names(self) -> dict[str, object]:
        """Tell the members of a price that name the bet."""
        line = {} if self.line is None else {"line": self.line}
        return {"market": self.market, **line, "code": self.code}


def _home(home: int, away: int) -> bool:
    return home > away


def _draw(home: int, away: int) -> bool:
    return home == away


def _away(home: int, away: int) -> bool:
    return home < away


def _both_score(home: int, away: int) -> bool:
    return home > 0 < away


def _is_odd(home: int, away: int) -> bool:
    return (home + away) % 2 > 0


_RESULTS: tuple[tuple[str, Truth], ...] = (("1", _home), ("X", _draw), ("2", _away))


def _is_not(truth: Truth) -> Truth:
    return lambda home, away: not truth(home, away)


def _more_than(goals: int) -> Truth:
    return lambda home, away: home + away > goals


def _exactly(score: Points) -> Truth:
    return lambda home, away: (home, away) == score


def _full_time() -> Iterator[Bet]:
    for code, truth in _RESULTS:
        yield Bet("MRFT", None, code, truth)
    for code, truth in (("1X", _away), ("12", _draw), ("X2", _home)):
        yield Bet("DCFT", None, code, _is_not(truth))
    for code, truth in (("1", _home), ("2", _away)):
        yield Bet("DNBFT", None, code, truth, _draw)
    for goals in range(5):
        yield Bet("OUFT", f"{goals}.5", "O", _more_than(goals))
        yield Bet("OUFT", f"{goals}.5", "U", _is_not(_more_than(goals)))
    for market, first, second, truth in (
        ("BTTSFT", "Y", "N", _both_score),
        ("OEFT", "odd", "even", _is_odd),
    ):
        yield Bet(market, None, first, truth)
        yield Bet(market, None, second, _is_not(truth))
    for score in product(range(3), range(3)):
        yield Bet("CSFT", None, f"{score[0]}-{score[1]}", _exactly(score))


def _half_time() -> Iterator[Bet]:
    for code, truth in _RESULTS:
        yield Bet("MRHT", None, code, truth, weights=_weights(truth))
    for goals, (code, is_over) in product(range(2), (("O", True), ("U", False))):
        truth = _more_than(goals) if is_over else _is_not(_more_than(goals))
        yield Bet("OUHT", f"{goals}.5", code, truth, weights=_weights(truth))


@lru_cache
def _weights(truth: Truth) -> tuple[float, ...]:
    return tuple(half_time_weights([truth(*points_of(cell)) for cell in range(CELLS)]))


BETS = (*_full_time(), *_half_time())
LIVE_BETS = tuple(bet for bet in BETS if bet.market in _LIVE_MARKETS)
CLOSED_WHEN_LIVE = tuple(
    dict.fromkeys(bet.market for bet in BETS if bet.market not in _LIVE_MARKETS)
)
"""Markets that are offered before the match alone."""


def probability(bet: Bet, matrix: Matrix, score: Points = (0, 0)) -> float:
    """Tell how probable a bet is that is not void; the matrix is of the goals to come."""
    if bet.weights is not None:
        return expected(matrix, bet.weights)
    won = _share(bet.wins, matrix, score)
    return won if bet.is_void is None else won / (1 - _share(bet.is_void, matrix, score))


def _share(truth: Truth, matrix: Matrix, score: Points) -> float:
    cells, is_held = _fewer_cells(truth, score)
    share = fsum(itemgetter(*cells)(matrix)) if len(cells) > 1 else fsum(matrix[c] for c in cells)
    return share if is_held else 1 - share


@lru_cache(20_000)
def _fewer_cells(truth: Truth, score: Points) -> tuple[tuple[int, ...], bool]:
    """Choose the cells where something holds, or those where it does not, and tell which."""
    holds = [truth(score[0] + h, score[1] + a) for h, a in map(points_of, range(CELLS))]
    is_held = sum(holds) * 2 <= CELLS
    return tuple(cell for cell, held in enumerate(holds) if held is is_held), is_held


def is_decided(bet: Bet, score: Points) -> bool:
    """Tell whether no goal to come can change what becomes of a bet on the full time."""
    return not _fewer_cells(bet.wins, score)[0]


def odds_of(bet: Bet, chance: float) -> int:
    """Tell the odds of a probability with the margin of the market, rounded down."""
    offered = round(chance * _PARTS) * (_ONE + _MARGINS.get(bet.market, _MARGIN))
    odds = 100 * _PARTS * _ONE // offered if offered else ODDS_MAX
    return min(max(odds, ODDS_MIN), ODDS_MAX)


def steps(known: int | None, odds: int) -> list[int]:
    """Tell over which odds to go so that no step is a jump; the last are those wanted."""
    if known is None:
        return [odds]
    way: list[int] = []
    while odds > known * STEP_MAX or known > odds * STEP_MAX:
        known = known * STEP_MAX if odds > known else -(-known // STEP_MAX)
        way.append(known)
    return [*way, odds]
