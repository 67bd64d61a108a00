"""What an open ticket is bought back for, and the acceptance of that."""

from dataclasses import dataclass, field
from datetime import datetime

from acca_client.documents import Members, instant, integer, write


@dataclass(frozen=True, slots=True, kw_only=True)
class CashOutOffer:
    """What a ticket is worth now, in cents; to accept it names `amount_cents`.

    It moves with odds and results, and is likely to stand until `valid_until`.
    """

    amount_cents: int
    gross_payout_cents: int
    wht_amount_cents: int
    net_payout_cents: int
    valid_until: datetime
    extra: dict[str, object] = field(repr=False)


def read_offer(token: object) -> CashOutOffer:
    """Read an offer."""
    members = Members(token, "offer")
    return CashOutOffer(
        amount_cents=members.take("amount", integer),
        gross_payout_cents=members.take("gross_payout", integer),
        wht_amount_cents=members.take("wht_amount", integer),
        net_payout_cents=members.take("net_payout", integer),
        valid_until=members.take("valid_until", instant),
        extra=members.rest(),
    )


def write_acceptance(operator: str, amount_cents: int) -> bytes:
    """Write the acceptance of an offer."""
    return write({"operator": operator, "amount": amount_cents})
