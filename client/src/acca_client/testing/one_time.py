"""The double's one-time passwords: what a telephone number may ask for and try.

Acca locks a number for a day after ten wrong tries, too; the double does not.
"""

import re
from dataclasses import dataclass, field

from acca_client.documents import Malformed, text
from acca_client.errors import CodeWrong, TooManyCodes
from acca_client.testing.refusing import sample

VALID_SECONDS = 300
_ASKED_MAX, _ASKED_SECONDS, _TRIES_MAX = 3, 600, 5
_FIRST, _STEP, _ALL = 1234, 1111, 10_000
_MSISDN = re.compile(r"\+?[0-9]{3,31}", re.ASCII)


@dataclass(slots=True)
class _Number:
    code: str | None = None
    until: int = 0
    tries: int = 0
    asked: list[int] = field(default_factory=list[int])


class Codes:
    """The codes of a double, the first of which is 1234."""

    def __init__(self) -> None:
        self._numbers: dict[str, _Number] = {}
        self._made: int = 0

    def send(self, msisdn: str, now: int) -> str:
        """Make a code in place of the one before; TooManyCodes after three in ten minutes."""
        number = self._numbers.setdefault(_normal(msisdn), _Number())
        number.asked = [at for at in number.asked if at > now - _ASKED_SECONDS]
        if len(number.asked) >= _ASKED_MAX:
            raise sample(TooManyCodes)
        code = f"{(_FIRST + _STEP * self._made) % _ALL:04}"
        self._made += 1
        number.asked.append(now)
        number.code, number.until, number.tries = code, now + VALID_SECONDS, 0
        return code

    def verify(self, msisdn: str, code: str, now: int) -> None:
        """Use a code up; CodeWrong for another, and TooManyCodes after five wrong tries."""
        number = self._numbers.get(_normal(msisdn), _Number())
        if number.code is None or number.until <= now:
            raise sample(CodeWrong)
        if number.tries >= _TRIES_MAX:
            raise sample(TooManyCodes)
        if code != number.code:
            number.tries += 1
            raise sample(CodeWrong)
        number.code = None

    def newest(self, msisdn: str) -> str | None:
        """Tell the code that would be right; None if there is none."""
        number = self._numbers.get(_normal(msisdn))
        return None if number is None else number.code


def msisdn_of(token: object, place: str) -> str:
    """Read a telephone number."""
    value = text(token, place)
    if _MSISDN.fullmatch(value) is None:
        raise Malformed(f"{place} has to be a telephone number of digits, with or without +")
    return value


def _normal(msisdn: str) -> str:
    """Write a number in one way."""
    return msisdn.removeprefix("+").removeprefix("00") or msisdn
