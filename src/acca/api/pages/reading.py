"""A service's description as a page: readable without a script, with forms for those with one."""

import base64
import hashlib
import html
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from string import Template
from typing import NamedTuple, cast

import msgspec

from acca.core.refusals import REFUSALS, Refusal
from acca.wire.kinds import Schema
from acca.wire.openapi import Content, Example, Operation, Parameter, Reply, Service, told_meaning

_ROOM = "acca.api.pages"
_CODE = re.compile(r"`([^`]+)`")
_WORDS_SHOWN_MAX = 12
_HEADERS_OF_FORMS = {"idempotency-key"}


class Page(NamedTuple):
    """A page, and the policy that lets a browser run what stands in it and nothing else."""

    body: bytes
    policy: str


class _Row(NamedTuple):
    name: str
    kind: str
    required: bool
    meaning: str


def render_page(service: Service) -> Page:
    """Render the page of a service, with its style and script inside."""
    style, script = _text("docs.css"), _text("docs.js")
    parts = {
        "title": html.escape(service.title),
        "version": html.escape(service.version),
        "style": style,
        "script": script,
        "contents": _contents(service),
        "base": html.escape(service.base),
        "meaning": _prose(service.meaning),
        "headers": _headers(service),
        **_signing(service),
        "operations": "".join(_operation(one, service) for one in service.operations),
        "documents": "".join(_document(name, service) for name in _shown(service)),
        "failures": _table(("status", "means"), _failures(service.failures)),
        "codes": _table(("code", "message", "when"), _codes(service)),
    }
    page = Template(_text("docs.html")).substitute(parts)
    return Page(page.encode(), _policy(style, script))


def _signing(service: Service) -> dict[str, str]:
    """Tell how to sign, with the form that does it; nothing of it where nobody signs."""
    if service.signing is None:
        return {"called": "Headers", "signing": "", "who": ""}
    return {"called": "Signing", "signing": _prose(service.signing), "who": _text("signing.html")}


def _policy(style: str, script: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "img-src data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(name: str) -> str:
    return files(_ROOM).joinpath(name).read_text(encoding="utf-8")


def _prose(text: str) -> str:
    return "".join(f"<p>{_inline(part)}</p>\n" for part in text.strip().split("\n\n"))


def _inline(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", html.escape(text, quote=False))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    head = "".join(f'<th scope="col">{name}' for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{_inline(cell)}' for cell in row)}\n" for row in rows)
    told = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    label = html.escape(caption or ", ".join(heads))
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{label}">'
        f"<table>{told}<thead><tr>{head}<tbody>\n{body}</table></div>\n"
    )


def _contents(service: Service) -> str:
    items = "".join(
        f'<li><a href="#{one.name}">{_badge(one)}</a> {html.escape(one.title)}</li>'
        for one in service.operations
    )
    return f"<ul>{items}</ul>"


def _badge(operation: Operation) -> str:
    method = operation.method
    older = " older" if operation.is_older else ""
    path = html.escape(operation.path)
    return f'<span class="{method.lower()}">{method}</span><span class="path{older}">{path}</span>'


def _headers(service: Service) -> str:
    sent = {
        parameter.name: parameter
        for operation in service.operations
        for parameter in operation.parameters
        if parameter.place == "header"
    }
    told = {one.name: one for reply in _replies(service) for one in reply.headers}
    answered = {one.name: one for one in service.headers} | told
    heads = ("header", "is", "means")
    requests = _table(heads, _parameters(sent.values()), "Headers of requests") if sent else ""
    return requests + _table(heads, _parameters(answered.values()), "Headers of answers")


def _replies(service: Service) -> Iterator[Reply]:
    yield from service.failures
    for operation in service.operations:
        yield from operation.replies


def _parameters(parameters: Iterable[Parameter]) -> Iterator[Sequence[str]]:
    for one in parameters:
        needed = "required" if one.required else "optional"
        yield f"`{one.name}`", f"{_kind(one.schema)}, {needed}", one.meaning


