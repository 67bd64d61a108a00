"""What the pages show of a wallet: each finds its rows by their places, or looks bit by bit."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from acca_sandbox.wallet.asked import Asked, View, Wrong
from acca_sandbox.wallet.book import HOUSE, Entry, player_account
from acca_sandbox.wallet.changes import SmsTaken
from acca_sandbox.wallet.faults import Faults
from acca_sandbox.wallet.heard import Heard, spell_attempt
from acca_sandbox.wallet.ledger import Ledger, Player
from acca_sandbox.wallet.presets import ACTIONS, MEANINGS, PRESETS
from acca_sandbox.wallet.sms_text import Length, measure_sms, write_sms
from acca_sandbox.wallet.wallet import Wallet

_PAGE = 50
_AT_ONCE = 1000
"""How many rows are looked through before calls are answered again: less than a millisecond."""
_ALL = 10**12

_Row = TypeVar("_Row")


class Story(NamedTuple):
    """A call for a ticket, with the money that it moved."""

    heard: Heard
    attempt: str
    entries: Sequence[Entry]


class Message(NamedTuple):
    """An SMS as its player would read it."""

    sms: SmsTaken
    text: str
    length: Length


class Looking:
    """Finds what each page shows."""

    def __init__(self, wallet: Wallet, faults: Faults) -> None:
        self._wallet: Wallet = wallet
        self._faults: Faults = faults

    async def players(self, asked: Asked, _name: str) -> View:
        """Show the players, or those that are looked for."""
        ledger, wanted = self._wallet.ledger(), asked.query.get("q", "").strip()
        first = asked.number("from")
        found = await _found(_players(ledger, first, wanted), _PAGE + 1)
        further = found[_PAGE][0] if len(found) > _PAGE else None
        shown = [
            (player, ledger.balance_cents(player), ledger.open_cents[player.player_id])
            for _, player in found[:_PAGE]
        ]
        values = {"shown": shown, "total": len(ledger.players), "q": wanted, "further": further}
        return View("players.html", {**values, "tickets": len(ledger.tickets)})

    async def player(self, asked: Asked, name: str) -> View:
        """Show one player: balance, what is open, and the ledger."""
        ledger = self._wallet.ledger()
        player = ledger.players.get(name)
        if player is None:
            raise Wrong(f"There is no player {name}.", 404)
        account, currency = player_account(name), player.currency
        total = ledger.book.count_postings(account, currency)
        before = min(asked.number("before", _ALL), total)
        values = {
            "player": player,
            "balance": ledger.balance_cents(player),
            "open_cents": ledger.open_cents[name],
            "postings": ledger.book.postings(account, currency, before, _PAGE),
            "older": before - _PAGE if before > _PAGE else None,
            "total": total,
        }
        return View("player.html", values)

    async def ticket(self, _asked: Asked, name: str) -> View:
        """Show one ticket: every call for it, and what each moved."""
        ledger = self._wallet.ledger()
        ticket, heard = ledger.tickets.get(name), self._wallet.heard.of(name)
        # With several operators, a ticket that this ledger lacks is another one's.
        if ticket is None and (not heard or len(self._wallet.operators) > 1):
            raise Wrong(f"The wallet was never told of a ticket {name}.", 404)
        entries = ledger.book.entries
        calls = [
            Story(each, spell_attempt(each.attempt), entries[each.first : each.last])
            for each in heard
        ]
        return View("ticket.html", {"ticket": ticket, "ticket_id": name, "calls": calls})

    async def ledger(self, asked: Asked, _name: str) -> View:
        """Show the entries of all accounts, and what the house holds."""
        book = self._wallet.ledger().book
        before = min(asked.number("before", _ALL), len(book.entries))
        balances = [
            (account, currency, book.balance_cents(account, currency))
            for currency in sorted(book.currencies)
            for account in HOUSE
        ]
        values = {
            "entries": book.entries[max(0, before - _PAGE) : before][::-1],
            "older": before - _PAGE if before > _PAGE else None,
            "balances": balances,
        }
        return View("ledger.html", values)

    async def inbox(self, asked: Asked, _name: str) -> View:
        """Show the SMS, the newest first, or those to one phone."""
        inbox, wanted = self._wallet.inbox, asked.query.get("q", "").strip()
        last = min(asked.number("before", _ALL), len(inbox))
        places = range(last - 1, -1, -1)
        rows = _looked(inbox, places, lambda sms: wanted in str(sms.data.get("msisdn", "")))
        found = await _found(rows, _PAGE + 1)
        texts = [(sms, write_sms(sms.type, sms.data)) for _, sms in found[:_PAGE]]
        values = {
            "inbox": [Message(sms, text, measure_sms(text)) for sms, text in texts],
            "q": wanted,
            "total": len(inbox),
            "older": found[_PAGE][0] + 1 if len(found) > _PAGE else None,
        }
        return View("sms.html", values)

    async def faults(self, _asked: Asked, _name: str) -> View:
        """Show the switches."""
        values = {
            "in_force": list(zip(self._faults.in_force, self._faults.happened, strict=True)),
            "meanings": MEANINGS,
            "actions": ACTIONS,
            "presets": list(PRESETS),
        }
        return View("faults.html", values)

    async def violations(self, _asked: Asked, _name: str) -> View:
        """Show how many calls came, and those that Acca should never have made."""
        ledger = self._wallet.ledger()
        values = {
            "calls": sorted(self._wallet.calls.items()),
            "refused": self._wallet.refused[: -_PAGE - 1 : -1],
            "broken": ledger.violations[: -_PAGE - 1 : -1],
        }
        return View("violations.html", values)


async def _players(ledger: Ledger, first: int, wanted: str) -> AsyncGenerator[tuple[int, Player]]:
    if not first and wanted in ledger.players:
        yield 0, ledger.players[wanted]
        return
    places = range(first, len(ledger.listed))
    async for found in _looked(
        ledger.listed, places, lambda each: wanted in each.player_id or wanted in each.msisdn
    ):
        yield found


async def _looked(
    rows: Sequence[_Row], places: Iterable[int], is_wanted: Callable[[_Row], bool]
) -> AsyncGenerator[tuple[int, _Row]]:
    """Look through rows that may grow at their end, and let calls be answered in between."""
    for count, place in enumerate(places, 1):
        if is_wanted(rows[place]):
            yield place, rows[place]
        if count % _AT_ONCE == 0:
            await asyncio.sleep(0)


async def _found(rows: AsyncGenerator[tuple[int, _Row]], size: int) -> list[tuple[int, _Row]]:
    found: list[tuple[int, _Row]] = []
    async for row in rows:
        found.append(row)
        if len(found) == size:
            break
    await rows.aclose()
    return found
