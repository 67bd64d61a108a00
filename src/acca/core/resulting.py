"""What becomes of a ticket by the facts as they are known now: settled, held, corrected (spec 6).

The same facts always make the same end, whatever the ticket went through before.
"""

from typing import NamedTuple

from acca.core.lifecycle import Message
from acca.core.operator import AmountsChanged, Clawback, OperatorSettings
from acca.core.settling import Settlement
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import Amounts, Facts, LegResult, State, Ticket

# Members of an Enum are looked up slowly, and this runs for every ticket of every result.
_OPEN, _RESULTED, _CLOSED = Status.OPEN, Status.RESULTED, Status.CLOSED
_IN_FORCE = frozenset({_OPEN, _RESULTED, _CLOSED})
_PENDING, _WON, _LOST, _VOID = (
    TicketResult.PENDING,
    TicketResult.WON,
    TicketResult.LOST,
    TicketResult.VOID,
)
_HOLD, _FETCH, _BY_VOID = AmountsChanged.HOLD, AmountsChanged.FETCH, AmountsChanged.VOID
HOLD_CORRECTION = "hold correction"
"""The move of a ticket whose payout staff has to agree to take back."""
DROP_CORRECTION = "drop correction"
"""Its move once the facts are as they were."""
_OUTCOMES = {
    _WON: (Message.TICKET_WIN,),
    _LOST: (Message.TICKET_LOST,),
    _VOID: (Message.TICKET_VOID,),
}
_UPDATED = (Message.TICKET_UPDATE, Message.TICKET_WIN)


class Ways(NamedTuple):
    """How an operator wants its wallet to learn of the ends of tickets of a type.

    `changed` is what is done with changed amounts, None where the wallet is told them. `holds` lets
    staff agree before a payout is taken back.
    """

    changed: AmountsChanged | None = None
    holds: bool = False


class Decision(NamedTuple):
    """A move of the life cycle, the state after it, and what the wallet is told, in order.

    `reason` is why a settlement is taken back, or a ticket is held. `legs` are those of which the
    player is told one by one.
    """

    kind: str
    state: State
    tells: tuple[Message, ...] = ()
    reason: str | None = None
    legs: tuple[LegResult, ...] = ()


class TooLate(NamedTuple):
    """The ticket is closed, and would have ended so; nothing moves.

    None where it would have ended just as it did.
    """

    settlement: Settlement | None
    differs: bool


class _End(NamedTuple):
    """How an outcome is told, and the amounts that the wallet knows from then on."""

    tells: tuple[Message, ...]
    told: Amounts | None


def is_in_force(state: State) -> bool:
    """Tell whether a ticket plays for the prizes of its card: open or ended by it, not declined."""
    return state.approved and not state.sealed and state.status in _IN_FORCE


def struck_amounts(facts: Facts) -> Amounts:
    """Tell what a ticket pays as it was struck; nothing for superbets and jackpots."""
    return Amounts(*facts.payout[:3])


def ways_of(settings: OperatorSettings, ticket_type: TicketType) -> Ways:
    """Tell how an operator wants its wallet to learn of the ends of tickets of a type."""
    holds = settings.clawback is Clawback.HOLD
    if ticket_type in settings.update_types:
        return Ways(None, holds)
    return Ways(settings.amounts_changed(ticket_type), holds)


def decide(ticket: Ticket, settlement: Settlement | None, ways: Ways) -> Decision | TooLate | None:
    """Say what moves a ticket to the end that the facts give it; None where nothing has to.

    `settlement` None is undecided. `ways` are from `ways_of`.
    """
    facts, state = ticket
    if state.sealed or not state.approved:
        return None
    if state.status is _OPEN:
        return _decide_open(facts, state, settlement, ways.changed)
    if state.status is _RESULTED and not state.closing:
        return _decide_resulted(facts, state, settlement, ways)
    if state.status in {_RESULTED, _CLOSED}:
        return TooLate(settlement, differs=not _is_same(state, settlement))
    return None


def _decide_open(
    facts: Facts, state: State, settlement: Settlement | None, changed: AmountsChanged | None
) -> Decision | None:
    if settlement is None:
        if not state.held:
            return None
        return Decision("resume", state._replace(held=False), reason="undecided")
    end = _tell(facts, state, settlement, changed)
    if end is not None:
        return Decision("settle", _ended(state, settlement, end), end.tells)
    return None if state.held else Decision("hold", state._replace(held=True), reason=_CHANGED)


