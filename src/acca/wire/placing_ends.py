"""What the wallet's verdict on a new ticket makes of it, with the discard that undoes it."""

from datetime import datetime

from acca.core.confirming import WalletVerdict, discarding, expiry, refusal_of, waiting_after
from acca.core.delivery import Verdict
from acca.core.operator import OperatorSettings
from acca.core.ticket import Status
from acca.core.ticket_facts import Change, Entry, Ticket
from acca.wire.pam_calls import Teller, tell_discard


def change_by_wallet(
    ticket: Ticket,
    wallet: WalletVerdict,
    first_start: datetime,
    teller: Teller,
    settings: OperatorSettings,
) -> Change:
    """Make of the wallet's verdict the second entry of the ticket's journal."""
    facts, new = ticket
    if wallet.verdict is Verdict.ACCEPTED:
        status, kind, expires = Status.OPEN, "confirm", None
        if facts.is_reservation:
            status, kind = Status.RESERVED, "confirm reservation"
            expires = expiry(facts, first_start, settings)
        state = new._replace(status=status, expires=expires)
        return Change(facts.key, new.n, state, (Entry(kind),), waiting_after(state, first_start))
    reason, delay = discarding(wallet, settings)
    entry = Entry(
        "refuse",
        tell_discard(teller, facts.key.id, reason, delay),
        refusal=refusal_of(wallet).code,
        detail=wallet.reason,
    )
    return Change(facts.key, new.n, new._replace(status=Status.CANCELLED), (entry,), ends=True)
