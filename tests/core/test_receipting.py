from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from receipts_made import CANCELLED, figures, leg, played, receipt, stopped

from acca.core.cashing_out import Worth
from acca.core.finance import ExciseFormula, TaxTerms, WithholdingBase, charge_price, charge_stake
from acca.core.markets.football import FOOTBALL
from acca.core.numbers import Rounding
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON, Outcome, dead_heat
from acca.core.receipt import CashOut, End, Known, Stage
from acca.core.receipt_parts import Contradiction, NotDecided
from acca.core.receipt_steps import Steps, accumulator_steps, refund_step
from acca.core.receipting import complete, factor_of, terms_of
from acca.core.score import Ending
from acca.core.settling import Terms, VoidRefund, settle_accumulator
from acca.core.tax_profiles import PRESETS
from acca.core.ticket import Status, TicketResult, TicketType

KENYA = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000)
RATES = st.sampled_from([0, 50_000, 125_000, 200_000]) | st.integers(0, 400_000)
TAXES = st.builds(
    TaxTerms,
    ext_rate=RATES,
    ext_formula=st.sampled_from([one for one in ExciseFormula if one is not ExciseFormula.NONE]),
    wht_rate=RATES,
    wht_base=st.sampled_from(WithholdingBase),
    wht_threshold_cents=st.sampled_from([0, 100, 50_000]),
    wht_on_excess=st.booleans(),
    rounding=st.sampled_from(Rounding),
) | st.sampled_from([preset.terms for preset in PRESETS])
GOALS = st.integers(0, 4)


@st.composite
def knowns(draw):
    ending = draw(st.sampled_from(Ending))
    if ending in {Ending.CANCELLED, Ending.POSTPONED}:
        return Known(1, ending, None, (), None)
    half = draw(GOALS), draw(GOALS)
    total = half[0] + draw(GOALS), half[1] + draw(GOALS)
    return stopped(*total, half) if ending is Ending.ABANDONED else played(*total, half)


@st.composite
def legs(draw):
    known = draw(st.none() | knowns())
    bet_id = draw(st.sampled_from(sorted(FOOTBALL.bets)))
    return leg(
        known, odds=draw(st.integers(100, 2_000)), bet_id=bet_id, not_played=draw(st.booleans())
    )


@st.composite
def receipts(draw):
    tax = draw(TAXES)
    charging = draw(st.sampled_from([charge_price, charge_stake]))
    return receipt(
        *draw(st.lists(legs(), min_size=1, max_size=8)),
        tax=tax,
        charge=charging(draw(st.integers(1, 1_000_000)), tax),
        cap_cents=draw(st.none() | st.integers(1, 10_000_000)),
        void_refund=draw(st.sampled_from(VoidRefund)),
    )


@given(receipts())
def test_a_receipt_ends_as_the_ticket_is_settled(given_):
    try:
        made = complete(given_)
    except NotDecided:
        return
    outcomes = [one.outcome for one in made.legs]
    settled = settle_accumulator([one.odds for one in made.legs], outcomes, terms_of(given_))
    result, odds, gross, wht, net, _ = settled
    assert End(result, odds, gross, wht, net) == made.end
    assert given_.charge == made.charge
    assert made == complete(made)


@given(receipts())
def test_the_steps_lead_to_the_amounts(given_):
    try:
        made = complete(given_)
    except NotDecided:
        return
    told = figures(made)
    assert str(made.end.net_cents) == made.steps[-1].rounded
    assert str(made.charge.stake_cents) == told.get("stake_cents", str(made.charge.stake_cents))
    if "wht_cents" in told:
        assert [str(each) for each in made.end[2:5]] == [
            told[name] for name in ("gross_cents", "wht_cents", "net_cents")
        ]


