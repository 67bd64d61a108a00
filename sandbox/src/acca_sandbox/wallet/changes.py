"""What changes a wallet, as values: applied as it happens, and again from the journal."""

from typing import Literal

import msgspec
from msgspec import Raw, Struct


class _Change(Struct, frozen=True, tag_field="kind"):
    pass


class OperatorAdded(_Change, frozen=True, tag="operator"):
    """An operator, or its keys anew."""

    operator: str
    keys: list[str]


class PlayerAdded(_Change, frozen=True, tag="player"):
    """A player with an opening balance."""

    at_ms: int
    operator: str
    player_id: str
    currency: str
    balance_cents: int
    lang: str
    msisdn: str
    feature_flags: dict[str, bool]


class MoneyAdded(_Change, frozen=True, tag="money"):
    """Money that a player brings, more than the opening balance."""

    at_ms: int
    operator: str
    player_id: str
    amount_cents: int


class TokenAdded(_Change, frozen=True, tag="token"):
    """A token by which a player is identified."""

    operator: str
    player_id: str
    token: str
    single_use: bool


class TokenUsed(_Change, frozen=True, tag="token_used"):
    """A single-use token that has served."""

    operator: str
    token: str


class CallTaken(_Change, frozen=True, tag="call"):
    """A ticket call that changed the ledger: it was carried out, or is a violation."""

    at_ms: int
    n: int
    body: Raw


class SmsTaken(_Change, frozen=True, tag="sms"):
    """An SMS that came; `delivery_id` tells repeats apart."""

    at_ms: int
    operator: str
    delivery_id: str
    type: str
    data: dict[str, object]


class CallRefused(_Change, frozen=True, tag="violation"):
    """A call that is not to be believed, or cannot be read; it reached no ledger."""

    at_ms: int
    path: Literal["pam", "sms"]
    reason: str


PeopleChange = OperatorAdded | PlayerAdded | MoneyAdded | TokenAdded | TokenUsed
Change = PeopleChange | CallTaken | SmsTaken | CallRefused

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Change] = msgspec.json.Decoder(Change)


def write_change(change: Change) -> bytes:
    """Write a change as one line."""
    return _ENCODER.encode(change) + b"\n"


def read_change(line: bytes) -> Change:
    """Read a change from its line."""
    return _DECODER.decode(line)


def one_line(body: bytes) -> Raw:
    """Make a JSON document fit for a journal's line."""
    if b"\n" in body or b"\r" in body:
        body = msgspec.json.format(body, indent=-1)
    return Raw(body)
