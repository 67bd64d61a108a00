import datetime as dt
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wishes import (
    CLOSED,
    COUPON,
    JACKPOT,
    NO,
    NOW,
    OPEN,
    RESULT,
    SMART,
    SUPER,
    TIPS,
    YES,
    answer,
    card,
    event,
    rules,
    seen,
    wish,
)

from acca.core.cards.card import CardState
from acca.core.cards.fitting import Pick
from acca.core.placing import (
    largest_price,
    strike,
)
from acca.core.refusals import (
    BetNotFound,
    BetsDoNotFit,
    BetSuspended,
    CardClosed,
    CardNotFound,
    CurrencyNotSupported,
    EventClosed,
    EventNotFound,
    EventTwice,
    OddsChanged,
    OddsTooHigh,
    PayoutTooHigh,
    PriceOutOfLimits,
    PrizesChanged,
    TicketTypeOff,
    WrongNumberOfEvents,
)
from acca.core.ticket import TicketType

# ---- precedence: of two reasons in a request the one of the earlier stage answers

TIP_CARD = card(TIPS, TicketType.QUICKTIP)
TIP_WISH = wish(card="abcdef")


def changed(number, **changes):
    """Make a defect that changes one event."""

    def defect(parts):
        found = parts["events"].get(number)
        more = {} if found is None else {number: found._replace(**changes)}
        return parts | {"events": parts["events"] | more}

    return defect


def without(number):
    def defect(parts):
        return parts | {
            "events": {key: each for key, each in parts["events"].items() if key != number}
        }

    return defect


def asked(**changes):
    """Make a defect that changes the request."""
    return lambda parts: parts | {"wish": parts["wish"]._replace(**changes)}


def picked(*more):
    """Make a defect that adds picks to the request."""
    return lambda parts: asked(picks=(*parts["wish"].picks, *more))(parts)


def ruled_by(**changes):
    return lambda parts: parts | {"settings": parts["settings"] | changes}


def limited(**changes):
    return lambda parts: parts | {"limits": parts["limits"] | changes}


OTHER_ODDS = dict.fromkeys((1, 2, 3), 160)
DEFECTS = [
    (1, TicketTypeOff, ruled_by(ticket_types=frozenset({TicketType.JACKPOT}))),
    (2, CardNotFound, asked(card="000000")),
    (2, CardClosed, lambda parts: parts | {"state": CLOSED}),
    (3, BetsDoNotFit, picked(Pick(1, 2, 150))),
    (3, EventTwice, picked(Pick(1, 1, 150))),
    (3, WrongNumberOfEvents, limited(legs_max=3)),
    (4, EventNotFound, without(1)),
    (4, BetNotFound, changed(2, odds={})),
    (5, EventClosed, changed(3, state="live")),
    (5, BetSuspended, changed(4, closed=(1,))),
    (6, OddsChanged, changed(1, odds=OTHER_ODDS)),
    (8, CurrencyNotSupported, ruled_by(currencies=frozenset({"UGX"}))),
    (9, PriceOutOfLimits, limited(price_cents_min=1001)),
    (10, OddsTooHigh, limited(total_odds_max=505)),
    (10, PayoutTooHigh, limited(payout_cents_max=5059)),
]


def judged(*defects):
    parts = {
        "wish": TIP_WISH,
        "events": seen().events,
        "state": OPEN,
        "settings": {},
        "limits": {},
    }
    for defect in defects:
        parts = defect(parts)
    looked_at = seen(TIP_CARD._replace(state=parts["state"]), events=parts["events"])
    return answer(parts["wish"], looked_at, rules(parts["limits"], **parts["settings"]))


def test_a_wish_without_defects_is_struck():
    assert judged() is None


@pytest.mark.parametrize(("refusal", "defect"), [each[1:] for each in DEFECTS])
def test_each_defect_has_its_refusal(refusal, defect):
    assert refusal is judged(defect)


@pytest.mark.parametrize(
    ("first", "second"),
    [pair for pair in combinations(DEFECTS, 2) if pair[0][0] < pair[1][0]],
    ids=lambda each: each[1].__name__,
)
def test_the_earlier_stage_answers(first, second):
    assert first[1] is judged(first[2], second[2])
    assert first[1] is judged(second[2], first[2])


