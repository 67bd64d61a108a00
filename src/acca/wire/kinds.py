"""Kinds of values: how each stands in a document, read from its token and written back to one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from enum import Enum
from functools import lru_cache
from typing import Generic, TypeVar, cast

import msgspec

from acca.core.numbers import Malformed, parse_scaled, render_scaled
from acca.wire.defects import Defect, Defective, defects_under
from acca.wire.tokens import Json, Number

Value = TypeVar("Value")
Word = TypeVar("Word", bound=Enum)
Schema = Mapping[str, object]

INTEGER_MAX = 2**63 - 1
"""What a PostgreSQL bigint holds."""
_SPELLINGS_KEPT = 8192
"""Odds and rates repeat: this many spellings of each kind are read, and written, only once."""


class Null(Enum):
    """What becomes of a value that is None."""

    NEVER = "never"
    WRITTEN = "written"
    LEFT_OUT = "left out"


Writer = Callable[[Value, tzinfo], object]


@dataclass(frozen=True, slots=True)
class Kind(Generic[Value]):
    """One kind of value.

    `read` takes a token to a value or raises Malformed; `write` takes a value and the operator's
    zone to what msgspec encodes, or is None where msgspec encodes the value as it is. `word` names
    the kind in a defect, `schema` describes its token as JSON schema. `numeric` and `many` tell how
    a query spells it. A `local` time is written twice, the second time in the operator's zone.
    """

    word: str
    read: Callable[[Json], Value]
    schema: Schema
    write: "Writer[Value] | None" = None
    null: Null = Null.NEVER
    numeric: bool = False
    many: bool = False
    local: bool = False


def integer(minimum: int = 0, maximum: int = INTEGER_MAX) -> Kind[int]:
    """Describe a whole number: `5000`, `5000.0` and `5e3` are one, a string is none."""

    def read(token: Json) -> int:
        value = parse_scaled(token.text, 0) if type(token) is Number else token
        if type(value) is not int:
            raise Malformed("has to be an integer")
        if not minimum <= value <= maximum:
            raise Malformed(f"has to be between {minimum} and {maximum}")
        return value

    schema = {"type": "integer", "minimum": minimum, "maximum": maximum}
    return Kind("integer", read, schema, numeric=True)


def scaled(word: str, places: int, minimum: int, maximum: int) -> Kind[int]:
    """Describe a decimal number, held as an integer of `10**-places`; the bounds are so too."""
    one = 10**places

    def within(value: int) -> int:
        if not minimum <= value <= maximum:
            low, high = render_scaled(minimum, places), render_scaled(maximum, places)
            raise Malformed(f"has to be between {low} and {high}")
        return value

    @lru_cache(_SPELLINGS_KEPT)
    def of_text(text: str) -> int:
        return within(parse_scaled(text, places))

    def read(token: Json) -> int:
        if type(token) is Number:
            return of_text(token.text)
        if type(token) is not int:
            raise Malformed("has to be a number")
        return within(token * one)

    @lru_cache(_SPELLINGS_KEPT)
    def write(value: int, _zone: tzinfo | None = None) -> object:
        return msgspec.Raw(render_scaled(value, places))

    schema = {"type": "number", "minimum": write(minimum), "maximum": write(maximum)}
    return Kind(word, read, schema, write, numeric=True)


def text(maximum: int, minimum: int = 1) -> Kind[str]:
    """Describe a string of so many characters, of those that a database can store."""

    def read(token: Json) -> str:
        if type(token) is not str:
            raise Malformed("has to be a string")
        if not minimum <= len(token) <= maximum:
            raise Malformed(f"has to have between {minimum} and {maximum} characters")
        if "\0" in token or not (token.isascii() or _is_utf8(token)):
            raise Malformed("holds a character that cannot be stored")
        return token

    return Kind("string", read, {"type": "string", "minLength": minimum, "maxLength": maximum})


def spelled(
    word: str,
    parse: Callable[[str], Value],
    schema: Schema,
    spell: Callable[[Value], str] | None = None,
) -> Kind[Value]:
    """Describe a value with a spelling of its own: a string that `parse` may refuse.

    Without `spell` msgspec knows how to write it.
    """

    def write(value: Value, _zone: tzinfo) -> str:
        assert spell is not None, "a value without a spelling is written as it is"
        return spell(value)

    def read(token: Json) -> Value:
        if type(token) is not str:
            raise Malformed("has to be a string")
        return parse(token)

    return Kind(word, read, {"type": "string", **schema}, write if spell else None)


def choice(words: type[Word], *, any_case: bool = False) -> Kind[Word]:
    """Describe one word of an enumeration, in any letter case where the contract says so."""
    by_word: dict[Json, Word] = {str(word.value): word for word in words}

    def read(token: Json) -> Word:
        if type(token) is not str:
            raise Malformed("has to be a string")
        found = by_word.get(token.lower() if any_case else token)
        if found is None:
            raise Malformed(f"has to be one of {', '.join(map(str, by_word))}")
        return found

    return Kind("word", read, {"type": "string", "enum": list(by_word)})


def nullable(kind: Kind[Value]) -> Kind[Value | None]:
    """Describe a value that may be null, and is written as null then."""
    return _with_null(kind, Null.WRITTEN)


def optional(kind: Kind[Value]) -> Kind[Value | None]:
    """Describe a value that may be null or missing, and is left out then."""
    return _with_null(kind, Null.LEFT_OUT)


def lenient(kind: Kind[Value]) -> Kind[Value | None]:
    """Describe a value of others' documents, which counts as missing where it makes no sense."""

    def read(token: Json) -> Value | None:
        try:
            return kind.read(token)
        except Malformed:
            return None

    return replace(optional(kind), read=read)


