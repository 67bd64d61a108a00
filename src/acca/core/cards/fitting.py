"""Whether the bets of a ticket fit the card that it was taken from; refusals in their order."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import NamedTuple

from acca.core.cards.jackpot import Jackpot
from acca.core.cards.products import Body
from acca.core.cards.quickbet import Quickbet
from acca.core.cards.quicktip import Quicktip
from acca.core.cards.smartbet import Smartbet
from acca.core.cards.superbet import Superbet
from acca.core.markets.market import Bet
from acca.core.refusals import BetsDoNotFit, EventTwice, Refusal, WrongNumberOfEvents

JACKPOT_MARKET = "MRFT"


class Pick(NamedTuple):
    """A bet of an event, and the odds that the player saw, in hundredths; a superbet has none."""

    event: int
    bet: int
    odds: int | None


Picks = Sequence[Pick]


def misfits(
    body: Body, picks: Picks, bets_of: Mapping[int, Mapping[int, Bet]]
) -> Iterator[Refusal]:
    """Say why picks are none of a card's; `bets_of` are the bets of each event's sport."""
    match body:
        case Quicktip():
            yield from _of_quicktip(body, picks)
        case Quickbet():
            yield from _of_quickbet(body, picks)
        case Smartbet():
            yield from _of_smartbet(body, picks)
        case Superbet():
            yield from _of_superbet(body, picks)
        case Jackpot():
            yield from _of_jackpot(body, picks, bets_of)


def lines_of(picks: Picks) -> int:
    """Count the lines of a jackpot: the product of the choices at each event."""
    return prod(Counter(pick.event for pick in picks).values())


def answers(card: Superbet, bets: Sequence[int]) -> bool:
    """Tell whether bets answer each question of a superbet exactly once."""
    asked = {bet: place for place, question in enumerate(card.questions) for bet in question}
    answered = [asked.get(bet, -1) for bet in bets]
    return sorted(answered) == list(range(len(card.questions)))


def events_twice(picks: Picks) -> Iterator[Refusal]:
    """Name events that stand in a request more than once."""
    events = [pick.event for pick in picks]
    if len(set(events)) < len(events):
        yield from (EventTwice(id=event) for event, times in Counter(events).items() if times > 1)


def _of_quicktip(card: Quicktip, picks: Picks) -> Iterator[Refusal]:
    tips = {(tip.event, tip.bet) for tip in card.tips}
    if any((pick.event, pick.bet) not in tips for pick in picks):
        yield BetsDoNotFit()


def _of_quickbet(card: Quickbet, picks: Picks) -> Iterator[Refusal]:
    choices = {each.event: each.bets for each in card.events}
    if any(pick.bet not in choices.get(pick.event, ()) for pick in picks):
        yield BetsDoNotFit()
    if not card.min_events <= len(picks) <= card.max_events:
        yield WrongNumberOfEvents(min=card.min_events, max=card.max_events)


def _of_smartbet(card: Smartbet, picks: Picks) -> Iterator[Refusal]:
    offered = frozenset(card.events)
    if any(pick.event not in offered for pick in picks):
        yield BetsDoNotFit()
    if len(picks) > card.max_events:
        yield WrongNumberOfEvents(min=1, max=card.max_events)


def _of_superbet(card: Superbet, picks: Picks) -> Iterator[Refusal]:
    if any(pick.event != card.event for pick in picks) or not answers(
        card, [pick.bet for pick in picks]
    ):
        yield BetsDoNotFit()


def _of_jackpot(
    card: Jackpot, picks: Picks, bets_of: Mapping[int, Mapping[int, Bet]]
) -> Iterator[Refusal]:
    counted = Counter(pick.event for pick in picks)
    if (
        counted.keys() != {*card.events, *card.reserves}
        or any(counted[event] > 1 for event in card.reserves)
        or not all(_is_of_jackpot(bets_of.get(pick.event, {}), pick.bet) for pick in picks)
    ):
        yield BetsDoNotFit()
    same = Counter((pick.event, pick.bet) for pick in picks)
    yield from (EventTwice(id=event) for (event, _), times in same.items() if times > 1)
    if lines_of(picks) > card.max_lines:
        yield WrongNumberOfEvents(min=1, max=card.max_lines)


def _is_of_jackpot(bets: Mapping[int, Bet], bet: int) -> bool:
    found = bets.get(bet)
    return found is not None and found.market == JACKPOT_MARKET
