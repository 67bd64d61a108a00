"""What a leg that is still open is worth by the present odds: the exact mean of its factor.

Bets that can only be won or lost are de-vigged with their whole market; those that may be void in
whole or half take their probabilities from the score matrix that fits the odds before the match.
"""

from collections.abc import Mapping
from math import floor

from acca.core.derived_odds import fit_offered
from acca.core.markets.football import FOOTBALL
from acca.core.markets.sports import SPORTS
from acca.core.odds import ONE
from acca.core.probability.chances import Quoted, chances_of
from acca.core.probability.same_match import MatchLeg, mean_factor

WORTH_ONE = 10**12
"""A worth of one: what a void leg is worth."""


def worth_of(quoted: Quoted, bet: int, struck: int, *, live: bool) -> int | None:
    """Tell the mean factor of a bet struck at odds (hundredths), in parts of WORTH_ONE.

    Rounded down. None where the present odds do not tell it: their market is not offered whole, or
    the bet may be void and the match has begun, where the matrix of a whole match says nothing.
    """
    (chances,) = chances_of([quoted])
    if bet in chances:
        return floor(chances[bet] * WORTH_ONE) * struck // ONE
    if live or SPORTS[quoted.sport] is not FOOTBALL:
        return None
    return _by_matrix(quoted.odds, bet, struck)


def _by_matrix(odds: Mapping[int, int], bet: int, struck: int) -> int | None:
    bets = FOOTBALL.bets
    offered = {
        (bets[each].market, bets[each].line, bets[each].code): price for each, price in odds.items()
    }
    matrix = fit_offered(offered)
    if matrix is None:
        return None
    return floor(mean_factor(matrix, [MatchLeg(bets[bet], struck)]) * WORTH_ONE)
