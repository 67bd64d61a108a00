import contextlib
import dataclasses
import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.kinds import (
    NONE,
    OFF,
    cents,
    currency,
    duration,
    one_of,
    optional,
    percent,
    several,
    switch,
    text,
    time_zone,
    total_odds,
    url,
    whole,
)
from acca.core.limits import Limits, judge_limits
from acca.core.numbers import Malformed
from acca.core.operator import AmountsChanged, Feature, OperatorSettings, judge_operator
from acca.core.platform import PlatformSettings, judge_platform
from acca.core.setting import (
    Asked,
    BadSettings,
    change_settings,
    declarations,
    differences,
    parse_asked,
    read_settings,
    render_settings,
)
from acca.core.ticket import TicketType

ALL = (OperatorSettings, PlatformSettings, Limits)
JUDGES = {OperatorSettings: judge_operator, PlatformSettings: judge_platform, Limits: judge_limits}
DECLARED = [
    pytest.param(setting, id=f"{each.__name__}-{name}")
    for each in ALL
    for name, setting in declarations(each).items()
]

SECOND = dt.timedelta(seconds=1)
WORDS = st.text(string.ascii_letters + string.digits + string.punctuation + " é", max_size=12)


def change(*asked, current=None):
    changed = current or OperatorSettings()
    return change_settings(changed, [Asked(*each) for each in asked], JUDGES[type(changed)])


def defects_of(*asked, current=None):
    with pytest.raises(BadSettings) as refused:
        change(*asked, current=current)
    return refused.value.defects


@pytest.mark.parametrize("setting", DECLARED)
def test_every_default_reads_back_from_its_text(setting):
    assert setting.default == setting.kind.parse(setting.kind.render(setting.default))


@pytest.mark.parametrize("setting", DECLARED)
@given(written=WORDS | st.integers().map(str) | st.sampled_from([OFF, NONE, "on", "5m", "12.5%"]))
def test_a_text_is_malformed_or_a_value_that_reads_back(setting, written):
    value = setting.default
    with contextlib.suppress(Malformed):
        value = setting.kind.parse(written)
    assert value == setting.kind.parse(setting.kind.render(value))


@pytest.mark.parametrize("setting", DECLARED)
def test_every_setting_says_in_a_sentence_what_it_means(setting):
    assert setting.meaning.endswith(".")
    assert setting.kind.form


@pytest.mark.parametrize("settings", ALL)
def test_the_defaults_fit_together_and_read_back(settings):
    assert [] == JUDGES[settings](settings())
    assert settings() == read_settings(settings, render_settings(settings()))


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (duration(30 * SECOND, 86400 * SECOND), ["30s", "24h"], ["29s", "24h1s", "300"]),
        (whole(4, 8), ["4", "8", "5.0"], ["3", "9", "4.5", "four"]),
        (percent(), ["0", "100%", "12.5", "0.0001%"], ["-1", "100.1", "1%%", "%", "0.00001"]),
        (cents(1), ["1", "999999999999999"], ["0", "1000000000000000", "1.5"]),
        (total_odds(), ["1", "1.01", "10000000"], ["0.99", "1.001", "9999999999"]),
        (switch(), ["on", "off"], ["yes", "true", ""]),
        (one_of((1, 2)), ["1", "2"], ["3", "01"]),
        (currency(), ["KES", "UGX"], ["kes", "ABC", ""]),
        (several(currency()), ["KES", "KES,UGX", "UGX, KES", "none"], ["", "KES,", "none,KES"]),
        (several(one_of((1, 2)), least=1), ["2,1"], ["none"]),
        (optional(whole(1, 2)), ["off", "2"], ["0", "none"]),
        (text(5), ["", "a b"], [" a", "a\n", "abcdef", "a\x00"]),
        (time_zone(), ["UTC", "Africa/Nairobi"], ["Africa", "", "../etc", "Mars/Base", "a\0b"]),
        (
            url(),
            ["https://wallet.example/a?b=c", "http://10.0.0.1:8080", "http://[::1]:9/"],
            [
                *("wallet.example", "ftp://wallet.example", "https://", "https://u:p@w.example"),
                *("https://w.example/#a", "https://w.example:99999", "https://w.example/ ", ""),
                *("https://[::1", "https://w.example:0/", "https://w.example/" + "a" * 2000),
            ],
        ),
    ],
)
def test_a_kind_keeps_its_bounds(kind, good, bad):
    for written in good:
        value = kind.parse(written)
        assert value == kind.parse(kind.render(value))
    for written in bad:
        with pytest.raises(Malformed):
            kind.parse(written)


