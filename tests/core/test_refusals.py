import string

import pytest

from acca.core.refusals import (
    APART,
    PRECEDENCE,
    REFUSALS,
    BetNotFound,
    EventNotFound,
    OddsChanged,
    PriceOutOfLimits,
    Refusal,
    TicketNotFound,
    first_of,
)


def test_every_refusal_has_its_place():
    assert set(Refusal.__subclasses__()) == set(REFUSALS)
    assert len(REFUSALS) == len(set(REFUSALS))
    assert set(APART).isdisjoint(one for stage in PRECEDENCE for one in stage)


def test_codes_are_unique_and_those_of_the_documentation_stay_its_own():
    assert len(REFUSALS) == len({refusal.code for refusal in REFUSALS})
    for refusal in REFUSALS:
        assert (100 <= refusal.code <= 199) == (refusal.documented and refusal is not OddsChanged)


def test_the_sentence_is_filled_with_facts():
    refusal = TicketNotFound(identifier="E36E20")
    assert "Ticket with `E36E20` identifier is not found" == refusal.message == str(refusal)
    assert 102 == refusal.code


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_sentence_without_its_facts_is_a_bug(refusal):
    fields = [name for _, name, _, _ in string.Formatter().parse(refusal.sentence) if name]
    if fields:
        with pytest.raises(KeyError):
            refusal()
    assert refusal(**dict.fromkeys(fields, "x")).message


def test_the_earliest_stage_answers_then_the_order_of_the_request():
    event, bet = EventNotFound(id=7), BetNotFound(bet=1, id=6)
    late = PriceOutOfLimits(min=1, max=2)
    assert bet is first_of([late, bet, event])
    assert event is first_of([event, bet, late])
    assert first_of([]) is None
