"""Ids and codes of tickets: how they are made of the time and of drawn bytes (spec 1, ids)."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

ID_BYTES = 12
ID_RANDOM_BYTES = 8
CODE_DIGITS = 6
CODE_DIGITS_MAX = 12
CODE_REST = timedelta(days=400)
"""Players still pay by a code long after its ticket has ended."""

_ID = re.compile(r"[0-9a-f]{24}", re.ASCII | re.IGNORECASE)


class ById(NamedTuple):
    """A ticket named by its id."""

    id: bytes


class ByCode(NamedTuple):
    """A ticket named by its code, in upper case."""

    code: str


def make_id(created: datetime, drawn: bytes) -> bytes:
    """Make an id of the second of creation and eight drawn bytes."""
    assert len(drawn) == ID_RANDOM_BYTES, "an id takes eight drawn bytes"
    return first_id(created) + drawn


def first_id(instant: datetime) -> bytes:
    """Tell the bytes with which ids of an instant begin: every later id is greater."""
    return int(instant.timestamp()).to_bytes(4)


def make_code(drawn: bytes, digits: int) -> str:
    """Make a code of drawn bytes, of as many digits as wanted."""
    assert 2 * len(drawn) >= digits, "a code needs a drawn byte for each two digits"
    return drawn.hex().upper()[:digits]


def parse_identifier(text: str) -> ById | ByCode:
    """Read what names a ticket: 24 hex digits are an id, all else a code of any letter case."""
    return ById(bytes.fromhex(text)) if _ID.fullmatch(text) else ByCode(text.upper())
