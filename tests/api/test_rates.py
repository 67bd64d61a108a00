import pytest

from acca.api.answers import answer_failure
from acca.api.rates import Rates, TooManyRequests


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def taken(rates, operator, per_second_max, tries=50):
    """Count the requests that go through before the first that does not."""
    for number in range(tries):
        try:
            rates.require(operator, per_second_max)
        except TooManyRequests:
            return number
    return tries


def test_a_second_holds_as_many_requests_as_allowed(clock):
    rates = Rates(clock)
    assert 5 == taken(rates, 1, 5)
    assert 0 == taken(rates, 1, 5)
    clock.now += 0.41
    assert 2 == taken(rates, 1, 5)


def test_what_is_not_used_is_not_saved_up(clock):
    rates = Rates(clock)
    assert 5 == taken(rates, 1, 5)
    clock.now += 3600
    assert 5 == taken(rates, 1, 5)


def test_one_operator_does_not_use_up_what_another_may(clock):
    rates = Rates(clock)
    assert 5 == taken(rates, 1, 5)
    assert 3 == taken(rates, 2, 3)


def test_a_changed_limit_holds_from_the_next_request(clock):
    rates = Rates(clock)
    assert 2 == taken(rates, 1, 2)
    clock.now += 1
    assert 10 == taken(rates, 1, 10)
    clock.now += 1
    assert 1 == taken(rates, 1, 1)


def test_processes_share_a_limit_out_among_them(clock):
    several = [Rates(clock, 4) for _ in range(4)]
    assert [2] * 4 == [taken(rates, 1, 8) for rates in several]


def test_a_share_below_one_request_a_second_comes_more_rarely(clock):
    rates = Rates(clock, 4)
    assert 1 == taken(rates, 1, 1)
    with pytest.raises(TooManyRequests) as refused:
        rates.require(1, 1)
    assert 4 == refused.value.wait_seconds
    clock.now += 3.9
    assert 0 == taken(rates, 1, 1)
    clock.now += 0.2
    assert 1 == taken(rates, 1, 1)


def test_over_the_rate_is_429_and_told_how_long_to_wait():
    answer = answer_failure(TooManyRequests(4), "1")
    assert 429 == answer.status
    assert (b"retry-after", b"4") in answer.headers
    assert b'{"code":429,"message":"Too many requests; try again in 4 s"}' == answer.body
