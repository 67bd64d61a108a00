import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_answers import known_answers

from acca.core.finance import ExtType
from acca.core.ticket import TicketType
from acca.wire import pam
from acca_client.signature import WebhookRefused, sign
from acca_client.webhook import (
    BetResult,
    Delivery,
    Identify,
    Otp,
    Ping,
    TicketNamed,
    TicketStatus,
    TicketTold,
    TicketUndone,
    TicketVoided,
    Unknown,
    WebhookUnreadable,
    judge,
    verify,
)

VECTORS = known_answers("signatures")
KEY, NOW, ID = VECTORS["key"], 1_706_191_612, "668ef666333180bba97f0c93"
AMOUNTS = {
    "price_cents": 500,
    "stake_cents": 444,
    "wht_amount_cents": 240,
    "wht_rate": 100_000,
    "ext_amount_cents": 56,
    "ext_rate": 125_000,
    "ext_type": ExtType.INCLUSIVE,
    "gross_payout_cents": 2842,
    "net_payout_cents": 2602,
}
NAMED = {"operator": "acme", "ticket_id": ID}
TOLD = {
    **NAMED,
    **AMOUNTS,
    "ticket_code": "CD4BDD",
    "player_id": "player-1",
    "currency": "USD",
    "atag": None,
    "rtag": "tag",
    "ticket_type": TicketType.QUICKBET,
}


def signed(body, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"Timestamp": str(NOW), "Signature": sign(KEY, NOW, body), **names}


def verified(document, **headers):
    body = json.dumps(document).encode()
    return verify([KEY], signed(body, **headers), body, NOW)


CALLS = [
    (pam.Ping(operator="acme"), Ping("acme")),
    (pam.Identify(operator="acme", token="t"), Identify("acme", "t")),
    (pam.TicketWin(**NAMED), TicketNamed("acme", ID)),
    (pam.TicketLost(**NAMED), TicketNamed("acme", ID)),
    (pam.TicketClosed(**NAMED), TicketNamed("acme", ID)),
    (pam.TicketRefund(**NAMED, reason="staff"), TicketUndone("acme", ID, "staff")),
    (pam.TicketDiscard(**NAMED, reason="no-answer"), TicketUndone("acme", ID, "no-answer")),
    (pam.TicketRollback(**NAMED, reason="wrong"), TicketUndone("acme", ID, "wrong")),
]


@pytest.mark.parametrize(("call", "data"), CALLS)
def test_a_call_of_the_server_is_read(call, data):
    body = pam.CALLS.render(call)
    webhook = verify([KEY], signed(body, delivery_id=f"{ID}-3", attempt="2"), body, NOW)
    assert (call.WORD, data) == (webhook.action, webhook.data)
    assert (f"{ID}-3", ID, 3, 2) == (
        webhook.delivery_id,
        webhook.ticket_id,
        webhook.n,
        webhook.attempt,
    )


@pytest.mark.parametrize(
    ("call", "psp"),
    [
        (pam.TicketCreate(**TOLD), None),
        (pam.TicketReserve(**TOLD, psp="mobile"), "mobile"),
        (pam.TicketUpdate(**TOLD, psp=None), None),
    ],
)
def test_amounts_of_a_ticket_are_exact(call, psp):
    body = pam.CALLS.render(call)
    data = verify([KEY], signed(body), body, NOW).data
    assert isinstance(data, TicketTold)
    assert (psp, None, "tag", "quickbet") == (data.psp, data.atag, data.rtag, data.ticket_type)
    assert (500, 2602) == (data.amounts.price_cents, data.amounts.net_payout_cents)
    assert (Decimal(10), Decimal("12.5")) == (data.amounts.wht_percent, data.amounts.ext_percent)


def test_a_void_tells_the_refund():
    body = pam.CALLS.render(pam.TicketVoid(**NAMED, **AMOUNTS))
    data = verify([KEY], signed(body), body, NOW).data
    assert isinstance(data, TicketVoided)
    assert (ID, 2602) == (data.ticket_id, data.amounts.net_payout_cents)


@pytest.mark.parametrize(
    ("document", "data"),
    [
        (
            {"type": "otp", "data": {"code": "1234", "msisdn": "+260977223120"}},
            Otp("1234", "+260977223120"),
        ),
        (
            {
                "type": "ticket_status",
                "data": {
                    "ticket_code": "CD4BDD",
                    "ticket_id": ID,
                    "msisdn": "+260977223120",
                    "status": "resulted",
                    "result": "won",
                },
            },
            TicketStatus("CD4BDD", ID, "+260977223120", "resulted", "won"),
        ),
        (
            {
                "type": "bet_result",
                "data": {"ticket_id": ID, "result": "lost", "event_id": 7, "bet_id": 101},
            },
            BetResult(ID, "lost", 7, 101),
        ),
    ],
)
def test_a_notification_is_read(document, data):
    webhook = verified(document)
    assert (document["type"], data) == (webhook.action, webhook.data)


