"""The double sends one-time passwords and checks them, within Acca's limits."""

import pytest
from client.doubles import NOW, signed

from acca.core import one_time
from acca_client.errors import CodeWrong, FeatureOff, Invalid, TooManyCodes
from acca_client.testing import AccaDouble
from acca_client.testing.one_time import VALID_SECONDS
from acca_client.webhook import Otp, verify

PHONE = "+254700000001"


def test_a_code_is_sent_and_used_up(double, engine):
    assert VALID_SECONDS == engine.send_code(PHONE)
    code = double.code(PHONE)
    sms = double.otp(PHONE)
    assert Otp(code, PHONE) == verify(["your-secret-key"], sms.headers, sms.body, NOW).data
    engine.verify_code("254700000001", code)
    assert double.code(PHONE) is None
    with pytest.raises(CodeWrong):
        engine.verify_code(PHONE, code)


def test_only_the_newest_code_of_a_number_is_right(double, engine):
    engine.send_code(PHONE)
    first = double.code(PHONE)
    engine.send_code(PHONE)
    assert first != double.code(PHONE)
    with pytest.raises(CodeWrong):
        engine.verify_code(PHONE, first)
    with pytest.raises(CodeWrong):
        engine.verify_code("+254700000002", double.code(PHONE))
    engine.verify_code(PHONE, double.code(PHONE))


def test_five_wrong_tries_end_a_code(double, engine):
    engine.send_code(PHONE)
    for _ in range(one_time.TRIES_MAX):
        with pytest.raises(CodeWrong):
            engine.verify_code(PHONE, "0000")
    with pytest.raises(TooManyCodes):
        engine.verify_code(PHONE, double.code(PHONE))
    engine.send_code(PHONE)
    engine.verify_code(PHONE, double.code(PHONE))


def test_three_codes_in_ten_minutes_are_enough_and_a_code_grows_old():
    clock = [NOW]
    double = AccaDouble(clock=lambda: clock[0])
    with double.engine() as engine:
        for _ in range(one_time.ASKED_MAX):
            engine.send_code(PHONE)
        with pytest.raises(TooManyCodes):
            engine.send_code(PHONE)
        clock[0] += VALID_SECONDS - 1
        engine.verify_code(PHONE, double.code(PHONE))
        clock[0] = NOW + int(one_time.ASKED_WITHIN.total_seconds())
        engine.send_code(PHONE)
        clock[0] += VALID_SECONDS
        with pytest.raises(CodeWrong):
            engine.verify_code(PHONE, double.code(PHONE))


def test_it_lasts_as_long_as_acca_says():
    assert VALID_SECONDS == one_time.VALID.total_seconds()


def test_a_test_may_have_it_refused(double, engine):
    double.refuse(FeatureOff)
    with pytest.raises(FeatureOff):
        engine.send_code(PHONE)
    assert double.code(PHONE) is None


@pytest.mark.parametrize("msisdn", ["", "12", "phone", "+" + "1" * 32])
def test_what_is_no_telephone_number_is_invalid(engine, msisdn):
    with pytest.raises(Invalid) as invalid:
        engine.send_code(msisdn)
    assert ("body", "msisdn") == invalid.value.detail[0].loc


def test_the_code_of_another_operator_is_not_allowed(double):
    told = double._desk.answer(
        signed("POST", "/be/otp", b'{"operator":"site","msisdn":"254700000001"}')
    )
    assert (403, None) == (told.status, double.code(PHONE))
