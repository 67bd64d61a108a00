import pytest

from acca.store.queries import BadQueries, load_queries, parse_queries

TWO = """\
-- name: read_one
-- Read one.
SELECT 1;

-- name: read_two
-- Read two,
-- at some length.
SELECT
    -- not three
    2;
"""


def test_statements_are_found_by_their_names_without_their_comments():
    expected = {"read_one": "SELECT 1;", "read_two": "SELECT\n    -- not three\n    2;"}
    assert expected == parse_queries(TWO, "two.sql")


def test_a_body_may_hold_semicolons():
    block = "DO $$\nBEGIN\n    PERFORM 1;\nEND\n$$;"
    assert {"do_it": block} == parse_queries(f"-- name: do_it\n-- Do it.\n{block}\n", "body.sql")
    with pytest.raises(BadQueries, match="do_it is not one statement"):
        parse_queries(f"-- name: do_it\n-- Do it.\n{block}\nSELECT 1;\n", "body.sql")


def test_an_unknown_name_is_a_bug_that_lists_the_known_ones():
    with pytest.raises(BadQueries, match="no query read_three, only read_one, read_two"):
        parse_queries(TWO, "two.sql")["read_three"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-- name: a\n-- A.\nSELECT 1;\n-- name: a\n-- A.\nSELECT 1;\n", "a stands there twice"),
        ("-- name: a\nSELECT 1;\n", "a lacks its sentence"),
        ("-- name: a\n-- No full stop\nSELECT 1;\n", "a lacks its sentence"),
        ("-- name: a\n-- A.\nSELECT 1\n", "a is not one statement"),
        ("-- name: a\n-- A.\nSELECT 1; SELECT 2;\n", "a is not one statement"),
        ("-- name: a\n-- A.\n", "a is not one statement"),
        ("-- name: Not A Name\n-- A.\nSELECT 1;\n", "is not a name"),
        ("SELECT 1;\n-- name: a\n-- A.\nSELECT 1;\n", "something before the first name"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_a_bug(text, sentence):
    with pytest.raises(BadQueries, match=sentence):
        parse_queries(text, "bad.sql")


def test_the_files_of_the_store_load():
    assert {"read_clock", "get_clock_for_update", "advance_clock"} == load_queries(
        "clock.sql"
    ).keys()
