import datetime as dt

import pytest

from acca.core.ticket import Status
from acca.store.literals import array_literal

AWKWARD = (
    "", "null", "NULL", " ", ",", "{}", '"', "\\", '\\"', "a\\b", "'", "\n", "\t\r", "\x01", "\x7f",
    "\u2028", "Ünï", "\U0001f600", "\\u0041", "{1,2}",
)  # fmt: skip


@pytest.mark.parametrize("texts", [AWKWARD, AWKWARD[:7], *[(text, None) for text in AWKWARD]])
async def test_texts_arrive_as_they_are(database, texts):
    async with database.reader() as reader:
        assert list(texts) == await reader.value("SELECT $1::text::text[]", array_literal(texts))


async def test_any_character_arrives_that_a_database_can_store(database):
    letters = [chr(code) for code in range(1, 0x3000) if not 0xD800 <= code < 0xE000]
    async with database.reader() as reader:
        assert letters == await reader.value("SELECT $1::text::text[]", array_literal(letters))


async def test_numbers_truths_and_words_arrive_as_they_are(database):
    moment = dt.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=dt.UTC)
    values = {
        "integer[]": [1, None, -(2**31)],
        "boolean[]": [True, False, None],
        "timestamptz[]": [moment, None],
        "interval[]": [dt.timedelta(seconds=1.5), dt.timedelta(0)],
    }
    async with database.reader() as reader:
        for form, expected in values.items():
            query = f"SELECT $1::text::{form}"
            assert expected == await reader.value(query, array_literal(expected))
        words = array_literal([Status.OPEN, None])
        assert ["open", None] == await reader.value("SELECT $1::text::text[]", words)
