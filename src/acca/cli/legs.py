"""A leg of a ticket as it is written on the command line: odds, and how its event ended.

1.24:won                         the outcome itself
1.90:OUFT/2.5/O@2-1              a football bet by market, line and code, and the score
3.10:HTFT/1/1@2-1ht1-0           with the score at half-time
1.90:OUFT/1.5/O@abandoned2-0     abandoned at that score; also @cancelled, @postponed
"""

import re
from typing import NamedTuple

from acca.core.markets.football import FOOTBALL
from acca.core.markets.market import Bet
from acca.core.markets.settlement import settle
from acca.core.numbers import Malformed
from acca.core.odds import parse_odds
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON, Outcome
from acca.core.score import Ending, Result, Score

OUTCOMES: dict[str, Outcome | None] = {
    "won": WON,
    "half_won": HALF_WON,
    "void": VOID,
    "half_lost": HALF_LOST,
    "lost": LOST,
    "pending": None,
}
_GOALS = r"(\d{1,2})-(\d{1,2})"
_SCORE = re.compile(rf"(abandoned)?{_GOALS}(?:ht{_GOALS})?", re.ASCII)


class Leg(NamedTuple):
    """Odds struck in hundredths, and the outcome, None while it is open."""

    odds: int
    outcome: Outcome | None


def parse_leg(text: str) -> Leg:
    """Read one leg, or say what it should look like."""
    odds, colon, ended = text.partition(":")
    if not colon:
        raise Malformed("needs an outcome behind its odds, such as 1.24:won")
    return Leg(parse_odds(odds), _parse_outcome(ended))


def _parse_outcome(text: str) -> Outcome | None:
    if text in OUTCOMES:
        return OUTCOMES[text]
    codes, at, ended = text.partition("@")
    if not at:
        words = ", ".join(OUTCOMES)
        raise Malformed(f"has no outcome: {words}, or a bet and a score such as OUFT/2.5/O@2-1")
    return settle(FOOTBALL, _parse_bet(codes), parse_result(ended))


def _parse_bet(text: str) -> Bet:
    market, _, rest = text.partition("/")
    line, _, code = rest.partition("/")
    # HT/FT has a slash in its codes and no line, so what stands behind the market is tried whole.
    found = FOOTBALL.bet(market, None, rest) or FOOTBALL.bet(market, line, code)
    if found is None:
        raise Malformed(f"names no football bet: {text}")
    return found


def parse_result(text: str) -> Result:
    """Read how a football match ended: `2-1`, `2-1ht1-0`, `abandoned2-0`, `cancelled`."""
    if text in {Ending.CANCELLED.value, Ending.POSTPONED.value}:
        return Result(Ending(text))
    match = _SCORE.fullmatch(text)
    if match is None:
        raise Malformed(f"has no score such as 2-1, 2-1ht1-0, abandoned2-0 or cancelled: {text}")
    abandoned, *goals = match.groups()
    home, away, *first_half = (int(each) for each in goals if each is not None)
    periods = ((first_half[0], first_half[1]),) if first_half else ()
    ending = Ending.ABANDONED if abandoned else Ending.PLAYED
    result = Result(ending, Score((home, away), periods))
    FOOTBALL.check(result)
    return result
