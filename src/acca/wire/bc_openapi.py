"""The operations of the Bet Card API as data, on the documents that its handlers use."""

from collections.abc import Mapping, Sequence

from acca.core.refusals import (
    BetsDoNotFit,
    CardClosed,
    CardNotFound,
    OperatorNotFound,
    PriceOutOfLimits,
    Refusal,
    TicketTypeOff,
    WinNotReachable,
    WrongNumberOfEvents,
)
from acca.core.ticket import TicketType
from acca.wire.bc import (
    CARDS_IN_LIST_MAX,
    CardsQuery,
    FinanceDetails,
    FinanceQuery,
    JackpotPickAnswer,
    JackpotPickRequest,
    SmartbetAnswer,
    SmartbetRequest,
)
from acca.wire.bc_cards import (
    JackpotCard,
    QuickbetCard,
    QuicktipCard,
    SmartbetCard,
    SuperbetCard,
)
from acca.wire.bc_examples import (
    card_example,
    finance_example,
    jackpot_examples,
    smartbet_examples,
)
from acca.wire.bc_meanings import (
    ANSWERS,
    HEADERS,
    MEANING,
    OPERATIONS,
    PRODUCTS,
    QUERIES,
    REPLIES,
    REQUESTS,
)
from acca.wire.be_answers import ErrorAnswer
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
)
from acca.wire.words import ODDS, TOTAL_ODDS

_CARDS: Mapping[TicketType, type[Document]] = {
    TicketType.JACKPOT: JackpotCard,
    TicketType.QUICKTIP: QuicktipCard,
    TicketType.SMARTBET: SmartbetCard,
    TicketType.QUICKBET: QuickbetCard,
    TicketType.SUPERBET: SuperbetCard,
}
_REFINED: Sequence[tuple[Schema, Schema]] = (
    (ODDS.schema, TO_CENT),
    (TOTAL_ODDS.schema, TO_CENT),
)
_TEXT: Schema = {"type": "string"}
_TAG: Schema = {**_TEXT, "pattern": '^"[0-9a-f]{32}"$'}
_DEFECTIVE = 422


def _header(name: str, schema: Schema = _TEXT, *, required: bool = True) -> Parameter:
    return Parameter(name, "header", HEADERS[name], schema, required=required)


_ON_ALL = (
    _header("x-request-id"),
    _header("date"),
    _header("access-control-allow-origin"),
    _header("access-control-expose-headers"),
)
_TAGGED = (_header("etag", _TAG), _header("cache-control"))
_FRESH = (_header("cache-control"),)
_CODE = Parameter("code", "path", HEADERS["code"], {**_TEXT, "minLength": 1}, required=True)
_KNOWN = _header("if-none-match", required=False)
_OWN: Mapping[int, tuple[Parameter, ...]] = {
    405: (_header("allow"),),
    503: (_header("retry-after", {"type": "integer", "minimum": 1}),),
}
_FAILURES = tuple(
    Reply(status, REPLIES[status], Content("Defects"))
    if status == _DEFECTIVE
    else Reply(status, REPLIES[status], Content("Error"), (status,), _OWN.get(status, ()))
    for status in (405, 408, 413, _DEFECTIVE, 500, 503)
)
_OF_BODIES = {408, 413}


def bc_service(version: str) -> Service:
    """Describe the Bet Card API as this version of Acca serves it."""
    return Service(
        title="Acca: Bet Card API",
        base="/bc",
        version=version,
        meaning=MEANING,
        signing=None,
        headers=_ON_ALL,
        failures=_FAILURES,
        operations=tuple(_operations()),
        schemas=_schemas(),
    )


def _operations() -> list[Operation]:
    operations = [_calculating()]
    for type_, card in _CARDS.items():
        operations += _showing(type_, card.__name__)
        if type_ is TicketType.SMARTBET:
            refusals = (PriceOutOfLimits, WinNotReachable)
            wish, answer = smartbet_examples()
            contents = Content("SmartbetRequest", (wish,)), Content("SmartbetAnswer", (answer,))
            operations.append(_composing("generate_smartbet", type_, contents, refusals))
        if type_ is TicketType.JACKPOT:
            wish, answer = jackpot_examples()
            contents = (
                Content("JackpotPickRequest", (wish,)),
                Content("JackpotPickAnswer", (answer,)),
            )
            refusals = (WrongNumberOfEvents, BetsDoNotFit)
            operations.append(_composing("pick_jackpot", type_, contents, refusals))
    return operations


