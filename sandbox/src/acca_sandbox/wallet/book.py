"""The double-entry book: amounts go from one account to another, so that all sum to zero."""

from collections import defaultdict
from typing import NamedTuple

BANK = "bank"
STAKES = "house:stakes"
EXT = "house:ext"
WHT = "house:wht"
PAYOUTS = "house:payouts"
HOUSE = (BANK, STAKES, EXT, WHT, PAYOUTS)


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


class Posting(NamedTuple):
    """An entry as one of its accounts sees it: signed, and what the account held afterwards."""

    entry: Entry
    amount_cents: int
    after_cents: int


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

    Each account has its places in the entries, so that a page of it is found without a scan.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.balances: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.currencies: set[str] = set()
        # In pairs: the place of an entry, and what the account holds after it.
        # No array of machine integers: what a bank has paid out knows no such bound.
        self._postings: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def move(self, cause: Cause, debit: str, credit: str, amount_cents: int) -> None:
        """Move an amount from `debit` to `credit`; nothing is written for an amount of zero."""
        if amount_cents == 0:
            return
        at_ms, ticket_id, action, currency = cause
        place = len(self.entries)
        self.entries.append(
            Entry(place + 1, at_ms, ticket_id, action, debit, credit, amount_cents, currency)
        )
        self.currencies.add(currency)
        # Written out, because load tests lean on it.
        given, taken = (debit, currency), (credit, currency)
        balances, postings = self.balances, self._postings
        left_cents = balances[given] = balances[given] - amount_cents
        of_given = postings[given]
        of_given.append(place)
        of_given.append(left_cents)
        held_cents = balances[taken] = balances[taken] + amount_cents
        of_taken = postings[taken]
        of_taken.append(place)
        of_taken.append(held_cents)

    def postings(self, account: str, currency: str, before: int, size: int) -> list[Posting]:
        """Return a page of what moved an account, the newest first; `before` is a place in it."""
        pairs = self._postings.get((account, currency), [])
        last = min(before, len(pairs) // 2)
        places = range(last - 1, max(0, last - size) - 1, -1)
        return [self._posting(account, pairs[2 * at], pairs[2 * at + 1]) for at in places]

    def count_postings(self, account: str, currency: str) -> int:
        """Count what moved an account."""
        return len(self._postings.get((account, currency), ())) // 2

    def _posting(self, account: str, place: int, after_cents: int) -> Posting:
        entry = self.entries[place]
        signed = -entry.amount_cents if entry.debit == account else entry.amount_cents
        return Posting(entry, signed, after_cents)

    def balance_cents(self, account: str, currency: str) -> int:
        """Return what an account holds; a player's may be negative after a rollback."""
        return self.balances.get((account, currency), 0)
