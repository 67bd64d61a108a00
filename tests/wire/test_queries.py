from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.ticket import Status, TicketResult, TicketType
from acca.wire.be_queries import EventsQuery, TicketsQuery
from acca.wire.defects import Defective
from acca.wire.queries import parse_query, render_query


def test_a_list_of_tickets_is_ten_long_unless_it_is_said():
    assert parse_query(TicketsQuery, []) == TicketsQuery(limit=10, skip_types=())


def test_the_filters_of_the_ticket_list():
    pairs = [
        ("limit", "100"),
        ("user_id", "42"),
        ("skip_types", "superbet"),
        ("skip_types", "jackpot"),
        ("status", "cancelled"),
        ("result", "void"),
        ("created_after", "2024-07-17T17:00:00.000000"),
        ("created_before", "2024-07-18T17:00:00Z"),
        ("code_prefix", "E3"),
        ("before", "668ef666333180bba97f0c93"),
    ]
    query = TicketsQuery(
        limit=100,
        user_id="42",
        skip_types=(TicketType.SUPERBET, TicketType.JACKPOT),
        status=Status.CANCELLED,
        result=TicketResult.VOID,
        created_after=datetime(2024, 7, 17, 17, tzinfo=UTC),
        created_before=datetime(2024, 7, 18, 17, tzinfo=UTC),
        code_prefix="E3",
        before="668ef666333180bba97f0c93",
    )
    assert parse_query(TicketsQuery, pairs) == query
    written = dict(render_query(query))
    assert written["created_before"] == "2024-07-18T17:00:00.000000"
    assert written["limit"] == "100"


@pytest.mark.parametrize(
    "pair",
    [
        ("limit", "0"),
        ("limit", "10001"),
        ("limit", "ten"),
        ("limit", ""),
        ("limit", "5\udcff"),
        ("skip_types", "lotto"),
        ("status", "OPEN"),
        ("created_after", "yesterday"),
        ("created_after", "0001-01-01T00:00:00+14:00"),
        ("created_after", "1066-10-14T09:00:00"),
        ("user_id", ""),
        ("user_id", "\udcff"),
    ],
)
def test_a_filter_that_is_none_is_a_defect(pair):
    with pytest.raises(Defective) as refused:
        parse_query(TicketsQuery, [pair])
    assert refused.value.defects[0].loc[:2] == ("query", pair[0])


def test_the_stream_is_read_from_its_beginning_unless_it_is_said():
    assert parse_query(EventsQuery, []) == EventsQuery(after=0, limit=100)
    assert parse_query(EventsQuery, [("after", "7")]).after == 7


@given(st.lists(st.tuples(st.sampled_from(["limit", "before", "status", "x"]), st.text())))
def test_a_query_raises_nothing_but_defects(pairs):
    try:
        query = parse_query(TicketsQuery, pairs)
    except Defective:
        return
    assert isinstance(query, TicketsQuery)
