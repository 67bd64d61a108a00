"""The values of explanations: their money adds up, and is that of settlement."""

import re

from explained_made import (
    CANCELLED,
    FREE,
    JACKPOT,
    NAIROBI,
    abandoned,
    accumulator,
    jackpot,
    played,
)
from hypothesis import given
from hypothesis import strategies as st

from acca.core.explaining import Case, Happened, Lines, Note
from acca.core.finance import ExciseFormula, TaxTerms, WithholdingBase, withhold
from acca.core.jackpot_judging import Decided, How, Place
from acca.core.jackpot_settling import Prizes, TierPrize
from acca.core.markets.football import BETS
from acca.core.numbers import Rounding, round_ratio
from acca.core.public_draw import Sign
from acca.core.settling import VoidRefund
from acca.core.ticket import Status
from acca.wire.be_answers import Audience
from acca.wire.explaining import tell
from acca.wire.languages import known_languages

ENGLISH = known_languages()["en"]
AMOUNT = re.compile(r"(?:KES )?([0-9,]+\.[0-9]{2})")
RESULTS = st.sampled_from([None, played(2, 1), played(0, 3, (0, 1), (0, 2)), abandoned(1, 0)])
TERMS = st.builds(
    TaxTerms,
    st.integers(0, 500_000),
    st.sampled_from([ExciseFormula.INCLUSIVE, ExciseFormula.DEDUCTED, ExciseFormula.EXCLUSIVE]),
    st.integers(0, 500_000),
    st.sampled_from(WithholdingBase),
    st.integers(0, 100_000),
    st.booleans(),
    st.sampled_from(Rounding),
)
BET_IDS = st.sampled_from(sorted(BETS))
LEGS = st.lists(
    st.tuples(BET_IDS, st.integers(100, 5_000), RESULTS | st.just(CANCELLED)),
    min_size=1,
    max_size=3,
)
MADE = st.builds(
    lambda legs, terms, price, cap, refund: accumulator(
        *legs, terms=terms, price=price, cap_cents=cap, void_refund=refund
    ),
    LEGS,
    TERMS,
    st.integers(1, 10_000_000),
    st.none() | st.integers(1, 1_000_000),
    st.sampled_from(VoidRefund),
)


def ended(told):
    return told if told.known.settlement is None else told.settled()


def cents(text):
    return int(text.replace(",", "").replace(".", ""))


def player_sentence(explained):
    return tell(explained, ENGLISH, Audience.PLAYER, NAIROBI).money


@given(MADE)
def test_every_number_of_the_players_sentence_adds_up(told):
    explained = ended(told).explained()
    money = player_sentence(explained)
    facts, state = explained.ticket
    price = cents(re.match(r"You paid KES ([0-9,.]+\d)", money)[1])
    assert facts.charge.price_cents == price
    excise = re.search(r"; ([0-9,.]+) was staked after excise duty of ([0-9,.]+\d);", money)
    if excise:
        assert price == cents(excise[1]) + cents(excise[2])
    else:
        assert price == facts.charge.stake_cents
    won = re.search(r"win ([0-9,.]+\d)|won ([0-9,.]+\d)", money)
    if won:
        tax = re.search(r"withholding tax ([0-9,.]+\d)", money)
        net = re.search(r"receive KES ([0-9,.]+\d)", money)
        assert cents(net[1]) == cents(won[1] or won[2]) - (cents(tax[1]) if tax else 0)
    if explained.case is Case.WON:
        assert (state.gross_cents, state.net_cents) == (cents(won[2]), cents(net[1]))


@given(MADE)
def test_the_steps_of_finance_lead_to_the_amounts_in_force(told):
    explained = ended(told).explained()
    steps, facts = explained.steps, explained.ticket.facts
    if steps is None:
        assert explained.case not in {Case.OPEN, Case.WON}
        return
    gross, wht, net, uncapped = steps.payout
    terms = explained.terms
    assert uncapped == round_ratio(facts.charge.stake_cents * steps.odds, 100, terms.rounding)
    assert gross == (uncapped if facts.cap_cents is None else min(uncapped, facts.cap_cents))
    assert wht == withhold(gross, facts.charge, terms)
    assert wht == round_ratio(steps.taxable_cents * terms.wht_rate, 1_000_000, terms.rounding)
    assert net == gross - wht
    if explained.case is Case.WON:
        assert steps.payout[:3] == explained.ticket.state[4:7]


@given(MADE, st.sampled_from(["en", "sw", "fr"]), st.sampled_from(Audience))
def test_any_ticket_can_be_told_in_any_language(told, lang, audience):
    explained = ended(told).explained()
    made = tell(explained, known_languages()[lang], audience, NAIROBI)
    assert len(explained.legs) == len(made.legs)
    assert not re.search(r"[{}]", "".join([*made.legs, made.money, made.sms]))


def test_what_an_open_ticket_may_pay_counts_what_is_void_already():
    explained = accumulator((1, 200, CANCELLED), (1, 300, None), terms=FREE).explained()
    assert (Case.OPEN, 300) == (explained.case, explained.odds)
    assert 30_000 == explained.payout.gross_cents


def test_a_leg_that_waited_too_long_is_void_whatever_is_played_later():
    told = accumulator((1, 200, played(2, 1)), (1, 300, played(1, 0)), overdue={1})
    first, second = told.settled().explained().legs
    assert (Happened.OVERDUE, Happened.PLAYED) == (first.happened, second.happened)


def test_a_correction_that_is_under_way_hides_the_steps_of_the_old_settlement():
    won = accumulator((1, 200, played(2, 1)))
    lost = accumulator((1, 200, played(0, 1)))
    explained = lost.at(Status.RESULTED, won.known.settlement).explained()
    assert ((Note.CORRECTING,), None) == (explained.notes, explained.steps)
    closing = lost.at(Status.CLOSED, won.known.settlement, "close", closing=True).explained()
    assert (Note.LATE, Note.CLOSED) == closing.notes


def places(*hows):
    signs = (Sign.ONE, None, Sign.TWO)
    return Decided(
        tuple(
            Place(id_, how, sign, 3 if how is How.REPLACED else None)
            for id_, (how, sign) in enumerate(zip(hows, signs, strict=False), 1)
        )
    )


REPLACED = (
    "the reserve match Sofapaka - Kariobangi Sharks 1-1 counts in its place: "
    "your pick there is wrong."
)


def test_the_places_of_a_jackpot_are_each_told_in_their_way():
    card = JACKPOT._replace(reserves=(3,))
    prizes = Prizes((TierPrize(1, 5_000, 5_000), TierPrize(1, 200, 200)))
    picks = ((1, 1), (2, 3), (3, 2))
    results = (CANCELLED, CANCELLED, played(1, 1))
    said = []
    for hows in ((How.REPLACED, How.VOID), (How.PLAYED, How.COUNTED), (How.DRAWN, How.DROPPED)):
        told = jackpot(results, picks, places(*hows), prizes, card=card, lines=1)
        explained = told.settled().explained()
        assert isinstance(explained.tally, Lines)
        legs = tell(explained, ENGLISH, Audience.PLAYER, NAIROBI).legs
        said += [leg.partition("; ")[2] for leg in legs[:2]]
    assert [
        REPLACED,
        "no pick counts as right.",
        "that is right.",
        "every pick counts as right.",
        "the public draw gave 1: that is right.",
        "this match is left out.",
    ] == said
    assert legs[2].endswith("it counts only in place of a match that is not played.")
