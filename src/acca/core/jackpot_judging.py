"""How each event of a jackpot counts: played, drawn, or by the card's void policies (spec 7).

Steps are tried from the greatest threshold that the number of unplayed events reaches (none is 1)
down, in the card's order where two are alike. A step that cannot settle all that is left gives way
to the next; reserves alone may settle a part. If none is left, every ticket is refunded: nobody's
stake is kept for a jackpot that cannot be judged.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from acca.core.cards.jackpot import Jackpot, VoidPolicy, VoidStep, event_ids
from acca.core.finance import RATE_ONE
from acca.core.public_draw import Drawn, Sign, spell_scores
from acca.core.score import Ending, Points, Result

WINDOW_HOURS = 48
"""How long a card waits for an event that is not played, where no step names its `after_hours`."""


class Seen(NamedTuple):
    """What is known of an event: planned start on publication, start as it is now, result.

    The result is None, not postponed, once a postponed event has got a new start.
    """

    planned: datetime
    starts: datetime
    result: Result | None


class How(Enum):
    """By what an event counts as it does."""

    PLAYED = "played"
    DRAWN = "drawn"
    REPLACED = "replaced"
    COUNTED = "counted"
    DROPPED = "dropped"
    VOID = "void"


class Place(NamedTuple):
    """One event of the card as it counts: by its own sign, or by the sign of a `reserve`.

    Without a sign every pick is right (`counted`), is left out (`dropped`) or is not right
    (`void`).
    """

    event: int
    how: How
    sign: Sign | None = None
    reserve: int | None = None


class Waiting(NamedTuple):
    """Not decided before `until`, whatever is told; None: not before another fact is told."""

    until: datetime | None


class DrawDue(NamedTuple):
    """All is known but the outcomes of `places`, which are to be drawn now over `scores`."""

    places: tuple[int, ...]
    scores: str


class RefundReason(Enum):
    """Why all tickets of a card are refunded."""

    POLICY = "void-policy"
    NO_POLICY_LEFT = "no-void-policy-left"


class Refunded(NamedTuple):
    """Every ticket of the card is void."""

    reason: RefundReason


class Decided(NamedTuple):
    """How each event counts, in the card's order, and the rate that its prizes are paid at."""

    places: tuple[Place, ...]
    prize_rate: int = RATE_ONE


Verdict = Waiting | DrawDue | Refunded | Decided


class _Stand(NamedTuple):
    """An event now: its points, or unplayed, or pending `until` a time or (None) another fact."""

    points: Points | None = None
    is_unplayed: bool = False
    until: datetime | None = None

    @property
    def is_pending(self) -> bool:
        return self.points is None and not self.is_unplayed


class _Board(NamedTuple):
    """A card before its void policies are applied; places count from 1."""

    card: Jackpot
    own: Sequence[_Stand]
    reserves: Sequence[_Stand]
    drawn: Collection[int]
    due: Sequence[datetime]
    now: datetime


class _Filled(NamedTuple):
    """What a step has settled, and the rate of the prizes by it."""

    places: dict[int, Place]
    prize_rate: int = RATE_ONE


_UNPLAYED = _Stand(is_unplayed=True)
_UNKNOWN = _Stand()


def judge_card(
    card: Jackpot, seen: Sequence[Seen], now: datetime, drawn: Sequence[Drawn] = ()
) -> Verdict:
    """Say how the events of a card count, or what it waits for.

    `seen` is in the order of `event_ids`, reserves last. What was drawn before stays: its events
    count as unplayed for ever.
    """
    assert len(seen) == len(event_ids(card)), "every event of a card is seen"
    window = _window(card)
    stands = [_look(each, now, window) for each in seen]
    length = len(card.events)
    places = {each.place: _drawn_place(card, each) for each in drawn}
    board = _Board(
        card,
        stands[:length],
        stands[length:],
        places.keys(),
        [each.planned + window for each in seen],
        now,
    )
    open_ = (stand for place, stand in enumerate(board.own, 1) if place not in places)
    return _wait(open_) or _settle_unplayed(board, places)


def _drawn_place(card: Jackpot, drawn: Drawn) -> Place:
    return Place(card.events[drawn.place - 1], How.DRAWN, drawn.sign)


def _window(card: Jackpot) -> timedelta:
    named = [step.after_hours for step in card.void_steps if step.after_hours is not None]
    return timedelta(hours=max(named, default=WINDOW_HOURS))


def _look(seen: Seen, now: datetime, window: timedelta) -> _Stand:
    """Judge one event; it is played if it began within the window, whenever that is told.

    So facts decide, not the time at which somebody looks. An abandoned event may be played to its
    end within the window. Until then it counts as unplayed: no score before the last whistle
    decides who wins a match, as either side may still score.
    """
    deadline = seen.planned + window
    ending, score = seen.result or (None, None)
    if ending is Ending.CANCELLED:
        return _UNPLAYED
    if seen.starts > deadline or ending in {Ending.POSTPONED, Ending.ABANDONED}:
        return _UNPLAYED if now >= deadline else _Stand(until=deadline)
    return _UNKNOWN if score is None else _Stand(score.total)


