"""Orders for the double of Acca, and calls to it that are signed by hand."""

from decimal import Decimal

from acca_client.conversation import Patience
from acca_client.placing import Accumulator, Pick
from acca_client.signature import Credentials, request_headers
from acca_client.testing.gate import Asked

NOW = 1_780_000_000
IMPATIENT = Patience(total_seconds=5, pause_seconds=60, pause_seconds_max=60)
HEAD = {"token": "t", "price_cents": 5000, "currency": "KES", "source": "mobile"}


def bet(*picks, **changes):
    told = picks or (Pick(100001, 1, Decimal("1.95")),)
    return Accumulator(**{**HEAD, **changes}, picks=told)


def requests(cards):
    """Make a request of each of the five types."""
    (quicktip,), (quickbet,), (superbet,) = cards.quicktips(), cards.quickbets(), cards.superbets()
    (smartbet,), (jackpot,) = cards.smartbets(), cards.jackpots()
    composed = cards.compose(smartbet.code, 2000, 5000, "1.25-4.99")
    filled = cards.fill(jackpot.code, lines=6)
    return {
        "quicktip": quicktip.to_request("t", "mobile", 5000),
        "quickbet": quickbet.to_request("t", "mobile", 5000, quickbet.picks({100001: 2})),
        "smartbet": smartbet.to_request("t", "mobile", composed),
        "superbet": superbet.to_request("t", "mobile", [1, 101]),
        "jackpot": jackpot.to_request("t", "mobile", filled.picks()),
    }


def signed(method, target, body=b"", key="your-secret-key", at=NOW, **changes):
    headers = request_headers(Credentials("acme", key), at, body)
    names = {name.replace("_", "-"): value for name, value in changes.items()}
    return Asked(method, target, {**headers, **names}, body)
