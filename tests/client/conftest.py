"""The remote side of the client: documents as Acca writes them, and answers by a script."""

import json
import time
from secrets import token_bytes

import httpx2
import pytest
from api.engines import make_log
from client.doubles import NOW

from acca.engine import Means
from acca_client.testing import AccaDouble

HEAD = {
    "id": "668ef666333180bba97f0c93",
    "code": "CD4BDD",
    "psp": None,
    "price": 500,
    "stake": 444,
    "currency": "USD",
    "gross_payout": 2842,
    "net_payout": 2602,
    "wht_amount": 240,
    "wht": 10,
    "ext_amount": 56,
    "ext": 12.5,
    "ext_type": "inclusive",
    "status": "open",
    "result": "pending",
    "approved": True,
    "source": "mobile",
    "type": "quicktip",
    "atag": "atag_value",
    "rtag": None,
    "aff_instant_comm_amt": None,
    "aff_instant_comm_pct": 2.5,
    "user_id": "sometokenvalue",
    "created": "2024-07-16T21:30:00.001234",
    "operator_time_created": "2024-07-17T00:30:00.001234",
    "updated": "2024-07-16T21:30:00.001234",
    "operator_time_updated": "2024-07-17T00:30:00.001234",
}
PLACES = {
    "id": 292275,
    "starts": "2024-07-17T17:00:00.000000",
    "operator_time_starts": "2024-07-17T20:00:00.000000",
    "sport": {"id": 1, "name": "Football"},
    "category": {"id": 2, "name": "Finland"},
    "league": {"id": 3, "name": "Kakkonen Group A"},
    "home_team": {"id": 4, "name": "PPJ"},
    "away_team": {"id": 5, "name": "JäPS/47"},
}
BET = {
    "market": {"code": "OUFT", "name": "Over/Under"},
    "bet": {"code": "O", "name": "Over"},
    "line": {"code": "2.5", "name": "2.5"},
    "bet_id": 101,
}
LEG = {**PLACES, **BET, "odds": 6.4, "result": "won", "score": {"ht": "1-0", "ft": "2-1"}}
TICKETS = {
    "quicktip": {
        **HEAD,
        "events": [LEG],
        "odds": 6.4,
        "betcard_code": None,
        "settled_odds": None,
    },
    "superbet": {
        **HEAD,
        "type": "superbet",
        "event": {**PLACES, "score": None},
        "bets": [{**BET, "line": None, "result": "pending"}],
        "betcard_code": "A1B2C3",
        "prizes": [{"correct": 6, "amount": 1_000_000}, {"correct": 5, "amount": 20_000}],
    },
    "jackpot": {
        **HEAD,
        "type": "jackpot",
        "events": [LEG, LEG],
        "betcard_code": "A1B2C3",
        "prize": 100_000_000,
        "bonus_prizes": [5_000_000],
        "lines": 2,
    },
}
AMOUNTS = (
    "price", "stake", "gross_payout", "net_payout", "wht_amount", "wht", "ext_amount", "ext",
    "ext_type",
)  # fmt: skip
QUOTE = {
    **{name: HEAD[name] for name in AMOUNTS},
    "currency": "USD",
    "approved": False,
    "type": "quickbet",
    "events": [{"id": 1, "bet": 2, "odds": 6.4}],
    "odds": 6.4,
    "max_price": 10_000,
}
TIMELINE = [
    {
        "n": 1,
        "at": "2024-07-17T17:00:00.000000",
        "operator_time_at": "2024-07-17T20:00:00.000000",
        "kind": "create",
        "status": "new",
        "result": "pending",
        "actor": None,
        "lane": "pam",
        "action": "ticket_create",
        "body": '{"action":"ticket_create"}',
        "attempts": [
            {
                "attempt": 1,
                "is_late": False,
                "at": "2024-07-17T17:00:00.000000",
                "operator_time_at": "2024-07-17T20:00:00.000000",
                "verdict": "accepted",
                "http_status": 200,
                "duration_ms": 12,
                "answer": None,
            }
        ],
    }
]


class Script:
    """Answers in the order of a script, then with the last for ever; keeps every request."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []
        self.transport = httpx2.MockTransport(self.answer)

    def answer(self, request):
        self.requests.append(request)
        turn = min(len(self.requests), len(self.answers)) - 1
        answer = self.answers[turn]
        if isinstance(answer, Exception):
            raise answer
        status, headers, content = answer
        return httpx2.Response(status, headers=headers, content=content)


def answer(status, document, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, names, json.dumps(document).encode()


@pytest.fixture
def script():
    return Script


@pytest.fixture
def told():
    return answer


@pytest.fixture
def documents():
    return {"tickets": TICKETS, "quote": QUOTE, "timeline": TIMELINE}


@pytest.fixture
def double():
    return AccaDouble(clock=lambda: NOW)


@pytest.fixture
def engine(double):
    with double.engine() as opened:
        yield opened


@pytest.fixture
def cards(double):
    with double.cards() as opened:
        yield opened


@pytest.fixture
def true_means():
    """Make what a process is given, with the true clock: signatures of today are verified."""
    log = make_log([])
    return Means(lambda: int(time.time()), time.monotonic, token_bytes, log, allow_private=True)
