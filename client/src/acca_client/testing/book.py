"""The double's tickets: what became of each, entry by entry, and what the wallet is told of it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from acca_client.errors import TicketNotFound, TicketNotReserved
from acca_client.testing.finance import Taxes
from acca_client.testing.hooks import body_of
from acca_client.testing.offer import CURRENCY, Offer, spell, times
from acca_client.testing.refusing import sample
from acca_client.testing.showing import amounts_of, show
from acca_client.testing.striking import Struck

_FIRST_CODE = 0xE36E20
_HASH_BEFORE = "0" * 64
_TOLD = ("price", "stake", "wht_amount", "wht", "ext_amount", "ext", "ext_type", "gross_payout",
         "net_payout")  # fmt: skip
_NOTHING: Mapping[str, object] = MappingProxyType({})

MOVES: Mapping[str, tuple[str, str]] = {
    "ticket_update": ("", ""),
    "ticket_win": ("resulted", "won"),
    "ticket_lost": ("resulted", "lost"),
    "ticket_void": ("resulted", "void"),
    "ticket_refund": ("resulted", "void"),
    "ticket_rollback": ("open", "pending"),
    "ticket_discard": ("cancelled", "pending"),
    "ticket_closed": ("closed", ""),
}
"""Where each call to the wallet leaves a ticket; an empty word is the one that it had."""

_KINDS = {
    "ticket_rollback": "reopen",
    "ticket_discard": "expire",
    "ticket_refund": "decline",
    "ticket_closed": "close",
}
_CASH_OUT = "cash out"
_MADE = frozenset({"new", _CASH_OUT})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a ticket's journal; without an action it is sent nowhere."""

    n: int
    at: datetime
    kind: str
    status: str
    result: str
    action: str | None = None
    body: bytes = b""


@dataclass(slots=True)
class Kept:
    """A ticket as it stands; `amounts` are those in force, in the order of a webhook."""

    id: str
    code: str
    user_id: str
    struck: Struck
    amounts: dict[str, object]
    created: datetime
    updated: datetime
    status: str = "new"
    result: str = "pending"
    is_cashed_out: bool = False
    journal: list[Entry] = field(default_factory=list[Entry])

    def made(self, action: str) -> Entry | None:
        """Find what was told when it was placed or cashed out, which is told by no move."""
        return next((e for e in self.journal if e.action == action and e.kind in _MADE), None)


