import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_answers import known_answers

from acca.core.ticket import Source, TicketType
from acca.wire.be_requests import (
    PickedEvent,
    PlaceAccumulator,
    PlaceJackpot,
    PlaceSuperbet,
    parse_place,
)
from acca.wire.defects import Defective, TooLarge
from acca.wire.document import render

HEAD = {
    "operator": "site",
    "token": "UnIqUe-ToKeN",
    "psp": None,
    "price": 5000,
    "currency": "KES",
    "atag": "affiliate-1",
    "rtag": None,
    "source": "mobile",
}
EVENTS = [{"id": 100001, "bet": 101, "odds": 1.5}, {"id": 100002, "bet": 1, "odds": 2}]
QUICKTIP = {**HEAD, "type": "quicktip", "odds_diff": 0.1, "events": EVENTS}
SUPERBET = {**HEAD, "type": "superbet", "event": 100001, "bets": [101, 102]}
JACKPOT = {
    **QUICKTIP,
    "type": "jackpot",
    "betcard_code": "A1B2C3",
    "prize": 100_000_000,
    "bonus_prizes": [5_000_000, 100_000],
}


def body(document, **changes):
    kept = {**document, **changes}
    return json.dumps({name: value for name, value in kept.items() if value is not ...}).encode()


def defects(content):
    with pytest.raises(Defective) as refused:
        parse_place(content)
    return [(defect.loc, defect.msg, defect.type) for defect in refused.value.defects]


# ---- what is good


def test_an_accumulator_is_read_into_core_values():
    assert parse_place(body(QUICKTIP)) == PlaceAccumulator(
        operator="site",
        token="UnIqUe-ToKeN",
        price_cents=5000,
        currency="KES",
        atag="affiliate-1",
        source=Source.MOBILE,
        type=TicketType.QUICKTIP,
        odds_diff=10,
        events=(
            PickedEvent(id=100001, bet=101, odds=150),
            PickedEvent(id=100002, bet=1, odds=200),
        ),
    )


@pytest.mark.parametrize("word", ["quicktip", "smartbet", "quickbet"])
def test_three_types_are_accumulators(word):
    request = parse_place(body(QUICKTIP, type=word))
    assert isinstance(request, PlaceAccumulator)
    assert request.type is TicketType(word)


def test_a_superbet_has_an_event_and_bets():
    request = parse_place(body(SUPERBET))
    assert isinstance(request, PlaceSuperbet)
    assert (request.event, request.bets, request.betcard_code) == (100001, (101, 102), None)


def test_a_jackpot_has_its_prizes():
    request = parse_place(body(JACKPOT))
    assert isinstance(request, PlaceJackpot)
    assert request.prize_cents == 100_000_000
    assert request.bonus_prizes == (5_000_000, 100_000)


@pytest.mark.parametrize("case", known_answers("signatures")["verify_also"])
def test_the_published_requests_are_read(case):
    request = parse_place(case["body"].encode())
    assert request.bets == (101, 102, 103, 104, 105, 106)


@pytest.mark.parametrize(
    ("document", "names"),
    [
        (QUICKTIP, "operator token psp price currency atag rtag source type odds_diff events"),
        (SUPERBET, "operator token psp price currency atag rtag source type event bets"),
        (
            {**JACKPOT, "msisdn": "+254700000000"},
            (
                "operator token psp price currency atag rtag source type odds_diff events "
                "betcard_code prize bonus_prizes msisdn"
            ),
        ),
        (
            {**SUPERBET, "price": ..., "stake": 5, "betcard_code": "A", "msisdn": "+254700"},
            (
                "operator token psp stake currency atag rtag source type event bets "
                "betcard_code msisdn"
            ),
        ),
    ],
)
def test_a_request_is_rendered_in_the_documented_order(document, names):
    rendered = render(parse_place(body(document)))
    assert list(json.loads(rendered)) == names.split()


def test_a_request_is_rendered_compactly():
    assert (
        render(parse_place(body(SUPERBET, token="é\u2028")))
        == (
            '{"operator":"site","token":"é\u2028","psp":null,"price":5000,"currency":"KES",'
            '"atag":"affiliate-1","rtag":null,"source":"mobile","type":"superbet","event":100001,'
            '"bets":[101,102]}'
        ).encode()
    )


@pytest.mark.parametrize("spelling", ["5000", "5000.0", "5e3", "50.00e2", "0.5E+4"])
def test_an_integer_is_spelled_in_any_way(spelling):
    content = body(SUPERBET, price=0).replace(b'"price": 0', f'"price": {spelling}'.encode())
    assert parse_place(content).price_cents == 5000


