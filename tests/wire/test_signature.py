import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_answers import known_answers

from acca.core.numbers import Malformed
from acca.wire.be_requests import (
    CASH_OUT_SIGNED,
    OTP_CHECK_SIGNED,
    OTP_SIGNED,
    PLACE_ORDER,
    PLACE_SIGNED,
)
from acca.wire.signature import (
    TOLERATED_BYTES_MAX,
    Fit,
    Form,
    Order,
    candidate_bodies,
    check_clock,
    compact,
    message,
    message_v2,
    parse_timestamp,
    sign,
    sign_v2,
    verify,
    verify_exactly,
    without_blanks,
)

VECTORS = known_answers("signatures")
KEY = VECTORS["key"]
NOW = "1706090303"


def named(group):
    return [pytest.param(case, id=case["name"]) for case in VECTORS[group]]


@pytest.mark.parametrize("case", named("published") + named("computed"))
def test_a_known_body_is_signed_and_verified(case):
    timestamp, body = str(case["timestamp"]), case["body"].encode()
    assert sign(KEY, timestamp, body) == case["signature"]
    fit = verify(case["signature"], [KEY], timestamp, body, PLACE_SIGNED)
    assert fit == Fit(Form.RECEIVED, 0)


@pytest.mark.parametrize("case", named("must_not_match"))
def test_what_must_not_match_does_not(case):
    timestamp, body = str(case["timestamp"]), case["body"].encode()
    assert verify(case["signature"], [KEY], timestamp, body, PLACE_SIGNED) is None


@pytest.mark.parametrize(
    ("case", "form"),
    [
        pytest.param(case, form, id=case["name"])
        for case, form in zip(
            VECTORS["verify_also"],
            [Form.COMPACT, Form.ORDERED, Form.RECEIVED, Form.BLANKLESS],
            strict=True,
        )
    ],
)
def test_what_is_to_be_tolerated_verifies(case, form):
    timestamp, body = str(case["timestamp"]), case["body"].encode()
    assert verify(case["signature"], [KEY], timestamp, body, PLACE_SIGNED) == Fit(form, 0)


@pytest.mark.parametrize("case", VECTORS["version_2"])
def test_version_2_signs_method_and_path(case):
    timestamp, body = str(case["timestamp"]), case["body"].encode()
    signed = message_v2(timestamp, case["method"], case["path"], body)
    assert sign_v2(KEY, timestamp, case["method"], case["path"], body) == case["signature"]
    assert verify_exactly(case["signature"], ["another", KEY], signed) == 1
    assert verify_exactly(case["signature"], ["another"], signed) is None
    assert verify_exactly(case["signature"].upper(), [KEY], signed) is None


def test_a_path_of_any_bytes_can_be_signed():
    path = b"/be/tickets/\xff\xc3\xa9".decode("utf-8", "surrogateescape")
    assert b"/be/tickets/\xff\xc3\xa9\n" in message_v2(NOW, "GET", path, b"")


def test_the_second_of_two_keys_verifies():
    signature = sign("old", NOW, b"{}")
    assert verify(signature, ["new", "old"], NOW, b"{}") == Fit(Form.RECEIVED, 1)
    assert verify(signature, ["new"], NOW, b"{}") is None
    assert verify(signature, [], NOW, b"{}") is None


@pytest.mark.parametrize("change", [str.upper, lambda text: text + " ", lambda text: text[:-1]])
def test_a_signature_has_one_spelling(change):
    assert verify(change(sign(KEY, NOW, b"{}")), [KEY], NOW, b"{}") is None


def test_a_timestamp_beyond_ascii_verifies_nothing():
    assert verify("0" * 64, [KEY], "١٢\ud800", b"{}") is None


# ---- the forms

REBUILT = (
    b'{"operator":"site","token":"t u","psp":null,"price":500.0,"currency":"KES","atag":null,'
    b'"rtag":null,"source":"SMS","type":"quicktip","odds_diff":1e-1,'
    b'"events":[{"id":1,"bet":2,"odds":1.50}],"msisdn":"\\u002b254"}'
)
REBUILT_OLDER = REBUILT.replace(b'"psp":null,', b"").replace(b'"rtag":null,', b"")
SHUFFLED = (
    b'{"msisdn" : "\\u002b254", "events":[ {"odds":1.50 , "bet":2,"id":1 }], "odds_diff":1e-1,\n'
    b' "type":"quicktip","source":"SMS","currency":"KES","price":500.0,"token":"t u",'
    b'"operator":"site"}'
)


