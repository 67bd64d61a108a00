"""The markets that a source does not offer, from the score matrix that fits those it does."""

from collections.abc import Mapping
from typing import NamedTuple

from acca.core.fixtures import BetCodes
from acca.core.markets.football import FOOTBALL
from acca.core.markets.market import Bet
from acca.core.odds import ONE
from acca.core.probability.fit import Offer, fit
from acca.core.probability.margin import priced
from acca.core.probability.score_matrix import ScoreMatrix

_SETS = tuple(line for market in FOOTBALL.markets for line in market.bets())
_BETS = tuple(bet for line in _SETS for bet in line)
_RESULT = "MRFT"
_BALANCE, _TOTALS = frozenset({_RESULT, "AHFT"}), frozenset({"OUFT"})
_FITTED = tuple(line for line in _SETS if line[0].market in _BALANCE | _TOTALS)
_BY_CODES = {(bet.market, bet.line, bet.code): bet for bet in _BETS}
_RESIDUAL_PER_MILLE_MAX = 50
"""Beyond 5 % of missed probability the odds contradict each other, and nothing follows of them."""


class DerivedPrice(NamedTuple):
    """A bet with odds in hundredths that no source offered."""

    bet: Bet
    odds: int


def derive(offered: Mapping[BetCodes, int], margin_rate: int) -> list[DerivedPrice]:
    """Tell the odds of every bet that is not offered, with the platform's margin in millionths.

    Where no matrix fits what is offered nothing is derived. What is offered is never replaced.
    """
    matrix = fit_offered(offered)
    if matrix is None:
        return []
    taken = {_BY_CODES[codes] for codes in offered if codes in _BY_CODES}
    odds = priced(matrix, _SETS, margin_rate)
    return [
        DerivedPrice(bet, each)
        for bet, each in zip(_BETS, odds, strict=True)
        if each is not None and bet not in taken
    ]


def fit_offered(offered: Mapping[BetCodes, int]) -> ScoreMatrix | None:
    """Find the matrix that fits what is offered of a match, if there is one.

    There has to be a full set of three-way odds, or a handicap and a total.
    """
    offers = _offers(offered)
    if not _are_enough(offers):
        return None
    found = fit(offers)
    return None if found.residual * 1000 > _RESIDUAL_PER_MILLE_MAX else found.matrix


def _offers(offered: Mapping[BetCodes, int]) -> list[Offer]:
    """Take the sets that are offered whole and that are worth more than the stake."""
    offers: list[Offer] = []
    for line in _FITTED:
        odds = [offered.get((bet.market, bet.line, bet.code), 0) for bet in line]
        if min(odds) > ONE:
            offers.append(Offer(line, tuple(odds)))
    return offers


def _are_enough(offers: list[Offer]) -> bool:
    markets = {offer.bets[0].market for offer in offers}
    return _RESULT in markets or (
        not markets.isdisjoint(_BALANCE) and not markets.isdisjoint(_TOTALS)
    )