def test_stake_is_the_older_name_of_price():
    request = parse_place(body(SUPERBET, price=..., stake=5000))
    assert (request.price_cents, request.stake_cents) == (None, 5000)
    both = parse_place(body(SUPERBET, stake=4445))
    assert (both.price_cents, both.stake_cents) == (5000, 4445)


@pytest.mark.parametrize("word", ["SMS", "sms", "Sms"])
def test_a_source_is_read_in_any_letter_case_and_rendered_in_lower_case(word):
    request = parse_place(body(SUPERBET, source=word))
    assert request.source is Source.SMS
    assert b'"source":"sms"' in render(request)


@pytest.mark.parametrize(
    ("spelling", "hundredths"),
    [
        ("null", 0),
        ("0", 0),
        ("1", 100),
        ("0.1", 10),
        ("0.109999", 10),
        ("1e-900", 0),
        ("3e2", 30000),
    ],
)
def test_odds_diff_has_any_decimals(spelling, hundredths):
    content = body(QUICKTIP, odds_diff=...)[:-1] + f',"odds_diff":{spelling}}}'.encode()
    assert parse_place(content).odds_diff == hundredths


def test_a_missing_odds_diff_is_zero():
    assert parse_place(body(QUICKTIP, odds_diff=...)).odds_diff == 0


@given(st.integers(100, 10_000_000), st.booleans())
def test_odds_are_exact(hundredths, escaped):
    content = body(QUICKTIP, events=[{"id": 1, "bet": 1, "odds": 0}]).replace(
        b'"odds": 0', f'"odds": {hundredths // 100}.{hundredths % 100:02}'.encode()
    )
    if escaped:
        content = content.replace(b"site", b"\\u0073ite")
    assert parse_place(content).events[0].odds == hundredths


def test_unknown_members_are_passed_over():
    assert parse_place(body(SUPERBET, unknown={"a": [1]})) == parse_place(body(SUPERBET))


def test_null_is_missing():
    nulls = dict.fromkeys(["atag", "msisdn", "betcard_code", "stake"])
    assert parse_place(body(SUPERBET, **nulls)).atag is None


# ---- what is not


def test_every_defect_is_told_at_once():
    content = body(
        QUICKTIP,
        token=7,
        price="5000",
        currency="kes",
        source="fax",
        events=[{"id": 0, "bet": 1.5, "odds": 0.99}, 5, {"id": 1, "bet": 1}],
    )
    whole = "has to be between 1 and 9223372036854775807"
    assert defects(content) == [
        (("body", "token"), "has to be a string", "string"),
        (("body", "price"), "has to be an integer", "integer"),
        (("body", "currency"), "is not a currency of ISO 4217", "currency"),
        (
            ("body", "source"),
            "has to be one of desktop, mobile, android, iphone, ussd, sms, telegram",
            "word",
        ),
        (("body", "events", 0, "id"), whole, "integer"),
        (("body", "events", 0, "bet"), "is not a whole number", "integer"),
        (("body", "events", 0, "odds"), "has to be between 1 and 100000", "odds"),
        (("body", "events", 1), "has to be an object", "object"),
        (("body", "events", 2, "odds"), "is missing", "missing"),
    ]


def test_of_an_empty_object_everything_is_missing():
    missing = ["operator", "token", "currency", "source", "type", "price"]
    assert defects(b"{}") == [(("body", name), "is missing", "missing") for name in missing]


def test_of_an_unknown_type_the_head_is_judged():
    assert defects(body(SUPERBET, type="lotto", token="")) == [
        (("body", "token"), "has to have between 1 and 4096 characters", "string"),
        (
            ("body", "type"),
            "has to be one of quicktip, smartbet, quickbet, superbet, jackpot",
            "word",
        ),
    ]


@pytest.mark.parametrize("word", [None, 7, ["superbet"], {"superbet": 1}])
def test_a_type_that_is_no_word_is_a_defect(word):
    assert [loc for loc, _, _ in defects(body(SUPERBET, type=word))] == [("body", "type")]


@pytest.mark.parametrize(
    ("spelling", "sentence"),
    [
        ("0", "has to be between 1 and 999999999999999"),
        ("-5", "has to be between 1 and 999999999999999"),
        ("12345678901234567890", "has to be between 1 and 999999999999999"),
        ("1e999", "has to be between 1 and 999999999999999"),
        ("1" * 5000, "is not a number"),
        ("1e9999", "is not a number"),
        ("5000.5", "is not a whole number"),
        ('"5000"', "has to be an integer"),
        ("true", "has to be an integer"),
        ("[5000]", "has to be an integer"),
    ],
)
def test_a_price_that_is_none_is_a_defect(spelling, sentence):
    content = body(SUPERBET, price=0).replace(b'"price": 0', f'"price": {spelling}'.encode())
    assert defects(content) == [(("body", "price"), sentence, "integer")]


