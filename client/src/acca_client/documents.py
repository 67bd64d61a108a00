"""JSON as Acca speaks it: compact with exact numbers when written, tolerant when read.

Odds and percentages are `Decimal`, never floats; members that are not known are passed over.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timezone
from decimal import Decimal
from typing import NoReturn, TypeVar, cast

Value = TypeVar("Value")
Reader = Callable[[object, str], Value]
"""Makes a value of a token; the text is the token's place, for the sentence of a Malformed."""

_DIGITS_MAX = 30
"""More digits than any amount or id has."""

_TEXT = json.JSONEncoder(ensure_ascii=False)


class Malformed(ValueError):
    """A document that is not what it should be; the sentence says where and why."""


def write(value: object) -> bytes:
    """Write a value as compact JSON in UTF-8, members in the order in which they stand."""
    return _written(value).encode()


def _written(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return _TEXT.encode(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return _number(value)
    return _container(value)


def _container(value: object) -> str:
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value).items()
        return "{" + ",".join(f"{_name(name)}:{_written(one)}" for name, one in members) + "}"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "[" + ",".join(map(_written, value)) + "]"
    hint = ": odds are Decimal" if isinstance(value, float) else ""
    raise TypeError(f"{type(value).__name__} cannot be sent{hint}")


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError("the name of a member has to be a text")
    return _TEXT.encode(name)


def _number(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} is not a number that can be sent")
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse(body: bytes) -> object:
    """Read JSON with exact numbers; Malformed if it is none."""
    try:
        token = cast(
            "object", json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
        )
    except (ValueError, RecursionError):
        raise Malformed("the body is not JSON") from None
    return token


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def text(token: object, place: str) -> str:
    """Read a text."""
    return token if isinstance(token, str) else _refuse(place, "a text")


def integer(token: object, place: str) -> int:
    """Read an integer, which may be spelled `5.0` too."""
    if isinstance(token, Decimal) and _is_whole(token):
        return int(token)
    if isinstance(token, int) and not isinstance(token, bool):
        return token
    return _refuse(place, "an integer")


def _is_whole(token: Decimal) -> bool:
    # A few bytes such as 1e999999999 would make an integer that fills the memory.
    small = token.is_finite() and token.adjusted() <= _DIGITS_MAX
    return small and token == token.to_integral_value()


def number(token: object, place: str) -> Decimal:
    """Read a number exactly as it is spelled."""
    if isinstance(token, Decimal):
        return token
    if isinstance(token, int) and not isinstance(token, bool):
        return Decimal(token)
    return _refuse(place, "a number")


def boolean(token: object, place: str) -> bool:
    """Read true or false."""
    return token if isinstance(token, bool) else _refuse(place, "true or false")


def instant(token: object, place: str) -> datetime:
    """Read a time, in UTC where it names no zone."""
    try:
        value = datetime.fromisoformat(text(token, place))
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        return _refuse(place, "a time")


def array(item: Reader[Value]) -> Reader[tuple[Value, ...]]:
    """Make the reader of a list from that of its items."""

    def read(token: object, place: str) -> tuple[Value, ...]:
        if not isinstance(token, list):
            return _refuse(place, "a list")
        tokens = cast("list[object]", token)
        return tuple(item(one, f"{place}[{index}]") for index, one in enumerate(tokens))

    return read


class Members:
    """The members of an object, taken one by one; `rest` are those that nobody took."""

    def __init__(self, token: object, place: str) -> None:
        if not isinstance(token, dict):
            _refuse(place, "an object")
        self._tokens: dict[str, object] = cast("dict[str, object]", token)
        self._place: str = place
        self._taken: set[str] = set()

    def take(self, name: str, read: Reader[Value]) -> Value:
        """Take a member that has to be there."""
        if name not in self._tokens:
            raise Malformed(f"{self._place}.{name} is missing")
        self._taken.add(name)
        return read(self._tokens[name], f"{self._place}.{name}")

    def maybe(self, name: str, read: Reader[Value]) -> Value | None:
        """Take a member that may be missing or null."""
        self._taken.add(name)
        token = self._tokens.get(name)
        return None if token is None else read(token, f"{self._place}.{name}")

    def local(self, name: str, value: datetime) -> datetime:
        """Take the operator's local time of an instant; that instant itself if there is none."""
        there = self.maybe(f"operator_time_{name}", instant)
        if there is None:
            return value
        try:
            return value.astimezone(timezone(there - value))
        except ValueError:
            return _refuse(f"{self._place}.operator_time_{name}", "the same instant elsewhere")

    def rest(self) -> dict[str, object]:
        """Tell the members that were not taken."""
        return {name: one for name, one in self._tokens.items() if name not in self._taken}


def _refuse(place: str, what: str) -> NoReturn:
    raise Malformed(f"{place} has to be {what}")
