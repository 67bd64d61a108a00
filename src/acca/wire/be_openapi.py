"""The operations of the Bet Engine API as data, on the documents that its handlers use."""

from collections.abc import Mapping, Sequence

from acca.core.refusals import (
    PRECEDENCE,
    CashOutNotAvailable,
    CashOutValueChanged,
    CodeWrong,
    FeatureOff,
    IdempotencyKeyReused,
    NotAllowed,
    NotSigned,
    Refusal,
    TicketDeclined,
    TicketNotFound,
    TicketNotReserved,
    TooManyCodes,
)
from acca.core.ticket import Status
from acca.wire.be_examples import (
    cash_out_example,
    events_example,
    explanation_example,
    list_example,
    place_examples,
    quote_example,
    ticket_examples,
    timeline_example,
)
from acca.wire.be_meanings import (
    HEADERS,
    MEANING,
    OPERATIONS,
    QUERIES,
    REPLIES,
    SIGNING,
)
from acca.wire.be_queries import EventsQuery, ExplainQuery, TicketsQuery
from acca.wire.be_schemas import be_schemas
from acca.wire.document import Document, schema_of
from acca.wire.kinds import Schema
from acca.wire.openapi import (
    Content,
    Operation,
    Parameter,
    Reply,
    Service,
    describe,
    query_parameters,
    with_members,
)
from acca.wire.receipt_example import receipt_example
from acca.wire.signature import VERSIONS
from acca.wire.words import OPERATOR

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

_CASH_OUT = "/be/tickets/{identifier}/cashout"
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
        schemas=be_schemas(),
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
            "offer_cash_out",
            _CASH_OUT,
            (_IDENTIFIER,),
            Content("CashOutOffer", (cash_out_example(),)),
            FeatureOff,
            TicketNotFound,
            CashOutNotAvailable,
        ),
        _cashing_out(),
        _asking(
            "explain_ticket",
            "/be/tickets/{identifier}/explain",
            (_IDENTIFIER, *_query(ExplainQuery)),
            Content("Explanation", (explanation_example(),)),
            TicketNotFound,
        ),
        _sending_code(),
        _verifying_code(),
        _asking(
            "get_receipt",
            "/be/tickets/{identifier}/receipt",
            (_IDENTIFIER,),
            Content("SignedReceipt", (receipt_example(),)),
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


def _cashing_out() -> Operation:
    done = Reply(200, "The ticket.", Content("Ticket"), headers=(_REPLAY,))
    refused = _refused((FeatureOff, TicketNotFound, CashOutNotAvailable, CashOutValueChanged))
    parameters = (_IDENTIFIER, *_SIGNED, _KEY)
    made = _operation("POST", "accept_cash_out", _CASH_OUT, parameters, (done, refused))
    return made._replace(body=Content("CashOutRequest"), failures=_fail(409, 429))


def _sending_code() -> Operation:
    done = Reply(200, "The code is on its way.", Content("OtpSent"))
    made = _operation(
        "POST", "send_code", "/be/otp", _SIGNED, (done, _refused((FeatureOff, TooManyCodes)))
    )
    return made._replace(body=Content("OtpRequest"), failures=_fail(429))


def _verifying_code() -> Operation:
    done = Reply(200, "The code was right.", Content("OtpVerified"))
    refused = _refused((FeatureOff, CodeWrong, TooManyCodes))
    made = _operation("POST", "verify_code", "/be/otp/verify", _SIGNED, (done, refused))
    return made._replace(body=Content("OtpCheck"), failures=_fail(429))


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
