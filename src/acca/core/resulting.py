"""What becomes of a ticket by the facts as they are known now: settled, held, corrected (spec 6).

The same facts always make the same end, whatever the ticket went through before.
"""

from typing import NamedTuple

from acca.core.lifecycle import Message
from acca.core.operator import AmountsChanged, OperatorSettings
from acca.core.settling import Settlement
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import Amounts, Facts, State, Ticket

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
_OUTCOMES = {
    _WON: (Message.TICKET_WIN,),
    _LOST: (Message.TICKET_LOST,),
    _VOID: (Message.TICKET_VOID,),
}
_UPDATED = (Message.TICKET_UPDATE, Message.TICKET_WIN)


class Decision(NamedTuple):
    """A move of the life cycle, the state after it, and what the wallet is told, in order.

    `reason` is why a settlement is taken back, or a ticket is held.
    """

    kind: str
    state: State
    tells: tuple[Message, ...] = ()
    reason: str | None = None


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


def changed_by(settings: OperatorSettings, ticket_type: TicketType) -> AmountsChanged | None:
    """Tell what an operator wants done with changed amounts; None: the wallet is told them."""
    if ticket_type in settings.update_types:
        return None
    return settings.amounts_changed(ticket_type)


def decide(
    ticket: Ticket, settlement: Settlement | None, changed: AmountsChanged | None
) -> Decision | TooLate | None:
    """Say what moves a ticket to the end that the facts give it; None where nothing has to.

    `settlement` None is undecided. `changed` is from `changed_by`.
    """
    facts, state = ticket
    if state.sealed or not state.approved:
        return None
    if state.status is _OPEN:
        return _decide_open(facts, state, settlement, changed)
    if state.status is _RESULTED and not state.closing:
        return _decide_resulted(facts, state, settlement, changed)
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
    facts: Facts, state: State, settlement: Settlement | None, changed: AmountsChanged | None
) -> Decision | None:
    if _is_same(state, settlement):
        return None
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
    )
    return Decision("reopen", after, (Message.TICKET_ROLLBACK,), reason)


def release(ticket: Ticket, settlement: Settlement, by: AmountsChanged | None) -> Decision:
    """Tell the wallet of a ticket that was held, in the way that staff chose; None is an update."""
    assert ticket.state.held, "only what is held is released"
    assert by is not _HOLD, "a release does not hold"
    end = _tell(ticket.facts, ticket.state, settlement, by)
    assert end is not None, "what is not held is told"
    return Decision("settle", _ended(ticket.state, settlement, end), end.tells)


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
