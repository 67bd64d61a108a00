import datetime as dt
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.one_time import (
    ASKED_MAX,
    FAILED_MAX,
    TRIES_MAX,
    VALID,
    Checked,
    Number,
    ask,
    check,
    fits,
    hash_code,
    keep,
    make_code,
    mask,
    normalise,
    pause_seconds,
)

NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
SALT, MSISDN = b"s" * 32, "254700000001"
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


def asked(number=None, now=NOW, code="0042"):
    return ask(number or Number(), keep(SALT, MSISDN, code, now), now)


def wrong(number, now=NOW, times=1):
    checked = None
    for _ in range(times):
        number, checked = check(number, now, is_right=False)
    return number, checked


@pytest.mark.parametrize("spelled", ["254700000001", "+254700000001", "00254700000001"])
def test_a_number_is_one_however_it_is_spelled(spelled):
    assert MSISDN == normalise(spelled)


@pytest.mark.parametrize("digits", [4, 6, 8])
def test_a_code_has_its_digits_with_zeros_at_the_front(digits):
    assert "0" * digits == make_code(bytes(16), digits)
    assert digits == len(make_code(random.Random(1).randbytes(16), digits))


def test_a_code_is_kept_as_a_hash_of_its_own_salt_and_number():
    kept = keep(SALT, MSISDN, "0042", NOW)
    assert fits(kept, MSISDN, "0042")
    assert not fits(kept, MSISDN, "42")
    assert not fits(kept, "254700000002", "0042")
    assert not fits(None, MSISDN, "0042")
    assert kept.digest != hash_code(b"t" * 32, MSISDN, "0042")


def test_a_code_is_right_once_and_for_five_minutes():
    number = asked()
    used, checked = check(number, NOW + VALID - MINUTE, is_right=True)
    assert Checked.RIGHT is checked
    assert Checked.WRONG is check(used, NOW, is_right=True)[1]
    assert Checked.WRONG is check(number, NOW + VALID, is_right=True)[1]


def test_a_new_code_takes_the_place_of_the_one_before():
    number = asked(asked(), code="1111")
    assert not fits(number.code, MSISDN, "0042")
    assert fits(number.code, MSISDN, "1111")


def test_five_wrong_tries_end_a_code():
    number, _ = wrong(asked(), times=TRIES_MAX)
    assert Checked.TOO_MANY is check(number, NOW, is_right=True)[1]
    assert Checked.RIGHT is check(asked(number), NOW, is_right=True)[1]


def test_ten_wrong_tries_in_a_day_lock_the_number_for_a_day():
    number, _ = wrong(asked(), times=5)
    number, last = wrong(asked(number, NOW + 20 * MINUTE), NOW + 20 * MINUTE, times=5)
    assert Checked.WRONG is last
    later = NOW + 20 * MINUTE + DAY
    assert Checked.TOO_MANY is check(number, later - MINUTE, is_right=True)[1]
    assert None is asked(number, later - MINUTE)
    assert Checked.RIGHT is check(asked(number, later), later, is_right=True)[1]


def test_three_codes_in_ten_minutes_are_the_most():
    number = Number()
    for _ in range(ASKED_MAX):
        number = asked(number)
    assert None is asked(number, NOW + 9 * MINUTE)
    assert None is not asked(number, NOW + 10 * MINUTE)


def test_a_try_without_a_code_locks_nobody_out():
    number, checked = wrong(Number(), times=100)
    assert (Number(), Checked.WRONG) == (number, checked)


def test_the_pauses_grow_and_stay():
    assert [1, 2, 5, 10, 20, 20, 20] == [pause_seconds(tries) for tries in range(1, 8)]


def test_a_log_shows_two_digits_of_a_number():
    assert "****01" == mask(MSISDN)


STEPS = st.lists(st.tuples(st.sampled_from(["ask", "try"]), st.integers(0, 3600)), max_size=300)


@given(STEPS)
def test_whatever_is_asked_and_tried_at_most_ten_tries_in_a_day_count(steps):
    number, now, counted = Number(), NOW, []
    for step, seconds in steps:
        now += dt.timedelta(seconds=seconds)
        if step == "ask":
            number = asked(number, now) or number
            continue
        before = number
        number, _ = wrong(number, now)
        if number != before:
            counted.append(now)
        assert len([each for each in counted if each > now - DAY]) <= FAILED_MAX


def guess(rng, digits):
    """Let somebody who knows the limits guess for a day as well as can be; tell if it worked."""
    number, now, tried = Number(), NOW, 0
    while tried < FAILED_MAX:
        code = make_code(rng.randbytes(16), digits)
        number = asked(number, now, code) or number
        # Never the same guess twice at one code: nothing is better.
        for each in rng.sample(range(10**digits), TRIES_MAX):
            number, checked = check(number, now, is_right=f"{each:0{digits}d}" == code)
            tried += checked is Checked.WRONG
            if checked is Checked.RIGHT:
                return True
        now += 4 * MINUTE
    for _ in range(50):
        now += 20 * MINUTE
        if asked(number, now) is not None and now < NOW + DAY:
            return True
    return False


def test_who_guesses_for_a_day_has_a_chance_of_a_thousandth():
    # Exactly: two codes, five different guesses at each.
    exact = 1 - (1 - Fraction(TRIES_MAX, 10**4)) ** (FAILED_MAX // TRIES_MAX)
    assert exact < Fraction(2, 1000)
    assert exact == pytest.approx(Fraction(1, 1000), rel=1e-3)
    rng = random.Random(7)
    found = sum(guess(rng, 4) for _ in range(20_000))
    # Of 20,000 days 20 are expected; 45 would be five and a half deviations above.
    assert 3 <= found <= 45
