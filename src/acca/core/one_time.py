"""One-time passwords: what a telephone number may ask for and try, in a table of limits (spec 5).

Whoever guesses has ten tries in a day, whatever codes are asked for: with four digits that is one
chance in a thousand.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

VALID = timedelta(minutes=5)
TRIES_MAX = 5
"""Wrong tries that end a code."""
FAILED_MAX, FAILED_WITHIN, LOCKED = 10, timedelta(hours=24), timedelta(hours=24)
"""Wrong tries over all codes of a number, in what time, and for how long they lock it."""
ASKED_MAX, ASKED_WITHIN = 3, timedelta(minutes=10)
SALT_BYTES = 32

PAUSES_SECONDS = (1, 2, 5, 10, 20)
"""Between the tries to send a code; the last again and again, until the code expires."""


class Kept(NamedTuple):
    """A code as it is kept. Four digits are soon guessed from it: it keeps them out of sight."""

    salt: bytes
    digest: bytes
    until: datetime


class Number(NamedTuple):
    """What is known of a telephone number: its newest code, and when it was asked for and tried."""

    code: Kept | None = None
    tries: int = 0
    asked: tuple[datetime, ...] = ()
    failed: tuple[datetime, ...] = ()
    locked_until: datetime | None = None


class Checked(Enum):
    """What became of a try."""

    RIGHT = "right"
    WRONG = "wrong"
    TOO_MANY = "too many"


def normalise(msisdn: str) -> str:
    """Write a number in one way, so that another spelling of it has no limits of its own."""
    return msisdn.removeprefix("+").removeprefix("00") or msisdn


def make_code(drawn: bytes, digits: int) -> str:
    """Make a code of drawn bytes: of sixteen no code is likelier than another by more than 2**-80.

    Zeros at its front are digits like any other.
    """
    return f"{int.from_bytes(drawn) % 10**digits:0{digits}d}"


def hash_code(salt: bytes, msisdn: str, code: str) -> bytes:
    """Hash a code for its number."""
    return hmac.digest(salt, f"{msisdn}:{code}".encode(), hashlib.sha256)


def keep(salt: bytes, msisdn: str, code: str, now: datetime) -> Kept:
    """Make of a new code what is kept of it."""
    return Kept(salt, hash_code(salt, msisdn, code), now + VALID)


def fits(kept: Kept | None, msisdn: str, code: str) -> bool:
    """Compare a try with a code, in the same time whether it fits or not."""
    salt, digest = (bytes(SALT_BYTES), bytes(32)) if kept is None else kept[:2]
    return hmac.compare_digest(hash_code(salt, msisdn, code), digest)


def ask(number: Number, code: Kept, now: datetime) -> Number | None:
    """Give a number a new code in place of the one before; None where it has had too many."""
    asked = _since(number.asked, now - ASKED_WITHIN)
    if _is_locked(number, now) or len(asked) >= ASKED_MAX:
        return None
    return number._replace(code=code, tries=0, asked=(*asked, now))


def check(number: Number, now: datetime, *, is_right: bool) -> tuple[Number, Checked]:
    """Judge a try, and count it where it was wrong; a code that is right is used up by that."""
    if _is_locked(number, now):
        return number, Checked.TOO_MANY
    if number.code is None or number.code.until <= now:
        return number, Checked.WRONG
    if number.tries >= TRIES_MAX:
        return number, Checked.TOO_MANY
    if is_right:
        return number._replace(code=None), Checked.RIGHT
    failed = (*_since(number.failed, now - FAILED_WITHIN), now)
    after = number._replace(tries=number.tries + 1, failed=failed)
    if len(failed) >= FAILED_MAX:
        after = after._replace(code=None, failed=(), locked_until=now + LOCKED)
    return after, Checked.WRONG


def pause_seconds(tries: int) -> int:
    """Tell how long to wait after so many tries to send a code."""
    return PAUSES_SECONDS[min(tries, len(PAUSES_SECONDS)) - 1]


def mask(msisdn: str) -> str:
    """Write a number as it may stand in a log."""
    return "****" + msisdn[-2:]


def _is_locked(number: Number, now: datetime) -> bool:
    return number.locked_until is not None and number.locked_until > now


def _since(instants: tuple[datetime, ...], begin: datetime) -> tuple[datetime, ...]:
    return tuple(each for each in instants if each > begin)
