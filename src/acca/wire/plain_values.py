"""Values of core as plain JSON and back, by their declared types: nothing is left out or guessed.

Each value has one spelling: times in UTC, odds with two decimals, rates as decimals of one, exact
figures as `n/d`, whole numbers as integers, or as texts where JSON's would lose digits. A field
whose default is None is left out while it is None; every other member has to be there, and no
other may be.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from fractions import Fraction
from functools import cache, partial
from types import NoneType, UnionType
from typing import (
    Any,
    NamedTuple,
    TypeAlias,
    TypeVar,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from acca.core.numbers import Malformed, parse_scaled, render_fixed, render_scaled
from acca.core.receipt_parts import Pointer
from acca.core.receipt_steps import spell
from acca.wire.times import parse_instant, render_time
from acca.wire.tokens import Json

SAFE_INTEGER_MAX = 2**53 - 1
"""The greatest whole number that every reader of JSON reads exactly (RFC 8785)."""
_DIGITS_MAX, _TEXT_LENGTH_MAX = 30, 4_000
_ODDS_PLACES, _RATE_PLACES = 2, 6
_ODDS = {"odds", "total_odds", "settled_odds"}
_RATES = {"ext_rate", "wht_rate", "pool_rate", "prize_rate", "prize_factors", "margin_rate"}
_FRACTION = re.compile(r"(-?[0-9]{1,2000})/([1-9][0-9]{0,2000})", re.ASCII)
_WHOLE = re.compile(rf"[1-9][0-9]{{0,{_DIGITS_MAX}}}", re.ASCII)

Value = TypeVar("Value")
_Type: TypeAlias = Any
"""A declared type, as `typing` gives it: there is no type of all of them."""


class BadMember(Malformed):
    """A member that is not what it has to be; the sentence follows the name of its place."""

    def __init__(self, at: Pointer, sentence: str) -> None:
        self.at: Pointer = at
        self.sentence: str = sentence
        super().__init__(f"/{'/'.join(map(str, at))} {sentence}")


class _Form(NamedTuple):
    """How values of a type are written, and read from a token at a place."""

    write: Callable[[Any], object]
    read: Callable[[Json, Pointer], Any]


class _Member(NamedTuple):
    name: str
    form: _Form
    optional: bool


def write(value: object) -> object:
    """Write a value as what JSON holds."""
    return _form(type(value), "").write(value)


def read(type_: type[Value], token: Json, at: Pointer = ()) -> Value:
    """Read a value; BadMember names the first place that is not as it has to be."""
    return cast("Value", _form(type_, "").read(token, at))


@cache
def _form(type_: _Type, name: str) -> _Form:
    if get_origin(type_) is UnionType:
        return _nullable(_form(_not_none(type_), name))
    if get_origin(type_) is tuple:
        return _list_form(get_args(type_), name)
    if type_ in _LEAVES:
        return _number(name) if type_ is int else _LEAVES[type_]
    if issubclass(type_, Enum):
        return _word(type_)
    return _object(type_)


def _not_none(type_: _Type) -> _Type:
    (kept,) = [one for one in get_args(type_) if one is not NoneType]
    return kept


def _nullable(inner: _Form) -> _Form:
    def compose(value: object) -> object:
        return None if value is None else inner.write(value)

    def parse(token: Json, at: Pointer) -> object:
        return None if token is None else inner.read(token, at)

    return _Form(compose, parse)


def _number(name: str) -> _Form:
    if name in _ODDS:
        return _decimal(_ODDS_PLACES, partial(render_fixed, places=_ODDS_PLACES))
    if name in _RATES:
        return _decimal(_RATE_PLACES, partial(render_scaled, places=_RATE_PLACES))
    return _Form(_write_whole, _read_whole)


def _write_whole(value: int) -> object:
    return value if abs(value) <= SAFE_INTEGER_MAX else str(value)


def _read_whole(token: Json, at: Pointer) -> int:
    if type(token) is int and 0 <= token <= SAFE_INTEGER_MAX:
        return token
    if type(token) is str and _WHOLE.fullmatch(token) and int(token) > SAFE_INTEGER_MAX:
        return int(token)
    sentence = "has to be a whole number of at most 2^53 - 1, or a greater one as a text"
    raise BadMember(at, sentence)


def _decimal(places: int, render: Callable[[int], str]) -> _Form:
    def parse(token: Json, at: Pointer) -> int:
        try:
            value = parse_scaled(token, places) if type(token) is str else -1
        except Malformed as malformed:
            raise BadMember(at, str(malformed)) from None
        if value < 0 or render(value) != token:
            raise BadMember(at, f"has to be a text such as {render(10**places * 3 // 2)}")
        return value

    return _Form(render, parse)


def _word(words: type[Enum]) -> _Form:
    by_word: Mapping[Json, Enum] = {word.value: word for word in words}

    def parse(token: Json, at: Pointer) -> Enum:
        found = by_word.get(token) if type(token) is str else None
        if found is None:
            raise BadMember(at, f"has to be one of {', '.join(map(str, by_word))}")
        return found

    def compose(word: Enum) -> object:
        return cast("object", word.value)

    return _Form(compose, parse)


def _list_form(types: tuple[Any, ...], name: str) -> _Form:
    inner, rest = _form(types[0], name), types[1:]
    length = None if rest == (Ellipsis,) else len(types)
    assert length is None or set(types) == {types[0]}, "lists of a length hold one type"

    def parse(token: Json, at: Pointer) -> tuple[object, ...]:
        if type(token) is not list:
            raise BadMember(at, "has to be a list")
        if length not in {None, len(token)}:
            raise BadMember(at, f"has to have {length} items")
        return tuple(inner.read(item, (*at, place)) for place, item in enumerate(token))

    def compose(values: tuple[object, ...]) -> object:
        return [inner.write(value) for value in values]

    return _Form(compose, parse)


def _object(type_: _Type) -> _Form:
    members = _members(type_)

    def compose(value: object) -> object:
        pairs = ((member, getattr(value, member.name)) for member in members)
        return {
            member.name: member.form.write(inner)
            for member, inner in pairs
            if not (member.optional and inner is None)
        }

    def parse(token: Json, at: Pointer) -> object:
        given = _require_members(members, token, at)
        names = [member for member in members if member.name in given]
        values = {one.name: one.form.read(given[one.name], (*at, one.name)) for one in names}
        try:
            return type_(**values)
        except AssertionError as broken:
            raise BadMember(at, f"cannot be: {broken}") from None

    return _Form(compose, parse)


def _require_members(members: list[_Member], token: Json, at: Pointer) -> dict[str, Json]:
    if type(token) is not dict:
        raise BadMember(at, "has to be an object")
    by_name = {member.name: member for member in members}
    for name in sorted(token.keys() ^ by_name.keys()):
        if name not in by_name:
            raise BadMember((*at, name), "is a member that no such document has")
        if not by_name[name].optional:
            raise BadMember((*at, name), "is missing")
    for name, value in token.items():
        if value is None and by_name[name].optional:
            raise BadMember((*at, name), "is left out where there is none")
    return token


def _members(type_: _Type) -> list[_Member]:
    hints = get_type_hints(type_)
    defaults: Mapping[str, object] = (
        {one.name: one.default for one in fields(type_)}
        if is_dataclass(type_)
        else type_._field_defaults
    )
    return [
        _Member(name, _form(hint, name), defaults.get(name, ...) is None)
        for name, hint in hints.items()
    ]


def _as_it_is(value: object) -> object:
    return value


def _read_text(token: Json, at: Pointer) -> str:
    if type(token) is not str or len(token) > _TEXT_LENGTH_MAX:
        raise BadMember(at, f"has to be a text of at most {_TEXT_LENGTH_MAX} characters")
    return token


def _read_truth(token: Json, at: Pointer) -> bool:
    if type(token) is not bool:
        raise BadMember(at, "has to be true or false")
    return token


def _read_time(token: Json, at: Pointer) -> datetime:
    try:
        value = parse_instant(token) if type(token) is str else None
    except Malformed as malformed:
        raise BadMember(at, str(malformed)) from None
    if value is None or render_time(value) != token:
        raise BadMember(at, "has to be a time such as 2026-08-01T15:00:00.000000")
    return value


def _read_fraction(token: Json, at: Pointer) -> Fraction:
    found = _FRACTION.fullmatch(token) if type(token) is str else None
    if found is None:
        raise BadMember(at, "has to be a ratio such as 39/20")
    exact = Fraction(int(found[1]), int(found[2]))
    if spell(exact) != token:
        raise BadMember(at, f"has to be in lowest terms: {spell(exact)}")
    return exact


_LEAVES: Mapping[object, _Form] = {
    int: _Form(_write_whole, _read_whole),
    str: _Form(_as_it_is, _read_text),
    bool: _Form(_as_it_is, _read_truth),
    datetime: _Form(render_time, _read_time),
    Fraction: _Form(spell, _read_fraction),
}
