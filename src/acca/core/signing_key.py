"""The deployment's own keys, which sign receipts: one signs, the public ones stay for ever."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class PublicKey(NamedTuple):
    """A key as everybody may know it; its id is the beginning of its hash."""

    id: str
    public: bytes
    valid_from: datetime
    retired: datetime | None = None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs; what makes it sign is shown nowhere."""

    public: PublicKey
    private: bytes = field(repr=False)
