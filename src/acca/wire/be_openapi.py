"""The operations of the Bet Engine API as data, on the documents that its handlers use."""

from collections.abc import Mapping, Sequence

import msgspec
from iso4217 import Currency

from acca.core.numbers import render_scaled
from acca.core.odds import ODDS_MAX, ONE
from acca.core.refusals import (
    PRECEDENCE,
    FeatureOff,
    IdempotencyKeyReused,
    NotAllowed,
    NotSigned,
    Refusal,
    TicketDeclined,
    TicketNotFound,
    TicketNotReserved,
)
from acca.core.ticket import Source, Status, TicketType
from acca.wire.be_answers import TIMELINE, ErrorAnswer, EventsPage, Quote
from acca.wire.be_examples import (
    events_example,
    list_example,
    place_examples,
    quote_example,
    ticket_examples,
    timeline_example,
)
from acca.wire.be_meanings import (
    ANSWERS,
    HEADERS,
    MEANING,
    OPERATIONS,
    QUERIES,
    REPLIES,
    REQUESTS,
    SIGNING,
)
from acca.wire.be_queries import EventsQuery, TicketsQuery
from acca.wire.be_requests import PlaceAccumulator, PlaceHead, PlaceJackpot, PlaceSuperbet
from acca.wire.be_tickets import (
    TICKETS_IN_LIST_MAX,
    AccumulatorTicket,
    JackpotTicket,
    SuperbetTicket,
)
from acca.wire.document import Document, schema_of
from acca.wire.kinds import Schema
from acca.wire.openapi import (
    DEFECTS,
    TO_CENT,
    UNREAD,
    Content,
    Operation,
    Parameter,
    Reply,
    Service,
    as_read,
    as_written,
    describe,
    query_parameters,
    refine,
    with_members,
)
from acca.wire.signature import VERSIONS
from acca.wire.words import CURRENCY, ODDS, OPERATOR, RATE, TOTAL_ODDS

_ACCUMULATORS = (TicketType.QUICKTIP, TicketType.SMARTBET, TicketType.QUICKBET)
_PLACED: Mapping[type[Document], tuple[TicketType, ...]] = {
    PlaceAccumulator: _ACCUMULATORS,
    PlaceSuperbet: (TicketType.SUPERBET,),
    PlaceJackpot: (TicketType.JACKPOT,),
}
_SHOWN: Mapping[type[Document], tuple[TicketType, ...]] = {
    AccumulatorTicket: _ACCUMULATORS,
    SuperbetTicket: (TicketType.SUPERBET,),
    JackpotTicket: (TicketType.JACKPOT,),
}

_REFINED: Sequence[tuple[Schema, Schema]] = (
    (ODDS.schema, TO_CENT),
    (TOTAL_ODDS.schema, TO_CENT),
    (RATE.schema, {"multipleOf": msgspec.Raw(render_scaled(1, 4).encode())}),
    (CURRENCY.schema, {"$ref": "#/components/schemas/Currency"}),
)
_DEVIATION: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": ODDS_MAX // ONE}

_DEFECTIVE = 422
_TEXT: Schema = {"type": "string"}
_SECONDS: Schema = {"type": "integer", "minimum": 1}

_SIGNED = (
    Parameter(
        "timestamp",
        "header",
        HEADERS["timestamp"],
        {**_TEXT, "pattern": "^[0-9]{1,16}$"},
        required=True,
    ),
    Parameter("operator-name", "header", HEADERS["operator-name"], OPERATOR.schema, required=True),
    Parameter(
        "signature",
        "header",
        HEADERS["signature"],
        {**_TEXT, "pattern": "^[0-9a-f]{64}$"},
        required=True,
    ),
    Parameter(
        "signature-version",
        "header",
        HEADERS["signature-version"],
        {**_TEXT, "enum": [str(version) for version in VERSIONS]},
    ),
)
_KEY = Parameter(
    "idempotency-key",
    "header",
    HEADERS["idempotency-key"],
    {**_TEXT, "pattern": r"^[\x21-\x7e]{1,255}$"},
)
_IDENTIFIER = Parameter(
    "identifier",
    "path",
    HEADERS["identifier"],
    {**_TEXT, "minLength": 1},
    required=True,
)
_ON_ALL = (
    Parameter("x-request-id", "header", HEADERS["x-request-id"], _TEXT, required=True),
    Parameter("date", "header", HEADERS["date"], _TEXT, required=True),
    Parameter("signature-versions", "header", HEADERS["signature-versions"], _TEXT),
)
_REPLAY = Parameter(
    "idempotent-replay", "header", HEADERS["idempotent-replay"], {**_TEXT, "enum": ["true"]}
)
_RETRY = Parameter("retry-after", "header", HEADERS["retry-after"], _SECONDS, required=True)
_ALLOW = Parameter("allow", "header", HEADERS["allow"], _TEXT, required=True)
_BECAUSE = Parameter("refused-because", "header", HEADERS["refused-because"], _TEXT)

