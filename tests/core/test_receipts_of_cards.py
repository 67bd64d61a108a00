import pytest
from receipts_made import CANCELLED, figures, jackpot, leg, played, superbet

from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier, VoidPolicy, VoidStep
from acca.core.cards.superbet import Prize, VoidQuestion
from acca.core.finance import ExciseFormula, TaxTerms
from acca.core.jackpot_judging import How, Place, RefundReason
from acca.core.public_draw import Sign, commit_to, draw
from acca.core.receipt import Answers, End, JackpotPlace, JackpotRound, Stage
from acca.core.receipt_parts import Contradiction, NotDecided
from acca.core.receipting import complete
from acca.core.ticket import TicketResult

KENYA = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000)
PRIZES = (Prize(3, 50_000), Prize(2, 5_000))
HOME, OVER, HALF_DRAW = (leg(played(2, 1)), leg(played(2, 1), "OUFT", "2.5", "O"),
                         leg(played(2, 1), "MRHT", None, "X"))  # fmt: skip
SEED = bytes(range(32))
EVENTS = (11, 12, 13)


# ---- superbets


@pytest.mark.parametrize(
    ("rule", "is_refunded", "end"),
    [
        (VoidQuestion.VOID_ALL, True, (TicketResult.VOID, 1000)),
        (VoidQuestion.LOWER, False, (TicketResult.WON, 50_000)),
        (VoidQuestion.COUNT_AS_CORRECT, False, (TicketResult.WON, 50_000)),
    ],
)
def test_each_void_rule_of_a_superbet_is_worked_out(rule, is_refunded, end):
    void = leg(played(2, 2), "DNBFT", None, "1", not_played=True)
    made = complete(superbet(rule, HOME, OVER, void, prizes=PRIZES))
    prize = 0 if is_refunded else 50_000
    assert (2, 1, is_refunded, prize) == made.superbet.answers
    assert end == (made.end.result, made.end.gross_cents)
    assert None is made.end.settled_odds is made.struck


def test_a_superbet_counts_its_right_answers():
    wrong = leg(played(2, 1), "MRHT", None, "1")
    half = wrong._replace(result=played(2, 1, (0, 0)))
    made = complete(superbet(VoidQuestion.VOID_ALL, HOME, OVER, half, prizes=PRIZES, tax=KENYA))
    assert Answers(2, 0, refunded=False, prize_cents=5_000) == made.superbet.answers
    assert End(TicketResult.WON, None, 5_000, 822, 4_178) == made.end
    assert "2" == figures(made)["right"]


def test_a_superbet_is_not_settled_before_its_last_question():
    with pytest.raises(NotDecided):
        complete(superbet(VoidQuestion.LOWER, HOME, leg(None, "BTTSFT", None, "Y"), prizes=PRIZES))


def test_a_superbet_that_is_struck_tells_nothing_of_answers():
    legs = (leg(None), leg(None, "BTTSFT", None, "Y"))
    made = complete(superbet(VoidQuestion.LOWER, *legs, prizes=PRIZES, stage=Stage.STRUCK))
    assert None is made.superbet.answers
    assert 0 == made.end.net_cents


def test_bets_that_are_none_of_the_card_are_refused():
    made = superbet(VoidQuestion.LOWER, HOME, OVER, prizes=PRIZES)
    other = made._replace(legs=(made.legs[0], made.legs[0]))
    with pytest.raises(Contradiction):
        complete(other)


# ---- jackpots


def card(*tiers, reserves=(), commitment=None, **changes):
    steps = (VoidStep(VoidPolicy.REFUND_ALL, 3),)
    tiers = tiers or (
        Tier(PrizeKind.FIXED_PER_LINE, 500_000),
        Tier(PrizeKind.FIXED_PER_LINE, 9_000),
    )
    made = Jackpot(1000, 100, tiers, EVENTS, steps, reserves, commitment=commitment)
    return made._replace(**changes)


def counts(place, how, known=None, scores=None, **more):
    return JackpotPlace(Place(EVENTS[place - 1], how, **more), known, scores)


def round_(*places, winning=(0, 0), stake=10_000, carried=0, rate=1_000_000, seed=None):
    return JackpotRound(1, None, rate, seed, places, stake, carried, winning, (), (), ())


HOME_WINS = [counts(place, How.PLAYED, played(1, 0)) for place in (1, 2, 3)]
PICKS = {11: "1", 12: "1X", 13: "1"}


def test_fixed_prizes_are_paid_by_line():
    made = complete(jackpot(card(), round_(*HOME_WINS, winning=(1, 1)), PICKS))
    assert [Sign.ONE] * 3 == [place.counts.sign for place in made.jackpot.round.places]
    assert (1, 1) == made.jackpot.round.lines_won
    assert End(TicketResult.WON, None, 509_000, 0, 509_000) == made.end


