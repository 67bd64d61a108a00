"""The score of an event, as the feed tells it: any sport, with its periods."""

from typing import Annotated

from acca.core.numbers import Malformed
from acca.core.score import Points, Score, Side
from acca.wire.document import Document, nested, read
from acca.wire.kinds import Kind, array, choice, integer, optional
from acca.wire.tokens import Json

_PERIODS_MAX = 20
_PAIR = array(integer(0, 999), 2, 2)


class _Form(Document, frozen=True, kw_only=True):
    """`total` as `[home, away]`; `periods` of points each, or football's `half_time` alone."""

    total: Annotated[Points, _PAIR]
    half_time: Annotated[Points | None, optional(_PAIR)] = None
    periods: Annotated[tuple[Points, ...] | None, optional(array(_PAIR, _PERIODS_MAX))] = None
    first: Annotated[Side | None, optional(choice(Side))] = None


def _read(token: Json) -> Score:
    form = read(_Form, token)
    return Score(form.total, _periods(form), form.first)


def _periods(form: _Form) -> tuple[Points, ...]:
    if form.half_time is None:
        return form.periods or ()
    if form.periods is not None:
        if form.periods[:1] != (form.half_time,):
            raise Malformed("has a half_time that is not its first period")
        return form.periods
    second = (form.total[0] - form.half_time[0], form.total[1] - form.half_time[1])
    if min(second) < 0:
        raise Malformed("has more points at half_time than in total")
    # The second half may not be over: an abandoned match says so by naming the first alone.
    return (form.half_time,)


def _write(score: Score, _zone: object) -> object:
    return {
        "total": score.total,
        "periods": score.periods or None,
        "first": score.first,
    }


SCORE: Kind[Score] = Kind("score", _read, nested(_Form).schema, _write)
"""A score, `{"total": [2, 1], "half_time": [1, 0], "first": "home"}`.

`half_time` is the first period, `periods` tells all that were finished. Side `none` is a match
without a goal.
"""
