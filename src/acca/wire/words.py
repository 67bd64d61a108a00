"""Kinds that many documents share: names and codes, amounts, odds, percentages."""

import re
from functools import lru_cache

from acca.core.finance import RATE_ONE
from acca.core.money import AMOUNT_CENTS_MAX, parse_currency
from acca.core.numbers import Malformed, parse_scaled
from acca.core.odds import ODDS_MAX, ONE
from acca.wire.kinds import Kind, integer, scaled, spelled, text
from acca.wire.tokens import Json, Number

OPERATOR_LENGTH_MAX = 64
TOKEN_LENGTH_MAX = 4096
TAG_LENGTH_MAX = 255
IDENTIFIER_LENGTH_MAX = 64
NAME_LENGTH_MAX = 255
LIST_LENGTH_MAX = 100
"""Events, bets, odds or prizes in one document."""

_DECIMALS_OF_ANY_NUMBER = 1100
"""More than a number of core.numbers can have: 64 characters and an exponent of three digits."""
_MSISDN = re.compile(r"\+?[0-9]{3,31}", re.ASCII)
_SLUG = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)


def matching(word: str, pattern: re.Pattern[str], sentence: str) -> Kind[str]:
    """Describe a string by a pattern, with the sentence for those that do not match."""

    def parse(value: str) -> str:
        if pattern.fullmatch(value) is None:
            raise Malformed(sentence)
        return value

    return spelled(word, parse, {"pattern": f"^{pattern.pattern}$"})


@lru_cache(1024)
def _odds_diff_of(spelling: str) -> int:
    finest = parse_scaled(spelling, _DECIMALS_OF_ANY_NUMBER)
    return _bound(finest // 10 ** (_DECIMALS_OF_ANY_NUMBER - 2))


def _bound(hundredths: int) -> int:
    """Bound a deviation by the greatest odds: no odds can be further apart."""
    if not 0 <= hundredths <= ODDS_MAX:
        raise Malformed(f"has to be between 0 and {ODDS_MAX // ONE}")
    return hundredths


def _read_odds_diff(token: Json) -> int:
    if token is None:
        return 0
    if type(token) is Number:
        return _odds_diff_of(token.text)
    return _bound(token * ONE) if type(token) is int else TOTAL_ODDS.read(token)


OPERATOR = text(OPERATOR_LENGTH_MAX)
TOKEN = text(TOKEN_LENGTH_MAX)
TAG = text(TAG_LENGTH_MAX, minimum=0)
IDENTIFIER = text(IDENTIFIER_LENGTH_MAX)
PLAYER_ID = text(NAME_LENGTH_MAX)
NAME = text(NAME_LENGTH_MAX)
SLUG = matching("slug", _SLUG, "has to be a slug of 1 to 64 letters a-z, digits and hyphens")
MSISDN = matching("msisdn", _MSISDN, "has to be a telephone number of digits, with or without +")
CURRENCY = spelled("currency", parse_currency, {"pattern": "^[A-Z]{3}$"})

HASH = matching("hash", re.compile(r"[0-9a-f]{64}", re.ASCII), "has to be 64 hex digits")
DESCRIPTION_LENGTH_MAX = 4_000
SENTENCE_LENGTH_MAX = 1_000

ID = integer(1)
BET_ID = integer(1, 2**31 - 1)
COUNT = integer(0, 2**31 - 1)
PRICE_CENTS = integer(1, AMOUNT_CENTS_MAX)
"""What a request may name as price or stake."""
CENTS = integer(0)
"""An amount in an answer, which may be above what a request may name."""
RATE = scaled("percent", 4, 0, RATE_ONE)
"""A percentage with at most four decimals, as a rate in millionths: `12.5` is 125,000."""
BASIS_POINTS = scaled("percent", 2, 0, 10_000)
"""A percentage with at most two decimals, in hundredths of a percent: `12.5` is 1,250."""
FINE_PERCENT = scaled("percent", 8, 0, 10**10)
"""A small probability in percent with at most eight decimals, in parts of 10**10."""
ODDS = scaled("odds", 2, ONE, ODDS_MAX)
"""Odds in hundredths."""
TOTAL_ODDS = scaled("odds", 2, 0, 2**63 - 1)
"""Odds of several legs in hundredths; below 1 once legs are half lost, 0 when one is lost."""
ODDS_DIFF: Kind[int] = Kind(
    "number",
    _read_odds_diff,
    {"anyOf": [{"type": "number", "minimum": 0}, {"type": "null"}]},
    TOTAL_ODDS.write,
    numeric=True,
)
"""A greatest deviation of odds, of any decimals, in whole hundredths rounded down.

Odds differ by whole hundredths, so they differ by more than x just when they differ by more than
that. Null is 0.
"""
