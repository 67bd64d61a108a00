import json
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.finance import parse_percent, render_percent
from acca.core.money import AMOUNT_CENTS_MAX, parse_amount_cents, parse_currency, render_units
from acca.core.numbers import (
    Malformed,
    Rounding,
    parse_scaled,
    render_fixed,
    render_scaled,
    round_ratio,
)
from acca.core.odds import ODDS_MAX, parse_odds, render_odds, total_odds

DECIMAL_ROUNDING = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.DOWN: ROUND_DOWN,
}


@given(
    st.integers(0, 10**18), st.sampled_from([1, 2, 3, 5, 8, 100, 10**6]), st.sampled_from(Rounding)
)
def test_rounding_agrees_with_the_decimal_library(numerator, denominator, rounding):
    exact = Decimal(numerator) / Decimal(denominator)
    assert int(exact.quantize(Decimal(1), DECIMAL_ROUNDING[rounding])) == round_ratio(
        numerator, denominator, rounding
    )


@pytest.mark.parametrize(
    ("numerator", "rounding", "expected"),
    [
        (5, Rounding.HALF_UP, 3),
        (5, Rounding.HALF_EVEN, 2),
        (7, Rounding.HALF_EVEN, 4),
        (5, Rounding.DOWN, 2),
    ],
)
def test_a_tie_goes_where_the_rounding_says(numerator, rounding, expected):
    assert expected == round_ratio(numerator, 2, rounding)


@given(st.integers(-(10**18), 10**18), st.sampled_from([0, 2, 4]))
def test_parsing_undoes_rendering(scaled, places):
    assert scaled == parse_scaled(render_scaled(scaled, places), places)
    if places:
        assert scaled == parse_scaled(render_fixed(scaled, places), places)


@given(st.integers(0, 10**12), st.integers(-6, 6))
def test_every_json_spelling_of_a_number_is_read_alike(digits, exponent):
    text = f"{digits}e{exponent}"
    exact = Decimal(text) * 100
    if exact == exact.to_integral_value():
        assert int(exact) == parse_scaled(text, 2)
    else:
        with pytest.raises(Malformed, match="more than 2 decimals"):
            parse_scaled(text, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.1", 110), ("1.10", 110), ("5000", 500000), ("5000.0", 500000), ("-0.0", 0), ("2E1", 2000)],
)
def test_numbers_are_read_through_their_decimal_text(text, expected):
    assert expected == parse_scaled(text, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "+1",
        "01",
        "1.",
        ".5",
        "NaN",
        "nan",
        "Infinity",
        "1e",
        "0x10",
        "1_000",
        "\u0661",
        "9" * 65,
    ],
)
def test_what_is_not_a_json_number_is_refused(text):
    with pytest.raises(Malformed, match="is not a number"):
        parse_scaled(text, 2)


@pytest.mark.parametrize(
    "text", ["NaN", "1e999", "-1.50", "0.99", "1.955", "100000.01", "0", "1e-999"]
)
def test_odds_that_cannot_be_offered_are_refused(text):
    with pytest.raises(Malformed):
        parse_odds(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("1", 100), ("1.00", 100), ("1.950", 195), ("1e5", ODDS_MAX)]
)
def test_odds_are_read_as_hundredths(text, expected):
    assert expected == parse_odds(text)


@pytest.mark.parametrize(
    ("hundredths", "expected"), [(150, "1.5"), (200, "2"), (195, "1.95"), (10000, "100")]
)
def test_odds_are_written_in_their_shortest_form(hundredths, expected):
    assert expected == render_odds(hundredths)
    assert float(expected) == json.loads(expected)


def test_a_total_is_rounded_once():
    assert 342 == total_odds([124, 276])
    assert 29994 == total_odds([133] * 20)


@pytest.mark.parametrize("text", ["-1", "12345678901234567890", "1.5", "1e999", "1e15", "NaN"])
def test_prices_that_cannot_be_paid_are_refused(text):
    with pytest.raises(Malformed):
        parse_amount_cents(text)


def test_prices_are_whole_cents():
    assert 5000 == parse_amount_cents("5000.0", 1)
    assert AMOUNT_CENTS_MAX == parse_amount_cents(str(AMOUNT_CENTS_MAX))
    with pytest.raises(Malformed, match="between 1 and"):
        parse_amount_cents("0", 1)


@pytest.mark.parametrize("code", ["KES", "NGN", "ZMW", "UGX", "TZS", "USD"])
def test_currencies_of_iso_4217_are_known(code):
    assert code == parse_currency(code)


@pytest.mark.parametrize("code", ["kes", "KE", "ABC", "", "KESS", "₦₦₦"])
def test_other_currencies_are_refused(code):
    with pytest.raises(Malformed, match="ISO 4217"):
        parse_currency(code)


@pytest.mark.parametrize(("cents", "expected"), [(123456, "1,234.56"), (-5, "-0.05"), (0, "0.00")])
def test_amounts_are_shown_in_units(cents, expected):
    assert expected == render_units(cents)


@given(st.integers(0, 1_000_000))
def test_percentages_survive_a_round_trip(rate):
    assert rate == parse_percent(render_percent(rate))


@pytest.mark.parametrize("text", ["-1", "100.0001", "12.50001", "NaN"])
def test_percentages_beyond_the_whole_are_refused(text):
    with pytest.raises(Malformed):
        parse_percent(text)