@pytest.mark.parametrize(
    ("spelling", "sentence"),
    [
        ("0.99", "has to be between 1 and 100000"),
        ("-1.5", "has to be between 1 and 100000"),
        ("100000.01", "has to be between 1 and 100000"),
        ("1e999", "has to be between 1 and 100000"),
        ("1e9999", "is not a number"),
        ("1.001", "has more than 2 decimals"),
        ("1.1000000000000001", "has more than 2 decimals"),
        ('"1.5"', "has to be a number"),
        ("null", "has to be a number"),
    ],
)
def test_odds_that_are_none_are_a_defect(spelling, sentence):
    events = '"events": [{"id": 1, "bet": 1, "odds": ' + spelling + "}]}"
    content = body(QUICKTIP, events=...)[:-1] + b"," + events.encode()
    assert defects(content) == [(("body", "events", 0, "odds"), sentence, "odds")]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_odds_that_are_no_number_are_told_where(constant):
    content = body(QUICKTIP).replace(b"1.5", constant.encode())
    assert defects(content) == [
        (("body",), f"is not JSON: {constant} is not a number", "json"),
        (("body", "events", 0, "odds"), "is not a number", "odds"),
    ]


@pytest.mark.parametrize("spelling", ["-0.001", "-1", "1e6", '"1"', "true", "[]"])
def test_an_odds_diff_that_is_none_is_a_defect(spelling):
    content = body(QUICKTIP, odds_diff=...)[:-1] + f',"odds_diff":{spelling}}}'.encode()
    assert [loc for loc, _, _ in defects(content)] == [("body", "odds_diff")]


@pytest.mark.parametrize("token", ["a\0b", "a\ud800", "\udfff"])
def test_a_text_that_cannot_be_stored_is_a_defect(token):
    sentence = "holds a character that cannot be stored"
    assert defects(body(SUPERBET, token=token)) == [(("body", "token"), sentence, "string")]


@pytest.mark.parametrize(
    ("name", "length"),
    [("operator", 64), ("token", 4096), ("psp", 255), ("atag", 255), ("rtag", 255)],
)
def test_texts_have_limits(name, length):
    assert getattr(parse_place(body(SUPERBET, **{name: "x" * length})), name) == "x" * length
    assert [loc for loc, _, _ in defects(body(SUPERBET, **{name: "x" * (length + 1)}))] == [
        ("body", name)
    ]


@pytest.mark.parametrize("msisdn", ["", "+", "12", "+254 700", "x", "1" * 32, "٣٤٥"])
def test_a_telephone_number_is_digits(msisdn):
    sentence = "has to be a telephone number of digits, with or without +"
    assert defects(body(SUPERBET, msisdn=msisdn)) == [(("body", "msisdn"), sentence, "msisdn")]


@pytest.mark.parametrize("events", [[], [EVENTS[0]] * 101, {}, "x", None])
def test_a_ticket_has_one_to_a_hundred_events(events):
    assert [loc for loc, _, _ in defects(body(QUICKTIP, events=events))] == [("body", "events")]


def test_ten_thousand_events_are_one_defect_and_fast():
    content = body(QUICKTIP, events=[{}] * 10_000)
    start = time.perf_counter()
    assert defects(content) == [
        (("body", "events"), "has to have between 1 and 100 items", "list"),
    ]
    assert time.perf_counter() - start < 0.5


def test_no_more_than_a_hundred_defects_are_told():
    assert len(defects(body(QUICKTIP, events=[{}] * 100))) == 100


def test_duplicates_are_told_beside_other_defects():
    content = body(SUPERBET)[:-1] + b',"price":1,"price":1,"to ken":2,"currency":"ZZZ?"}'
    assert defects(content) == [
        (("body", "price"), "is present more than once", "duplicate"),
        (("body", "price"), "is present more than once", "duplicate"),
        (("body", "to ken"), "holds a blank in its name", "name"),
        (("body", "currency"), "is present more than once", "duplicate"),
        (("body", "currency"), "is not a currency of ISO 4217", "currency"),
    ]


def test_a_duplicate_of_a_good_request_refuses_it():
    assert defects(body(SUPERBET)[:-1] + b',"price":5000}') == [
        (("body", "price"), "is present more than once", "duplicate")
    ]


@pytest.mark.parametrize("content", [b"[]", b"7", b"null", b'"x"', b"[{}]"])
def test_a_body_is_an_object(content):
    assert defects(content) == [(("body",), "has to be an object", "object")]


def test_a_body_above_its_limit_is_too_large():
    fits = body(SUPERBET)
    assert parse_place(fits + b" " * (65_536 - len(fits)))
    with pytest.raises(TooLarge) as refused:
        parse_place(fits + b" " * (65_537 - len(fits)))
    assert str(refused.value) == "body has 65537 bytes; 65536 are allowed"