def forms(body, order=PLACE_SIGNED):
    return dict(candidate_bodies(body, order))


def test_a_document_is_rebuilt_from_its_tokens_in_the_documented_order():
    found = forms(SHUFFLED)
    assert list(found) == list(Form)
    assert found[Form.ORDERED] == REBUILT
    assert found[Form.ORDERED_OLDER] == REBUILT_OLDER


def test_the_newest_members_stand_where_they_were_received():
    body = b'{"rtag":"r","operator":"site","atag":"a"}'
    assert forms(body) == {
        Form.RECEIVED: body,
        Form.ORDERED: b'{"operator":"site","psp":null,"atag":"a","rtag":"r"}',
        Form.ORDERED_OLDER: b'{"operator":"site","atag":"a","rtag":"r"}',
    }


@pytest.mark.parametrize(
    "body",
    [
        b'{"operator":"site","unknown":1}',
        b'{"events":[{"id":1,"unknown":2}]}',
        b'{"events":[1]}',
        b'{"events":{}}',
        b'{"events":[' + b",".join([b'{"id":1}'] * 101) + b"]}",
        b"[]",
        b"",
        b'{"operator":',
        b'{"oper\xff":1}',
        b"[" * 60_000,
        b'{"events":' + b"[" * 60_000,
    ],
)
def test_a_document_without_a_documented_form_is_not_rebuilt(body):
    assert list(forms(body)) == [Form.RECEIVED]


def test_a_list_that_is_null_is_rebuilt():
    assert forms(b'{"events":null}')[Form.ORDERED_OLDER] == b'{"atag":null,"events":null}'


def test_without_an_order_nothing_is_rebuilt():
    assert list(forms(b'{"b":1, "a":2}', None)) == [Form.RECEIVED, Form.COMPACT]


def test_an_order_without_nullable_members_only_orders():
    assert forms(b'{"b":1,"a":2}', Order(("a", "b"))) == {
        Form.RECEIVED: b'{"b":1,"a":2}',
        Form.ORDERED: b'{"a":2,"b":1}',
    }


def test_the_orders_of_the_requests():
    assert (
        Order(
            PLACE_ORDER,
            ("psp", "atag", "rtag"),
            ("psp", "rtag"),
            {"events": Order(("id", "bet", "odds"))},
        )
        == PLACE_SIGNED
    )
    assert CASH_OUT_SIGNED == Order(("operator", "amount"))
    assert OTP_SIGNED == Order(("operator", "msisdn"))
    assert OTP_CHECK_SIGNED == Order(("operator", "msisdn", "code"))


@pytest.mark.parametrize(
    ("body", "compacted"),
    [
        (b' { "a b" : "c \\" d" , "e":\t1 }\r\n', b'{"a b":"c \\" d","e":1}'),
        (b'"never ends \\" ', b'"never ends \\" '),
        (b'" \\', b'" \\'),
        (b"", b""),
        (b" \xff ", b"\xff"),
    ],
)
def test_only_blanks_between_tokens_are_insignificant(body, compacted):
    assert compact(body) == compacted


def test_a_very_long_body_is_verified_as_it_came():
    body = b" " * (TOLERATED_BYTES_MAX + 1)
    assert list(forms(body)) == [Form.RECEIVED]
    assert list(forms(body[1:])) == [Form.RECEIVED, Form.COMPACT]


def test_blanks_are_spaces_tabs_and_line_breaks():
    assert without_blanks(b'{"a" :\t"b c\r\n"}\x0b') == b'{"a":"bc"}\x0b'


@pytest.mark.parametrize(
    "body", [b'"' + b'\\"' * 32_000, b'"" ' * 21_000, b" " * 65_536, b'{"events":[{},' * 4_500]
)
def test_a_wrong_signature_costs_no_unbounded_work(body):
    start = time.perf_counter()
    assert verify("0" * 64, [KEY, KEY], NOW, body, PLACE_SIGNED) is None
    assert time.perf_counter() - start < 1


# ---- properties

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
BODIES = st.dictionaries(st.text(max_size=8), VALUES, max_size=5)
BLANKS = st.text(" \t\r\n", max_size=3)


