import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_answers import known_answers

from acca.core.finance import (
    ExciseFormula,
    TaxTerms,
    WithholdingBase,
    charge,
    charge_price,
    charge_stake,
    parse_percent,
    pay_out,
    render_percent,
)
from acca.core.money import AMOUNT_CENTS_MAX
from acca.core.numbers import Malformed, Rounding, parse_scaled
from acca.core.odds import parse_odds, total_odds

CENTS = st.integers(0, 10**12)
RATES = st.integers(0, 1_000_000)


@st.composite
def tax_terms(draw):
    formula = draw(st.sampled_from(ExciseFormula))
    return TaxTerms(
        ext_rate=0 if formula is ExciseFormula.NONE else draw(RATES),
        ext_formula=formula,
        wht_rate=draw(RATES),
        wht_base=draw(st.sampled_from(WithholdingBase)),
        wht_threshold_cents=draw(st.integers(0, 10**6)),
        wht_on_excess=draw(st.booleans()),
        rounding=draw(st.sampled_from(Rounding)),
    )


def terms_of(settings):
    return TaxTerms(
        parse_percent(settings["ext"]),
        ExciseFormula(settings["ext_formula"]),
        parse_percent(settings["wht"]),
        WithholdingBase(settings.get("wht_base", "net")),
        settings.get("wht_threshold", 0),
        settings.get("on_excess", False),
        Rounding(settings.get("rounding", "half_up")),
    )


@pytest.mark.parametrize("vector", known_answers("finance"), ids=lambda vector: vector["name"])
def test_finance_gives_the_known_answers(vector):
    request, settings, answer = vector["request"], vector["settings"], vector["answer"]
    terms = terms_of(settings)
    odds = total_odds([parse_odds(text) for text in request["odds"]], terms.rounding)
    charged = charge(request.get("price"), request.get("stake"), terms)
    paid = pay_out(charged, odds, terms, settings.get("cap"))
    assert answer == {
        "price": charged.price_cents,
        "total_odds": answer["total_odds"],
        "stake": charged.stake_cents,
        "ext": render_percent(terms.ext_rate),
        "ext_amount": charged.ext_cents,
        "ext_type": terms.ext_formula.ext_type.value,
        "wht": render_percent(terms.wht_rate),
        "wht_amount": paid.wht_cents,
        "gross_payout": paid.gross_cents,
        "net_payout": paid.net_cents,
    }
    assert parse_scaled(answer["total_odds"], 2) == odds


@given(CENTS, st.integers(100, 10**7), tax_terms(), st.none() | CENTS)
def test_finance_adds_up_for_every_input(price, odds, terms, cap):
    charged = charge_price(price, terms)
    paid = pay_out(charged, odds, terms, cap)
    assert price == charged.price_cents == charged.stake_cents + charged.ext_cents
    assert paid.net_cents == paid.gross_cents - paid.wht_cents
    assert min(*charged, *paid) >= 0
    assert paid.gross_cents == (
        paid.uncapped_cents if cap is None else min(cap, paid.uncapped_cents)
    )


@given(CENTS, tax_terms())
def test_a_named_stake_and_its_price_fit_together(stake, terms):
    charged = charge_stake(stake, terms)
    assert charged.price_cents == charged.stake_cents + charged.ext_cents
    assert charged == charge(charged.price_cents, stake, terms)
    if terms.ext_formula is ExciseFormula.EXCLUSIVE:
        assert stake == charged.stake_cents
    else:
        assert stake == charged.price_cents


@given(st.integers(1, 10**9), st.integers(100, 10**5), st.integers(100, 10**5), tax_terms())
def test_a_better_price_never_pays_less_gross(price, odds, other, terms):
    charged = charge_price(price, terms)
    low, high = sorted((odds, other))
    assert pay_out(charged, low, terms).gross_cents <= pay_out(charged, high, terms).gross_cents


def test_a_price_that_does_not_fit_the_stake_is_refused():
    terms = TaxTerms(125_000, ExciseFormula.EXCLUSIVE)
    with pytest.raises(Malformed, match="which makes it 1125"):
        charge(1000, 1000, terms)


def test_a_request_names_a_price_or_a_stake():
    with pytest.raises(Malformed, match="is missing"):
        charge(None, None, TaxTerms())


def test_excise_on_top_cannot_lift_a_price_over_the_greatest_amount():
    with pytest.raises(Malformed, match="at most"):
        charge(None, AMOUNT_CENTS_MAX, TaxTerms(125_000, ExciseFormula.EXCLUSIVE))


def test_an_excise_needs_a_formula():
    with pytest.raises(AssertionError):
        TaxTerms(ext_rate=1)