def test_a_value_is_read_by_its_name_and_its_declaration_by_the_class():
    settings = change(("clock_window", "90s"), ("update_types", "jackpot,superbet"))
    assert dt.timedelta(seconds=90) == settings.clock_window
    assert {TicketType.JACKPOT, TicketType.SUPERBET} == settings.update_types
    assert "clock_window" == OperatorSettings.clock_window.name
    assert 300 * SECOND == OperatorSettings.clock_window.default


def test_settings_are_frozen_values():
    settings = OperatorSettings()
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.otp_digits = 8
    changed = change(("otp_digits", "8"))
    assert (4, 8) == (settings.otp_digits, changed.otp_digits)
    assert changed != settings
    assert {settings, OperatorSettings()} == {settings}


def test_only_what_changed_differs():
    changed = change(("otp_digits", "6"), ("clock_window", "5m"))
    assert {"otp_digits": "6"} == differences(OperatorSettings(), changed)


def test_every_defect_is_named_at_once_and_nothing_is_set():
    assert defects_of(
        ("clock_window", "1s"), ("clok_window", "60s"), ("otp_digits", "6"), ("otp_digits", "7")
    ) == (
        "clock_window: '1s' has to be between 30s and 1d.",
        "clok_window is not a setting; near it is clock_window.",
        "otp_digits is given twice.",
    )
    assert defects_of(("zzzzzz", "1"), ("otp", "5")) == (
        "zzzzzz is not a setting; near it is none.",
        "otp is not a setting; near it is otp_digits, otp_per_hour_max.",
    )


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("create_timeout", "7s"), "create_timeout has to exceed identify_timeout by 5s"),
        (("connect_timeout", "4s"), "connect_timeout has to be at most identify_timeout"),
        (("features", "otp"), "The feature otp needs an sms_url"),
    ],
)
def test_what_does_not_fit_together_is_refused(asked, sentence):
    assert sentence in defects_of(asked)[0]


def test_the_sms_url_may_come_together_with_the_feature_that_needs_it():
    changed = change(("features", "otp"), ("sms_url", "https://sms.example/"))
    assert {Feature.OTP} == changed.features


def test_limits_do_not_cross():
    assert (
        "price_cents_min has to be at most"
        in defects_of(("price_cents_min", "500"), ("price_cents_max", "100"), current=Limits())[0]
    )
    assert "legs_min has to be at most" in defects_of(("legs_min", "101"), current=Limits())[0]


def test_only_a_superbets_amounts_are_fetched_by_default():
    found = {each: OperatorSettings().amounts_changed(each) for each in TicketType}
    assert [TicketType.SUPERBET] == [
        each for each, what in found.items() if what is AmountsChanged.FETCH
    ]
    assert 4 == list(found.values()).count(AmountsChanged.HOLD)


@pytest.mark.parametrize("written", ["", "name", "=value"])
def test_what_asks_for_no_setting_is_named(written):
    with pytest.raises(Malformed, match="is not a name and a value"):
        parse_asked(written)


def test_a_value_may_be_empty_or_hold_an_equals_sign():
    assert Asked("display_name", "") == parse_asked("display_name=")
    assert Asked("pam_url", "https://w.example/?a=b") == parse_asked(
        "pam_url=https://w.example/?a=b"
    )
