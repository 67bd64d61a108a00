"""What a wallet holds of a ticket once it has carried out what it was told (spec 4)."""

from collections.abc import Iterable
from typing import NamedTuple

from acca.core.lifecycle import Message

OUTCOMES = {
    Message.TICKET_WIN: "won",
    Message.TICKET_LOST: "lost",
    Message.TICKET_VOID: "void",
    Message.TICKET_REFUND: "refund",
}
"""The calls that end a ticket, and the outcome that is then in force."""


class Told(NamedTuple):
    """A call of a ticket by its journal number; `net_cents` where it tells a new net payout."""

    n: int
    action: Message
    net_cents: int | None = None


class Held(NamedTuple):
    """What a wallet holds of a ticket, as its export says."""

    taken_cents: int = 0
    given_cents: int = 0
    outcome: str = "none"
    discarded: bool = False
    closed: bool = False
    last_n: int = 0


def hold(price_cents: int, struck_net_cents: int, told: Iterable[Told]) -> Held:
    """Tell what a wallet holds that has carried out these calls, in their order.

    What a create never took need not be given back: of a discard only `discarded` is to be relied
    on, and that nothing is kept.
    """
    held, net_cents = Held(), struck_net_cents
    for call in told:
        net_cents = net_cents if call.net_cents is None else call.net_cents
        held = _carry_out(held, call.action, price_cents, net_cents)
    return held


def _carry_out(held: Held, action: Message, price_cents: int, net_cents: int) -> Held:
    outcome = OUTCOMES.get(action)
    if outcome is not None:
        given = {"lost": 0, "refund": price_cents}.get(outcome, net_cents)
        return held._replace(outcome=outcome, given_cents=given)
    match action:
        case Message.TICKET_CREATE:
            return held._replace(taken_cents=price_cents)
        case Message.TICKET_DISCARD:
            return held._replace(discarded=True)
        case Message.TICKET_ROLLBACK:
            return held._replace(outcome="none", given_cents=0)
        case Message.TICKET_CLOSED:
            return held._replace(closed=True)
        case _:
            return held
