"""Every document: parse after render is the identity."""

from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acca.core.cards.smartbet import Band
from acca.core.finance import RATE_ONE
from acca.core.numbers import Malformed
from acca.core.odds import ODDS_MAX, ONE
from acca.core.score import Score, Side
from acca.core.ticket import TicketType
from acca.wire import bc, be_queries, feed, sms
from acca.wire.bc_cards import BAND
from acca.wire.be_queries import LANGUAGE
from acca.wire.be_requests import PlaceRequest, parse_place
from acca.wire.be_tickets import Ticket, parse_ticket, parse_tickets
from acca.wire.defects import Defect
from acca.wire.document import Document, fields_of, parse, render, render_list, wire_name
from acca.wire.envelope import Message
from acca.wire.languages import list_codes
from acca.wire.pam import CALLS
from acca.wire.parts import POINTS
from acca.wire.queries import parse_query, render_query
from acca.wire.scores import SCORE
from acca.wire.template_files import DAY_TIME
from acca.wire.times import INSTANT, SECONDS_TIME, TIME
from acca.wire.words import (
    BASIS_POINTS,
    CURRENCY,
    FINE_PERCENT,
    MSISDN,
    ODDS,
    ODDS_DIFF,
    RATE,
    TOTAL_ODDS,
)

QUICKBET = TicketType.QUICKBET
LETTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
TIMES = st.datetimes(
    datetime.fromisoformat("1900-01-02"),
    datetime.fromisoformat("2999-12-30"),
    timezones=st.just(UTC),
)
PAIRS = st.tuples(st.integers(0, 999), st.integers(0, 999))
ZONES = st.sampled_from([UTC, ZoneInfo("Africa/Nairobi"), ZoneInfo("America/St_Johns")])

KNOWN = {
    id(kind.schema): values
    for kind, values in [
        (RATE, st.integers(0, RATE_ONE)),
        (BASIS_POINTS, st.integers(0, 10_000)),
        (FINE_PERCENT, st.integers(0, 10**10)),
        (ODDS, st.integers(ONE, ODDS_MAX)),
        (TOTAL_ODDS, st.integers(0, 2**63 - 1)),
        (ODDS_DIFF, st.integers(0, ODDS_MAX)),
        (TIME, TIMES),
        (INSTANT, TIMES),
        (SECONDS_TIME, TIMES.map(lambda time: time.replace(microsecond=0))),
        (DAY_TIME, st.times().map(lambda time: time.replace(second=0, microsecond=0))),
        (POINTS, PAIRS),
        (BAND, st.lists(st.integers(ONE, 999_999), min_size=2, max_size=2).map(sorted)),
        (
            SCORE,
            st.builds(
                Score,
                PAIRS,
                st.lists(PAIRS, max_size=4).map(tuple),
                st.none() | st.sampled_from(Side),
            ),
        ),
        (LANGUAGE, st.sampled_from(list_codes())),
        (CURRENCY, st.sampled_from(["KES", "USD", "ZMW"])),
        (MSISDN, st.from_regex(r"\A\+?[0-9]{3,31}\Z")),
    ]
}
KNOWN[id(BAND.schema)] = KNOWN[id(BAND.schema)].map(lambda two: Band(*two))


def values_of(schema, annotation):
    """Draw values of a field from its kind's schema and its type."""
    if id(schema) in KNOWN:
        return KNOWN[id(schema)]
    types = [one for one in get_args(annotation) if one is not NoneType]
    if "anyOf" in schema and get_origin(annotation) is UnionType:
        inner = types[0] if len(types) == 1 else annotation
        return st.none() | values_of(schema["anyOf"][0], inner)
    if schema.get("type") == "array":
        return lists_of(schema, types)
    return scalars_of(schema, annotation)


def scalars_of(schema, annotation):
    match schema.get("type"):
        case "integer":
            return st.integers(schema["minimum"], schema["maximum"])
        case "boolean":
            return st.booleans()
        case "string":
            return strings_of(schema, annotation)
        case _:
            return objects_of(annotation)


def lists_of(schema, types):
    if types[0] is Defect:
        places = st.lists(st.text(LETTERS) | st.integers(0, 9)).map(tuple)
        return st.lists(st.builds(Defect, places, st.text(LETTERS), st.text(LETTERS))).map(tuple)
    least, most = schema["minItems"], min(schema["minItems"] + 2, schema["maxItems"])
    return st.lists(values_of(schema["items"], types[0]), min_size=least, max_size=most).map(tuple)


