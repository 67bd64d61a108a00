import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_answers import known_answers

from acca.wire import signature as server
from acca_client.signature import (
    Credentials,
    WebhookRefused,
    offers_version_2,
    request_headers,
    request_headers_v2,
    sign,
    sign_v2,
    verify_webhook,
)

VECTORS = known_answers("signatures")
KEY = VECTORS["key"]
NOW = 1_706_090_303

SIGNED = [
    pytest.param(case, id=case["name"]) for case in (*VECTORS["published"], *VECTORS["computed"])
]
KEYS = st.text(st.characters(exclude_categories=("Cs",)), max_size=64)
SECONDS = st.integers(0, 10**10)


def headers(key, body, timestamp=NOW):
    return {"timestamp": str(timestamp), "signature": sign(key, timestamp, body)}


@pytest.mark.parametrize("case", SIGNED)
def test_a_known_body_is_signed_and_verified(case):
    timestamp, body = case["timestamp"], case["body"].encode()
    assert sign(KEY, timestamp, body) == case["signature"]
    given_headers = {"Timestamp": str(timestamp), "SIGNATURE": case["signature"]}
    verify_webhook(given_headers, body, ["another", KEY], now=timestamp + 300)


@pytest.mark.parametrize("case", VECTORS["must_not_match"])
def test_what_must_not_match_does_not(case):
    given_headers = {"timestamp": str(case["timestamp"]), "signature": case["signature"]}
    with pytest.raises(WebhookRefused, match="does not fit"):
        verify_webhook(given_headers, case["body"].encode(), [KEY], now=case["timestamp"])


@pytest.mark.parametrize("case", VECTORS["version_2"])
def test_version_2_signs_method_and_path(case):
    body = case["body"].encode()
    signature = sign_v2(KEY, case["timestamp"], case["method"], case["path"], body)
    assert signature == case["signature"]


def test_the_headers_of_a_request():
    credentials = Credentials("site", KEY)
    assert request_headers(credentials, NOW) == {
        "timestamp": "1706090303",
        "operator-name": "site",
        "signature": "7db53cb103adee7367b1298e9b7419cfc377d3511ded4648675bf43171c28196",
    }
    assert request_headers_v2(credentials, NOW, "GET", "/be/tickets?limit=10") == {
        "timestamp": "1706090303",
        "operator-name": "site",
        "signature-version": "2",
        "signature": "d4cc586677645c4a3c6969b00af985ebce4b8f6803631eb6d6484c1d0ec3ae85",
    }


def test_the_key_is_not_shown():
    assert KEY not in repr(Credentials("site", KEY))


@pytest.mark.parametrize(
    ("offered", "told"),
    [({"Signature-Versions": "1, 2"}, True), ({"signature-versions": "1"}, False), ({}, False)],
)
def test_a_server_offers_version_2(offered, told):
    assert offers_version_2(offered) is told


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"timestamp": ""}, "the timestamp is missing, or is not unix seconds"),
        ({"timestamp": "1,2"}, "the timestamp is missing, or is not unix seconds"),
        ({"signature": ""}, "the signature is missing, or is not 64 lower-case hex digits"),
        ({"signature": "F" * 64}, "the signature is missing, or is not 64 lower-case hex digits"),
        ({"timestamp": str(NOW + 301)}, "the timestamp is more than 300 s from now"),
        ({"timestamp": str(NOW - 301)}, "the timestamp is more than 300 s from now"),
        ({"timestamp": str(NOW + 1)}, "the signature does not fit the body"),
        ({"signature": "0" * 64}, "the signature does not fit the body"),
    ],
)
def test_a_webhook_that_is_not_to_be_believed_is_refused(changes, sentence):
    with pytest.raises(WebhookRefused) as refused:
        verify_webhook({**headers(KEY, b"{}"), **changes}, b"{}", [KEY], NOW)
    assert str(refused.value) == sentence


def test_without_headers_or_keys_nothing_is_believed():
    with pytest.raises(WebhookRefused):
        verify_webhook({}, b"{}", [KEY], NOW)
    with pytest.raises(WebhookRefused):
        verify_webhook(headers(KEY, b"{}"), b"{}", [], NOW)


@given(KEYS, SECONDS, st.binary())
def test_both_sides_sign_alike(key, timestamp, body):
    signature = sign(key, timestamp, body)
    assert signature == server.sign(key, str(timestamp), body)
    assert server.verify(signature, [key], str(timestamp), body) is not None
    verify_webhook(headers(key, body, timestamp), body, [key], timestamp)


@given(KEYS, SECONDS, st.sampled_from(["GET", "POST"]), st.text(st.characters(codec="ascii")))
def test_both_sides_sign_version_2_alike(key, timestamp, method, path):
    expected = server.sign_v2(key, str(timestamp), method, path, b"{}")
    assert sign_v2(key, timestamp, method, path, b"{}") == expected


@given(st.binary(), st.binary())
def test_another_body_is_never_believed(signed, received):
    if signed != received:
        with pytest.raises(WebhookRefused):
            verify_webhook(headers(KEY, signed), received, [KEY], NOW)
