import json

import pytest
from known_answers import known_answers

from acca.core.finance import ExtType
from acca.core.ticket import TicketType
from acca.wire.defects import Defective
from acca.wire.document import parse
from acca.wire.pam import (
    CALLS,
    Identify,
    IdentifyAnswer,
    Ping,
    TicketCreate,
    TicketDiscard,
    TicketReserve,
    TicketUpdate,
    TicketVoid,
    TicketWin,
    parse_identify_answer,
)
from acca.wire.signature import without_blanks
from acca.wire.sms import NOTIFICATIONS, BetResult, Otp, SmsAnswer

VECTORS = known_answers("signatures")
BODIES = [case["body"] for group in ("published", "computed") for case in VECTORS[group]]
NEWEST = [
    pytest.param(body, id=body[:30])
    for body in BODIES
    if body.startswith(('{"action"', '{"type":"otp"', '{"type":"ticket_status"'))
    and '"wht":10.0' not in body
]

TOLD = {
    "operator": "acme",
    "ticket_id": "668ef666333180bba97f0c93",
    "ticket_code": "CD4BDD",
    "player_id": "sometokenvalue",
    "price_cents": 500,
    "stake_cents": 444,
    "wht_amount_cents": 240,
    "wht_rate": 100_000,
    "ext_amount_cents": 56,
    "ext_rate": 125_000,
    "ext_type": ExtType.INCLUSIVE,
    "gross_payout_cents": 2842,
    "net_payout_cents": 2602,
    "currency": "USD",
    "atag": "atag value",
    "rtag": None,
    "ticket_type": TicketType.QUICKBET,
}
AMOUNTS = "price stake wht_amount wht ext_amount ext ext_type gross_payout net_payout "


@pytest.mark.parametrize("body", NEWEST)
def test_a_published_body_is_rendered_to_the_byte(body):
    envelope = CALLS if body.startswith('{"action"') else NOTIFICATIONS
    assert envelope.render(envelope.parse(body.encode())).decode() == body


@pytest.mark.parametrize("form", [TicketReserve, TicketUpdate])
def test_reserve_and_update_have_psp_after_the_player(form):
    call = json.loads(CALLS.render(form(**TOLD, psp=None)))
    assert list(call) == ["action", "data"]
    assert (
        list(call["data"])
        == (
            "operator ticket_id ticket_code player_id psp "
            + AMOUNTS
            + "currency atag rtag ticket_type"
        ).split()
    )


def test_create_has_no_psp():
    call = json.loads(CALLS.render(TicketCreate(**TOLD)))
    assert (
        list(call["data"])
        == (
            "operator ticket_id ticket_code player_id " + AMOUNTS + "currency atag rtag ticket_type"
        ).split()
    )


def test_void_has_the_amounts():
    names = ("operator", "ticket_id", "ext_type")
    amounts = {
        name: value
        for name, value in TOLD.items()
        if name in names or name.endswith(("_cents", "_rate"))
    }
    call = json.loads(CALLS.render(TicketVoid(**amounts)))
    assert list(call["data"]) == ("operator ticket_id " + AMOUNTS).split()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (Ping(operator="acme"), '{"action":"ping","data":{"operator":"acme"}}'),
        (
            Identify(operator="acme", token="t\u2028\u00e9"),
            '{"action":"identify","data":{"operator":"acme","token":"t\u2028\u00e9"}}',
        ),
        (
            TicketWin(operator="acme", ticket_id="1"),
            '{"action":"ticket_win","data":{"operator":"acme","ticket_id":"1"}}',
        ),
    ],
)
def test_the_small_calls(call, text):
    assert CALLS.render(call).decode() == text


def test_blanks_are_removed_from_the_whole_body_where_the_operator_wants_it():
    body = CALLS.render(TicketCreate(**TOLD))
    assert b'"atag":"atag value"' in body
    assert without_blanks(body) == body.replace(b"atag value", b"atagvalue")


@pytest.mark.parametrize("reason", ["", "two words", "Upper", "x" * 65])
def test_a_reason_is_a_slug(reason):
    body = CALLS.render(TicketDiscard(operator="acme", ticket_id="1", reason=reason))
    with pytest.raises(Defective, match=r"body\.data\.reason has to be a slug"):
        CALLS.parse(body)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"[]", "body has to be an object"),
        (b"{}", "body.action is missing; body.data is missing"),
        (b'{"action":7,"data":{}}', "body.action has to be one of ping, identify, ticket_create"),
        (b'{"action":"ticket_won","data":{}}', "body.action has to be one of ping"),
        (b'{"action":"ping","data":[]}', "body.data has to be an object"),
        (b'{"action":"ping","data":{}}', "body.data.operator is missing"),
        (b'{"action":"ping","action":"ping","data":{}}', "body.action is present more than once"),
    ],
)
def test_an_envelope_that_is_none_is_refused(body, sentence):
    with pytest.raises(Defective) as refused:
        CALLS.parse(body)
    assert str(refused.value).startswith(sentence)


# ---- identify


def test_a_player_is_known_by_id_and_currency():
    assert parse_identify_answer(b'{"player_id":"p1","currency":"KES"}') == IdentifyAnswer(
        player_id="p1", currency="KES"
    )


def test_the_whole_answer_to_identify():
    body = (
        b'{"player_id":"p1","lang":"en","balance":1050.0,"currency":"KES",'
        b'"feature_flags":{"tax_resident":true,"new design":false,"n":1},"msisdn":"+254700"}'
    )
    assert parse_identify_answer(body) == IdentifyAnswer(
        player_id="p1",
        lang="en",
        balance_cents=1050,
        currency="KES",
        feature_flags={"tax_resident": True, "new design": False},
        msisdn="+254700",
    )


def test_a_player_id_may_be_an_integer():
    assert parse_identify_answer(b'{"player_id":42,"currency":"KES"}').player_id == "42"


def test_what_makes_no_sense_counts_as_missing():
    body = (
        b'{"player_id":"p1","lang":7,"balance":"much","currency":"KES","feature_flags":[1],'
        b'"msisdn":"none","more":{"a b":1}}'
    )
    assert parse_identify_answer(body) == IdentifyAnswer(player_id="p1", currency="KES")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"player_id":"","currency":"KES"}',
        b'{"player_id":null,"currency":"KES"}',
        b'{"player_id":1.5,"currency":"KES"}',
        b'{"player_id":true,"currency":"KES"}',
        b'{"player_id":"p1"}',
        b'{"currency":"KES"}',
        b'{"player_id":"p1","player_id":"p2","currency":"KES"}',
        b'{"player_id":"p1","currency":"KES","balance":NaN}',
        b'{"player_id":"p1\\u0000","currency":"KES"}',
    ],
)
def test_an_answer_without_a_player_is_none(body):
    with pytest.raises(Defective):
        parse_identify_answer(body)


# ---- notifications


def test_the_notifications():
    assert NOTIFICATIONS.render(Otp(code="1234", msisdn="+260977223120")).decode() == (
        '{"type":"otp","data":{"code":"1234","msisdn":"+260977223120"}}'
    )
    body = b'{"type":"bet_result","data":{"ticket_id":"1","result":"won","event_id":2,"bet_id":3}}'
    result = NOTIFICATIONS.parse(body)
    assert isinstance(result, BetResult)
    assert NOTIFICATIONS.render(result) == body


@pytest.mark.parametrize(
    ("body", "text"),
    [(b'{"message":"any text"}', "any text"), (b'{"message":7}', None), (b"{}", None)],
)
def test_the_answer_to_a_notification_is_any_text(body, text):
    assert parse(SmsAnswer, body).message == text
