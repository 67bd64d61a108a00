"""The amounts of a ticket, as the API, its quotes and the webhooks tell them."""

from dataclasses import dataclass
from decimal import Decimal

from acca_client.documents import Members, integer, number, text


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a ticket costs and pays, in cents; taxes with their percentages.

    `price` is all that the player pays; `ext` is the excise in it or on it, `wht` what is withheld
    from the gross payout.
    """

    price_cents: int
    stake_cents: int
    gross_payout_cents: int
    net_payout_cents: int
    wht_amount_cents: int
    wht_percent: Decimal
    ext_amount_cents: int
    ext_percent: Decimal
    ext_type: str


def take_amounts(members: Members) -> Amounts:
    """Take the amounts out of the members of an object."""
    return Amounts(
        price_cents=members.take("price", integer),
        stake_cents=members.take("stake", integer),
        gross_payout_cents=members.take("gross_payout", integer),
        net_payout_cents=members.take("net_payout", integer),
        wht_amount_cents=members.take("wht_amount", integer),
        wht_percent=members.take("wht", number),
        ext_amount_cents=members.take("ext_amount", integer),
        ext_percent=members.take("ext", number),
        ext_type=members.take("ext_type", text),
    )
