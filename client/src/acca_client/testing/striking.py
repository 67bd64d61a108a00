"""What a ticket of the double is struck at, or the first reason why it is refused."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import prod

from acca_client.errors import (
    BetNotFound,
    BetsDoNotFitCard,
    BetSuspended,
    CardClosed,
    CardNotFound,
    CurrencyNotSupported,
    EventClosed,
    EventNotFound,
    EventTwice,
    NumberOfEventsWrong,
    OddsChanged,
    PriceOutOfRange,
    PrizesChanged,
    Refused,
)
from acca_client.testing.finance import total_odds
from acca_client.testing.offer import (
    BONUS_PRIZES_CENTS,
    CURRENCY,
    JACKPOT_CENTS,
    LINES_MAX,
    PRIZE_CENTS,
    QUESTIONS,
    RESULT_BETS,
    SUPERBET_CENTS,
    Offer,
)
from acca_client.testing.order import Order
from acca_client.testing.refusing import sample

PRICE_MIN_CENTS, PRICE_MAX_CENTS = 100, 10_000_000


@dataclass(frozen=True, slots=True)
class Struck:
    """An order at the odds of now; of a jackpot its lines, of a superbet neither."""

    order: Order
    odds: tuple[Decimal, ...]
    total_odds: Decimal | None
    lines: int | None
    card: str | None


def strike(order: Order, offer: Offer, now: datetime) -> Struck:
    """Judge an order by what is offered now; the first refusal in Acca's precedence is raised."""
    for refusal in _refusals(order, offer, now):
        raise refusal
    odds = tuple(offer.matches[pick.event].odds[pick.bet] for pick in order.picks)
    is_priced = order.type not in {"superbet", "jackpot"}
    return Struck(
        order,
        odds,
        total_odds(odds) if is_priced else None,
        _lines(order) if order.type == "jackpot" else None,
        offer.codes["superbets"] if order.type == "superbet" else order.card,
    )


def _refusals(order: Order, offer: Offer, now: datetime) -> Iterator[Refused]:
    yield from _card(order, offer, now)
    yield from _fitting(order, offer)
    yield from _found(order, offer)
    yield from _open(order, offer, now)
    yield from _moved(order, offer)
    if order.type == "jackpot" and _prizes_fell(order):
        yield sample(PrizesChanged)
    if order.currency != CURRENCY:
        yield CurrencyNotSupported(207, f"Currency `{order.currency}` is not supported")
    yield from _price(order)


def _card(order: Order, offer: Offer, now: datetime) -> Iterator[Refused]:
    product = f"{order.type}s"
    if order.card is None and order.type != "superbet":
        return
    code = offer.codes[product]
    if order.card not in {None, code}:
        yield CardNotFound(213, f"Bet card with `{order.card}` code is not found")
    starts = [offer.matches[event].starts for event in offer.events_of(product)]
    closes = max(starts) if order.type in {"smartbet", "quickbet"} else min(starts)
    if closes <= now:
        yield CardClosed(214, f"Bet card with `{code}` code is closed")


def _fitting(order: Order, offer: Offer) -> Iterator[Refused]:
    events = [pick.event for pick in order.picks]
    on_card = offer.events_of(f"{order.type}s")
    if order.type == "superbet":
        fits = events[0] in on_card and len(order.picks) == len(QUESTIONS)
        fits = fits and all(sum(p.bet in bets for p in order.picks) == 1 for bets in QUESTIONS)
    elif order.type == "jackpot":
        fits = set(events) == set(on_card) and all(p.bet in RESULT_BETS for p in order.picks)
    elif order.card is not None:
        fits = set(events) <= set(on_card)
    else:
        fits = True
    if not fits:
        yield sample(BetsDoNotFitCard)
    if order.type == "superbet":
        return
    named = [(p.event, p.bet) if order.type == "jackpot" else p.event for p in order.picks]
    if len(named) != len(set(named)):
        (twice, _), *_ = Counter(events).most_common(1)
        yield EventTwice(211, f"Event `{twice}` is present more than once")
    if order.type == "jackpot" and _lines(order) > LINES_MAX:
        yield NumberOfEventsWrong(212, f"Number of events has to be between 1 and {LINES_MAX}")


def _found(order: Order, offer: Offer) -> Iterator[Refused]:
    for pick in order.picks:
        match = offer.matches.get(pick.event)
        if match is None:
            yield EventNotFound(203, f"Event with `{pick.event}` identifier is not found")
        elif pick.bet not in match.odds:
            yield BetNotFound(204, f"Bet `{pick.bet}` of event `{pick.event}` is not found")


def _open(order: Order, offer: Offer, now: datetime) -> Iterator[Refused]:
    for pick in order.picks:
        match = offer.matches[pick.event]
        if match.is_closed or match.starts <= now:
            yield EventClosed(209, f"Event `{match.id}` does not accept bets any more")
        elif pick.bet in match.suspended:
            yield BetSuspended(210, f"Bet `{pick.bet}` of event `{match.id}` is suspended")


def _moved(order: Order, offer: Offer) -> Iterator[Refused]:
    if order.type == "superbet":
        return
    for pick in order.picks:
        if abs(offer.matches[pick.event].odds[pick.bet] - pick.odds) > order.odds_diff:
            yield sample(OddsChanged)


def _prizes_fell(order: Order) -> bool:
    here = (PRIZE_CENTS, *BONUS_PRIZES_CENTS)
    told = order.prizes_cents
    return len(told) != len(here) or any(now < seen for now, seen in zip(here, told, strict=True))


def _price(order: Order) -> Iterator[Refused]:
    low, high = PRICE_MIN_CENTS, PRICE_MAX_CENTS
    if order.type == "superbet":
        low = high = SUPERBET_CENTS
    elif order.type == "jackpot":
        low = high = _lines(order) * JACKPOT_CENTS
    if not low <= order.price_cents <= high:
        yield PriceOutOfRange(208, f"Price has to be between {low} and {high}")


def _lines(order: Order) -> int:
    return prod(Counter(pick.event for pick in order.picks).values())
