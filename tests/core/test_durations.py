import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.durations import parse_duration, render_duration
from acca.core.numbers import Malformed


@given(st.integers(0, 8_639_999_999_999))
def test_a_duration_reads_back_as_it_was(milliseconds):
    duration = dt.timedelta(milliseconds=milliseconds)
    assert duration == parse_duration(render_duration(duration))


@pytest.mark.parametrize(
    ("text", "written"),
    [("90m", "1h30m"), ("300s", "5m"), ("500ms", "500ms"), ("2d12h", "2d12h"), ("0m", "0s")],
)
def test_a_duration_is_written_in_its_shortest_form(text, written):
    assert written == render_duration(parse_duration(text))


@pytest.mark.parametrize("text", ["", "5", "m", "-5m", "5 m", "5m5h", "1.5h", "\u0665m", "100000d"])
def test_what_is_no_duration_is_named(text):
    with pytest.raises(Malformed, match="is not a duration such as 300s"):
        parse_duration(text)