_OWN: Mapping[int, tuple[tuple[int, ...], tuple[Parameter, ...]]] = {
    403: ((NotSigned.code, NotAllowed.code), ()),
    405: ((405,), (_ALLOW,)),
    409: ((IdempotencyKeyReused.code,), ()),
    429: ((429,), (_RETRY,)),
    503: ((503,), (_RETRY,)),
}
_FAILURES = tuple(
    Reply(status, REPLIES[status], Content("Defects"))
    if status == _DEFECTIVE
    else Reply(status, REPLIES[status], Content("Error"), *_OWN.get(status, ((status,), ())))
    for status in (403, 404, 405, 408, 409, 413, _DEFECTIVE, 429, 500, 503)
)
"""What requests may be answered with whatever they ask for."""
_OF_SOME = {409, 429}

_PLACING = tuple(refusal for stage in PRECEDENCE[1:] for refusal in stage)
_CREATING = tuple(refusal for refusal in _PLACING if refusal is not FeatureOff)
_QUOTING = tuple(refusal for refusal in _CREATING if refusal is not TicketDeclined)


def be_service(version: str) -> Service:
    """Describe the Bet Engine API as this version of Acca serves it."""
    return Service(
        title="Acca: Bet Engine API",
        base="/be",
        version=version,
        meaning=MEANING,
        signing=SIGNING,
        headers=_ON_ALL,
        failures=_FAILURES,
        operations=(*_operations(), *_older()),
        schemas=_schemas(),
    )


def _operations() -> tuple[Operation, ...]:
    return (
        _placing("create_ticket", "/be/tickets", _CREATING, Status.OPEN),
        _placing("reserve_ticket", "/be/tickets/reserve", _PLACING, Status.RESERVED),
        _quoting(),
        _paying("pay_ticket", "/be/tickets/{identifier}/paid"),
        _showing("get_ticket", "/be/tickets/{identifier}"),
        _listing("list_tickets", "/be/tickets"),
        _asking(
            "get_timeline",
            "/be/tickets/{identifier}/timeline",
            (_IDENTIFIER,),
            Content("Timeline", (timeline_example(),)),
            TicketNotFound,
        ),
        _asking(
            "list_events",
            "/be/events",
            _query(EventsQuery),
            Content("EventsPage", (events_example(),)),
        ),
    )


def _older() -> tuple[Operation, ...]:
    made = (
        _listing("list_tickets", "/tickets"),
        _showing("get_ticket", "/tickets/{identifier}"),
        _paying("pay_ticket", "/tickets/{identifier}/paid"),
    )
    return tuple(
        one._replace(name=f"{one.name}_older", title=f"{one.title} (older path)", is_older=True)
        for one in made
    )


def _placing(name: str, path: str, refusals: Sequence[type[Refusal]], status: Status) -> Operation:
    done = Reply(200, "The ticket.", Content("Ticket", ticket_examples(status)), headers=(_REPLAY,))
    refused = _refused(refusals)._replace(headers=(_REPLAY,))
    replies = (done, refused)
    made = _operation("POST", name, path, (*_SIGNED, _KEY), replies)
    return made._replace(body=_place(), failures=_fail(409, 429))


def _quoting() -> Operation:
    done = Reply(200, "The quote.", Content("Quote", (quote_example(),)))
    replies = (done, _refused(_QUOTING))
    path = "/be/tickets/quote"
    made = _operation("POST", "quote_ticket", path, _SIGNED, replies)
    return made._replace(body=_place(), failures=_fail(429))


def _paying(name: str, path: str) -> Operation:
    done = Reply(200, "The ticket.", Content("Ticket"), headers=(_REPLAY,))
    refused = _refused((FeatureOff, TicketNotFound, TicketNotReserved))
    refused = refused._replace(headers=(_REPLAY, _BECAUSE))
    replies = (done, refused)
    made = _operation("POST", name, path, (_IDENTIFIER, *_SIGNED, _KEY), replies)
    return made._replace(body=Content("Nothing", required=False), failures=_fail(409))


