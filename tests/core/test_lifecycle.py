import pytest

from acca.core.lifecycle import MOVES, Message, find_move
from acca.core.ticket import Status


def test_moves_have_speaking_names_of_their_own():
    assert len(MOVES) == len({move.name for move in MOVES})


def test_calculating_is_never_written():
    assert Status.CALCULATING not in {status for move in MOVES for status in move[1:3]}


def test_every_other_status_is_reached_and_all_but_two_are_left():
    assert set(Status) - {Status.CALCULATING, Status.NEW} == {move.after for move in MOVES}
    assert {Status.CANCELLED, Status.CLOSED} == {move.after for move in MOVES} - {
        move.before for move in MOVES
    }


def test_only_a_reserved_ticket_can_be_paid():
    allowed = [status for status in Status if find_move("pay", status)]
    assert [Status.RESERVED] == allowed


@pytest.mark.parametrize("name", ["correct", "reopen"])
def test_a_declined_or_cashed_out_ticket_is_final(name):
    assert find_move(name, Status.RESULTED)
    assert find_move(name, Status.RESULTED, sealed=True) is None
    assert find_move("close", Status.RESULTED, sealed=True)


def test_every_move_into_cancelled_tells_the_wallet_to_discard():
    for move in MOVES:
        assert (move.after is Status.CANCELLED) == (move.tells == (Message.TICKET_DISCARD,))


def test_a_rollback_is_told_before_the_new_outcome():
    assert Message.TICKET_ROLLBACK is find_move("correct", Status.RESULTED).tells[0]
