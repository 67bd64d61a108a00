"""OpenAPI 3.1 documents: a service described as values, made into a document and its bytes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, cast

import msgspec

from acca.wire.kinds import Schema

JSON = "application/json"
_QUERY = "query"
_SIBLING = "operator_time_"
Change = Callable[[Schema], Schema]

_NAMED = {
    "propertyNames": {"pattern": r"^[^ \t\r\n]*$"},
    "additionalProperties": {"$ref": "#/components/schemas/Unread"},
}
UNREAD: Schema = {"items": {"$ref": "#/components/schemas/Unread"}, **_NAMED}
"""What stands in a member that nobody reads: the component `Unread`."""

TO_CENT: Schema = {"multipleOf": msgspec.Raw(b"0.01")}
"""What a number of two decimals is a multiple of."""
_TEXT: Schema = {"type": "string"}
DEFECTS: Schema = {
    "type": "object",
    "properties": {
        "detail": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
                    "msg": _TEXT,
                    "type": _TEXT,
                },
                "required": ["loc", "msg", "type"],
            },
        }
    },
    "required": ["detail"],
}
"""The body of a 422."""


class Example(NamedTuple):
    """A document as it is sent, by a name."""

    name: str
    body: bytes


class Content(NamedTuple):
    """What a request or an answer holds: the name of its schema, and examples."""

    schema: str
    examples: tuple[Example, ...] = ()
    required: bool = True


class Parameter(NamedTuple):
    """A part of the path, a query parameter or a header; `place` is `path`, `query` or `header`."""

    name: str
    place: str
    meaning: str
    schema: Schema
    required: bool = False


class Reply(NamedTuple):
    """An answer of one status: when it comes, what it holds if anything, codes, own headers."""

    status: int
    meaning: str
    content: Content | None
    codes: tuple[int, ...] = ()
    headers: tuple[Parameter, ...] = ()


class Operation(NamedTuple):
    """A method of a path; `failures` are statuses that it shares with others."""

    name: str
    method: str
    path: str
    title: str
    meaning: str
    parameters: tuple[Parameter, ...]
    body: Content | None
    replies: tuple[Reply, ...]
    failures: tuple[int, ...] = ()
    is_older: bool = False


class Service(NamedTuple):
    """All that a document tells: prose, operations in their order, and schemas by name.

    `base` is the path that all of them are below; `signing` is None where nobody signs. `headers`
    stand on all answers, `failures` are answers that several operations have.
    """

    title: str
    base: str
    version: str
    meaning: str
    signing: str | None
    headers: tuple[Parameter, ...]
    failures: tuple[Reply, ...]
    operations: tuple[Operation, ...]
    schemas: Mapping[str, Schema]


def refine(schema: Schema, refined: Iterable[tuple[Schema, Schema]]) -> Schema:
    """Add to parts of a schema what their kinds leave unsaid; a part is known by identity."""
    more = {id(part): said for part, said in refined}
    return _walk(schema, lambda part: {**part, **more[id(part)]} if id(part) in more else part)


def as_read(schema: Schema) -> Schema:
    """Say of each object that no member's name holds a blank, at whatever depth."""
    return _walk(schema, lambda part: {**part, **_NAMED} if "properties" in part else part)


def as_written(schema: Schema) -> Schema:
    """Say of each object that the local time of a required time is there too."""
    return _walk(schema, _with_siblings)


def describe(schema: Schema, meanings: Mapping[str, str], prefix: str = "") -> Schema:
    """Add meanings to members, each by its path: `events.odds` stands inside the list `events`."""
    described = dict(schema)
    for key in ("items", "anyOf"):
        inner = schema.get(key)
        if isinstance(inner, Mapping):
            described[key] = describe(cast("Schema", inner), meanings, prefix)
        elif isinstance(inner, list):
            parts = cast("list[Schema]", inner)
            described[key] = [describe(part, meanings, prefix) for part in parts]
    members = cast("Mapping[str, Schema] | None", schema.get("properties"))
    if members is not None:
        described["properties"] = {
            name: _described(member, meanings, prefix + name) for name, member in members.items()
        }
    return described


def with_members(schema: Schema, **members: Schema) -> Schema:
    """Replace members of an object's schema."""
    properties = cast("Mapping[str, Schema]", schema["properties"])
    assert members.keys() <= properties.keys(), "only members that are there are replaced"
    return {**schema, "properties": {**properties, **members}}


def query_parameters(schema: Schema) -> tuple[Parameter, ...]:
    """Make query parameters of the schema of a query's document: null cannot be spelled there."""
    properties = cast("Mapping[str, Schema]", schema["properties"])
    required = cast("list[str]", schema["required"])
    return tuple(
        Parameter(
            name,
            _QUERY,
            str(member.get("description", "")),
            _without_null(member),
            required=name in required,
        )
        for name, member in properties.items()
    )


def build_document(service: Service) -> Mapping[str, object]:
    """Build the OpenAPI document of a service."""
    paths: dict[str, dict[str, object]] = {}
    for operation in service.operations:
        methods = paths.setdefault(operation.path, {})
        methods[operation.method.lower()] = _operation(operation, service.headers)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": service.title,
            "version": service.version,
            "description": service.meaning,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        **({} if service.signing is None else {"security": [{"signature": list[str]()}]}),
        "paths": paths,
        "components": _components(service),
    }


