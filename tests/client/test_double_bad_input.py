"""Whatever is sent to the double is answered: it never breaks down in a user's test."""

import json
from decimal import Decimal

import pytest
from client.doubles import NOW, bet, signed
from hypothesis import given
from hypothesis import strategies as st

from acca_client.documents import Malformed, integer
from acca_client.placing import render
from acca_client.testing import AccaDouble
from acca_client.testing.gate import Asked

DOUBLE = AccaDouble(clock=lambda: NOW)
ORDER = json.loads(render(bet(), "acme"))
ANSWERED = {200, 304, 400, 403, 404, 405, 409, 422}
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([]), st.just({}),
    st.lists(st.fixed_dictionaries({"id": st.integers(), "bet": st.integers()}), max_size=3),
    st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip
PATHS = ["/be/tickets", "/be/tickets/reserve", "/be/tickets/quote", "/be/tickets/E36E21/paid",
         "/be/tickets/E36E21/cashout", "/be/otp", "/be/otp/verify"]  # fmt: skip
CARDS = ["/bc/smartbets/A1B2C3", "/bc/jackpots/A1B2C5", "/bc/calculator/finance-details"]


def status(asked):
    return DOUBLE._desk.answer(asked).status


@given(st.sampled_from(PATHS), st.binary(max_size=200))
def test_any_bytes_are_answered(path, body):
    assert status(signed("POST", path, body)) in ANSWERED


@given(st.dictionaries(st.sampled_from([*ORDER, "event", "bets", "betcard_code", "prize"]), VALUES),
       st.sampled_from(["quicktip", "superbet", "jackpot"]))  # fmt: skip
def test_any_order_is_answered(changes, type_):
    body = json.dumps({**ORDER, "type": type_, **changes}).encode()
    assert status(signed("POST", "/be/tickets/quote", body)) in ANSWERED


@given(st.sampled_from(PATHS[-3:]), st.dictionaries(
    st.sampled_from(["operator", "amount", "msisdn", "code"]), VALUES | st.just("254700000001"),
))  # fmt: skip
def test_any_acceptance_or_code_is_answered(path, wish):
    body = json.dumps({"operator": "acme", **wish}).encode()
    assert status(signed("POST", path, body)) in ANSWERED


@given(st.sampled_from(CARDS), st.dictionaries(
    st.sampled_from(["stake", "win", "risk", "exclude", "seed", "lines", "keep", "strategy"]),
    VALUES,
))  # fmt: skip
def test_any_wish_is_answered(path, wish):
    assert status(Asked("POST", path, {}, json.dumps(wish).encode())) in ANSWERED


@given(st.text(st.characters(codec="ascii", exclude_characters="#"), max_size=30))
def test_any_query_is_answered(query):
    for path in ("/be/tickets", "/be/events", "/bc/quicktips", CARDS[-1]):
        assert status(signed("GET", f"{path}?{query}")) in ANSWERED


@pytest.mark.parametrize(
    "query",
    ["price=NaN&odds=2", "price=100&odds=NaN", "price=100&odds=0.5", "price=0&odds=2", "odds=2",
     "price=100", "price=100&odds=1e9"],
)  # fmt: skip
def test_the_calculator_refuses_what_is_no_number(query):
    assert 422 == status(Asked("GET", f"{CARDS[-1]}?operator=acme&{query}", {}, b""))


@pytest.mark.parametrize("risk", ["NaN-2", "1.25", "", "a-b", "0.5-2", "1-Infinity"])
def test_a_band_that_is_none_is_refused(risk):
    wish = json.dumps({"stake": 1000, "win": 2000, "risk": risk}).encode()
    assert 422 == status(Asked("POST", CARDS[0], {}, wish))


@pytest.mark.parametrize("spelled", ["1e999999999", "1.5", "-1e31"])
def test_a_number_that_would_fill_the_memory_is_no_integer(spelled):
    with pytest.raises(Malformed, match="an integer"):
        integer(Decimal(spelled), "here")
    assert 10**30 == integer(Decimal("1e30"), "here")