def test_within_a_stage_the_order_of_the_request_answers():
    events = seen().events | {1: event(closed=(1,)), 2: event(state="live")}
    picks = TIP_WISH.picks
    assert BetSuspended is answer(wish(), seen(events=events))
    assert EventClosed is answer(wish(picks=picks[::-1]), seen(events=events))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"starts": NOW}, EventClosed),
        ({"starts": NOW + dt.timedelta(microseconds=1)}, None),
        ({"is_stopped": True}, EventClosed),
        ({"state": "postponed"}, EventClosed),
        ({"closed": (2,)}, None),
    ],
)
def test_an_event_takes_bets_until_it_starts_or_is_stopped(changes, refusal):
    events = seen().events | {2: event(**changes)}
    assert refusal is answer(wish(), seen(events=events))


@given(st.integers(100, 1000), st.integers(100, 1000), st.integers(0, 1000))
def test_odds_may_differ_by_what_is_accepted_in_either_direction(now, shown, accepted):
    wished = wish(picks=(Pick(1, 1, shown),), odds_diff=accepted)
    looked_at = seen(events={1: event(odds={1: now})})
    if abs(now - shown) > accepted:
        assert OddsChanged is answer(wished, looked_at)
    else:
        assert (now,) == strike(wished, looked_at, rules()).odds


def test_many_small_drops_are_refused_where_the_operator_says_so():
    wished = wish(odds_diff=10, picks=tuple(Pick(number, 1, 160) for number in (1, 2, 3, 4)))
    assert answer(wished) is None
    assert OddsChanged is answer(wished, None, rules(total_drop_max=200_000))
    assert answer(wished, None, rules(total_drop_max=230_000)) is None


# ---- cards


@pytest.mark.parametrize(
    ("body", "kind", "picks", "refusal"),
    [
        (TIPS, TicketType.QUICKTIP, [(1, 1), (3, 1)], None),
        (TIPS, TicketType.QUICKTIP, [(1, 2)], BetsDoNotFit),
        (COUPON, TicketType.QUICKBET, [(1, 1), (2, 3)], None),
        (COUPON, TicketType.QUICKBET, [(1, 1)], WrongNumberOfEvents),
        (COUPON, TicketType.QUICKBET, [(1, 1), (2, 1), (3, 1), (4, 1)], WrongNumberOfEvents),
        (COUPON, TicketType.QUICKBET, [(1, 1), (2, YES)], BetsDoNotFit),
        (COUPON, TicketType.QUICKBET, [(1, 1), (1, 2)], EventTwice),
        (SMART, TicketType.SMARTBET, [(1, 1), (2, YES)], None),
        (SMART, TicketType.SMARTBET, [(1, 1), (4, 1)], BetsDoNotFit),
        (SMART, TicketType.SMARTBET, [(1, 1), (2, 1), (3, 1)], WrongNumberOfEvents),
        (JACKPOT, TicketType.JACKPOT, [(1, 1), (2, 3)], None),
        (JACKPOT, TicketType.JACKPOT, [(1, 1)], BetsDoNotFit),
        (JACKPOT, TicketType.JACKPOT, [(1, 1), (2, 3), (3, 1)], BetsDoNotFit),
        (JACKPOT, TicketType.JACKPOT, [(1, 1), (2, YES)], BetsDoNotFit),
        (JACKPOT, TicketType.JACKPOT, [(1, 1), (1, 1), (2, 3)], EventTwice),
        (
            JACKPOT._replace(max_lines=1),
            TicketType.JACKPOT,
            [(1, 1), (1, 2), (2, 3)],
            WrongNumberOfEvents,
        ),
        (SUPER, TicketType.SUPERBET, [(4, 1), (4, YES)], None),
        (SUPER, TicketType.SUPERBET, [(4, NO), (4, 3)], None),
        (SUPER, TicketType.SUPERBET, [(4, 1)], BetsDoNotFit),
        (SUPER, TicketType.SUPERBET, [(4, 1), (4, 2)], BetsDoNotFit),
        (SUPER, TicketType.SUPERBET, [(4, 1), (4, YES), (4, NO)], BetsDoNotFit),
        (SUPER, TicketType.SUPERBET, [(3, 1), (3, YES)], BetsDoNotFit),
    ],
)
def test_bets_fit_their_card_or_not(body, kind, picks, refusal):
    shown = None if kind is TicketType.SUPERBET else 150
    made = tuple(Pick(number, each, shown) for number, each in picks)
    price = {TicketType.SUPERBET: 5000, TicketType.JACKPOT: 1000}.get(kind, 1000)
    wished = wish(kind, made, card="abcdef", price_cents=price)
    assert refusal is answer(wished, seen(card(body, kind)))