@given(
    st.lists(
        st.tuples(
            st.integers(100, 2_000),
            st.sampled_from([WON, HALF_WON, VOID, HALF_LOST, LOST])
            | st.integers(2, 5).map(dead_heat),
        ),
        min_size=1,
        max_size=8,
    ),
    TAXES,
    st.integers(1, 1_000_000),
    st.none() | st.integers(1, 1_000_000),
)
def test_steps_agree_with_settling_whatever_the_outcomes_dead_heats_too(pairs, tax, price, cap):
    terms = Terms(charge_price(price, tax), tax, cap)
    odds, outcomes = zip(*pairs, strict=True)
    settled = settle_accumulator(odds, outcomes, terms)
    steps = Steps(tax.rounding)
    if all(outcome == VOID for outcome in outcomes):
        refund_step(steps, terms)
    else:
        factors = [factor_of(*pair) for pair in pairs]
        accumulator_steps(steps, factors, terms, None)
    assert str(settled.net_cents) == steps.made[-1].rounded


def test_the_factor_of_a_dead_heat_is_shared():
    assert Fraction(3, 4) == factor_of(150, dead_heat(2))


def test_a_won_ticket_tells_each_rounding():
    made = complete(
        receipt(
            leg(played(2, 1), odds=195), leg(played(1, 1), "OUFT", "2.25", "U", odds=183),
            price=5000, tax=KENYA,
        )
    )  # fmt: skip
    assert [
        ("stake_cents", "40000/9", "4444", Rounding.HALF_UP),
        ("ext_cents", "556/1", "556", None),
        ("total_odds", "7137/2000", "3.57", Rounding.HALF_UP),
        ("product", "11037/4000", "11037/4000", None),
        ("settled_odds", "11037/4000", "2.76", Rounding.HALF_UP),
        ("uncapped_gross_cents", "306636/25", "12265", Rounding.HALF_UP),
        ("gross_cents", "12265/1", "12265", None),
        ("base_cents", "7821/1", "7821", None),
        ("taxable_cents", "7821/1", "7821", None),
        ("wht_cents", "7821/5", "1564", Rounding.HALF_UP),
        ("net_cents", "10701/1", "10701", None),
    ] == [
        (one.name, f"{one.exact.numerator}/{one.exact.denominator}", one.rounded, one.rounding)
        for one in made.steps
    ]
    assert End(TicketResult.WON, 276, 12_265, 1_564, 10_701) == made.end


def test_a_lost_leg_decides_beside_an_open_one():
    made = complete(receipt(leg(None), leg(played(0, 1))))
    assert End(TicketResult.LOST, 0, 0, 0, 0) == made.end
    assert [None, LOST] == [one.outcome for one in made.legs]


def test_what_stood_when_a_match_was_abandoned_counts_and_the_rest_is_void():
    made = complete(receipt(leg(stopped(2, 0), "OUFT", "1.5", "O"), leg(stopped(2, 0))))
    assert [WON, VOID] == [one.outcome for one in made.legs]
    assert End(TicketResult.WON, 150, 1500, 0, 1500) == made.end


def test_a_match_that_was_not_played_in_time_is_void_whatever_is_told_later():
    made = complete(receipt(leg(played(0, 3), not_played=True), leg(played(1, 0))))
    assert [VOID, WON] == [one.outcome for one in made.legs]


@pytest.mark.parametrize(("rule", "back"), [(VoidRefund.PRICE, 1000), (VoidRefund.STAKE, 889)])
def test_a_full_void_gives_back_what_the_rule_says(rule, back):
    made = complete(receipt(leg(CANCELLED), tax=KENYA, void_refund=rule))
    assert End(TicketResult.VOID, 100, back, 0, back) == made.end


def test_the_lower_of_two_caps_counts():
    made = complete(receipt(leg(played(1, 0)), cap_cents=1400, day_cap_cents=1200))
    assert (1200, "1200") == (made.end.gross_cents, figures(made)["gross_cents"])
    assert 1400 == made.struck.gross_cents


def test_what_is_struck_shows_what_it_would_pay():
    made = complete(receipt(leg(), leg(), stage=Stage.STRUCK, tax=KENYA))
    assert TicketResult.PENDING is made.end.result
    assert made.struck[2:] == made.end[2:]
    assert [None, None] == [one.outcome for one in made.legs]


