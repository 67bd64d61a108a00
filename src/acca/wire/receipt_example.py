"""A receipt as readers of the documentation are shown it, made and signed like any other."""

from datetime import UTC, datetime

from acca.core.finance import Charge, ExciseFormula, TaxTerms, charge_price
from acca.core.receipt import FORMAT, End, Known, Leg, Named, Receipt, Stage
from acca.core.receipting import complete
from acca.core.score import Ending
from acca.core.settling import VoidRefund
from acca.core.signing_key import PublicKey, SigningKey
from acca.core.ticket import Status, TicketResult, TicketType
from acca.wire.ed25519 import key_id, public_of
from acca.wire.openapi import Example
from acca.wire.receipts import seal

_CREATED = datetime(2026, 5, 1, 12, 0, 0, 250_000, UTC)
_STARTS = datetime(2026, 5, 2, 17, tzinfo=UTC)
_PRIVATE = b"\1" * 32
"""Everybody's: no deployment signs with it."""
_TAX = TaxTerms(125_000, ExciseFormula.INCLUSIVE, 200_000)


def example_receipt() -> Receipt:
    """Make the receipt of a quickbet of one bet that was won."""
    leg = Leg(
        event=100001,
        sport="football",
        league="Premier League",
        home_team="Home FC",
        away_team="Away FC",
        starts=_STARTS,
        bet_id=1,
        market="",
        line=None,
        bet="",
        odds=195,
        result=Known(3, Ending.PLAYED, (2, 1), ((1, 0), (1, 1)), None),
        not_played=False,
        outcome=None,
        factor=None,
    )
    charge: Charge = charge_price(5000, _TAX)
    return complete(
        Receipt(
            format=FORMAT,
            stage=Stage.SETTLED,
            ticket=_named(),
            charge=charge,
            tax=_TAX,
            cap_cents=None,
            void_refund=VoidRefund.PRICE,
            legs=(leg,),
            struck=None,
            superbet=None,
            jackpot=None,
            steps=(),
            end=End(TicketResult.PENDING, None, 0, 0, 0),
        )
    )


def _named() -> Named:
    return Named(
        operator="site",
        id="69f49340a3f1c2d4e5b60718",
        code="CD4BDD",
        type=TicketType.QUICKBET,
        player="player-1",
        currency="KES",
        created=_CREATED,
        status=Status.RESULTED,
    )


def receipt_example() -> Example:
    """Show that receipt, signed by a key that is everybody's."""
    ((id_, public),) = published_example().items()
    key = SigningKey(PublicKey(id_, public, _CREATED), _PRIVATE)
    return Example("receipt", seal(example_receipt(), key))


def published_example() -> dict[str, bytes]:
    """Tell the public key of that receipt, by its id."""
    public = public_of(_PRIVATE)
    return {key_id(public): public}
