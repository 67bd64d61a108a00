import json
import re

import jsonschema_rs
import pytest

from acca.core.refusals import REFUSALS
from acca.core.ticket import TicketType
from acca.wire.bc import JackpotPickRequest, SmartbetRequest
from acca.wire.bc_examples import card_example, finance_example, jackpot_examples, smartbet_examples
from acca.wire.bc_meanings import ANSWERS, HEADERS, OPERATIONS, QUERIES, REPLIES, REQUESTS
from acca.wire.bc_openapi import bc_service
from acca.wire.document import parse
from acca.wire.openapi import render_document

SERVICE = bc_service("1.2.3")
DOCUMENT = json.loads(render_document(SERVICE))
SCHEMAS = DOCUMENT["components"]["schemas"]


def validator(name):
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": f"#/components/schemas/{name}",
        "components": {"schemas": SCHEMAS},
    }
    return jsonschema_rs.validator_for(schema)


def contents():
    for operation in SERVICE.operations:
        bodies = [] if operation.body is None else [operation.body]
        told = [reply.content for reply in operation.replies]
        yield from (*bodies, *(content for content in told if content is not None))


def nodes(part):
    yield part
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for one in inner:
        yield from nodes(one)


def test_the_document_is_the_same_bytes_each_time_and_nobody_signs():
    assert render_document(bc_service("1.2.3")) == render_document(SERVICE)
    assert "security" not in DOCUMENT
    assert "securitySchemes" not in DOCUMENT["components"]


def test_every_reference_leads_somewhere():
    places = {node["$ref"] for node in nodes(DOCUMENT) if isinstance(node, dict) and "$ref" in node}
    for place in places:
        part = DOCUMENT
        for name in place.removeprefix("#/").split("/"):
            part = part[name]
    assert places


def test_all_paths_are_below_the_base_and_their_parts_are_parameters():
    names = [operation.name for operation in SERVICE.operations]
    assert len(names) == len(set(names))
    for operation in SERVICE.operations:
        assert operation.path.startswith("/bc/")
        named = {one.name for one in operation.parameters if one.place == "path"}
        assert set(re.findall(r"\{(\w+)\}", operation.path)) == named


def test_each_product_has_a_list_and_a_card():
    for type_ in TicketType:
        for path in (f"/bc/{type_.value}s", f"/bc/{type_.value}s/{{code}}"):
            assert "304" in DOCUMENT["paths"][path]["get"]["responses"]
            assert "content" not in DOCUMENT["paths"][path]["get"]["responses"]["304"]


def test_the_codes_of_refusals_are_those_of_the_core():
    known = {refusal.code for refusal in REFUSALS}
    told = {
        operation.name: code
        for operation in SERVICE.operations
        for reply in operation.replies
        for code in reply.codes
    }
    assert set(told.values()) <= known
    made = next(one for one in SERVICE.operations if one.name == "generate_smartbet")
    assert [(208, 213, 214, 220, 222)] == [one.codes for one in made.replies if one.status == 400]


@pytest.mark.parametrize("type_", TicketType)
def test_a_card_looks_as_its_schema_says(type_):
    example = card_example(type_)
    name = f"{type_.value.capitalize()}Card"
    validator(name).validate(json.loads(example.body))
    bare = {**json.loads(example.body), "code": None}
    assert not validator(name).is_valid(bare)


def test_every_example_fits_its_schema():
    seen = 0
    for content in contents():
        for example in content.examples:
            validator(content.schema).validate(json.loads(example.body))
            seen += 1
    assert 10 == seen


def test_the_requests_of_the_examples_can_be_read():
    assert 2_000 == parse(SmartbetRequest, smartbet_examples()[0].body).stake_cents
    assert 2 == parse(JackpotPickRequest, jackpot_examples()[0].body).lines


def test_the_published_answer_of_the_calculator_is_its_example():
    expected = (
        b'{"price":1000,"total_odds":3.42,"stake":889,"ext":12.5,"ext_amount":111,'
        b'"ext_type":"inclusive","wht":20,"wht_amount":430,"gross_payout":3040,"net_payout":2610}'
    )
    assert expected == finance_example().body


def test_what_is_required_is_told():
    queries = {
        one.name: one.required for one in SERVICE.operations[0].parameters if one.place == "query"
    }
    assert {
        "operator": True,
        "odds": True,
        "price": False,
        "stake": False,
        "type": False,
    } == queries


def test_no_meaning_is_left_of_something_that_is_gone():
    text = render_document(SERVICE).decode()
    for meanings in (ANSWERS, REQUESTS, QUERIES, HEADERS, REPLIES):
        for meaning in meanings.values():
            assert json.dumps(meaning, ensure_ascii=False)[1:-1] in text, meaning
    assert OPERATIONS.keys() <= {one.name for one in SERVICE.operations}
