"""What code knows, the documents say, and nothing else: tables are written from the code."""

import pathlib

import pytest
from written import WRITTEN, rewritten

DOCS = pathlib.Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", WRITTEN)
def test_a_written_table_says_what_the_code_says(name):
    text = (DOCS / name).read_text(encoding="utf-8")
    assert rewritten(name, text) == text, "run `make docs`"
