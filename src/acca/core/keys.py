"""Secret keys of operators and providers: two may be valid for a while, so that one can rotate."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

SECRET_BYTES = 32
VALID_KEYS_MAX = 2

_SECRET = re.compile(rf"[0-9a-f]{{{2 * SECRET_BYTES}}}", re.ASCII)
_DOCUMENTED = "12345ABCDE"
_SHOWN_LENGTH = 4


class Holder(Enum):
    """Who holds keys: operators sign and are signed to, providers sign what they feed."""

    OPERATOR = "operator"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Secret:
    """The text that signs; it is never shown but on purpose."""

    text: str = field(repr=False)

    def __post_init__(self) -> None:
        assert _SECRET.fullmatch(self.text) or self.text == _DOCUMENTED, (
            "a secret is 256 random bits in lower-case hex"
        )

    @property
    def masked(self) -> str:
        """Return enough to tell two keys apart, and too little to guess one."""
        return f"{self.text[:_SHOWN_LENGTH]}…"


DOCUMENTED_SECRET = Secret(_DOCUMENTED)
"""What all samples of the documentation are signed with; good in a sandbox alone."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a holder, by its number; it is valid until it retires, if it ever does."""

    number: int
    secret: Secret
    created: datetime
    retires: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Tell whether it signs at a moment."""
        return self.retires is None or now < self.retires


def valid_keys(keys: Iterable[Key], now: datetime) -> list[Key]:
    """List the keys that are good for a signature, the newest first: that one signs ours."""
    valid = (key for key in keys if key.is_valid(now))
    return sorted(valid, key=lambda key: key.number, reverse=True)


def why_none_is_added(keys: Iterable[Key], now: datetime) -> str | None:
    """Say why a holder of these keys gets no other one, or None where it does."""
    valid = valid_keys(keys, now)
    if len(valid) < VALID_KEYS_MAX:
        return None
    numbers = " and ".join(str(key.number) for key in reversed(valid))
    return f"Keys {numbers} are valid, and more than {VALID_KEYS_MAX} may not be: retire one first."


def why_it_stays(keys: Sequence[Key], number: int, now: datetime) -> str | None:
    """Say why a key is not retired, or None where it may be; one without an end always stays."""
    key = next((key for key in keys if key.number == number), None)
    if key is None:
        return f"There is no key {number}."
    if not key.is_valid(now):
        return f"Key {number} is retired already."
    if not any(other.retires is None for other in keys if other.number != number):
        return f"Key {number} is the last one that stays valid: add another first."
    return None