def _operation(operation: Operation, service: Service) -> str:
    head = f'<article><h3 id="{operation.name}">{_badge(operation)}</h3>\n'
    if operation.is_older:
        newer = next(one for one in service.operations if f"{one.name}_older" == operation.name)
        link = f'<a href="#{newer.name}">{html.escape(newer.path)}</a>'
        return f"{head}<p>An older path of {link}, kept for those who use it.</p></article>\n"
    own = [one for one in operation.parameters if one.place != "header"]
    asked = _table(("parameter", "is", "means"), _parameters(own)) if own else ""
    body = "" if operation.body is None else f"<p>Body: {_link(operation.body)}.</p>"
    replies = "".join(_reply(reply) for reply in operation.replies)
    failures = ", ".join(map(str, operation.failures))
    return (
        f"{head}<p><strong>{operation.title}.</strong> {_inline(operation.meaning)}</p>\n"
        f"{asked}{body}\n<ul>{replies}"
        f'<li><a href="#answers">Failures</a>: {failures}</li></ul>\n'
        f"{_form(operation, service)}</article>\n"
    )


def _reply(reply: Reply) -> str:
    link = "" if reply.content is None else f" {_link(reply.content)}"
    return f"<li>{reply.status}: {_inline(told_meaning(reply))}{link}</li>"


def _link(content: Content) -> str:
    return f'<a href="#{content.schema}">{content.schema}</a>'


def _form(operation: Operation, service: Service) -> str:
    fields = [
        _field(operation, one)
        for one in operation.parameters
        if one.place != "header" or one.name in _HEADERS_OF_FORMS
    ]
    send = "Send" if service.signing is None else "Sign and send"
    shown = "".join(
        f'<div hidden>{title}<pre data-shows="{name}"></pre></div>'
        for name, title in (
            ("message", "Signed message"),
            ("command", "The same with curl"),
            ("answer", "Answer"),
        )
    )
    return (
        f"<details><summary>Try it</summary>"
        f'<form hidden data-method="{operation.method}" data-path="{operation.path}">'
        f"{''.join(fields)}{_body_field(operation, service)}<p><button>{send}</button></p>"
        f'<div aria-live="polite">{shown}</div></form></details>\n'
    )


def _field(operation: Operation, parameter: Parameter) -> str:
    id_ = f"{operation.name}-{parameter.name}"
    many = ' data-many="1"' if parameter.schema.get("type") == "array" else ""
    needed = " required" if parameter.required else ""
    place = "" if parameter.place == "header" else f' data-place="{parameter.place}"'
    return (
        f'<p><label for="{id_}">{parameter.name}</label> '
        f'<input id="{id_}" name="{parameter.name}" spellcheck="false"{place}{many}{needed}></p>'
    )


def _body_field(operation: Operation, service: Service) -> str:
    if operation.body is None or not operation.body.examples:
        return ""
    schema = operation.body.schema
    id_, names = f"{operation.name}-body", _examples(schema, service)
    options = "".join(f"<option>{html.escape(one.name)}</option>" for one in names)
    return (
        f'<p><label for="{id_}-of">example</label> '
        f'<select id="{id_}-of" name="example" data-of="{schema}">{options}</select></p>'
        f'<p><label for="{id_}">body, sent as it stands</label> '
        f'<textarea id="{id_}" name="body" spellcheck="false"></textarea></p>'
    )


def _shown(service: Service) -> Iterator[str]:
    return (
        name
        for name, schema in service.schemas.items()
        if {"type", "oneOf"} & schema.keys() and "enum" not in schema
    )


def _examples(name: str, service: Service) -> tuple[Example, ...]:
    contents = [reply.content for reply in _replies(service) if reply.content is not None]
    contents += [one.body for one in service.operations if one.body is not None]
    if _is_list(service.schemas[name]) and "$ref" in str(service.schemas[name]["items"]):
        return ()
    return next((one.examples for one in contents if one.schema == name and one.examples), ())


def _document(name: str, service: Service) -> str:
    forms = _forms(service.schemas[name])
    rows = _common(forms, service) if forms else tuple(_rows(service.schemas[name], ""))
    family = next((found for found in map(_forms, service.schemas.values()) if name in found), ())
    common = _common(family, service)
    own = [row for row in rows if row not in common]
    links = ", ".join(_link(Content(form)) for form in forms)
    told = f"<p>By its <code>type</code>: {links}. Common to all:</p>" if links else ""
    examples = "".join(_example(name, one) for one in _told_apart(_examples(name, service)))
    return f'<h3 id="{name}">{name}</h3>\n{told}{_members(own)}{examples}'