def test_a_shared_prize_tells_pool_winners_and_what_each_division_left():
    tiers = (
        Tier(PrizeKind.SHARED_PERCENT_OF_POOL, 0, 333_333),
        Tier(PrizeKind.SHARED_AMOUNT, 1000),
    )
    shared = round_(*HOME_WINS, winning=(3, 7), stake=10_001, carried=500, rate=900_000)
    made = complete(jackpot(card(*tiers), shared, PICKS))
    told = figures(made)
    assert ("3000", "3500", "1166") == tuple(
        told[f"tier_0_{name}_cents"] for name in ("amount", "put_in", "per_line")
    )
    assert ("900", "128") == (told["tier_1_amount_cents"], told["tier_1_per_line_cents"])
    assert 1166 + 128 == made.end.gross_cents


def test_a_drawn_event_counts_by_the_seed_that_the_card_committed_to():
    scores = "2:1-0,3:1-0"
    places = [counts(1, How.DRAWN, None, scores), *HOME_WINS[1:]]
    sign = draw(SEED, "ABC123", 1, scores)
    committed = card(commitment=commit_to(SEED))
    made = complete(jackpot(committed, round_(*places, seed=SEED.hex()), PICKS))
    assert sign is made.jackpot.round.places[0].counts.sign
    with pytest.raises(Contradiction):
        complete(jackpot(committed, round_(*places, seed=bytes(32).hex()), PICKS))


def test_a_draw_of_another_platform_counts_as_it_is_told():
    places = [counts(1, How.DRAWN, None, "2:1-0", sign=Sign.TWO), *HOME_WINS[1:]]
    made = complete(jackpot(card(), round_(*places), PICKS))
    assert Sign.TWO is made.jackpot.round.places[0].counts.sign


def test_a_reserve_counts_in_the_place_of_an_event():
    places = [counts(1, How.REPLACED, played(0, 2), reserve=14), *HOME_WINS[1:]]
    made = complete(jackpot(card(reserves=(14,)), round_(*places), {**PICKS, 14: "2"}))
    assert (1, 1, 0, 0) == made.jackpot.round.lines_by_wrong


@pytest.mark.parametrize(
    ("how", "lines"),
    [
        (How.COUNTED, (1, 1, 0, 0)),
        (How.DROPPED, (1, 1, 0, 0)),
        (How.VOID, (0, 1, 1, 0)),
    ],
)
def test_an_event_without_a_sign_counts_as_the_card_has_it(how, lines):
    places = [counts(1, how), *HOME_WINS[1:]]
    made = complete(jackpot(card(), round_(*places), {**PICKS, 11: "2"}))
    assert lines == made.jackpot.round.lines_by_wrong


def test_a_refunded_jackpot_gives_back_what_was_paid():
    blank = round_()._replace(refund=RefundReason.NO_POLICY_LEFT, winning_lines=())
    made = complete(jackpot(card(), blank, PICKS, price=2000, tax=KENYA))
    assert End(TicketResult.VOID, None, 2000, 0, 2000) == made.end


@pytest.mark.parametrize(
    ("places", "place"),
    [
        ([counts(1, How.PLAYED, CANCELLED), *HOME_WINS[1:]], "places/0/result"),
        ([counts(1, How.PLAYED), *HOME_WINS[1:]], "places/0/result"),
        ([counts(1, How.VOID, played(1, 0)), *HOME_WINS[1:]], "places/0/result"),
        ([counts(1, How.DRAWN), *HOME_WINS[1:]], "places/0/scores"),
        ([counts(1, How.REPLACED, played(1, 0), reserve=99), *HOME_WINS[1:]],
         "places/0/counts/reserve"),
        (HOME_WINS[1:], "places"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_places_that_do_not_fit_are_told(places, place):
    with pytest.raises(Contradiction) as found:
        complete(jackpot(card(), round_(*places), PICKS))
    assert f"jackpot/round/{place}" == "/".join(map(str, found.value.at))


def test_picks_that_are_none_of_the_card_are_refused():
    with pytest.raises(Contradiction) as found:
        complete(jackpot(card(), round_(*HOME_WINS), {11: "1", 12: "1"}))
    assert ("legs",) == found.value.at


def test_a_jackpot_that_is_struck_tells_nothing_of_its_round():
    made = complete(jackpot(card(), round_(*HOME_WINS), PICKS, stage=Stage.STRUCK))
    assert None is made.jackpot.round
    assert End(TicketResult.PENDING, None, 0, 0, 0) == made.end
