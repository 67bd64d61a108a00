"""Documents as tables of fields: one declaration of each is read, written and described by."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import cache, lru_cache, partial
from typing import ClassVar, NamedTuple, TypeVar, cast, get_args

import msgspec

from acca.core.numbers import Malformed
from acca.wire.defects import Defect, Defective, TooLarge, defects_under
from acca.wire.kinds import Kind, Null, Schema, Writer
from acca.wire.times import render_time
from acca.wire.tokens import Json, load

BODY_BYTES_MAX = 64 * 1024
"""The limit of a request's body, and of an answer that is read from outside."""
FEED_BYTES_MAX = 4 * 1024 * 1024
ANSWER_BYTES_MAX = 64 * 1024 * 1024
"""The limit of an answer of ours that is read back: ten thousand tickets."""

_UNITS = ("_cents", "_rate", "_basis_points", "_e10", "_seconds")
_NOTHING = (b"", b"{}")
_VALUES_KEPT = 8192


def wire_name(attribute: str) -> str:
    """Tell the name on the wire: a value's own, without the unit that ends it here."""
    for unit in _UNITS:
        attribute = attribute.removesuffix(unit)
    return attribute


class Document(msgspec.Struct, frozen=True, kw_only=True, rename=wire_name):
    """A document, or an object inside one: `name: Annotated[type, kind]` in the order of the wire.

    A field with a default may be missing when it is read. `ORDER` stands for the order of the
    declarations where documents share their fields in different places. Of each group of names in
    `ONE_OF` at least one has to be there.
    """

    ORDER: ClassVar[tuple[str, ...]] = ()
    ONE_OF: ClassVar[tuple[tuple[str, ...], ...]] = ()


AnyDocument = TypeVar("AnyDocument", bound=Document)
Result = TypeVar("Result")
Value = TypeVar("Value")


class Field(NamedTuple):
    """One row of a document's table; `sibling` is the name of its local time, if it has one."""

    name: str
    attribute: str
    kind: Kind[object]
    required: bool
    sibling: str | None


_WritingRow = tuple[str, str, Writer[object] | None, bool, str | None]


class _Reading(NamedTuple):
    """What reading needs of a table, at hand."""

    rows: tuple[tuple[str, str, Callable[[Json], object]], ...]
    required: frozenset[str]
    one_of: tuple[tuple[str, ...], ...]


@cache
def fields_of(document: type[Document]) -> tuple[Field, ...]:
    """Tell the table of a document, in the order of the wire."""
    rows = {info.encode_name: _field(info) for info in msgspec.structs.fields(document)}
    order = document.ORDER or tuple(rows)
    assert rows.keys() <= set(order), f"{document.__name__}.ORDER leaves out a field"
    return tuple(rows[name] for name in order if name in rows)


def _field(info: msgspec.structs.FieldInfo) -> Field:
    kind = cast("object", get_args(info.type)[1])
    assert isinstance(kind, Kind), f"{info.name} needs a kind"
    sibling = f"operator_time_{info.encode_name}" if kind.local else None
    return Field(info.encode_name, info.name, kind, info.required, sibling)


@cache
def _reading(document: type[Document]) -> _Reading:
    fields = fields_of(document)
    return _Reading(
        tuple((field.name, field.attribute, field.kind.read) for field in fields),
        frozenset(field.name for field in fields if field.required),
        document.ONE_OF,
    )


@cache
def _writing(document: type[Document]) -> tuple[_WritingRow, ...]:
    return tuple(
        (
            field.name,
            field.attribute,
            field.kind.write,
            field.kind.null is Null.LEFT_OUT,
            field.sibling,
        )
        for field in fields_of(document)
    )


@cache
def is_plain(document: type[Document]) -> bool:
    """Tell whether msgspec writes a document by itself, as it should be."""
    return not document.ORDER and all(
        field.kind.write is None and field.sibling is None and field.kind.null is not Null.LEFT_OUT
        for field in fields_of(document)
    )


def read(document: type[AnyDocument], token: Json) -> AnyDocument:
    """Read a document from its token; Defective with every defect, or Malformed if no object."""
    if type(token) is not dict:
        raise Malformed("has to be an object")
    rows, required, one_of = _reading(document)
    if not required <= token.keys() or (one_of and _unmet(one_of, token)):
        raise Defective(_defects_in(document, token))
    try:
        values = {name: reader(token[key]) for key, name, reader in rows if key in token}
    except Malformed:
        raise Defective(_defects_in(document, token)) from None
    return document(**values)


def _unmet(groups: Iterable[tuple[str, ...]], token: dict[str, Json]) -> list[Defect]:
    defects: list[Defect] = []
    for names in groups:
        for name in names:
            if token.get(name) is not None:
                break
        else:
            defects.append(missing(names[0]))
    return defects