@pytest.mark.parametrize("state", [CardState.DRAFT, CardState.SCHEDULED])
def test_a_card_that_is_not_shown_is_not_found(state):
    hidden = TIP_CARD._replace(state=state)
    assert CardNotFound is answer(TIP_WISH, seen(hidden))


@pytest.mark.parametrize("state", [CardState.CLOSED, CardState.SETTLED])
def test_a_card_that_has_ended_is_closed(state):
    assert CardClosed is answer(TIP_WISH, seen(TIP_CARD._replace(state=state)))


def test_a_card_of_another_type_is_not_found():
    assert CardNotFound is answer(TIP_WISH._replace(type=TicketType.QUICKBET), seen(TIP_CARD))


def test_a_ticket_is_in_the_currency_of_its_card():
    abroad = TIP_CARD._replace(currency="UGX")
    assert CurrencyNotSupported is answer(TIP_WISH, seen(abroad))


# ---- superbets without a code

ANSWERS = (Pick(4, 1, None), Pick(4, YES, None))


def superbet(**changes):
    return wish(TicketType.SUPERBET, ANSWERS, price_cents=5000)._replace(**changes)


def test_a_superbet_is_found_by_its_event_price_and_bets():
    cards = [
        card(SUPER._replace(price_cents=2000), TicketType.SUPERBET, code="AAAAAA"),
        card(SUPER, TicketType.SUPERBET, code="BBBBBB"),
        card(SUPER._replace(questions=(RESULT,)), TicketType.SUPERBET, code="CCCCCC"),
    ]
    struck = strike(superbet(), seen(*cards), rules())
    assert ("BBBBBB", (), None) == (struck.card.code, struck.odds, struck.total_odds)
    assert (0, 0, 0, 0) == struck.payout


@pytest.mark.parametrize(
    ("cards", "changes", "refusal"),
    [
        ([], {}, CardNotFound),
        ([card(SUPER, TicketType.SUPERBET, CardState.SCHEDULED)], {}, CardNotFound),
        ([card(SUPER, TicketType.SUPERBET, CLOSED)], {}, CardNotFound),
        ([card(SUPER, TicketType.SUPERBET)], {"picks": ANSWERS[:1]}, BetsDoNotFit),
        ([card(SUPER, TicketType.SUPERBET)], {"price_cents": 4999}, PriceOutOfLimits),
    ],
)
def test_a_superbet_that_is_not_found_says_why(cards, changes, refusal):
    assert refusal is answer(superbet(**changes), seen(*cards))


def test_only_another_price_is_told_the_price_of_the_card():
    with pytest.raises(PriceOutOfLimits, match="between 5000 and 5000"):
        strike(superbet(price_cents=1), seen(card(SUPER, TicketType.SUPERBET)), rules())


# ---- jackpots

LINES = tuple(Pick(*each, 150) for each in ((1, 1), (1, 2), (2, 1), (2, 2), (2, 3)))


def jackpot(**changes):
    made = wish(TicketType.JACKPOT, LINES, price_cents=6000, card="ABCDEF")
    return made._replace(**changes)


def test_a_jackpot_costs_its_lines():
    looked_at = seen(card(JACKPOT, TicketType.JACKPOT))
    struck = strike(jackpot(), looked_at, rules())
    assert (6, None, (0, 0, 0, 0)) == (struck.lines, struck.total_odds, struck.payout)
    with pytest.raises(PriceOutOfLimits, match="between 6000 and 6000"):
        strike(jackpot(price_cents=5999), looked_at, rules())
    assert 6000 == largest_price(jackpot(price_cents=1), looked_at, rules())


@pytest.mark.parametrize(
    ("prizes", "refusal"),
    [
        ((100_000, 100_000), None),
        ((99_999, 1), None),
        ((100_001, 1), PrizesChanged),
        ((100_000,), PrizesChanged),
        ((100_000, 100_000, 1), PrizesChanged),
    ],
)
def test_prizes_may_have_risen_since_they_were_shown(prizes, refusal):
    looked_at = seen(card(JACKPOT, TicketType.JACKPOT))
    assert refusal is answer(jackpot(prizes=prizes), looked_at)


def test_a_jackpot_of_old_prizes_says_so_before_its_price_and_after_its_odds():
    old = jackpot(prizes=(1,), price_cents=1)
    looked_at = seen(card(JACKPOT, TicketType.JACKPOT))
    assert PrizesChanged is answer(old, looked_at)
    moved = looked_at._replace(events=looked_at.events | {1: event(odds=OTHER_ODDS)})
    assert OddsChanged is answer(old, moved)
