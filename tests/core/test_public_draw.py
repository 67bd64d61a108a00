import hmac
from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca.core.public_draw import (
    Drawn,
    Sign,
    commit_to,
    draw,
    hold_draw,
    spell_scores,
    verify,
)

SEED = bytes(range(32))
CODE = "a1b2c3"
SCORES = "1:2-1,2:0-0"
SEEDS = st.binary(min_size=32, max_size=32)
SIGNS = [Sign.ONE, Sign.X, Sign.TWO]


def first_byte(seed, message):
    return hmac.new(seed, message.encode(), sha256).digest()[0]


def by_the_book(seed, code, place, scores):
    counter = 0
    while first_byte(seed, f"{code}|{place}|{counter}|{scores}") >= 252:
        counter += 1
    return SIGNS[first_byte(seed, f"{code}|{place}|{counter}|{scores}") % 3]


def test_the_commitment_is_the_hash_of_the_seed():
    # SHA-256 of the bytes 0 to 31, a published test value.
    expected = "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"
    assert expected == commit_to(SEED)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_seed_has_thirty_two_bytes(size):
    with pytest.raises(AssertionError):
        commit_to(bytes(size))
    with pytest.raises(AssertionError):
        draw(bytes(size), CODE, 1, SCORES)


@given(SEEDS, st.integers(1, 17), st.text("0123456789:-,", max_size=20))
def test_a_draw_is_what_the_rule_says(seed, place, scores):
    assert by_the_book(seed, CODE, place, scores) is draw(seed, CODE, place, scores)


def test_a_byte_that_is_not_fair_is_drawn_again():
    unfair = next(
        place for place in range(1, 10_000) if first_byte(SEED, f"{CODE}|{place}|0|{SCORES}") >= 252
    )
    again = first_byte(SEED, f"{CODE}|{unfair}|1|{SCORES}")
    assert again < 252
    assert SIGNS[again % 3] is draw(SEED, CODE, unfair, SCORES)


def test_scores_are_spelled_in_the_order_of_the_card():
    assert SCORES == spell_scores({2: (0, 0), 1: (2, 1)})
    assert "9:1-0,10:3-12" == spell_scores({10: (3, 12), 9: (1, 0)})
    assert "" == spell_scores({})


def test_draws_are_uniform():
    # Chi-square of two degrees of freedom: 13.8 is passed by one fair draw in a thousand.
    seeds = [sha256(f"seed {number}".encode()).digest() for number in range(1_000)]
    drawn = Counter(draw(seed, CODE, place, SCORES) for seed in seeds for place in range(1, 18))
    expected = 1_000 * 17 / 3
    assert set(Sign) == set(drawn)
    assert sum((seen - expected) ** 2 / expected for seen in drawn.values()) < 13.8


def test_the_draws_of_two_places_do_not_hang_together():
    seeds = [sha256(f"pair {number}".encode()).digest() for number in range(9_000)]
    pairs = Counter((draw(seed, CODE, 1, SCORES), draw(seed, CODE, 2, SCORES)) for seed in seeds)
    # Eight degrees of freedom, one in a thousand.
    assert sum((seen - 1_000) ** 2 / 1_000 for seen in pairs.values()) < 26.1


@given(SEEDS, st.sets(st.integers(1, 17), min_size=1))
def test_a_draw_that_was_held_is_verified(seed, places):
    held = hold_draw(seed, CODE, places, SCORES)
    assert places == {each.place for each in held}
    assert verify(commit_to(seed), seed, CODE, held)


def test_nothing_can_be_changed_about_a_draw():
    held = hold_draw(SEED, CODE, [3], SCORES)
    commitment = commit_to(SEED)
    other = next(sign for sign in Sign if sign is not held[0].sign)
    assert not verify(commitment, SEED, CODE, [held[0]._replace(sign=other)])
    assert not verify(commitment, bytes(32), CODE, hold_draw(bytes(32), CODE, [3], SCORES))
    assert not verify(commitment, SEED[:31], CODE, held)
    assert verify(commitment, SEED, CODE, [])


@pytest.mark.parametrize("part", ["code", "place", "scores"])
def test_every_part_of_the_rule_decides_the_draw(part):
    def outcomes(other):
        code = f"{CODE}{other}" if part == "code" else CODE
        scores = f"1:{other}-0" if part == "scores" else SCORES
        return draw(SEED, code, other + 1 if part == "place" else 1, scores)

    assert set(Sign) == {outcomes(other) for other in range(30)}


def test_what_was_drawn_names_the_scores_that_it_was_drawn_over():
    assert Drawn(4, draw(SEED, CODE, 4, SCORES), SCORES) == hold_draw(SEED, CODE, [4], SCORES)[0]
