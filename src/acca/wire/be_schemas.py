"""The documents of the Bet Engine API as schemas, refined where JSON Schema says less than we."""

from collections.abc import Mapping, Sequence

import msgspec
from iso4217 import Currency

from acca.core.numbers import render_scaled
from acca.core.odds import ODDS_MAX, ONE
from acca.core.ticket import Source, TicketType
from acca.wire.be_answers import (
    TIMELINE,
    CashOutOffer,
    ErrorAnswer,
    EventsPage,
    Explanation,
    OtpSent,
    OtpVerified,
    Quote,
)
from acca.wire.be_meanings import ANSWERS, RECEIPT_MEANINGS, REQUESTS
from acca.wire.be_requests import (
    CashOutRequest,
    OtpCheck,
    OtpRequest,
    PlaceAccumulator,
    PlaceHead,
    PlaceJackpot,
    PlaceSuperbet,
)
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
    as_read,
    as_written,
    describe,
    refine,
    with_members,
)
from acca.wire.receipts import SIGNED_RECEIPT
from acca.wire.words import CURRENCY, ODDS, RATE, TOTAL_ODDS

_TEXT: Schema = {"type": "string"}
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


def be_schemas() -> Mapping[str, Schema]:
    """Tell the schema of every document by its name."""
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
        "CashOutOffer": _answer(schema_of(CashOutOffer)),
        "CashOutRequest": as_read(schema_of(CashOutRequest)),
        "OtpRequest": as_read(schema_of(OtpRequest)),
        "OtpSent": _answer(schema_of(OtpSent)),
        "OtpCheck": as_read(schema_of(OtpCheck)),
        "OtpVerified": _answer(schema_of(OtpVerified)),
        "Timeline": _answer(TIMELINE.schema),
        "Explanation": _answer(schema_of(Explanation)),
        "SignedReceipt": describe(SIGNED_RECEIPT, RECEIPT_MEANINGS),
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
