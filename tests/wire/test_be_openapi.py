import copy
import json
import re

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acca.core.refusals import REFUSALS
from acca.core.ticket import Source, Status, TicketType
from acca.wire.be_answers import EventsPage, Explanation, Quote, parse_timeline
from acca.wire.be_examples import place_examples, ticket_examples
from acca.wire.be_meanings import ANSWERS, HEADERS, OPERATIONS, QUERIES, REPLIES, REQUESTS
from acca.wire.be_openapi import be_service
from acca.wire.be_requests import parse_place
from acca.wire.be_tickets import parse_ticket, parse_tickets
from acca.wire.defects import Defective
from acca.wire.document import parse
from acca.wire.openapi import render_document
from acca.wire.receipt_example import published_example
from acca.wire.receipt_proof import prove

SERVICE = be_service("1.2.3")
DOCUMENT = json.loads(render_document(SERVICE))
SCHEMAS = DOCUMENT["components"]["schemas"]
REQUEST_EXAMPLES = {one.name: json.loads(one.body) for one in place_examples()}
FORMS = ["PlaceAccumulator", "PlaceSuperbet", "PlaceJackpot"]
PARSERS = {
    "PlaceRequest": parse_place,
    "Ticket": parse_ticket,
    "Tickets": parse_tickets,
    "Quote": lambda body: parse(Quote, body),
    "Timeline": parse_timeline,
    "Explanation": lambda body: parse(Explanation, body),
    "EventsPage": lambda body: parse(EventsPage, body),
    "SignedReceipt": lambda body: prove(body, published_example()),
}


def validator(name):
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": f"#/components/schemas/{name}",
        "components": {"schemas": SCHEMAS},
    }
    return jsonschema_rs.validator_for(schema)


PLACE = validator("PlaceRequest")


def contents():
    for operation in SERVICE.operations:
        bodies = [] if operation.body is None else [operation.body]
        yield from (*bodies, *(reply.content for reply in operation.replies))


def nodes(part):
    yield part
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for one in inner:
        yield from nodes(one)


def is_read(token):
    try:
        parse_place(json.dumps(token).encode())
    except Defective:
        return False
    return True


def changed(name, **changes):
    kept = {**REQUEST_EXAMPLES[name], **changes}
    return {member: value for member, value in kept.items() if value is not ...}


# ---- the document as a whole


def test_the_document_is_the_same_bytes_each_time_and_compact():
    assert render_document(be_service("1.2.3")) == render_document(SERVICE)
    assert "1.2.3" == DOCUMENT["info"]["version"]
    assert b"\n" not in render_document(SERVICE)


def test_every_reference_leads_somewhere():
    places = {node["$ref"] for node in nodes(DOCUMENT) if isinstance(node, dict) and "$ref" in node}
    for place in places:
        part = DOCUMENT
        for name in place.removeprefix("#/").split("/"):
            part = part[name]
    assert places


def test_every_operation_has_a_name_of_its_own():
    names = [operation.name for operation in SERVICE.operations]
    assert len(names) == len(set(names))


def test_the_older_paths_are_deprecated_and_no_others():
    older = {
        path
        for path, methods in DOCUMENT["paths"].items()
        for operation in methods.values()
        if operation.get("deprecated")
    }
    expected = {"/tickets", "/tickets/{identifier}", "/tickets/{identifier}/paid"}
    assert expected == older == {path for path in DOCUMENT["paths"] if not path.startswith("/be/")}


def test_a_part_of_a_path_is_a_parameter():
    for operation in SERVICE.operations:
        named = {one.name for one in operation.parameters if one.place == "path"}
        assert set(re.findall(r"\{(\w+)\}", operation.path)) == named


def test_the_codes_of_refusals_are_those_of_the_core():
    known = {refusal.code for refusal in REFUSALS}
    told = {
        code
        for operation in SERVICE.operations
        for reply in (*operation.replies, *SERVICE.failures)
        if reply.status in {400, 403, 409}
        for code in reply.codes
    }
    assert told <= known


def test_paying_is_refused_with_the_documented_codes_alone():
    paid = next(one for one in SERVICE.operations if one.name == "pay_ticket")
    assert [(100, 102, 117)] == [one.codes for one in paid.replies if one.status == 400]


def test_too_many_requests_are_never_told_of_paying_and_showing():
    limited = {one.name for one in SERVICE.operations if 429 in one.failures}
    assert {"create_ticket", "reserve_ticket", "quote_ticket", "list_tickets"} <= limited
    assert not {"pay_ticket", "get_ticket", "pay_ticket_older", "get_ticket_older"} & limited


def test_no_meaning_is_left_of_something_that_is_gone():
    text = render_document(SERVICE).decode()
    for meanings in (ANSWERS, REQUESTS, QUERIES, HEADERS, REPLIES):
        for meaning in meanings.values():
            assert json.dumps(meaning, ensure_ascii=False)[1:-1] in text
    assert set(OPERATIONS) == {one.name for one in SERVICE.operations if not one.is_older}


