from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.wire.be_requests import PLACE_SIGNED, parse_place
from acca.wire.document import render as render_by_server
from acca.wire.signature import Form, candidate_bodies
from acca_client.documents import write
from acca_client.placing import Accumulator, Jackpot, Pick, Superbet, render

HEAD = {"token": "UnIqUe-ToKeN", "price_cents": 5000, "currency": "KES", "source": "mobile"}
PICKS = [Pick(100001, 101, Decimal("1.50")), Pick(100002, 1, Decimal(2))]
HEAD_JSON = (
    '{"operator":"site","token":"UnIqUe-ToKeN","psp":null,"price":5000,"currency":"KES",'
    '"atag":null,"rtag":null,"source":"mobile",'
)
EVENTS_JSON = '"events":[{"id":100001,"bet":101,"odds":1.5},{"id":100002,"bet":1,"odds":2}]'
REQUESTS = [
    (
        Accumulator(**HEAD, picks=PICKS, odds_diff=Decimal("0.10")),
        f'{HEAD_JSON}"type":"quicktip","odds_diff":0.1,{EVENTS_JSON}}}',
    ),
    (
        Accumulator(
            **HEAD, type="smartbet", picks=PICKS, betcard_code="A1B2C3", msisdn="+254700000001"
        ),
        (
            f'{HEAD_JSON}"type":"smartbet","odds_diff":0,{EVENTS_JSON},"betcard_code":"A1B2C3",'
            '"msisdn":"+254700000001"}'
        ),
    ),
    (
        Superbet(**HEAD, event=100001, bets=(101, 102)),
        f'{HEAD_JSON}"type":"superbet","event":100001,"bets":[101,102]}}',
    ),
    (
        Superbet(**HEAD, event=100001, bets=[101], betcard_code="A1B2C3"),
        f'{HEAD_JSON}"type":"superbet","event":100001,"bets":[101],"betcard_code":"A1B2C3"}}',
    ),
    (
        Jackpot(
            **HEAD,
            picks=PICKS,
            betcard_code="A1B2C3",
            prize_cents=100_000_000,
            bonus_prizes_cents=[5_000_000],
            msisdn="+254700000001",
        ),
        (
            f'{HEAD_JSON}"type":"jackpot","odds_diff":0,{EVENTS_JSON},"betcard_code":"A1B2C3",'
            '"prize":100000000,"bonus_prizes":[5000000],"msisdn":"+254700000001"}'
        ),
    ),
]


@pytest.mark.parametrize(("request_", "text"), REQUESTS)
def test_a_request_is_written_in_the_documented_order(request_, text):
    assert render(request_, "site").decode() == text


@pytest.mark.parametrize("text", [text for _, text in REQUESTS])
def test_the_server_reads_and_would_write_the_same_bytes(text):
    assert render_by_server(parse_place(text.encode())).decode() == text


@pytest.mark.parametrize("text", [text for _, text in REQUESTS])
def test_the_order_is_the_one_that_the_server_rebuilds(text):
    forms = dict(candidate_bodies(text.encode(), PLACE_SIGNED))
    assert Form.ORDERED not in forms, "the rebuilt form is the one received"


def test_tags_stand_in_their_places_and_text_is_utf_8():
    request = Superbet(
        **HEAD, event=1, bets=[2], psp="mobile", atag="säk 1", rtag='"', betcard_code=None
    )
    assert render(request, "site").decode() == (
        '{"operator":"site","token":"UnIqUe-ToKeN","psp":"mobile","price":5000,"currency":"KES",'
        '"atag":"säk 1","rtag":"\\"","source":"mobile","type":"superbet","event":1,"bets":[2]}'
    )


@given(st.integers(101, 10**6))
def test_odds_reach_the_server_exactly(hundredths):
    pick = Pick(1, 1, Decimal(hundredths).scaleb(-2))
    place = parse_place(render(Accumulator(**HEAD, picks=[pick]), "site"))
    assert hundredths == place.events[0].odds


@pytest.mark.parametrize(
    ("number", "text"),
    [("1.50", "1.5"), ("100", "100"), ("1E+2", "100"), ("0.00", "0"), ("12.05", "12.05")],
)
def test_a_number_is_written_in_the_shortest_form(number, text):
    assert write(Decimal(number)).decode() == text


def test_a_float_is_never_sent():
    with pytest.raises(TypeError, match="float cannot be sent: odds are Decimal"):
        render(Accumulator(**HEAD, picks=[Pick(1, 1, 1.5)]), "site")


@pytest.mark.parametrize("value", [b"x", object(), {1: 2}, {1, 2}])
def test_what_json_has_not_is_never_sent(value):
    with pytest.raises(TypeError):
        write([value])


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_a_number_that_is_none_is_never_sent(number):
    with pytest.raises(ValueError, match="not a number that can be sent"):
        write(Decimal(number))
