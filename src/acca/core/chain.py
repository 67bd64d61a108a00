"""The operator's stream as a hash chain: what each entry says, and the hash over it.

The hash of an entry is SHA-256 over a text in UTF-8, of eleven lines joined by one line feed each,
without one at the end:

1.  the hash of the entry before, 64 lower-case hex digits; 64 zeros before the first
2.  its number in the stream, from 1, in decimal digits
3.  the ticket's id, 24 lower-case hex digits
4.  its number in the ticket's journal, in decimal digits
5.  its time, in UTC, `YYYY-MM-DDTHH:MM:SS.ffffff`
6.  its kind
7.  the ticket's status after it
8.  the ticket's result after it
9.  the lane in which it is sent; empty if it is sent nowhere
10. the action; empty if it is sent nowhere
11. the exact body; empty if it is sent nowhere

Only the last may hold a line feed, so that two different entries never make the same text.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple


class Linked(NamedTuple):
    """What the chain holds of a journal entry; the last three are None for one not sent."""

    ticket: bytes
    n: int
    at: datetime
    kind: str
    status: str
    result: str
    lane: str | None
    action: str | None
    body: bytes | None


class Link(NamedTuple):
    """A number of the stream and its hash of 32 bytes."""

    number: int
    hash: bytes


START = Link(0, bytes(32))
"""What stands before the first entry."""


def extend_chain(head: Link, entries: Iterable[Linked]) -> list[Link]:
    """Link entries to the head of the chain, each with the next number and hashed over the last."""
    links: list[Link] = []
    for entry in entries:
        head = Link(head.number + 1, hash_entry(head, entry))
        links.append(head)
    return links


def hash_entry(before: Link, entry: Linked) -> bytes:
    """Hash the entry that follows a link."""
    return hashlib.sha256(_spell(before, entry)).digest()


def _spell(before: Link, entry: Linked) -> bytes:
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")[:26]
    lines = (
        f"{before.hash.hex()}\n{before.number + 1}\n{entry.ticket.hex()}\n{entry.n}\n{at}\n"
        f"{entry.kind}\n{entry.status}\n{entry.result}\n{entry.lane or ''}\n{entry.action or ''}\n"
    )
    return lines.encode() + (entry.body or b"")