def _wait(stands: Iterable[_Stand]) -> Waiting | None:
    """Wait for the last of those that are pending, if any is."""
    untils = [stand.until for stand in stands if stand.is_pending]
    if not untils:
        return None
    known = [until for until in untils if until is not None]
    return Waiting(max(known) if len(known) == len(untils) else None)


def _settle_unplayed(board: _Board, places: dict[int, Place]) -> Verdict:
    """Apply the void policies to what was not played; `places` are those drawn before."""
    unplayed = [
        place
        for place, stand in enumerate(board.own, 1)
        if stand.is_unplayed or place in board.drawn
    ]
    rate = RATE_ONE
    for step in _steps(board.card, len(unplayed)):
        left = [place for place in unplayed if place not in places]
        if not left:
            break
        done = _apply(board, step, left)
        if done is not None and not isinstance(done, _Filled):
            return done
        if done is not None:
            places = places | done.places
            rate = done.prize_rate
    if any(place not in places for place in unplayed):
        return Refunded(RefundReason.NO_POLICY_LEFT)
    return Decided(tuple(_places(board, places)), rate)


def _steps(card: Jackpot, unplayed: int) -> list[VoidStep]:
    reached = [step for step in card.void_steps if (step.threshold or 1) <= unplayed]
    return sorted(reached, key=lambda step: step.threshold or 1, reverse=True)


def _places(board: _Board, filled: dict[int, Place]) -> Iterable[Place]:
    for place, (event, stand) in enumerate(zip(board.card.events, board.own, strict=True), 1):
        if place in filled:
            yield filled[place]
        else:
            assert stand.points is not None, "what is not settled by a policy was played"
            yield Place(event, How.PLAYED, sign_of(stand.points))


def sign_of(points: Points) -> Sign:
    """Tell who won: the points are those of regular time."""
    home, away = points
    if home == away:
        return Sign.X
    return Sign.ONE if home > away else Sign.TWO


def _apply(
    board: _Board, step: VoidStep, left: Sequence[int]
) -> Waiting | DrawDue | Refunded | _Filled | None:
    """Settle what is left by one step; None where the step does not reach so far."""
    if step.policy is VoidPolicy.REFUND_ALL:
        return Refunded(RefundReason.POLICY)
    if step.policy is VoidPolicy.RESERVES:
        return _replace(board, left)
    if step.max_events is not None and len(left) + len(board.drawn) > step.max_events:
        return None
    if step.policy is VoidPolicy.PUBLIC_DRAW:
        return _draw(board, left)
    if step.policy is VoidPolicy.VOID_SELECTION:
        return _void(board.card, left)
    return _leave_out(board.card, step, left)


def _replace(board: _Board, left: Sequence[int]) -> Waiting | _Filled:
    """Put the reserves that were played in the places left, both in their order."""
    filled: dict[int, Place] = {}
    places = iter(left)
    for reserve, stand in zip(board.card.reserves, board.reserves, strict=True):
        if len(filled) == len(left):
            break
        # Whether a later reserve moves up depends on this one.
        if stand.is_pending:
            return Waiting(stand.until)
        if stand.points is not None:
            place = next(places)
            event = board.card.events[place - 1]
            filled[place] = Place(event, How.REPLACED, sign_of(stand.points), reserve)
    return _Filled(filled)


def _draw(board: _Board, left: Sequence[int]) -> Waiting | DrawDue:
    until = max(board.due[place - 1] for place in left)
    if board.now < until:
        return Waiting(until)
    scores = {
        place: stand.points
        for place, stand in enumerate(board.own, 1)
        if stand.points is not None and place not in board.drawn
    }
    return DrawDue(tuple(left), spell_scores(scores))


def _void(card: Jackpot, left: Sequence[int]) -> _Filled | None:
    """Count every line with fewer events, for the tiers as they were published.

    With one void event a line that is right in all others wins the prize of one wrong. The field
    gives back no share of a line's price, as it still plays for a prize; where it could not win
    any, this step gives way.
    """
    return _fill(card, left, How.VOID) if len(left) < len(card.tiers) else None


def _leave_out(card: Jackpot, step: VoidStep, left: Sequence[int]) -> _Filled | None:
    """Let every pick pass at what is left, as right or as not asked; the others decide alone.

    Tiers count wrong picks, so they shift to the number of events that remain by themselves. The
    lowest of them has to ask for one right pick at least, or every line would win.
    """
    if len(card.events) - len(left) < len(card.tiers):
        return None
    if step.policy is VoidPolicy.REDUCE:
        return _fill(card, left, How.DROPPED)
    factors = step.prize_factors or ()
    if len(left) >= len(factors):
        return None
    return _fill(card, left, How.COUNTED)._replace(prize_rate=factors[len(left)])


def _fill(card: Jackpot, left: Sequence[int], how: How) -> _Filled:
    return _Filled({place: Place(card.events[place - 1], how) for place in left})
