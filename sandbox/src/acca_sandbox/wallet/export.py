"""The wallet's export, that `acca audit --wallet FILE` compares with the tickets: JSON lines.

    {"kind":"wallet","version":1}
    {"kind":"player","operator","player_id","currency","balance_cents"}
    {"kind":"ticket","operator","ticket_id","player_id","currency","taken_cents","given_cents",
     "outcome":"none|won|lost|void|refund","discarded","reserved","closed","last_n",
     "price_cents","net_payout_cents"}
    {"kind":"violation","at_ms","operator","ticket_id","action","n","reason"}

The first line comes first, the others grouped in this order. `taken_cents` is what the create took,
0 for a reserved ticket. `given_cents` is what stands given: the payment of the outcome in force,
or what a discard gave back. `price_cents` and `net_payout_cents` were told last. A ticket that is
known by its discard only has no player and no currency (`""`). A violation of a call that was not
believed has neither operator nor ticket (`""`) and the number 0.
"""

from collections.abc import Generator

import msgspec

from acca_sandbox.wallet.ledger import Ledger, Ticket, Violation
from acca_sandbox.wallet.wallet import Wallet

Line = dict[str, object]


def export(wallet: Wallet) -> bytes:
    """Write the whole wallet, as it is at this moment."""
    return msgspec.json.Encoder().encode_lines(_lines(wallet))


def ticket_line(ledger: Ledger, ticket: Ticket) -> Line:
    """Tell of a ticket as the export does."""
    return {
        "kind": "ticket",
        "operator": ledger.operator,
        "ticket_id": ticket.ticket_id,
        "player_id": ticket.player_id,
        "currency": ticket.currency,
        "taken_cents": ticket.taken_cents,
        "given_cents": ticket.given_cents,
        "outcome": ticket.outcome,
        "discarded": ticket.discarded,
        "reserved": ticket.reserved,
        "closed": ticket.closed,
        "last_n": ticket.last_n,
        "price_cents": ticket.price_cents,
        "net_payout_cents": ticket.net_payout_cents,
    }


def _lines(wallet: Wallet) -> Generator[Line]:
    ledgers = [operator.ledger for operator in wallet.operators.values()]
    yield {"kind": "wallet", "version": 1}
    for ledger in ledgers:
        yield from _players(ledger)
    for ledger in ledgers:
        yield from (ticket_line(ledger, ticket) for ticket in ledger.tickets.values())
    for refused in wallet.refused:
        yield _violation(Violation(refused.at_ms, "", "", refused.path, 0, refused.reason))
    for ledger in ledgers:
        yield from (_violation(violation) for violation in ledger.violations)


def _players(ledger: Ledger) -> Generator[Line]:
    for player in ledger.players.values():
        yield {
            "kind": "player",
            "operator": ledger.operator,
            "player_id": player.player_id,
            "currency": player.currency,
            "balance_cents": ledger.balance_cents(player),
        }


def _violation(violation: Violation) -> Line:
    return {"kind": "violation", **violation._asdict()}