def render_document(service: Service) -> bytes:
    """Render the document of a service: compact, and the same bytes each time."""
    return msgspec.json.encode(build_document(service))


def told_meaning(reply: Reply) -> str:
    """Tell when an answer comes, with its codes."""
    if not reply.codes:
        return reply.meaning
    word = "Code" if len(reply.codes) == 1 else "Codes"
    return f"{reply.meaning} {word}: {', '.join(map(str, reply.codes))}."


def _components(service: Service) -> Mapping[str, object]:
    replies = [reply for operation in service.operations for reply in operation.replies]
    headers = [
        *service.headers,
        *(header for reply in (*service.failures, *replies) for header in reply.headers),
    ]
    components: dict[str, object] = {
        "schemas": service.schemas,
        "parameters": {
            parameter.name: _whole(parameter)
            for operation in service.operations
            for parameter in operation.parameters
            if parameter.place != _QUERY
        },
        "headers": {header.name: _told(header) for header in headers},
        "responses": {
            str(reply.status): _reply(reply, service.headers) for reply in service.failures
        },
    }
    if service.signing is not None:
        signature = {"type": "apiKey", "in": "header", "name": "signature"}
        told = {**signature, "description": service.signing}
        components["securitySchemes"] = {"signature": told}
    return components


def _operation(operation: Operation, headers: Sequence[Parameter]) -> Mapping[str, object]:
    told: dict[str, object] = {
        "operationId": operation.name,
        "summary": operation.title,
        "description": operation.meaning,
        "parameters": [_parameter(one) for one in operation.parameters],
    }
    if operation.body is not None:
        body = operation.body
        told["requestBody"] = {"required": body.required, "content": _content(body)}
    own = {str(reply.status): _reply(reply, headers) for reply in operation.replies}
    shared = {str(status): _ref("responses", str(status)) for status in operation.failures}
    told["responses"] = {**own, **shared}
    if operation.is_older:
        told["deprecated"] = True
    return told


def _ref(place: str, name: str) -> Schema:
    return {"$ref": f"#/components/{place}/{name}"}


def _parameter(parameter: Parameter) -> Schema:
    """Tell of a parameter where it stands, if it is a query's: others have the same names."""
    return _whole(parameter) if parameter.place == _QUERY else _ref("parameters", parameter.name)


def _whole(parameter: Parameter) -> Schema:
    return {"name": parameter.name, "in": parameter.place, **_told(parameter)}


def _told(parameter: Parameter) -> Mapping[str, object]:
    return {
        "description": parameter.meaning,
        "required": parameter.required,
        "schema": parameter.schema,
    }


def _reply(reply: Reply, headers: Sequence[Parameter]) -> Mapping[str, object]:
    told: dict[str, object] = {
        "description": told_meaning(reply),
        "headers": {one.name: _ref("headers", one.name) for one in (*headers, *reply.headers)},
    }
    if reply.content is not None:
        told["content"] = _content(reply.content, reply.codes)
    return told


def _content(content: Content, codes: Sequence[int] = ()) -> Mapping[str, object]:
    schema = _ref("schemas", content.schema)
    if codes:
        schema = {**schema, "properties": {"code": {"enum": list(codes)}}}
    media: dict[str, object] = {"schema": schema}
    if content.examples:
        media["examples"] = {
            example.name: {"value": msgspec.Raw(example.body)} for example in content.examples
        }
    return {JSON: media}


def _described(member: Schema, meanings: Mapping[str, str], path: str) -> Schema:
    inner = describe(member, meanings, f"{path}.")
    plain = path.rpartition(".")
    meaning = meanings.get(path) or meanings.get(f"{plain[0]}{plain[1]}{_unlocal(plain[2])}")
    return inner if meaning is None else {**inner, "description": meaning}


def _unlocal(name: str) -> str:
    return name.removeprefix(_SIBLING)


def _without_null(schema: Schema) -> Schema:
    described = {key: value for key, value in schema.items() if key == "description"}
    parts = cast("list[Schema] | None", schema.get("anyOf"))
    if parts is None:
        return schema
    (kept,) = [part for part in parts if part.get("type") != "null"]
    return {**kept, **described}


def _with_siblings(part: Schema) -> Schema:
    members = cast("Mapping[str, Schema] | None", part.get("properties"))
    if members is None:
        return part
    required = cast("list[str]", part["required"])
    local = [name for name in members if _unlocal(name) != name and _unlocal(name) in required]
    return {**part, "required": [*required, *local]}


def _walk(schema: Schema, change: Change) -> Schema:
    walked = dict(change(schema))
    for key in ("items", "anyOf", "oneOf", "properties"):
        inner = walked.get(key)
        if key == "properties" and inner is not None:
            members = cast("Mapping[str, Schema]", inner)
            walked[key] = {name: _walk(member, change) for name, member in members.items()}
        elif isinstance(inner, Mapping):
            walked[key] = _walk(cast("Schema", inner), change)
        elif isinstance(inner, list):
            walked[key] = [_walk(part, change) for part in cast("list[Schema]", inner)]
    return walked
