"""Query parameters: (name, value) pairs to a document and back; unknown names are passed over."""

from collections.abc import Iterable

from acca.core.numbers import Malformed
from acca.wire.defects import Defect, Defective, defects_under
from acca.wire.document import AnyDocument, Document, fields_of, read, render
from acca.wire.tokens import Json, Number, load

Pair = tuple[str, str]


def parse_query(document: type[AnyDocument], pairs: Iterable[Pair]) -> AnyDocument:
    """Read the parameters of a request; Defective with all that is wrong with them."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    token, defects = _tokens(document, given)
    try:
        found = read(document, token)
    except Malformed as malformed:
        defects += defects_under(("query",), malformed, "object")
    else:
        if not defects:
            return found
    raise Defective(defects)


def render_query(document: Document) -> list[Pair]:
    """Write a document as the parameters of a request."""
    token = load(render(document)).tree
    assert isinstance(token, dict), "a document is an object"
    return [
        (name, _spell(value))
        for name, values in token.items()
        for value in (values if isinstance(values, list) else [values])
        if value is not None
    ]


def _tokens(
    document: type[Document], given: dict[str, list[str]]
) -> tuple[dict[str, Json], list[Defect]]:
    tokens: dict[str, Json] = {}
    defects: list[Defect] = []
    for field in fields_of(document):
        values = given.get(field.name)
        if values is None:
            continue
        spelled: list[Json] = [Number(one) if field.kind.numeric else one for one in values]
        tokens[field.name] = spelled if field.kind.many else spelled[0]
        if len(values) > 1 and not field.kind.many:
            defects.append(Defect(("query", field.name), "is present more than once", "duplicate"))
    return tokens, defects


def _spell(token: Json) -> str:
    assert isinstance(token, str | int | Number), "a parameter is a word or a number"
    return token.text if isinstance(token, Number) else str(token)
