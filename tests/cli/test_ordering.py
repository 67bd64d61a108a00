import itertools
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.cli import ordering
from acca.cli.ordering import ordered

RUN, WINDOW_BYTES = ordering.RUN, ordering._WINDOW_BYTES


@pytest.fixture(autouse=True, scope="module")
def short_runs():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordering, "RUN", 7)
        patch.setattr(ordering, "_WINDOW_BYTES", 16)
        yield


@given(st.lists(st.binary(max_size=40), max_size=60))
def test_whatever_is_put_in_comes_out_in_order_as_often_as_wanted(many):
    with ordered(iter(many)) as found:
        assert sorted(many) == list(found) == list(found)
        assert len(many) == found.count


def test_two_readings_may_go_on_at_once():
    with ordered(str(number).encode() for number in range(100)) as found:
        pairs = list(itertools.pairwise(found))
        assert list(zip(found, itertools.islice(found, 1, None), strict=False)) == pairs


def test_nothing_is_held_while_much_is_put_in_order(monkeypatch):
    monkeypatch.setattr(ordering, "RUN", RUN)
    monkeypatch.setattr(ordering, "_WINDOW_BYTES", WINDOW_BYTES)
    many = (number.to_bytes(60) for number in range(200_000, 0, -1))
    tracemalloc.start()
    try:
        with ordered(many) as found:
            assert 200_000 == sum(1 for _ in found)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