def _calculating() -> Operation:
    title, meaning = OPERATIONS["finance_details"]
    content = Content("FinanceDetails", (finance_example(),))
    replies = (
        Reply(200, REPLIES[200], content, headers=_FRESH),
        _refused((OperatorNotFound,)),
    )
    path = "/bc/calculator/finance-details"
    parameters = _query(FinanceQuery)
    name = "finance_details"
    return Operation(name, "GET", path, title, meaning, parameters, None, replies, _fail())


def _showing(type_: TicketType, schema: str) -> tuple[Operation, Operation]:
    """Describe the list of a product's cards, and a card by its code."""
    plural, meaning = PRODUCTS[type_.value]
    path = f"/bc/{plural}"
    unchanged = Reply(304, REPLIES[304], None, headers=_TAGGED)
    some = Content(f"{schema}s")
    one = Content(schema, (card_example(type_),))
    listing = Operation(
        f"list_{plural}",
        "GET",
        path,
        f"List {plural}",
        meaning,
        (*_query(CardsQuery), _KNOWN),
        None,
        (Reply(200, REPLIES[200], some, headers=_TAGGED), unchanged, _refused((OperatorNotFound,))),
        _fail(),
    )
    replies = (Reply(200, REPLIES[200], one, headers=_TAGGED), unchanged, _refused((CardNotFound,)))
    showing = listing._replace(
        name=f"get_{type_.value}",
        path=f"{path}/{{code}}",
        title=f"Show a {type_.value}",
        parameters=(_CODE, _KNOWN),
        replies=replies,
    )
    return listing, showing


def _composing(
    name: str,
    type_: TicketType,
    contents: tuple[Content, Content],
    refusals: Sequence[type[Refusal]],
) -> Operation:
    title, meaning = OPERATIONS[name]
    body, answer = contents
    path = f"/bc/{PRODUCTS[type_.value][0]}/{{code}}"
    refused = _refused((CardNotFound, CardClosed, TicketTypeOff, *refusals))
    replies = Reply(200, REPLIES[200], answer, headers=_FRESH), refused
    failures = _fail(*_OF_BODIES)
    return Operation(name, "POST", path, title, meaning, (_CODE,), body, replies, failures)


def _refused(refusals: Sequence[type[Refusal]]) -> Reply:
    codes = tuple(sorted(refusal.code for refusal in refusals))
    return Reply(400, REPLIES[400], Content("Error"), codes)


def _fail(*more: int) -> tuple[int, ...]:
    return tuple(one.status for one in _FAILURES if one.status not in _OF_BODIES - {*more})


def _query(document: type[Document]) -> tuple[Parameter, ...]:
    return query_parameters(describe(refine(schema_of(document), _REFINED), QUERIES))


def _schemas() -> Mapping[str, Schema]:
    cards = {card.__name__: _answer(card) for card in _CARDS.values()}
    lists = {
        f"{name}s": {
            "type": "array",
            "items": {"$ref": f"#/components/schemas/{name}"},
            "maxItems": CARDS_IN_LIST_MAX,
        }
        for name in cards
    }
    return {
        "FinanceDetails": _answer(FinanceDetails),
        **cards,
        **lists,
        "SmartbetRequest": _request(SmartbetRequest),
        "SmartbetAnswer": _answer(SmartbetAnswer),
        "JackpotPickRequest": _request(JackpotPickRequest),
        "JackpotPickAnswer": _answer(JackpotPickAnswer),
        "Unread": UNREAD,
        "Error": schema_of(ErrorAnswer),
        "Defects": DEFECTS,
    }


def _answer(document: type[Document]) -> Schema:
    return describe(as_written(refine(schema_of(document), _REFINED)), ANSWERS)


def _request(document: type[Document]) -> Schema:
    return describe(as_read(refine(schema_of(document), _REFINED)), REQUESTS)