PUBLISHED = [case for case in VECTORS["published"] if case["name"].startswith(("pam", "sms"))]


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["name"])
def test_the_published_webhooks_are_verified_and_read(case):
    headers = {"timestamp": str(case["timestamp"]), "signature": case["signature"]}
    webhook = verify([KEY], headers, case["body"].encode(), case["timestamp"])
    assert webhook.action in {"ticket_create", "otp"}
    assert (None, 1) == (webhook.n, webhook.attempt)


def test_a_ping_needs_no_signature():
    body = b'{"action":"ping","data":{"operator":"acme"}}'
    assert verify([], {}, body, NOW).data == Ping("acme")


def test_a_ping_with_a_wrong_signature_is_refused():
    body = b'{"action":"ping","data":{"operator":"acme"}}'
    with pytest.raises(WebhookRefused, match="does not fit"):
        verify([KEY], signed(b"another"), body, NOW)


@pytest.mark.parametrize(
    "body",
    [
        b'{"action":"ticket_win","data":{"operator":"acme","ticket_id":"x"}}',
        b'{"action":"ping","action":"ticket_win","data":{"operator":"acme","ticket_id":"x"}}',
        b'{"type":"ping","data":{"operator":"acme"}}',
        b"<html>",
        b"",
    ],
)
def test_nothing_else_goes_without_a_signature(body):
    with pytest.raises(WebhookRefused, match="the timestamp is missing"):
        verify([KEY], {}, body, NOW)


def test_another_body_or_time_or_key_is_refused():
    body = pam.CALLS.render(pam.TicketWin(**NAMED))
    with pytest.raises(WebhookRefused, match="does not fit"):
        verify([KEY], signed(body), body + b" ", NOW)
    with pytest.raises(WebhookRefused, match="does not fit"):
        verify(["other"], signed(body), body, NOW)
    with pytest.raises(WebhookRefused, match="more than 300 s from now"):
        verify([KEY], signed(body), body, NOW + 301)
    with pytest.raises(WebhookRefused, match="more than 10 s from now"):
        verify([KEY], signed(body), body, NOW + 11, window=10)


def test_an_action_of_a_later_version_is_told_as_unknown():
    webhook = verified({"action": "ticket_gift", "data": {"odds": 1.1}})
    assert ("ticket_gift", Unknown({"odds": Decimal("1.1")})) == (webhook.action, webhook.data)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "webhook has to be an object"),
        ({}, "webhook.type is missing"),
        ({"action": 7, "data": {}}, "webhook.action has to be a text"),
        ({"action": "ticket_win"}, "webhook.data is missing"),
        ({"action": "ticket_win", "data": []}, "webhook.data has to be an object"),
        ({"action": "ticket_win", "data": {"operator": "a"}}, "webhook.data.ticket_id is missing"),
    ],
)
def test_a_signed_document_that_is_no_webhook_is_unreadable(document, sentence):
    with pytest.raises(WebhookUnreadable) as unreadable:
        verified(document)
    assert str(unreadable.value) == sentence


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"delivery_id": "x"}, "delivery-id has to be a ticket's id, a hyphen and a number"),
        ({"delivery_id": f"{ID}-"}, "delivery-id has to be a ticket's id, a hyphen and a number"),
        ({"delivery_id": f"{ID}-³"}, "delivery-id has to be a ticket's id, a hyphen and a number"),
        ({"delivery_id": "other-7"}, "delivery-id names another ticket than the body"),
        ({"attempt": "many"}, "attempt has to be a number"),
    ],
)
def test_headers_that_do_not_fit_are_unreadable(headers, sentence):
    with pytest.raises(WebhookUnreadable) as unreadable:
        verified({"action": "ticket_win", "data": NAMED}, **headers)
    assert str(unreadable.value) == sentence


@given(st.lists(st.integers(1, 8), max_size=40))
def test_each_delivery_is_carried_out_at_most_once_and_in_order(arriving):
    last, done = None, []
    for n in arriving:
        if judge(last, n) is Delivery.CARRY_OUT:
            last = n
            done.append(n)
    assert sorted(set(done)) == done


@pytest.mark.parametrize(
    ("last", "n", "verdict"),
    [
        (None, 1, Delivery.CARRY_OUT),
        (1, 2, Delivery.CARRY_OUT),
        (2, 2, Delivery.ALREADY_DONE),
        (3, 2, Delivery.ALREADY_DONE),
    ],
)
def test_a_repeat_and_a_late_repeat_are_already_done(last, n, verdict):
    assert judge(last, n) is verdict
