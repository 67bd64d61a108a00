import datetime as dt

import pytest

from acca.core.keys import (
    DOCUMENTED_SECRET,
    Key,
    Secret,
    valid_keys,
    why_it_stays,
    why_none_is_added,
)

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def key(number, retires=None):
    return Key(number, Secret(f"{number:064x}"), NOW - HOUR, retires)


def test_the_newest_valid_key_comes_first():
    keys = [key(1, NOW - HOUR), key(2, NOW + HOUR), key(3)]
    assert [3, 2] == [each.number for each in valid_keys(keys, NOW)]
    assert [3] == [each.number for each in valid_keys(keys, NOW + HOUR)]


def test_a_third_valid_key_is_not_added():
    assert why_none_is_added([], NOW) is None
    assert why_none_is_added([key(1, NOW), key(2)], NOW) is None
    assert "Keys 1 and 2 are valid" in why_none_is_added([key(1, NOW + HOUR), key(2)], NOW)


def test_a_key_retires_where_another_has_no_end():
    assert why_it_stays([key(1), key(2)], 1, NOW) is None
    assert why_it_stays([key(1, NOW + HOUR), key(2)], 1, NOW) is None
    assert "the last one that stays valid" in why_it_stays([key(1)], 1, NOW)
    assert "the last one that stays valid" in why_it_stays([key(1, NOW + HOUR), key(2)], 2, NOW)
    assert "retired already" in why_it_stays([key(1, NOW), key(2)], 1, NOW)
    assert "There is no key 3." == why_it_stays([key(1), key(2)], 3, NOW)


def test_a_secret_shows_itself_only_on_purpose():
    secret = Secret("ab" * 32)
    assert secret.text not in repr(key(1)) + repr(secret) + str(secret)
    assert "abab…" == secret.masked


@pytest.mark.parametrize("text", ["", "AB" * 32, "ab" * 31, "12345abcde"])
def test_a_secret_has_256_bits_but_for_the_documentations(text):
    assert "12345ABCDE" == DOCUMENTED_SECRET.text
    with pytest.raises(AssertionError):
        Secret(text)