def array(kind: Kind[Value], maximum: int, minimum: int = 0) -> Kind[tuple[Value, ...]]:
    """Describe a list of so many values of one kind."""
    read_item, write_item = kind.read, kind.write

    def read(token: Json) -> tuple[Value, ...]:
        if type(token) is not list:
            raise Malformed("has to be a list")
        if not minimum <= len(token) <= maximum:
            raise Malformed(f"has to have between {minimum} and {maximum} items")
        try:
            return tuple([read_item(item) for item in token])
        except Malformed:
            raise Defective(_defects_of_items(kind, token)) from None

    def write(values: tuple[Value, ...], zone: tzinfo) -> object:
        assert write_item is not None, "items that need no writing are written as they are"
        return [write_item(value, zone) for value in values]

    schema = {"type": "array", "items": kind.schema, "minItems": minimum, "maxItems": maximum}
    writer = write if write_item else None
    return Kind("list", read, schema, writer, numeric=kind.numeric, many=True)


def flags(name_length_max: int, maximum: int) -> Kind[dict[str, bool]]:
    """Describe an object of booleans; members that are no booleans are passed over."""

    def read(token: Json) -> dict[str, bool]:
        if type(token) is not dict:
            raise Malformed("has to be an object")
        return {
            name: flag
            for name, flag in list(token.items())[:maximum]
            if type(flag) is bool and len(name) <= name_length_max and _is_utf8(name)
        }

    schema = {"type": "object", "additionalProperties": {"type": "boolean"}}
    return Kind("object", read, schema)


def _read_boolean(token: Json) -> bool:
    if type(token) is not bool:
        raise Malformed("has to be true or false")
    return token


def _with_null(kind: Kind[Value], null: Null) -> Kind[Value | None]:
    inner = kind.read

    def read(token: Json) -> Value | None:
        return None if token is None else inner(token)

    schema = {"anyOf": [kind.schema, {"type": "null"}]}
    return Kind(
        word=kind.word,
        read=read,
        schema=schema,
        write=cast("Writer[Value | None] | None", kind.write),  # never called with None
        null=null,
        numeric=kind.numeric,
        many=kind.many,
        local=kind.local,
    )


def _defects_of_items(kind: Kind[Value], tokens: list[Json]) -> list[Defect]:
    defects: list[Defect] = []
    for place, token in enumerate(tokens):
        try:
            _ = kind.read(token)
        except Malformed as malformed:
            defects.extend(defects_under((place,), malformed, kind.word))
    return defects


def _is_utf8(value: str) -> bool:
    """Tell whether a text is whole: no half of a surrogate pair."""
    try:
        _ = value.encode()
    except UnicodeEncodeError:
        return False
    return True


BOOLEAN: Kind[bool] = Kind("boolean", _read_boolean, {"type": "boolean"})