# ---- examples


def test_each_type_has_an_example_of_its_request_and_of_its_answers():
    names = [one.value for one in TicketType]
    assert names == [one.name for one in place_examples()]
    for status in (Status.OPEN, Status.RESERVED):
        tickets = [parse_ticket(one.body) for one in ticket_examples(status)]
        assert [(name, status) for name in names] == [
            (one.type.value, one.status) for one in tickets
        ]


@pytest.mark.parametrize("schema", PARSERS)
def test_examples_are_read_by_the_parser_and_fit_their_schema(schema):
    bodies = {one.body for content in contents() if content.schema == schema
              for one in content.examples}  # fmt: skip
    assert bodies
    for body in bodies:
        PARSERS[schema](body)
        validator(schema).validate(json.loads(body))


# ---- the schema of a request says what its parser does


@pytest.mark.parametrize("name", REQUEST_EXAMPLES)
def test_exactly_one_form_fits_a_request(name):
    token = REQUEST_EXAMPLES[name]
    fits = [form for form in FORMS if validator(form).is_valid(token)]
    expected = {"superbet": ["PlaceSuperbet"], "jackpot": ["PlaceJackpot"]}
    assert expected.get(name, ["PlaceAccumulator"]) == fits


@pytest.mark.parametrize(
    "changes",
    [
        {"price": ...},
        {"price": None},
        {"price": 0},
        {"price": "5000"},
        {"price": 10**15},
        {"price": 50.5},
        {"currency": "ABC"},
        {"currency": "kes"},
        {"source": "fax"},
        {"type": "combo"},
        {"type": "superbet"},
        {"operator": ""},
        {"operator": "x" * 65},
        {"token": None},
        {"psp": 5},
        {"psp": "x" * 256},
        {"msisdn": "tel"},
        {"odds_diff": -0.1},
        {"odds_diff": "1"},
        {"odds_diff": 100_001.5},
        {"events": []},
        {"events": {}},
        {"events": [{"id": 1, "bet": 1}]},
        {"events": [{"id": 0, "bet": 1, "odds": 2}]},
        {"events": [{"id": 1, "bet": 1, "odds": 0.99}]},
        {"events": [{"id": 1, "bet": 1, "odds": 1.505}]},
        {"events": [{"id": 1, "bet": 1, "odds": 2}] * 101},
        {"a b": 1},
        {"unknown": [{"a": {"a b": 1}}]},
        {"events": [{"id": 1, "bet": 1, "odds": 2, "a b": 1}]},
    ],
    ids=repr,
)
def test_what_the_parser_refuses_the_schema_refuses(changes):
    token = changed("quickbet", **changes)
    assert (False, False) == (is_read(token), PLACE.is_valid(token))


@pytest.mark.parametrize(
    "changes",
    [
        {"price": 5000.0},
        {"price": ..., "stake": 5000},
        {"price": None, "stake": 5000},
        {"price": 10**15 - 1},
        {"psp": ...},
        {"psp": ""},
        {"atag": None},
        {"source": "SMS"},
        {"source": "TeLeGrAm"},
        {"odds_diff": None},
        {"odds_diff": ...},
        {"odds_diff": 0.12345},
        {"odds_diff": 100_000},
        {"betcard_code": "A1B2C3"},
        {"betcard_code": None},
        {"msisdn": "+254700000000"},
        {"unknown": {"anything": [1, None]}},
        {"events": [{"id": 1, "bet": 1, "odds": odds / 100} for odds in range(100, 200)]},
        {"events": [{"id": 1, "bet": 1, "odds": odds} for odds in (4.35, 8.2, 64.1, 99999.99)]},
    ],
    ids=lambda changes: repr(changes)[:60],
)
def test_what_the_schema_takes_the_parser_takes(changes):
    token = changed("quickbet", **changes)
    assert (True, True) == (is_read(token), PLACE.is_valid(token))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.integers(-1000, 10**7).map(lambda cents: cents / 100)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=70)
    | st.sampled_from([*(one.value for one in Source), "KES", "USD", *REQUEST_EXAMPLES]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "bet", "odds", "x", "a b"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.sampled_from(sorted(REQUEST_EXAMPLES)), st.data())
def test_parser_and_schema_agree_whatever_stands_in_a_member(name, data):
    token = copy.deepcopy(REQUEST_EXAMPLES[name])
    place = data.draw(st.sampled_from([*token, "msisdn", "betcard_code", "stake"]))
    token[place] = data.draw(JSON)
    if place == "odds_diff" and type(token[place]) is int and token[place] > 100_000:
        return  # a bound of the parser that depends on the spelling: 100001 is read, 100001.0 not
    assert PLACE.is_valid(token) == is_read(token)
