from datetime import UTC, datetime

import pytest
from tickets_made import new_ticket

from acca.core.leg_results import TELL_LEGS, find_news, may_tell, result_of, with_legs
from acca.core.outcome import HALF_LOST, HALF_WON, LOST, VOID, WON, dead_heat
from acca.core.resulting import Decision, TooLate
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import Leg, LegResult, State, Ticket

RESULT = LegResult(Leg(7, 1), TicketResult.WON)


def state(**changes):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    made = State(2, Status.OPEN, TicketResult.PENDING, True, 1, 0, 1, at)  # noqa: FBT003
    return made._replace(**changes)


def facts(**changes):
    return new_ticket(1, [7, 8], **changes).facts._replace(bets=(1, 2))


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        (WON, TicketResult.WON),
        (HALF_WON, TicketResult.WON),
        (dead_heat(3), TicketResult.WON),
        (VOID, TicketResult.VOID),
        (HALF_LOST, TicketResult.LOST),
        (LOST, TicketResult.LOST),
    ],
)
def test_a_part_counts_as_the_whole(outcome, result):
    assert result is result_of(outcome)


def test_what_was_told_is_no_news_until_it_is_otherwise():
    assert (RESULT,) == find_news(facts(), [WON, None], {})
    assert () == find_news(facts(), [WON, None], {Leg(7, 1): TicketResult.WON})
    lost = (LegResult(Leg(7, 1), TicketResult.LOST), LegResult(Leg(8, 2), TicketResult.VOID))
    assert lost == find_news(facts(), [LOST, VOID], {Leg(7, 1): TicketResult.WON})
    assert () == find_news(facts(), [None, None], {Leg(7, 1): TicketResult.WON})


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"status": Status.RESULTED}, True),
        ({"status": Status.RESULTED, "closing": True}, False),
        ({"status": Status.CLOSED}, False),
        ({"status": Status.RESERVED}, False),
        ({"approved": False}, False),
        ({"sealed": True, "status": Status.RESULTED}, False),
    ],
)
def test_legs_are_news_while_the_ticket_plays(changes, may):
    assert may is may_tell(Ticket(facts(), state(**changes)))


def test_picks_of_a_jackpot_are_not_told():
    assert not may_tell(Ticket(facts(type=TicketType.JACKPOT), state()))


def test_legs_go_with_a_move_or_are_one():
    ticket = Ticket(facts(), state())
    alone = with_legs(ticket, None, [RESULT])
    assert (TELL_LEGS, ticket.state, (RESULT,)) == (alone.kind, alone.state, alone.legs)
    settle = with_legs(ticket, Decision("settle", state()), [RESULT])
    assert (RESULT,) == settle.legs
    assert () == with_legs(ticket, Decision("reopen", state()), [RESULT]).legs
    late = TooLate(None, differs=False)
    assert late is with_legs(ticket, late, [RESULT])
    for other in (state(held=True), state(status=Status.RESULTED)):
        assert None is with_legs(Ticket(facts(), other), None, [RESULT])
    assert None is with_legs(ticket, None, [])