def spaced(draw, value):
    """Write a value as JSON with blanks drawn between all its tokens."""
    before, after = draw(BLANKS), draw(BLANKS)
    if isinstance(value, dict):
        inner = ",".join(
            f"{draw(BLANKS)}{json.dumps(name)}{draw(BLANKS)}:{spaced(draw, one)}"
            for name, one in value.items()
        )
        return f"{before}{{{inner}}}{after}"
    if isinstance(value, list):
        return f"{before}[{','.join(spaced(draw, one) for one in value)}]{after}"
    return f"{before}{json.dumps(value)}{after}"


@given(st.data(), BODIES)
def test_blanks_between_tokens_never_break_a_signature(data, value):
    plain = json.dumps(value, separators=(",", ":")).encode()
    body = spaced(data.draw, value).encode()
    assert compact(body) == plain
    fit = verify(sign(KEY, NOW, plain), [KEY], NOW, body)
    assert fit is not None
    assert fit.form in {Form.RECEIVED, Form.COMPACT}


@given(BODIES)
def test_blanks_removed_everywhere_before_signing_are_tolerated(value):
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    fit = verify(sign(KEY, NOW, without_blanks(body)), [KEY], NOW, body)
    assert fit is not None


@given(st.permutations(PLACE_ORDER), st.integers(0, len(PLACE_ORDER)), st.data())
def test_any_order_of_members_verifies_as_the_documented_one(names, count, data):
    received = {name: data.draw(st.integers()) for name in names[:count] if name != "events"}
    documented = {
        name: received.get(name)
        for name in PLACE_ORDER
        if name in received or name in {"psp", "atag", "rtag"}
    }
    signed = json.dumps(documented, separators=(",", ":")).encode()
    body = json.dumps(received).encode()
    assert verify(sign(KEY, NOW, signed), [KEY], NOW, body, PLACE_SIGNED) is not None


JSONISH = st.lists(
    st.sampled_from([b"{", b"}", b"[", b"]", b'"', b"\\", b":", b",", b" ", b"1", b"e", b"\xff"])
    | st.sampled_from([b'"events"', b'"operator"', b"null", b"\\ud800", b"\x00"])
).map(b"".join)


@given(st.binary() | JSONISH)
def test_verification_raises_on_no_bytes(body):
    assert verify("0" * 64, [KEY], NOW, body, PLACE_SIGNED) is None
    assert verify(sign(KEY, NOW, body), [KEY], NOW, body, PLACE_SIGNED) == Fit(Form.RECEIVED, 0)


@given(st.binary(), st.binary())
def test_another_body_does_not_verify(signed, received):
    tolerated = {candidate for _, candidate in candidate_bodies(received)}
    fits = verify(sign(KEY, NOW, signed), [KEY], NOW, received) is not None
    assert fits == (signed in tolerated)


def test_the_message_is_the_timestamp_and_the_body():
    assert message(NOW, b"{}") == b"1706090303{}"


# ---- timestamps


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "timestamp has to be unix seconds in decimal digits"),
        ("now", "timestamp has to be unix seconds in decimal digits"),
        ("-1", "timestamp has to be unix seconds in decimal digits"),
        ("1706090303.5", "timestamp has to be unix seconds in decimal digits"),
        ("1706090303, 1706090304", "timestamp has to be unix seconds in decimal digits"),
        ("١٧٠٦", "timestamp has to be unix seconds in decimal digits"),
        ("9" * 5000, "timestamp has to be unix seconds in decimal digits"),
        ("1706090303000", "timestamp is in milliseconds; unix seconds are needed"),
    ],
)
def test_a_timestamp_that_is_none_is_refused(text, sentence):
    with pytest.raises(Malformed) as refused:
        parse_timestamp(text)
    assert str(refused.value) == sentence


def test_a_timestamp_is_unix_seconds():
    assert parse_timestamp("1706090303") == 1_706_090_303


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        (-412, "timestamp is 412 s behind; 300 s are allowed"),
        (301, "timestamp is 301 s ahead; 300 s are allowed"),
    ],
)
def test_a_timestamp_outside_the_window_is_told_by_how_much(seconds, sentence):
    with pytest.raises(Malformed) as refused:
        check_clock(1_000_000 + seconds, 1_000_000, 300)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_timestamp_inside_the_window_is_good(seconds):
    check_clock(1_000_000 + seconds, 1_000_000, 300)
