from itertools import product
from math import comb, prod

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from acca.core.probability.picks import (
    Cover,
    chance_to_hit,
    chance_to_reach,
    count_right,
    expected_lines,
)

CHANCES = st.floats(0, 1)
SIX_MATCHES = [
    ((0.5, 0.3, 0.2), {0}),
    ((0.6, 0.25, 0.15), {0, 1}),
    ((0.2, 0.2, 0.6), {0, 1, 2}),
    ((0.35, 0.3, 0.35), {2}),
    ((0.1, 0.2, 0.7), {1, 2}),
    ((0.45, 0.3, 0.25), {0, 2}),
]


@st.composite
def matches(draw):
    """Up to four matches: probabilities of 1, X, 2, and the outcomes that are picked."""
    weights = draw(st.lists(st.tuples(*[st.integers(1, 50)] * 3), min_size=1, max_size=4))
    picked = [draw(st.sets(st.sampled_from(range(3)), min_size=1)) for _ in weights]
    return [
        (tuple(each / sum(three) for each in three), picks)
        for three, picks in zip(weights, picked, strict=True)
    ]


def covers_of(events):
    return [Cover(len(picked), sum(chances[pick] for pick in picked)) for chances, picked in events]


def written_out(events):
    """Yield the probability of every course of a round, and how many lines have how many right."""
    lines = list(product(*(sorted(picked) for _, picked in events)))
    for course in product(range(3), repeat=len(events)):
        chance = prod(
            chances[outcome] for (chances, _), outcome in zip(events, course, strict=True)
        )
        counts = [0] * (len(events) + 1)
        for line in lines:
            counts[sum(map(int.__eq__, line, course))] += 1
        yield chance, counts


@pytest.mark.parametrize(("events", "right", "known"), [(13, 10, 0.00143509), (17, 12, 0.00153334)])
def test_uniform_picks_have_the_known_chances(events, right, known):
    chance = count_right([1 / 3] * events)[right]
    assert known == pytest.approx(chance, abs=5e-9)
    assert comb(events, right) * 2 ** (events - right) / 3**events == pytest.approx(chance)


@given(st.lists(CHANCES, max_size=17))
def test_some_number_of_picks_is_right(chances):
    assert 1 == pytest.approx(sum(count_right(chances)))


@settings(max_examples=40)
@example(SIX_MATCHES)
@given(matches())
def test_expected_lines_agree_with_writing_them_out(events):
    expected = [0.0] * (len(events) + 1)
    for chance, counts in written_out(events):
        expected = [before + chance * n for before, n in zip(expected, counts, strict=True)]
    assert expected == pytest.approx(expected_lines(covers_of(events)), rel=1e-9, abs=1e-12)


@settings(max_examples=40)
@example(SIX_MATCHES)
@given(matches())
def test_chances_agree_with_writing_all_lines_out(events):
    reach = [0.0] * (len(events) + 1)
    hit = reach.copy()
    for chance, counts in written_out(events):
        for right, lines in enumerate(counts):
            hit[right] += chance * (lines > 0)
            reach[right] += chance * (sum(counts[right:]) > 0)
    assert reach == pytest.approx(chance_to_reach(covers_of(events)), abs=1e-12)
    assert hit == pytest.approx(chance_to_hit(covers_of(events)), abs=1e-12)


@given(st.lists(CHANCES, min_size=1, max_size=17))
def test_a_ticket_of_one_line_expects_what_may_happen(chances):
    covers = [Cover(1, chance) for chance in chances]
    assert count_right(chances) == pytest.approx(expected_lines(covers))
    assert count_right(chances) == pytest.approx(chance_to_hit(covers))


def test_the_full_ticket_of_seventeen_events_is_right_for_certain():
    covers = [Cover(3, 1.0)] * 17
    assert 1 == chance_to_reach(covers)[17]
    assert 3**17 == sum(expected_lines(covers))
    assert 1 == expected_lines(covers)[17]
