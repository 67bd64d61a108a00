from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from acca.core.lines import Marked, lines_by_right


@st.composite
def marked(draw):
    picks = draw(st.integers(1, 3))
    return Marked(picks, draw(st.integers(0, picks)))


def written_out(events):
    counts = [0] * (len(events) + 1)
    for line in product(*([1] * right + [0] * (picks - right) for picks, right in events)):
        counts[sum(line)] += 1
    return tuple(counts)


def test_a_single_line_is_counted_once():
    assert (0, 0, 1, 0) == lines_by_right([Marked(1, 1), Marked(1, 0), Marked(1, 1)])


def test_no_events_make_one_empty_line():
    assert (1,) == lines_by_right([])


@given(st.lists(marked(), max_size=6))
def test_counting_agrees_with_writing_all_lines_out(events):
    assert written_out(events) == lines_by_right(events)


def test_every_line_of_seventeen_full_events_is_counted():
    counts = lines_by_right([Marked(3, 1)] * 17)
    assert 3**17 == sum(counts)
    assert (17 * 16 // 2 * 4, 17 * 2, 1) == counts[-3:]


@given(st.lists(marked(), max_size=17), st.randoms())
def test_the_order_of_events_is_irrelevant(events, dice):
    shuffled = events.copy()
    dice.shuffle(shuffled)
    assert lines_by_right(events) == lines_by_right(shuffled)
