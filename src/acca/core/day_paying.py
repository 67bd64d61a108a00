"""What a won ticket pays where its player's day is limited: no more than the day has left (spec 7).

The day is the operator's, of settlement. What a ticket was allowed once it keeps while its end
stays the same; a correction gives it back to its day, and the new end takes of the day it falls in.
Players who win more than the limit are paid in the order of settlement.
"""

from datetime import date
from typing import NamedTuple

from acca.core.finance import withhold
from acca.core.settling import Settlement, Terms
from acca.core.ticket import TicketResult
from acca.core.ticket_facts import State


class Taken(NamedTuple):
    """What a ticket took of a day, and what the day had left for it."""

    day: date
    cap_cents: int
    paid_cents: int


class Allowed(NamedTuple):
    """The end of a ticket as the day allows it, and what it takes of a day then."""

    settlement: Settlement | None
    taken: Taken | None


def cap_payout(settlement: Settlement, left_cents: int, terms: Terms) -> Settlement:
    """Cut a payout off at what is left, and tax what remains."""
    if settlement.gross_cents <= left_cents:
        return settlement
    wht = withhold(left_cents, terms.charge, terms.tax)
    return settlement._replace(gross_cents=left_cents, wht_cents=wht, net_cents=left_cents - wht)


def allow(
    settlement: Settlement | None,
    state: State,
    terms: Terms,
    before: Taken | None,
    today: Taken,
) -> Allowed:
    """Say what a day allows a ticket; `today` is what the day would have left without it."""
    if settlement is None or settlement.result is not TicketResult.WON:
        return Allowed(settlement, None)
    if before is not None and state.result is TicketResult.WON:
        same = cap_payout(settlement, before.cap_cents, terms)
        if same[2:5] == (state.gross_cents, state.wht_cents, state.net_cents):
            return Allowed(same, before)
    capped = cap_payout(settlement, today.cap_cents, terms)
    return Allowed(capped, today._replace(paid_cents=capped.gross_cents))
