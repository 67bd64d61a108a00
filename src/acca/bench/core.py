"""What the pure arithmetic costs: `acca bench core`."""

from acca.bench.timing import Figure, measure
from acca.core.finance import ExciseFormula, TaxTerms, charge_price, pay_out
from acca.core.markets.football import FOOTBALL
from acca.core.markets.market import Bet
from acca.core.odds import total_odds
from acca.core.outcome import HALF_WON, VOID, WON
from acca.core.probability.fit import Offer, fit
from acca.core.probability.same_match import win_probability
from acca.core.settling import Settlement, Terms, settle_accumulator
from acca.wire.signature import sign, verify

_ODDS = (133, 145, 210, 195, 180, 150, 220, 130, 175, 190)
_OUTCOMES = (WON,) * 8 + (HALF_WON, VOID)
_TAX = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000)
_KEY = "12345ABCDE"
_AT = "1706090303"
_BODY_BYTES = 1024


def measure_core() -> list[Figure]:
    """Measure each of the figures that the core is built for."""
    body = b'{"token":"' + b"x" * (_BODY_BYTES - 12) + b'"}'
    signature = sign(_KEY, _AT, body)
    offers = _offers()
    matrix = fit(offers).matrix
    full_time, mixed = _combination(_FULL_TIME), _combination(_MIXED)
    return [
        measure("finance and settlement of a 10-leg ticket", _ticket, 15),
        measure("signature of a 1 KB body", lambda: verify(signature, [_KEY], _AT, body), 10),
        measure("score matrix fitted to 1X2 and over/under", lambda: fit(offers), 2000),
        measure("6 legs of one match, full time", lambda: win_probability(matrix, full_time), 50),
        measure("6 legs of one match, with halves", lambda: win_probability(matrix, mixed), 50),
    ]


def _ticket() -> Settlement | None:
    charged = charge_price(1000, _TAX)
    _ = pay_out(charged, total_odds(_ODDS), _TAX)
    return settle_accumulator(_ODDS, _OUTCOMES, Terms(charged, _TAX))


_FULL_TIME = (
    ("MRFT", None, "1"),
    ("OUFT", "1.5", "O"),
    ("OUFT", "4.5", "U"),
    ("BTTSFT", None, "Y"),
    ("HTOU", "1.5", "O"),
    ("OEFT", None, "odd"),
)
_MIXED = (
    ("MRFT", None, "1"),
    ("MRHT", None, "1"),
    ("OUHT", "0.5", "O"),
    ("OU2H", "1.5", "O"),
    ("HTFT", None, "1/1"),
    ("OUFT", "2.5", "O"),
)


def _combination(codes: tuple[tuple[str, str | None, str], ...]) -> list[Bet]:
    return [_bet(*each) for each in codes]


def _offers() -> list[Offer]:
    result = tuple(_bet("MRFT", None, code) for code in ("1", "X", "2"))
    goals = tuple(_bet("OUFT", "2.5", code) for code in ("O", "U"))
    return [Offer(result, (195, 350, 390)), Offer(goals, (190, 192))]


def _bet(market: str, line: str | None, code: str) -> Bet:
    found = FOOTBALL.bet(market, line, code)
    assert found is not None, f"football has no bet {market} {line} {code}"
    return found