class Book:
    """All tickets of the double's operator, in the order in which they were made."""

    def __init__(self, operator: str, taxes: Taxes, offer: Offer) -> None:
        self._operator: str = operator
        self._taxes: Taxes = taxes
        self._offer: Offer = offer
        self._kept: list[Kept] = []
        self._stream: list[tuple[Kept, Entry]] = []

    def place(self, struck: Struck, user_id: str, now: datetime, *, reserve: bool) -> Kept:
        """Make a ticket that the wallet accepts: its first two entries."""
        number = len(self._kept) + 1
        kept = Kept(
            id=f"{int(now.timestamp()):08x}{number:016x}",
            code=f"{_FIRST_CODE + number:06X}",
            user_id=user_id,
            struck=struck,
            amounts=amounts_of(struck, self._taxes),
            created=now,
            updated=now,
        )
        self._kept.append(kept)
        action = "ticket_reserve" if reserve else "ticket_create"
        _ = self._write(kept, now, "new", action, self._told(kept, with_psp=reserve))
        kept.status = "reserved" if reserve else "open"
        _ = self._write(kept, now, "confirm reservation" if reserve else "confirm")
        return kept

    def pay(self, kept: Kept, now: datetime) -> None:
        """Open a reserved ticket; TicketNotReserved for any other."""
        if kept.status != "reserved":
            raise sample(TicketNotReserved)
        kept.status = "open"
        _ = self._write(kept, now, "pay")

    def move(
        self,
        kept: Kept,
        action: str,
        now: datetime,
        reason: str = "result-changed",
        gross_cents: int | None = None,
    ) -> Entry:
        """Write what happens to a ticket, and what the wallet is told of it.

        A ticket that was cashed out is final: ValueError for anything but its close.
        """
        if kept.is_cashed_out and action != "ticket_closed":
            raise ValueError(f"{action} is not told of a ticket that was cashed out")
        status, result = MOVES[action]
        kept.status, kept.result = status or kept.status, result or kept.result
        self._revalue(kept, action, gross_cents)
        named: dict[str, object] = {"operator": self._operator, "ticket_id": kept.id}
        if action == "ticket_update":
            named = self._told(kept, with_psp=True)
        elif action == "ticket_void":
            named |= {name: kept.amounts[name] for name in _TOLD}
        elif action in {"ticket_refund", "ticket_discard", "ticket_rollback"}:
            named["reason"] = reason
        entry = self._write(kept, now, _KINDS.get(action, "settle"), action, named)
        if action == "ticket_lost":
            kept.amounts |= {"wht_amount": 0, "gross_payout": 0, "net_payout": 0}
        return entry

    def cash_out(self, kept: Kept, gross_cents: int, now: datetime) -> None:
        """Buy a ticket back: it is won with these amounts, whatever its legs come to."""
        kept.amounts = self._taxes.amounts(kept.struck.order.price_cents, gross_cents)
        kept.status, kept.result, kept.is_cashed_out = "resulted", "won", True
        told = self._told(kept, with_psp=True)
        _ = self._write(kept, now, _CASH_OUT, "ticket_update", told)
        named: dict[str, object] = {"operator": self._operator, "ticket_id": kept.id}
        _ = self._write(kept, now, _CASH_OUT, "ticket_win", named)

    def _revalue(self, kept: Kept, action: str, gross_cents: int | None) -> None:
        price = kept.struck.order.price_cents
        if gross_cents is not None:
            kept.amounts = self._taxes.amounts(price, gross_cents)
        elif action in {"ticket_void", "ticket_refund"}:
            kept.amounts = self._taxes.refund(price)
        elif action == "ticket_rollback":
            kept.amounts = amounts_of(kept.struck, self._taxes)

    def find(self, identifier: str) -> Kept:
        """Find a ticket by id or code; TicketNotFound if there is none."""
        for kept in self._kept:
            if identifier == kept.id or identifier.upper() == kept.code:
                return kept
        raise TicketNotFound(102, f"Ticket with `{identifier}` identifier is not found")

    def newest_first(self) -> Iterator[Kept]:
        """Go through all tickets, the newest first."""
        return reversed(self._kept)

    def show(self, kept: Kept) -> dict[str, object]:
        """Show a ticket as it stands."""
        names = ("id", "code", "user_id", "status", "result")
        named = {name: getattr(kept, name) for name in names}
        named["legs"] = "pending" if kept.is_cashed_out else kept.result
        instants = kept.created, kept.updated
        return show(named, kept.struck, kept.amounts, instants, self._offer)

    def timeline(self, kept: Kept) -> list[dict[str, object]]:
        """Show the journal of a ticket; the double notes no attempts."""
        return [
            {
                "n": entry.n,
                **times("at", entry.at),
                **_standing(entry),
                "actor": None,
                **_sent(entry),
                "attempts": [],
            }
            for entry in kept.journal
        ]

    def page(self, after: int, limit: int) -> dict[str, object]:
        """Show a page of the stream, hash-chained as Acca's is."""
        shown: list[dict[str, object]] = []
        link = _HASH_BEFORE
        for number, (kept, entry) in enumerate(self._stream, 1):
            link = _link(link, number, kept.id, entry)
            shown.append(
                {
                    "number": number,
                    "hash": link,
                    **times("at", entry.at),
                    "ticket_id": kept.id,
                    "delivery_id": f"{kept.id}-{entry.n}",
                    **_standing(entry),
                    **_sent(entry),
                }
            )
        events = shown[after : after + limit]
        head = {"number": len(shown), "hash": link}
        return {"events": events, "next": after + len(events), "head": head}

    def _write(
        self,
        kept: Kept,
        now: datetime,
        kind: str,
        action: str | None = None,
        data: Mapping[str, object] = _NOTHING,
    ) -> Entry:
        body = b"" if action is None else body_of("action", action, data)
        n = len(kept.journal) + 1
        entry = Entry(n, now, kind, kept.status, kept.result, action, body)
        kept.journal.append(entry)
        self._stream.append((kept, entry))
        kept.updated = now
        return entry

    def _told(self, kept: Kept, *, with_psp: bool) -> dict[str, object]:
        order = kept.struck.order
        return {
            "operator": self._operator,
            "ticket_id": kept.id,
            "ticket_code": kept.code,
            "player_id": kept.user_id,
            **({"psp": order.psp} if with_psp else {}),
            **{name: kept.amounts[name] for name in _TOLD},
            "currency": CURRENCY,
            "atag": order.atag,
            "rtag": order.rtag,
            "ticket_type": order.type,
        }


def _standing(entry: Entry) -> dict[str, object]:
    return {"kind": entry.kind, "status": entry.status, "result": entry.result}


def _sent(entry: Entry) -> dict[str, object]:
    if entry.action is None:
        return {"lane": None, "action": None, "body": None}
    return {"lane": "pam", "action": entry.action, "body": entry.body.decode()}


def _link(before: str, number: int, ticket_id: str, entry: Entry) -> str:
    sent: Sequence[object] = list(_sent(entry).values())
    lines = (before, number, ticket_id, entry.n, spell(entry.at), *_standing(entry).values(), *sent)
    text = "\n".join("" if line is None else str(line) for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()