def strings_of(schema, annotation):
    if "enum" in schema:
        return st.sampled_from(annotation)
    if "pattern" in schema:
        return st.from_regex(schema["pattern"].replace("^", r"\A").replace("$", r"\Z"))
    least = schema["minLength"]
    return st.text(LETTERS, min_size=least, max_size=min(least + 20, schema["maxLength"]))


def objects_of(annotation):
    if isinstance(annotation, type) and issubclass(annotation, Document):
        return documents(annotation)
    if get_origin(annotation) is dict:
        return st.dictionaries(st.from_regex(r"\A[^\s\0]{0,20}\Z"), st.booleans(), max_size=5)
    return st.one_of(*(entries(word, form) for word, form in ENTRIES.items()))


@cache
def documents(document):
    hints = get_type_hints(document)
    members = {
        field.attribute: values_of(field.kind.schema, hints[field.attribute])
        for field in fields_of(document)
    }
    drawn = st.fixed_dictionaries(members)
    return drawn.map(lambda values: made(document, values)).filter(lambda one: one is not None)


def made(document, values):
    """Make a document, or None of values that no document has together."""
    named = {wire_name(attribute): value for attribute, value in values.items()}
    if any(all(named[name] is None for name in names) for names in document.ONE_OF):
        return None
    try:
        return document(**values)
    except Malformed:
        return None


ENTRIES = {
    "event": feed.EventEntry,
    "odds": feed.OddsEntry,
    "suspension": feed.SuspensionEntry,
    "result": feed.ResultEntry,
    "correction": feed.ResultEntry,
    "alive": feed.AliveEntry,
}


def entries(word, form):
    return documents(form).map(lambda entry: with_word(entry, kind=feed.EntryKind(word)))


def with_word(document, **changes):
    return msgspec.structs.replace(document, **changes)


def below(document):
    for form in document.__subclasses__():
        yield form
        yield from below(form)


DOCUMENTS = [
    form
    for form in dict.fromkeys(below(Document))
    if form is not Message and form.__module__.startswith("acca.wire")
]
QUERIES = [bc.FinanceQuery, bc.CardsQuery, be_queries.TicketsQuery, be_queries.EventsQuery]
SLOW = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=15)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda form: form.__name__)
@SLOW
@given(data=st.data(), zone=ZONES)
def test_parsing_what_was_rendered_is_the_identity(document, data, zone):
    value = data.draw(documents(document))
    assert parse(document, render(value, zone), 2**30) == value


@pytest.mark.parametrize("query", QUERIES, ids=lambda form: form.__name__)
@SLOW
@given(data=st.data())
def test_parsing_a_query_that_was_rendered_is_the_identity(query, data):
    value = data.draw(documents(query))
    assert parse_query(query, render_query(value)) == value


def tagged(union):
    """Draw documents of every shape, each with a word that stands for it."""
    forms = {form.__name__: form for form in get_args(union)}
    special = {
        next(form for name, form in forms.items() if word.value in name.lower()): word
        for word in (TicketType.SUPERBET, TicketType.JACKPOT)
    }
    return st.one_of(
        *(
            st.builds(with_word, documents(form), type=st.just(special.get(form, QUICKBET)))
            for form in forms.values()
        )
    )


@SLOW
@given(tagged(PlaceRequest))
def test_the_type_of_a_request_tells_its_shape(request):
    assert parse_place(render(request)) == request


@SLOW
@given(st.lists(tagged(Ticket), max_size=3), ZONES)
def test_the_type_of_a_ticket_tells_its_shape(tickets, zone):
    assert parse_tickets(render_list(tickets, zone)) == tuple(tickets)
    for ticket in tickets:
        assert parse_ticket(render(ticket, zone)) == ticket


@pytest.mark.parametrize("envelope", [CALLS, sms.NOTIFICATIONS], ids=["pam", "sms"])
@SLOW
@given(data=st.data())
def test_the_word_of_an_envelope_tells_its_data(envelope, data):
    form = data.draw(st.sampled_from(list(envelope.forms.values())))
    message = data.draw(documents(form))
    assert envelope.parse(envelope.render(message)) == message


@SLOW
@given(st.lists(objects_of(feed.Entry), max_size=5))
def test_the_kind_of_an_entry_tells_its_shape(drawn):
    batch = feed.Batch(entries=tuple(drawn))
    assert feed.parse_batch(render(batch)) == batch
