from datetime import UTC, datetime
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

import pytest

from acca.core.numbers import Malformed
from acca.core.ticket import TicketType
from acca.wire.be_requests import PlaceHead
from acca.wire.be_tickets import TicketLeg
from acca.wire.document import Document, fields_of, read, render, schema_of, variants, wire_name
from acca.wire.kinds import BOOLEAN, array, choice, integer, nullable, text
from acca.wire.parts import POINTS
from acca.wire.times import INSTANT, LOCAL_TIME, SECONDS_TIME, TIME, render_time
from acca.wire.tokens import Number


class Moments(Document, frozen=True, kw_only=True):
    """A document of times."""

    ORDER: ClassVar[tuple[str, ...]] = ("left", "came")

    came: Annotated[datetime, LOCAL_TIME]
    left: Annotated[datetime | None, nullable(LOCAL_TIME)] = None


class Empty(Document, frozen=True, kw_only=True):
    """A document without fields."""


class Forgetful(Document, frozen=True, kw_only=True):
    """A document whose order leaves out a field."""

    ORDER: ClassVar[tuple[str, ...]] = ("a",)

    a: Annotated[int, integer()]
    b: Annotated[int, integer()]


def refused(kind, token):
    with pytest.raises(Malformed) as caught:
        kind.read(token)
    return str(caught.value)


def test_a_unit_is_no_part_of_the_name_on_the_wire():
    assert wire_name("wht_amount_cents") == "wht_amount"
    assert wire_name("wht_rate") == "wht"
    assert wire_name("operator") == "operator"


def test_a_local_time_is_written_twice():
    moments = Moments(came=datetime(2024, 12, 31, 22, 30, tzinfo=UTC))
    assert render(moments, ZoneInfo("Africa/Nairobi")) == (
        b'{"left":null,"operator_time_left":null,"came":"2024-12-31T22:30:00.000000",'
        b'"operator_time_came":"2025-01-01T01:30:00.000000"}'
    )


def test_an_order_leaves_out_no_field():
    with pytest.raises(AssertionError, match="leaves out"):
        fields_of(Forgetful)


def test_a_variant_without_a_form_is_a_bug():
    kind = variants("type", Empty, {})
    with pytest.raises(AssertionError, match="has no form"):
        kind.read({"type": "x"})


def test_a_document_is_described_with_the_siblings_of_its_times():
    schema = schema_of(Moments)
    assert list(schema["properties"]) == [
        "left",
        "operator_time_left",
        "came",
        "operator_time_came",
    ]
    assert schema["required"] == ["came"]
    assert "operator" in schema_of(PlaceHead)["properties"]
    assert schema_of(TicketLeg)["properties"]["sport"]["required"] == ["id", "name"]


@pytest.mark.parametrize("token", [None, 7, "x", [], Number("1.0")])
def test_a_document_is_an_object(token):
    with pytest.raises(Malformed, match="has to be an object"):
        read(Moments, token)


@pytest.mark.parametrize("token", [None, 0, 1, "true"])
def test_a_boolean_is_true_or_false(token):
    assert refused(BOOLEAN, token) == "has to be true or false"


@pytest.mark.parametrize("score", ["", "2", "2:1", "2-1-0", "-1-2", "1000-0", "\u0662-1"])
def test_a_score_is_two_numbers(score):
    assert refused(POINTS, score) == "has to be a score such as 2-1"


@pytest.mark.parametrize(
    "text", ["2024-07-17", "2024-07-17T17:00:00", "2024-07-17T17:00:00.000000Z", "20240717T170000"]
)
def test_a_documented_time_has_one_spelling(text):
    assert refused(TIME, text) == "has to be a time such as 2024-07-17T17:00:00.000000"


def test_a_time_without_a_fraction_has_one_spelling():
    sentence = "has to be a time such as 2024-07-17T17:00:00"
    assert refused(SECONDS_TIME, "2024-07-17T17:00:00.5") == sentence
    assert SECONDS_TIME.read("2024-07-17T17:00:00") == datetime(2024, 7, 17, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has to be a time such as 2024-07-17T17:00:00"),
        ("17 July", "has to be a time such as 2024-07-17T17:00:00"),
        ("0001-01-01T00:00+14:00", "has to be a time such as 2024-07-17T17:00:00"),
        ("9999-12-31T23:00-14:00", "has to be a time such as 2024-07-17T17:00:00"),
        ("0024-07-17T17:00:00", "has to be between the years 1900 and 2999"),
    ],
)
def test_an_instant_that_is_none_is_refused(text, sentence):
    assert refused(INSTANT, text) == sentence


def test_a_time_is_rendered_in_any_zone():
    time = datetime(1901, 1, 1, 0, 0, 0, 7, tzinfo=UTC)
    assert render_time(time) == "1901-01-01T00:00:00.000007"
    assert len(render_time(time, ZoneInfo("Africa/Monrovia"))) == 26


@pytest.mark.parametrize("kind", [choice(TicketType), text(5), TIME])
def test_a_word_is_a_string(kind):
    assert refused(kind, 7) == "has to be a string"


def test_a_list_is_a_list_of_its_kind():
    kind = array(integer(0, 9), 3, 1)
    assert kind.read([1, Number("2.0")]) == (1, 2)
    assert refused(kind, "12") == "has to be a list"
    assert refused(kind, []) == "has to have between 1 and 3 items"
    assert refused(kind, [1, 10, "x"]) == "1 has to be between 0 and 9; 2 has to be an integer"
