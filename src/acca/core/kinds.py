"""Kinds of settings: how each is read from a text, written as one, and between which bounds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Generic, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from acca.core.durations import parse_duration, render_duration
from acca.core.finance import parse_percent, render_percent
from acca.core.money import AMOUNT_CENTS_MAX, parse_amount_cents, parse_currency
from acca.core.numbers import Malformed, parse_scaled, render_fixed, render_scaled
from acca.core.odds import ODDS_MAX, ONE

Value = TypeVar("Value")
Word = TypeVar("Word", bound=Enum)

URL_LENGTH_MAX = 2000
OFF, NONE = "off", "none"

_VISIBLE = re.compile(r"[\x21-\x7e]+", re.ASCII)
_SWITCH = {"on": True, "off": False}


@dataclass(frozen=True, slots=True)
class Kind(Generic[Value]):
    """One kind of value; `parse` raises Malformed, `form` tells people how it is written."""

    parse: Callable[[str], Value]
    render: Callable[[Value], str]
    form: str


def text(length_max: int) -> Kind[str]:
    """Describe a line of printable characters; it may be empty."""

    def parse(written: str) -> str:
        if len(written) > length_max or not written.isprintable() or written != written.strip():
            raise Malformed(
                f"is not a line of at most {length_max} characters without blanks around it"
            )
        return written

    return Kind(parse, str, f"text of at most {length_max} characters")


def whole(minimum: int, maximum: int) -> Kind[int]:
    """Describe a whole number."""

    def parse(written: str) -> int:
        return _between(parse_scaled(written, 0), minimum, maximum, str)

    return Kind(parse, str, f"{minimum} to {maximum}")


def duration(shortest: timedelta, longest: timedelta) -> Kind[timedelta]:
    """Describe a length of time."""

    def parse(written: str) -> timedelta:
        return _between(parse_duration(written), shortest, longest, render_duration)

    bounds = f"{render_duration(shortest)} to {render_duration(longest)}"
    return Kind(parse, render_duration, f"duration, {bounds}")


def switch() -> Kind[bool]:
    """Describe what is on or off."""

    def render(value: bool) -> str:  # noqa: FBT001 - the value is the switch
        return "on" if value else "off"

    return Kind(lambda written: _SWITCH[_one_of(written, _SWITCH)], render, "on or off")


def percent() -> Kind[int]:
    """Describe a share of 0 to 100 %, held in millionths."""
    return Kind(
        lambda written: parse_percent(written.removesuffix("%")),
        lambda rate: f"{render_percent(rate)}%",
        "percentage, 0% to 100%",
    )


def cents(minimum: int = 0) -> Kind[int]:
    """Describe an amount in cents."""
    return Kind(
        lambda written: parse_amount_cents(written, minimum),
        str,
        f"cents, {minimum} to {AMOUNT_CENTS_MAX}",
    )


def total_odds() -> Kind[int]:
    """Describe the odds of a whole ticket, held in hundredths."""
    greatest = ODDS_MAX * ONE

    def render(hundredths: int) -> str:
        return render_scaled(hundredths, 2)

    def parse(written: str) -> int:
        return _between(parse_scaled(written, 2), ONE, greatest, render)

    return Kind(parse, render, f"odds, 1.00 to {render_fixed(greatest, 2)}")


def choice(words: type[Word]) -> Kind[Word]:
    """Describe one word of an enumeration."""
    by_word = {_word(member): member for member in words}
    return Kind(lambda written: by_word[_one_of(written, by_word)], _word, ", ".join(by_word))


def one_of(numbers: tuple[int, ...]) -> Kind[int]:
    """Describe one of a few numbers."""
    by_word = {str(number): number for number in numbers}
    return Kind(lambda written: by_word[_one_of(written, by_word)], str, ", ".join(by_word))


def several(kind: Kind[Value], *, least: int = 0) -> Kind[frozenset[Value]]:
    """Describe a set, written with commas, or as `none` where it is empty."""

    def parse(written: str) -> frozenset[Value]:
        words = [] if written == NONE else written.split(",")
        values = frozenset(kind.parse(word.strip()) for word in words)
        if len(values) < least:
            raise Malformed(f"has to name at least {least}")
        return values

    def render(values: frozenset[Value]) -> str:
        return ",".join(sorted(map(kind.render, values))) or NONE

    return Kind(parse, render, f"{kind.form}; several with commas{'' if least else ', or none'}")


def optional(kind: Kind[Value]) -> Kind[Value | None]:
    """Describe what may also be `off`."""

    def parse(written: str) -> Value | None:
        return None if written == OFF else kind.parse(written)

    def render(value: Value | None) -> str:
        return OFF if value is None else kind.render(value)

    return Kind(parse, render, f"{kind.form}; or off")


def currency() -> Kind[str]:
    """Describe a currency."""
    return Kind(parse_currency, str, "ISO 4217 code")


def time_zone() -> Kind[ZoneInfo]:
    """Describe a time zone."""
    return Kind(_parse_zone, str, "IANA name such as Africa/Nairobi")


def url() -> Kind[str]:
    """Describe an address that is called: http or https, without user, password or fragment."""
    return Kind(_parse_url, str, "http or https URL")


def _parse_zone(written: str) -> ZoneInfo:
    try:
        return ZoneInfo(written)
    # A folder of zones, such as Africa, is a fault of the file system.
    except (ValueError, KeyError, OSError):
        raise Malformed("is not a time zone of IANA such as Africa/Nairobi") from None


def _parse_url(written: str) -> str:
    if len(written) > URL_LENGTH_MAX or _VISIBLE.fullmatch(written) is None:
        raise Malformed(f"is not a URL of at most {URL_LENGTH_MAX} visible ASCII characters")
    if not _is_web_address(written):
        raise Malformed("is not an http or https URL without user, password and fragment")
    return written


def _is_web_address(written: str) -> bool:
    try:
        parts = urlsplit(written)
        known = parts.scheme in {"http", "https"} and parts.port != 0
    except ValueError:
        return False
    return known and bool(parts.hostname) and "@" not in parts.netloc and "#" not in written


def _word(member: Enum) -> str:
    return str(member.value)


def _one_of(written: str, words: "dict[str, Value]") -> str:
    if written not in words:
        raise Malformed("has to be " + " or ".join(words))
    return written


_Ordered = TypeVar("_Ordered", int, timedelta)


def _between(
    value: _Ordered, low: _Ordered, high: _Ordered, render: Callable[[_Ordered], str]
) -> _Ordered:
    if not low <= value <= high:
        raise Malformed(f"has to be between {render(low)} and {render(high)}")
    return value