def _forms(schema: Schema) -> tuple[str, ...]:
    forms = cast("list[Mapping[str, str]]", schema.get("oneOf", []))
    return tuple(one["$ref"].rpartition("/")[2] for one in forms)


def _common(forms: Sequence[str], service: Service) -> tuple[_Row, ...]:
    first, *others = [tuple(_rows(service.schemas[form], "")) for form in forms] or [()]
    return tuple(row for row in first if all(row in other for other in others))


def _told_apart(examples: Iterable[Example]) -> Iterator[Example]:
    """Leave out answers whose members are those of another one: a form sends requests only."""
    seen: set[tuple[str, ...]] = set()
    for example in examples:
        members = tuple(re.findall(r'"(\w+)":', example.body.decode()))
        if members not in seen or '"token"' in example.body.decode():
            yield example
        seen.add(members)


def _example(name: str, example: Example) -> str:
    return (
        f"<details><summary>Example: {html.escape(example.name)}</summary>"
        f'<pre id="{name}-{example.name}">{_pretty(example.body)}</pre></details>\n'
    )


def _members(rows: Iterable[_Row]) -> str:
    cells = [
        (f"`{row.name}`", row.kind if row.required else f"{row.kind}; may be missing", row.meaning)
        for row in rows
    ]
    if not cells:
        return "<p>An empty object, or nothing.</p>"
    table = _table(("member", "is", "means"), cells)
    return f"<details><summary>Members</summary>{table}</details>\n"


def _rows(schema: Schema, prefix: str) -> Iterator[_Row]:
    for part in _parts(schema):
        if "items" in part:
            yield from _rows(cast("Schema", part["items"]), f"{prefix}[].".removeprefix("."))
        members = cast("Mapping[str, Schema]", part.get("properties", {}))
        needed = cast("list[str]", part.get("required", []))
        for name, member in members.items():
            path, meaning = prefix + name, str(member.get("description", ""))
            yield _Row(path, _kind(member), name in needed, meaning)
            if not _is_small(member):
                yield from _rows(member, path + ("" if _is_list(member) else "."))


def _is_list(schema: Schema) -> bool:
    return any("items" in part for part in _parts(schema))


def _is_small(schema: Schema) -> bool:
    """Tell whether a member is an object that its kind tells well enough: `{id, name}`."""
    return any(_inside(part) for part in _parts(schema))


def _inside(part: Schema) -> str:
    members = cast("Mapping[str, Schema]", part.get("properties", {}))
    said = [name for name, one in members.items() if "description" in one or "properties" in one]
    return "" if said or not members else f"{{{', '.join(members)}}}"


def _parts(schema: Schema) -> list[Schema]:
    """List the alternatives of a member; those of a whole object only say what has to be there."""
    if "properties" in schema:
        return [schema]
    return cast("list[Schema]", schema.get("anyOf", [schema]))


def _kind(schema: Schema) -> str:
    return " or ".join(dict.fromkeys(_single_kind(part) for part in _parts(schema)))


def _single_kind(part: Schema) -> str:
    if "$ref" in part:
        return f"{part['$ref']}".rpartition("/")[2]
    words = cast("list[str]", part.get("enum", []))
    if words:
        return " | ".join(words[:_WORDS_SHOWN_MAX])
    if part.get("type") == "array":
        return f"list of {_kind(cast('Schema', part['items']))}"
    named = _inside(part) or part.get("type", "any")
    kind = " or ".join(cast("list[str]", named)) if isinstance(named, list) else str(named)
    longest = part.get("maxLength")
    return kind if longest is None else f"{kind} of at most {longest} characters"


def _pretty(body: bytes) -> str:
    return html.escape(msgspec.json.format(body, indent=1).decode(), quote=False)


def _failures(failures: Iterable[Reply]) -> Iterator[Sequence[str]]:
    for one in failures:
        schema = "" if one.content is None else f" ({one.content.schema})"
        yield str(one.status), f"{told_meaning(one)}{schema}"


def _codes(service: Service) -> Iterator[Sequence[str]]:
    told = {code for reply in _replies(service) for code in reply.codes}
    for refusal in REFUSALS if service.signing is not None else _told_of(told):
        sentence = refusal.sentence.replace("`", "")
        yield str(refusal.code), sentence, (refusal.__doc__ or "").strip()


def _told_of(codes: Collection[int]) -> list[type[Refusal]]:
    return [refusal for refusal in REFUSALS if refusal.code in codes]
