"""The life of a ticket as one table: each move, from where to where, and what it tells (spec 6)."""

from enum import Enum
from typing import NamedTuple

from acca.core.ticket import Status


class Message(Enum):
    """A message to the operator: wallet actions by their wire names, then SMS types."""

    PING = "ping"
    IDENTIFY = "identify"
    TICKET_CREATE = "ticket_create"
    TICKET_RESERVE = "ticket_reserve"
    TICKET_UPDATE = "ticket_update"
    TICKET_CLOSED = "ticket_closed"
    TICKET_REFUND = "ticket_refund"
    TICKET_WIN = "ticket_win"
    TICKET_LOST = "ticket_lost"
    TICKET_VOID = "ticket_void"
    TICKET_DISCARD = "ticket_discard"
    TICKET_ROLLBACK = "ticket_rollback"
    TICKET_STATUS = "ticket_status"
    BET_RESULT = "bet_result"
    OTP = "otp"


class Move(NamedTuple):
    """One change of state; `tells` lists what it may queue, in the order of sending.

    A ticket that a `seals` move ended (declined, cashed out) is final: no `unsealed` move touches
    it again.
    """

    name: str
    before: Status
    after: Status
    tells: tuple[Message, ...] = ()
    seals: bool = False
    unsealed: bool = False


_OUTCOME = (
    Message.TICKET_UPDATE,
    Message.TICKET_WIN,
    Message.TICKET_LOST,
    Message.TICKET_VOID,
    Message.BET_RESULT,
    Message.TICKET_STATUS,
)
_LEGS = (Message.BET_RESULT,)
_DISCARD = (Message.TICKET_DISCARD,)

MOVES: tuple[Move, ...] = (
    Move("confirm", Status.NEW, Status.OPEN),
    Move("confirm reservation", Status.NEW, Status.RESERVED),
    Move("refuse", Status.NEW, Status.CANCELLED, _DISCARD),
    Move("recover", Status.NEW, Status.CANCELLED, _DISCARD),
    Move("pay", Status.RESERVED, Status.OPEN, (Message.TICKET_STATUS,)),
    Move("expire", Status.RESERVED, Status.CANCELLED, _DISCARD),
    Move("approve", Status.OPEN, Status.OPEN),
    Move("tell legs", Status.OPEN, Status.OPEN, _LEGS),
    Move("hold", Status.OPEN, Status.OPEN, _LEGS),
    Move("resume", Status.OPEN, Status.OPEN, _LEGS),
    Move(
        "decline",
        Status.OPEN,
        Status.RESULTED,
        (Message.TICKET_REFUND, Message.TICKET_STATUS),
        seals=True,
    ),
    Move(
        "cash out",
        Status.OPEN,
        Status.RESULTED,
        (Message.TICKET_UPDATE, Message.TICKET_WIN, Message.TICKET_STATUS),
        seals=True,
    ),
    Move("settle", Status.OPEN, Status.RESULTED, _OUTCOME),
    Move(
        "correct",
        Status.RESULTED,
        Status.RESULTED,
        (Message.TICKET_ROLLBACK, *_OUTCOME),
        unsealed=True,
    ),
    Move("reopen", Status.RESULTED, Status.OPEN, (Message.TICKET_ROLLBACK,), unsealed=True),
    Move("hold correction", Status.RESULTED, Status.RESULTED, unsealed=True),
    Move("drop correction", Status.RESULTED, Status.RESULTED, unsealed=True),
    Move("close", Status.RESULTED, Status.RESULTED, (Message.TICKET_CLOSED,)),
    Move("closed", Status.RESULTED, Status.CLOSED),
)

_BY_NAME = {move.name: move for move in MOVES}


def find_move(name: str, status: Status, *, sealed: bool = False) -> Move | None:
    """Find the move of this name from this status, None where the ticket's state forbids it."""
    move = _BY_NAME[name]
    if move.before is not status or (sealed and move.unsealed):
        return None
    return move


def render_diagram() -> str:
    """Write the table as a Mermaid state diagram: the one in `docs/lifecycle.md`."""
    arrows = [f"    {move.before.value} --> {move.after.value}: {move.name}" for move in MOVES]
    ends = [f"    {status.value} --> [*]" for status in Status if _is_end(status)]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {Status.NEW.value}", *arrows, *ends])


def _is_end(status: Status) -> bool:
    reached = any(move.after is status for move in MOVES)
    return reached and all(move.before is not status for move in MOVES)