def test_a_declined_ticket_gives_back_its_price_and_a_cancelled_one_owes_nothing():
    declined = complete(receipt(leg(), stage=Stage.DECLINED, tax=KENYA))
    assert End(TicketResult.VOID, None, 1000, 0, 1000) == declined.end
    cancelled = complete(receipt(leg(), stage=Stage.CANCELLED))
    assert End(TicketResult.PENDING, None, 0, 0, 0) == cancelled.end


WORTH = Worth(12, 20, 10)


def cashed_out(accepted_cents, worth=WORTH):
    taken = CashOut((worth,), 50_000, 0, 0, accepted_cents)
    return receipt(leg(), stage=Stage.CASHED_OUT, cash_out=taken, tax=KENYA)


def test_what_was_cashed_out_pays_what_was_accepted_of_the_offer():
    made = complete(cashed_out(100))
    stake = made.charge.stake_cents
    fair = Fraction(stake * 12, 10)
    assert round(fair) == made.cash_out.fair_value_cents
    assert abs(made.cash_out.offered_cents - fair * 95 / 100) <= Fraction(1, 2)
    assert End(TicketResult.WON, None, 100, 0, 100) == made.end
    assert ["fair_value_cents", "offered_cents", "gross_cents"] == [
        step.name for step in made.steps if step.name in {"offered_cents", "fair_value_cents"}
    ] + ["gross_cents"]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (cashed_out(10**6), "cash_out/accepted_cents"),
        (cashed_out(0), "cash_out/accepted_cents"),
        (cashed_out(100, Worth(21, 20, 10)), "cash_out/worths"),
        (cashed_out(100, Worth(0, 20, 10)), "cash_out/worths"),
    ],
)
def test_more_than_was_offered_is_not_proven(given, place):
    with pytest.raises(Contradiction) as found:
        complete(given)
    assert place == "/".join(map(str, found.value.at))


def test_a_named_stake_is_told_apart_from_a_price():
    tax = TaxTerms(75_000, ExciseFormula.EXCLUSIVE)
    stakes = [n for n in range(1, 200) if charge_stake(n, tax) != charge_price(n * 2, tax)]
    for stake in stakes:
        charge = charge_stake(stake, tax)
        assert charge == complete(receipt(leg(played(1, 0)), tax=tax, charge=charge)).charge


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"format": "acca-receipt-v2"}, "format"),
        ({"stage": Stage.STRUCK}, "ticket/status"),
        ({"legs": ()}, "legs"),
        ({"legs": (leg(played(1, 0), sport="chess"),)}, "legs/0/sport"),
        ({"legs": (leg(played(1, 0), bet_id=9_999),)}, "legs/0/bet_id"),
        ({"legs": (leg(played(1, 0), odds=None),)}, "legs/0/odds"),
        ({"legs": (leg(played(1, 0, (3, 0))),)}, "legs/0/result"),
        ({"cash_out": CashOut((), 1, 1, 1, 1)}, "cash_out"),
        ({"legs": (leg(None),)}, "legs"),
    ],
    ids=str,
)
def test_inputs_that_do_not_fit_are_told_with_their_place(changes, place):
    with pytest.raises(Contradiction) as found:
        complete(receipt(leg(played(1, 0)))._replace(**changes))
    assert place == "/".join(map(str, found.value.at))


def test_a_result_counts_for_nothing_before_the_end_and_in_no_product_that_has_no_part_of_it():
    with pytest.raises(Contradiction):
        complete(receipt(leg(played(1, 0)), stage=Stage.STRUCK))
    with pytest.raises(Contradiction):
        complete(receipt(leg(played(1, 0), odds=None), type_=TicketType.SUPERBET))


def test_a_closed_ticket_is_settled_like_a_resulted_one():
    resulted = receipt(leg(played(1, 0)))
    closed = resulted._replace(ticket=resulted.ticket._replace(status=Status.CLOSED))
    assert complete(resulted).end == complete(closed).end
    assert isinstance(complete(closed).legs[0].outcome, Outcome)
