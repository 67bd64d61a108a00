"""The failures of a wallet in words, and mixtures of them that are switched on at once."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from acca_sandbox.wallet.faults import Fault, Kind

MEANINGS: Mapping[Kind, str] = {
    "slow": "waits, then does it and answers",
    "error": "answers 500, does nothing",
    "cut": "closes the connection, does nothing",
    "drop": "does it, then closes the connection",
    "late": "does it, then waits with the answer",
    "duplicate": "does it twice, answers once",
    "decline": "says no",
    "html": "does it, answers with a page in HTML",
    "empty": "does it, answers with nothing",
    "wrong_shape": "does it, answers with JSON of another shape",
    "huge": "does it, answers with 100 MB",
}
ACTIONS = (
    "*",
    "identify",
    "ticket_create",
    "ticket_reserve",
    "ticket_update",
    "ticket_win",
    "ticket_lost",
    "ticket_void",
    "ticket_refund",
    "ticket_discard",
    "ticket_rollback",
    "ticket_closed",
    "sms",
)
_UNBEARABLE = {"huge"}
"""A hundred megabytes again and again would show nothing but a slow machine."""


def _mix(share: Fraction) -> list[Fault]:
    """Spread a share of all calls evenly over the kinds; each is drawn after those before it."""
    kinds: list[Kind] = [kind for kind in MEANINGS if kind not in _UNBEARABLE]
    each = share / len(kinds)
    return [
        Fault(kind=kind, probability=float(each / (1 - place * each)))
        for place, kind in enumerate(kinds)
    ]


PRESETS: Mapping[str, Sequence[Fault]] = {
    "slow line": [Fault(kind="slow", probability=0.5, seconds=1.5)],
    "drops after doing it": [Fault(kind="drop", probability=0.2)],
    "says no to new tickets": [Fault(kind="decline", action="ticket_create")],
    "20 % of everything": _mix(Fraction(1, 5)),
}
