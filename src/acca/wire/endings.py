"""The move of a ticket that ends, or is taken back, with the bytes that tell of it (spec 4, 5)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from acca.core.delivering import UNTIL_CLOSE
from acca.core.finance import TaxTerms
from acca.core.resulting import DROP_CORRECTION, Decision
from acca.core.ticket_facts import Amounts, Change, Entry, State, Task, Ticket, Waiting
from acca.wire.pam_calls import AFTER_THE_WALLET, Ended, Teller, tell_end, tell_leg, tell_status

_AT_ONCE = timedelta(0)
_ENDS = frozenset({"settle", "correct", "cash out"})


class Telling(NamedTuple):
    """To whom an end is told: the wallet, and the player too where SMS can be sent."""

    teller: Teller
    has_sms: bool
    actor: str | None = None


def change_of(
    ticket: Ticket, decision: Decision, telling: Telling, terms: TaxTerms, now: datetime
) -> Change:
    """Make the move of a decision: what is told to the wallet, and then to the player."""
    facts, before = ticket
    kind, state, tells, reason, legs = decision
    teller, has_sms, actor = telling
    amounts = Amounts(state.gross_cents, state.wht_cents, state.net_cents)
    ended = Ended(facts, terms, amounts, reason or "")
    entries = [
        Entry(kind, tell_end(teller, message, ended), actor, detail=reason) for message in tells
    ]
    # Nobody reads that he has won before he is paid.
    delay = AFTER_THE_WALLET if entries else _AT_ONCE
    entries += [
        Entry(kind, tell_leg(teller, facts.key.id, leg, delay), actor, detail=reason)
        for leg in legs
    ]
    if has_sms and kind in _ENDS and (sms := tell_status(teller, facts, state)) is not None:
        late = sms._replace(delay=AFTER_THE_WALLET)
        entries.append(Entry(kind, late, actor, detail=reason))
    if not entries:
        entries.append(Entry(kind, actor=actor, detail=reason))
    return Change(facts.key, before.n, state, tuple(entries), _waiting(kind, state, now))


def _waiting(kind: str, state: State, now: datetime) -> Waiting | None:
    if state.held:
        return Waiting(Task.SETTLE, now, attention=True)
    # The wallet is told nothing, whose 200 would begin the day until the close.
    return Waiting(Task.CLOSE, now + UNTIL_CLOSE) if kind == DROP_CORRECTION else None
