"""The export of a wallet, as JSON lines: what it holds of each ticket, for an audit."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from acca.core.holding import Held
from acca.core.numbers import Malformed

VERSION = 1
_ID = re.compile(r"[0-9a-f]{24}", re.ASCII)


class WalletExport(NamedTuple):
    """Tickets by operator and id, and the calls that the wallet should never have got."""

    held: dict[str, dict[bytes, Held]]
    refused: list[tuple[str, str, str]]
    """Operator, ticket and a sentence."""


class _Line(msgspec.Struct, frozen=True):
    kind: str
    version: int = 0


class _Ticket(msgspec.Struct, frozen=True):
    operator: str
    ticket_id: str
    taken_cents: int
    given_cents: int
    outcome: str
    discarded: bool
    closed: bool
    last_n: int


class _Refused(msgspec.Struct, frozen=True):
    operator: str
    ticket_id: str
    action: str
    n: int
    reason: str


def parse_wallet_export(lines: Iterable[bytes]) -> WalletExport:
    """Read an export, or raise Malformed with the number of the line that is at fault."""
    export = WalletExport({}, [])
    number = 0
    for number, line in enumerate(lines, 1):
        try:
            _take(export, number, line)
        except (msgspec.MsgspecError, Malformed) as fault:
            message = f"line {number}: {fault}"
            raise Malformed(message) from None
    if not number:
        message = "is empty"
        raise Malformed(message)
    return export


def _take(export: WalletExport, number: int, line: bytes) -> None:
    head = msgspec.json.decode(line, type=_Line)
    if number == 1 and (head.kind, head.version) != ("wallet", VERSION):
        message = f"is no export of a wallet in version {VERSION}"
        raise Malformed(message)
    if head.kind == "ticket":
        _take_ticket(export, msgspec.json.decode(line, type=_Ticket))
    elif head.kind == "violation":
        refused = msgspec.json.decode(line, type=_Refused)
        # What the wallet did not believe may be anybody's.
        if refused.operator:
            sentence = f"the wallet refused {refused.action}, entry {refused.n}: {refused.reason}"
            export.refused.append((refused.operator, refused.ticket_id, sentence))


def _take_ticket(export: WalletExport, ticket: _Ticket) -> None:
    if _ID.fullmatch(ticket.ticket_id) is None:
        message = f"{ticket.ticket_id!r} is no id of a ticket"
        raise Malformed(message)
    held = export.held.setdefault(ticket.operator, {})
    id_ = bytes.fromhex(ticket.ticket_id)
    if id_ in held:
        message = f"ticket {ticket.ticket_id} stands there twice"
        raise Malformed(message)
    held[id_] = Held(
        ticket.taken_cents,
        ticket.given_cents,
        ticket.outcome,
        ticket.discarded,
        ticket.closed,
        ticket.last_n,
    )