def _showing(name: str, path: str) -> Operation:
    made = _asking(name, path, (_IDENTIFIER,), Content("Ticket"), TicketNotFound)
    return made._replace(failures=_fail())


def _listing(name: str, path: str) -> Operation:
    return _asking(name, path, _query(TicketsQuery), Content("Tickets", (list_example(),)))


def _asking(
    name: str,
    path: str,
    parameters: tuple[Parameter, ...],
    content: Content,
    *refusals: type[Refusal],
) -> Operation:
    refused = (_refused(refusals),) if refusals else ()
    replies = (Reply(200, "What was asked for.", content), *refused)
    made = _operation("GET", name, path, (*parameters, *_SIGNED), replies)
    return made._replace(failures=_fail(429))


def _operation(
    method: str,
    name: str,
    path: str,
    parameters: tuple[Parameter, ...],
    replies: tuple[Reply, ...],
) -> Operation:
    title, meaning = OPERATIONS[name]
    return Operation(name, method, path, title, meaning, parameters, None, replies, _fail())


def _place() -> Content:
    return Content("PlaceRequest", place_examples())


def _refused(refusals: Sequence[type[Refusal]]) -> Reply:
    codes = tuple(sorted({refusal.code for refusal in refusals}))
    return Reply(400, REPLIES[400], Content("Error"), codes)


def _fail(*more: int) -> tuple[int, ...]:
    """List the statuses of failures: those of any request, and those that only some have."""
    return tuple(one.status for one in _FAILURES if one.status not in _OF_SOME - {*more})


def _query(document: type[Document]) -> tuple[Parameter, ...]:
    schema = schema_of(document)
    if document is TicketsQuery:
        schema = with_members(schema, before={**_TEXT, "pattern": "^[0-9A-Fa-f]{24}$"})
    return query_parameters(describe(schema, QUERIES))


def _schemas() -> Mapping[str, Schema]:
    placed = {form.__name__: _read(form, types) for form, types in _PLACED.items()}
    shown = {form.__name__: _written(form, types) for form, types in _SHOWN.items()}
    return {
        "PlaceRequest": _one_of(_PLACED),
        **placed,
        "Ticket": _one_of(_SHOWN),
        **shown,
        "Tickets": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/Ticket"},
            "maxItems": TICKETS_IN_LIST_MAX,
        },
        "Quote": _answer(schema_of(Quote)),
        "Timeline": _answer(TIMELINE.schema),
        "EventsPage": _answer(schema_of(EventsPage)),
        "Currency": {**_TEXT, "enum": sorted(currency.code for currency in Currency)},
        "Nothing": {"type": "object", "maxProperties": 0},
        "Unread": UNREAD,
        "Error": schema_of(ErrorAnswer),
        "Defects": DEFECTS,
    }


def _read(form: type[Document], types: Sequence[TicketType]) -> Schema:
    members: dict[str, Schema] = {"type": _words(types), "source": _any_case()}
    schema = with_members(schema_of(form), **members)
    if "odds_diff" in form.ORDER and form is not PlaceSuperbet:
        schema = with_members(schema, odds_diff=_DEVIATION)
    schema = describe(as_read(refine(schema, _REFINED)), REQUESTS)
    return {**schema, "anyOf": [_has(name) for names in PlaceHead.ONE_OF for name in names]}


def _written(form: type[Document], types: Sequence[TicketType]) -> Schema:
    return _answer(with_members(schema_of(form), type=_words(types)))


def _answer(schema: Schema) -> Schema:
    return describe(as_written(refine(schema, _REFINED)), ANSWERS)


def _words(types: Sequence[TicketType]) -> Schema:
    return {**_TEXT, "enum": [type_.value for type_ in types]}


def _any_case() -> Schema:
    words = [source.value for source in Source]
    spelled = "|".join("".join(f"[{one.upper()}{one}]" for one in word) for word in words)
    return {"anyOf": [{**_TEXT, "enum": words}, {**_TEXT, "pattern": f"^({spelled})$"}]}


def _has(name: str) -> Schema:
    return {"required": [name], "properties": {name: {"not": {"type": "null"}}}}


def _one_of(forms: Mapping[type[Document], Sequence[TicketType]]) -> Schema:
    places = {form: f"#/components/schemas/{form.__name__}" for form in forms}
    mapping = {type_.value: places[form] for form, types in forms.items() for type_ in types}
    return {
        "oneOf": [{"$ref": place} for place in places.values()],
        "discriminator": {"propertyName": "type", "mapping": mapping},
    }
