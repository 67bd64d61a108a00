"""The double-entry book: amounts go from one account to another, so that all sum to zero."""

from collections import defaultdict
from typing import NamedTuple

BANK = "bank"
STAKES = "house:stakes"
EXT = "house:ext"
WHT = "house:wht"
PAYOUTS = "house:payouts"


class Entry(NamedTuple):
    """One movement: `debit` gives the amount, `credit` receives it."""

    n: int
    at_ms: int
    ticket_id: str
    action: str
    debit: str
    credit: str
    amount_cents: int
    currency: str


class Cause(NamedTuple):
    """What entries are written for."""

    at_ms: int
    ticket_id: str
    action: str
    currency: str


def player_account(player_id: str) -> str:
    """Name the account of a player."""
    return f"player:{player_id}"


class Book:
    """Append-only entries, and the balance of each account in each currency.

    `by_account` and `by_ticket` hold the places of entries, for whoever looks at one.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.balances: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.by_account: defaultdict[str, list[int]] = defaultdict(list)
        self.by_ticket: defaultdict[str, list[int]] = defaultdict(list)

    def move(self, cause: Cause, debit: str, credit: str, amount_cents: int) -> None:
        """Move an amount from `debit` to `credit`; nothing is written for an amount of zero."""
        if amount_cents == 0:
            return
        at_ms, ticket_id, action, currency = cause
        n = len(self.entries) + 1
        for account in (debit, credit):
            self.by_account[account].append(n - 1)
        self.by_ticket[ticket_id].append(n - 1)
        self.entries.append(
            Entry(n, at_ms, ticket_id, action, debit, credit, amount_cents, currency)
        )
        self.balances[debit, currency] -= amount_cents
        self.balances[credit, currency] += amount_cents

    def balance_cents(self, account: str, currency: str) -> int:
        """Return what an account holds; a player's may be negative after a rollback."""
        return self.balances.get((account, currency), 0)