_CHANGED = "amounts-changed"


def _decide_resulted(
    facts: Facts, state: State, settlement: Settlement | None, ways: Ways
) -> Decision | None:
    if _is_same(state, settlement):
        if not state.held:
            return None
        return Decision(DROP_CORRECTION, state._replace(held=False), reason="as-before")
    # Once held it is staff's, whatever the operator wants by now.
    if (ways.holds or state.held) and lowered_by(state, settlement) > 0:
        held = state._replace(held=True)
        return None if state.held else Decision(HOLD_CORRECTION, held, reason="clawback")
    return _correct(facts, state, settlement, ways.changed)


def lowered_by(state: State, settlement: Settlement | None) -> int:
    """Tell how many cents of a payout an end would take back; none, or less, where it pays more."""
    if state.status is not _RESULTED:
        return 0
    return state.net_cents - (0 if settlement is None else settlement.net_cents)


def _correct(
    facts: Facts, state: State, settlement: Settlement | None, changed: AmountsChanged | None
) -> Decision:
    if settlement is None:
        return _reopen(facts, state, "undecided")
    reason = "result-changed" if settlement.result is not state.result else _CHANGED
    end = _tell(facts, state, settlement, changed)
    if end is None:
        reopened = _reopen(facts, state, reason)
        return reopened._replace(state=reopened.state._replace(held=True))
    tells = (Message.TICKET_ROLLBACK, *end.tells)
    return Decision("correct", _ended(state, settlement, end), tells, reason)


def _reopen(facts: Facts, state: State, reason: str) -> Decision:
    gross, wht, net = struck_amounts(facts)
    after = state._replace(
        status=_OPEN,
        result=_PENDING,
        gross_cents=gross,
        wht_cents=wht,
        net_cents=net,
        settled_odds=None,
        held=False,
    )
    return Decision("reopen", after, (Message.TICKET_ROLLBACK,), reason)


def release(ticket: Ticket, settlement: Settlement, by: AmountsChanged | None) -> Decision:
    """Tell the wallet of a ticket that was held, in the way that staff chose; None is an update."""
    assert _is_held(ticket.state, _OPEN), "only what is held is released"
    assert by is not _HOLD, "a release does not hold"
    end = _tell(ticket.facts, ticket.state, settlement, by)
    assert end is not None, "what is not held is told"
    return Decision("settle", _ended(ticket.state, settlement, end), end.tells)


def take_back(
    ticket: Ticket, settlement: Settlement | None, changed: AmountsChanged | None
) -> Decision:
    """Take back a payout that was held, and tell the wallet of the end that the facts give it."""
    assert _is_held(ticket.state, _RESULTED), "only a payout that is held is taken back"
    return _correct(*ticket, settlement, changed)


def waive(state: State) -> State:
    """Leave a payout that was held as it was paid: the ticket is closed, a correction too late."""
    assert _is_held(state, _RESULTED), "only a payout that is held is waived"
    return state._replace(held=False, closing=True)


def _tell(
    facts: Facts, state: State, settlement: Settlement, changed: AmountsChanged | None
) -> _End | None:
    """Say how a wallet learns of an outcome, None where staff has to look at it first."""
    tells = _OUTCOMES[settlement.result]
    if settlement.result is _LOST:
        return _End(tells, state.told)
    amounts = Amounts(*settlement[2:5])
    if settlement.result is _VOID:
        return _End(tells, amounts)
    if changed is _FETCH or amounts == (state.told or struck_amounts(facts)):
        return _End(tells, state.told)
    if changed is None:
        return _End(_UPDATED, amounts)
    return _End(_OUTCOMES[_VOID], amounts) if changed is _BY_VOID else None


def _is_held(state: State, status: Status) -> bool:
    return state.held and state.status is status


def _ended(state: State, settlement: Settlement, end: _End) -> State:
    # Spelled out, as a replacement of so many fields takes three times as long.
    return State(
        state.n,
        _RESULTED,
        settlement.result,
        state.approved,
        settlement.gross_cents,
        settlement.wht_cents,
        settlement.net_cents,
        state.updated,
        settlement.settled_odds,
        told=end.told,
    )


def _is_same(state: State, settlement: Settlement | None) -> bool:
    """Tell whether a ticket has ended just so; odds that change no amount are no correction."""
    if settlement is None:
        return False
    now = (state.gross_cents, state.wht_cents, state.net_cents)
    return state.result is settlement.result and now == settlement[2:5]