def _defects_in(document: type[Document], token: dict[str, Json]) -> Iterator[Defect]:
    """Tell all that is wrong with a document that cannot be read."""
    for field in fields_of(document):
        if field.name in token:
            try:
                _ = field.kind.read(token[field.name])
            except Malformed as malformed:
                yield from defects_under((field.name,), malformed, field.kind.word)
        elif field.required:
            yield missing(field.name)
    yield from _unmet(document.ONE_OF, token)


def write(document: Document, zone: tzinfo = UTC) -> object:
    """Write a document to what msgspec encodes, its local times in the operator's zone."""
    form = type(document)
    if is_plain(form):
        return document
    members: dict[str, object] = {}
    for name, attribute, writer, left_out, sibling in _writing(form):
        value: object = getattr(document, attribute)
        if value is None and left_out:
            continue
        members[name] = value if value is None or writer is None else writer(value, zone)
        if sibling is not None:
            assert value is None or isinstance(value, datetime), "only times have a sibling"
            members[sibling] = value and render_time(value, zone)
    return members


def parse(document: type[AnyDocument], body: bytes, bytes_max: int = BODY_BYTES_MAX) -> AnyDocument:
    """Read a body; TooLarge above its limit, else Defective with all that is wrong with it."""
    return parse_by(lambda token: read(document, token), body, bytes_max)


def parse_by(
    read_token: Callable[[Json], Result],
    body: bytes,
    bytes_max: int = BODY_BYTES_MAX,
    passed_over: Container[str] = (),
) -> Result:
    """Read a body by a function of its token, which may choose among documents.

    `passed_over` are words of faults (`name`, `duplicate`) that others may have in their answers.
    """
    check_size(len(body), bytes_max)
    try:
        tree, faults = load(body)
        serious = [fault for fault in faults if fault.type not in passed_over]
        if serious:
            raise Defective((*serious, *_defects_of(read_token, tree)))
        return read_token(tree)
    except Malformed as malformed:
        raise Defective(defects_under(("body",), malformed, "object")) from None


def parse_nothing(body: bytes) -> None:
    """Check that a body is nothing or `{}`: what is signed must never be ignored (spec 3, paid)."""
    if body not in _NOTHING:
        raise Defective([Defect(("body",), "has to be empty", "empty")])


def check_size(length: int, bytes_max: int = BODY_BYTES_MAX) -> None:
    """Raise TooLarge for a body above its limit."""
    if length > bytes_max:
        raise TooLarge(f"body has {length} bytes; {bytes_max} are allowed")


def render(document: Document, zone: tzinfo = UTC) -> bytes:
    """Render a document: compact UTF-8 in the order of the wire, never with escaped letters."""
    return msgspec.json.encode(write(document, zone))


def render_list(documents: Iterable[Document], zone: tzinfo = UTC) -> bytes:
    """Render documents as a bare array."""
    return msgspec.json.encode([write(document, zone) for document in documents])


def nested(document: type[AnyDocument]) -> Kind[AnyDocument]:
    """Describe an object inside a document."""
    writer = None if is_plain(document) else write
    return Kind("object", partial(read, document), schema_of(document), writer)


def kept(kind: Kind[Value]) -> Kind[Value]:
    """Describe values that repeat in many documents: each is written only once."""
    inner = kind.write
    assert inner is not None, "what msgspec writes by itself costs nothing"

    @lru_cache(_VALUES_KEPT)
    def written(value: Value, zone: tzinfo) -> object:
        return msgspec.Raw(msgspec.json.encode(inner(value, zone)))

    return replace(kind, write=written)


def schema_of(document: type[Document]) -> Schema:
    """Describe a document as JSON schema."""
    properties: dict[str, object] = {}
    for field in fields_of(document):
        properties[field.name] = field.kind.schema
        if field.sibling is not None:
            properties[field.sibling] = field.kind.schema
    required = [field.name for field in fields_of(document) if field.required]
    return {"type": "object", "properties": properties, "required": required}


def variants(
    member: str, head: type[Document], forms: Mapping[str, type[AnyDocument]]
) -> Kind[AnyDocument]:
    """Describe an object whose shape the word in one of its members chooses.

    `head` tells what is wrong with an object of an unknown word: it holds the member's own kind.
    """

    def read_form(token: Json) -> AnyDocument:
        word = token.get(member) if type(token) is dict else None
        form = forms.get(word) if type(word) is str else None
        if form is not None:
            return read(form, token)
        _ = read(head, token)
        raise AssertionError(f"{head.__name__} knows a word that has no form")

    schemas = [schema_of(form) for form in dict.fromkeys(forms.values())]
    return Kind("object", read_form, {"oneOf": schemas}, write)


def missing(name: str) -> Defect:
    """Tell that a member is missing."""
    return Defect((name,), "is missing", "missing")


def _defects_of(read_token: Callable[[Json], object], tree: Json) -> tuple[Defect, ...]:
    try:
        _ = read_token(tree)
    except Malformed as malformed:
        return defects_under((), malformed, "object")
    return ()
