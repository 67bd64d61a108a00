"""What a ticket is struck at, or the first reason why it is refused (spec 1, precedence; spec 7).

All that the database has to confirm in the statement that writes the ticket is decided here before,
from what was read of events, odds and card.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import prod
from typing import NamedTuple

from acca.core.cards.card import CardState
from acca.core.cards.fitting import Pick, answers, events_twice, lines_of, misfits
from acca.core.cards.jackpot import Jackpot
from acca.core.cards.products import Body
from acca.core.cards.superbet import Superbet
from acca.core.finance import RATE_ONE, Charge, Payout, TaxTerms, charge, pay_out
from acca.core.limits import Limits
from acca.core.markets.market import Bet
from acca.core.markets.sports import SPORTS
from acca.core.money import AMOUNT_CENTS_MAX
from acca.core.numbers import round_ratio
from acca.core.odds import render_odds, total_odds
from acca.core.operator import OperatorSettings, OverMaxPayout
from acca.core.refusals import (
    BetNotFound,
    BetsDoNotFit,
    BetSuspended,
    CardClosed,
    CardNotFound,
    CurrencyNotSupported,
    EventClosed,
    EventNotFound,
    OddsChanged,
    OddsTooHigh,
    PayoutTooHigh,
    PriceOutOfLimits,
    PrizesChanged,
    Refusal,
    TicketTypeOff,
    WrongNumberOfEvents,
    first_of,
)
from acca.core.tax_profiles import TaxProfile, profile_in_force
from acca.core.ticket import TicketType

_OPEN_STATE = "scheduled"
_TOTAL_ODDS_MAX = 10**13
_UNCAPPED_CENTS_MAX = 10**18
"""Bounds of the platform: what is kept of a ticket fits the integers of the database."""
_FIXED_PRICE = {TicketType.SUPERBET, TicketType.JACKPOT}
_NOTHING = Payout(0, 0, 0, 0)


class Wish(NamedTuple):
    """What a player wants, in core's values; `prizes` are a jackpot's as shown, main one first."""

    type: TicketType
    currency: str
    price_cents: int | None
    stake_cents: int | None
    picks: tuple[Pick, ...]
    odds_diff: int
    card: str | None
    prizes: tuple[int, ...] | None
    has_atag: bool


class EventSeen(NamedTuple):
    """An event as it was read: what can stop a bet, and its odds by bet, in hundredths."""

    sport: str
    starts: datetime
    state: str
    is_stopped: bool
    closed: Sequence[int]
    odds: Mapping[int, int]


class CardSeen(NamedTuple):
    """A card as it was read."""

    code: str
    type: TicketType
    currency: str
    state: CardState
    body: Body


class NumberedProfile(NamedTuple):
    """A tax profile, and the number under which it stands for ever."""

    number: int
    profile: TaxProfile


class Rules(NamedTuple):
    """What the operator has set for tickets; limits by type and currency, else the default ones."""

    settings: OperatorSettings
    limits: Mapping[tuple[TicketType, str], Limits]
    profiles: Sequence[NumberedProfile]


class Seen(NamedTuple):
    """What was read for a wish; `cards` are its own, or the open superbets on its event."""

    now: datetime
    events: Mapping[int, EventSeen]
    cards: Sequence[CardSeen]


class Struck(NamedTuple):
    """A ticket as it will be written; `odds` stand beside the picks, none for a superbet."""

    at: datetime
    charge: Charge
    payout: Payout
    cap_cents: int | None
    terms: TaxTerms
    tax_profile: int
    total_odds: int | None
    odds: tuple[int, ...]
    card: CardSeen | None
    lines: int | None
    approved: bool
    affiliate_cents: int | None
    affiliate_rate: int | None


class Bounds(NamedTuple):
    """What a ticket may pay: `cap_cents` cuts off, the others refuse (227, 219).

    `gross_cents_max` is of the payout before any cap.
    """

    cap_cents: int | None
    total_odds_max: int
    gross_cents_max: int


class NoTaxProfile(Exception):
    """The operator has a gap in its tax profiles: nobody may strike a ticket in it."""


def strike(wish: Wish, seen: Seen, rules: Rules, player_class: str | None = None) -> Struck:
    """Strike a ticket at present odds, or raise the refusal that answers first.

    Malformed where price and stake do not fit each other (422).
    """
    numbered = _profile_of(wish, seen.now, rules, player_class)
    terms = TaxTerms() if numbered is None else numbered.profile.terms
    charged = charge(wish.price_cents, wish.stake_cents, terms)
    if wish.type not in rules.settings.ticket_types:
        raise TicketTypeOff(type=wish.type.value)
    if numbered is None:
        raise NoTaxProfile(f"No tax profile is in force for {wish.type.value}.")
    card = _require_card(wish, seen, charged)
    _raise_first(_judge_offer(wish, seen, rules, card))
    odds = _present_odds(wish, seen)
    limits = limits_of(rules, wish.type, wish.currency)
    total = None if wish.type in _FIXED_PRICE else total_odds(odds, terms.rounding)
    payout, cap = _NOTHING, None
    bounds = bounds_of(rules, limits)
    if total is not None:
        cap = bounds.cap_cents
        payout = pay_out(charged, total, terms, cap)
    _raise_first(_judge_amounts(wish, card, charged, rules, limits))
    _raise_first(_judge_total(total, payout, bounds))
    rate = rules.settings.affiliate_commission if wish.has_atag else None
    return Struck(
        at=seen.now,
        charge=charged,
        payout=payout,
        cap_cents=cap,
        terms=terms,
        tax_profile=numbered.number,
        total_odds=total,
        odds=odds,
        card=card,
        lines=lines_of(wish.picks) if wish.type is TicketType.JACKPOT else None,
        approved=_is_approved(charged, payout, limits),
        affiliate_cents=rate and round_ratio(charged.price_cents * rate, RATE_ONE, terms.rounding),
        affiliate_rate=rate,
    )


def check_amounts(wish: Wish, seen: Seen, rules: Rules) -> None:
    """Raise Malformed where price and stake do not fit, which goes before every refusal."""
    _ = charge(wish.price_cents, wish.stake_cents, _terms(wish, seen, rules, None))


def largest_price(wish: Wish, seen: Seen, rules: Rules, player_class: str | None = None) -> int:
    """Find the largest price at which `strike` would accept these picks; 0 where it takes none."""
    if wish.type in _FIXED_PRICE:
        charged = charge(
            wish.price_cents, wish.stake_cents, _terms(wish, seen, rules, player_class)
        )
        card = _require_card(wish, seen, charged)
        return 0 if card is None else _fixed_price(wish, card)
    limits = limits_of(rules, wish.type, wish.currency)
    bounds = bounds_of(rules, limits)
    terms = _terms(wish, seen, rules, player_class)
    total = total_odds(_present_odds(wish, seen), terms.rounding)
    low, high = 0, limits.price_cents_max
    while low < high:
        price = (low + high + 1) // 2
        paid = pay_out(charge(price, None, terms), total, terms, bounds.cap_cents)
        fits = first_of(list(_judge_total(total, paid, bounds))) is None
        low, high = (price, high) if fits else (low, price - 1)
    return low if low >= limits.price_cents_min else 0


_DEFAULT_LIMITS = Limits()


def limits_of(rules: Rules, ticket_type: TicketType, currency: str) -> Limits:
    """Tell the limits of tickets of a type and currency."""
    return rules.limits.get((ticket_type, currency), _DEFAULT_LIMITS)


def bounds_of(rules: Rules, limits: Limits) -> Bounds:
    """Tell what tickets under some limits may pay, within what the platform can keep."""
    odds_max = min(limits.total_odds_max or _TOTAL_ODDS_MAX, _TOTAL_ODDS_MAX)
    if rules.settings.over_max_payout is OverMaxPayout.CAP:
        cap = limits.payout_cents_max
        gross_max = AMOUNT_CENTS_MAX if cap is None else _UNCAPPED_CENTS_MAX
        return Bounds(cap, odds_max, gross_max)
    gross_max = min(limits.payout_cents_max or AMOUNT_CENTS_MAX, AMOUNT_CENTS_MAX)
    return Bounds(None, odds_max, gross_max)


def terms_in_force(rules: Rules, now: datetime, ticket_type: TicketType | None) -> TaxTerms:
    """Tell the tax terms of a type, or those of all types; NoTaxProfile in a gap of them."""
    profiles = (numbered.profile for numbered in rules.profiles)
    found = profile_in_force(profiles, now, ticket_type)
    if found is None:
        named = "all types" if ticket_type is None else ticket_type.value
        raise NoTaxProfile(f"No tax profile is in force for {named}.")
    return found.terms


def _terms(wish: Wish, seen: Seen, rules: Rules, player_class: str | None) -> TaxTerms:
    numbered = _profile_of(wish, seen.now, rules, player_class)
    return TaxTerms() if numbered is None else numbered.profile.terms


def _profile_of(
    wish: Wish, now: datetime, rules: Rules, player_class: str | None
) -> NumberedProfile | None:
    profiles = [numbered.profile for numbered in rules.profiles]
    found = profile_in_force(profiles, now, wish.type, player_class)
    return next((one for one in rules.profiles if one.profile is found), None)


def _raise_first(refusals: Iterator[Refusal]) -> None:
    refusal = first_of(list(refusals))
    if refusal is not None:
        raise refusal


def _require_card(wish: Wish, seen: Seen, charged: Charge) -> CardSeen | None:
    """Find the wish's card by its code, or the one superbet that its event, price and bets name."""
    if wish.card is None and wish.type is not TicketType.SUPERBET:
        return None
    cards = [card for card in seen.cards if card.type is wish.type]
    if wish.card is not None:
        cards = [card for card in cards if card.code == wish.card.upper()]
    shown = [card for card in cards if card.state not in {CardState.DRAFT, CardState.SCHEDULED}]
    if not shown:
        raise CardNotFound(code=wish.card or "superbet")
    if wish.card is not None:
        return shown[0]
    return _choose_superbet(wish, shown, charged)


def _choose_superbet(wish: Wish, cards: Sequence[CardSeen], charged: Charge) -> CardSeen:
    opened = [card for card in cards if card.state is CardState.OPEN]
    if not opened:
        raise CardNotFound(code="superbet")
    bets = [pick.bet for pick in wish.picks]
    fitting = [c for c in opened if isinstance(c.body, Superbet) and answers(c.body, bets)]
    if not fitting:
        raise BetsDoNotFit
    return min(fitting, key=lambda card: _fixed_price(wish, card) != charged.price_cents)


def _judge_offer(wish: Wish, seen: Seen, rules: Rules, card: CardSeen | None) -> Iterator[Refusal]:
    if card is not None:
        if card.state is not CardState.OPEN:
            yield CardClosed(code=card.code)
        yield from misfits(card.body, wish.picks, _bets_of(seen))
    if wish.type not in _FIXED_PRICE:
        yield from events_twice(wish.picks)
    yield from _judge_number(wish, rules)
    for pick in wish.picks:
        yield from _judge_pick(pick, wish.odds_diff, seen)
    yield from _judge_drop(wish, seen, rules)
    yield from _judge_prizes(wish, card)


def _bets_of(seen: Seen) -> Mapping[int, Mapping[int, Bet]]:
    return {id_: SPORTS[event.sport].bets for id_, event in seen.events.items()}


def _judge_number(wish: Wish, rules: Rules) -> Iterator[Refusal]:
    if wish.type is TicketType.SUPERBET:
        return
    limits = limits_of(rules, wish.type, wish.currency)
    number = lines_of(wish.picks) if wish.type is TicketType.JACKPOT else len(wish.picks)
    if not limits.legs_min <= number <= limits.legs_max:
        yield WrongNumberOfEvents(min=limits.legs_min, max=limits.legs_max)


def _judge_pick(pick: Pick, odds_diff: int, seen: Seen) -> list[Refusal]:
    event = seen.events.get(pick.event)
    if event is None:
        return [EventNotFound(id=pick.event)]
    present = event.odds.get(pick.bet)
    if pick.odds is not None and present is None:
        return [BetNotFound(bet=pick.bet, id=pick.event)]
    refusals: list[Refusal] = []
    if event.state != _OPEN_STATE or event.is_stopped or event.starts <= seen.now:
        refusals.append(EventClosed(id=pick.event))
    if pick.bet in event.closed:
        refusals.append(BetSuspended(bet=pick.bet, id=pick.event))
    if pick.odds is not None and present is not None and abs(present - pick.odds) > odds_diff:
        refusals.append(OddsChanged())
    return refusals


def _judge_drop(wish: Wish, seen: Seen, rules: Rules) -> Iterator[Refusal]:
    """Refuse a total that fell by too much: many small drops multiply."""
    drop_max = rules.settings.total_drop_max
    if drop_max is None or wish.type in _FIXED_PRICE:
        return
    odds = _present_odds(wish, seen)
    if len(odds) == len(wish.picks):
        sent = prod(pick.odds or 0 for pick in wish.picks)
        if prod(odds) * RATE_ONE < sent * (RATE_ONE - drop_max):
            yield OddsChanged()


def _present_odds(wish: Wish, seen: Seen) -> tuple[int, ...]:
    """Tell the present odds of the picks that have any."""
    picked = [
        seen.events[pick.event].odds.get(pick.bet)
        for pick in wish.picks
        if pick.odds is not None and pick.event in seen.events
    ]
    return tuple([odds for odds in picked if odds is not None])


def _judge_prizes(wish: Wish, card: CardSeen | None) -> Iterator[Refusal]:
    if wish.prizes is None or card is None or not isinstance(card.body, Jackpot):
        return
    present = [tier.amount_cents for tier in card.body.tiers]
    if len(present) != len(wish.prizes) or any(
        now < sent for now, sent in zip(present, wish.prizes, strict=True)
    ):
        yield PrizesChanged()


def _judge_amounts(
    wish: Wish, card: CardSeen | None, charged: Charge, rules: Rules, limits: Limits
) -> Iterator[Refusal]:
    if wish.currency not in rules.settings.currencies or (
        card is not None and card.currency != wish.currency
    ):
        yield CurrencyNotSupported(currency=wish.currency)
    price = charged.price_cents
    if card is not None and wish.type in _FIXED_PRICE:
        fixed = _fixed_price(wish, card)
        if price != fixed:
            yield PriceOutOfLimits(min=fixed, max=fixed)
    if not limits.price_cents_min <= price <= limits.price_cents_max:
        yield PriceOutOfLimits(min=limits.price_cents_min, max=limits.price_cents_max)


def _fixed_price(wish: Wish, card: CardSeen) -> int:
    assert isinstance(card.body, Superbet | Jackpot), "only these have a fixed price"
    lines = lines_of(wish.picks) if isinstance(card.body, Jackpot) else 1
    return card.body.price_cents * lines


def _judge_total(total: int | None, payout: Payout, bounds: Bounds) -> Iterator[Refusal]:
    if total is not None and total > bounds.total_odds_max:
        yield OddsTooHigh(max=render_odds(bounds.total_odds_max))
    if payout.uncapped_cents > bounds.gross_cents_max:
        yield PayoutTooHigh(max=bounds.cap_cents or bounds.gross_cents_max)


def _is_approved(charged: Charge, payout: Payout, limits: Limits) -> bool:
    price_from, payout_from = limits.approval_price_cents, limits.approval_payout_cents
    return not (
        (price_from is not None and charged.price_cents >= price_from)
        or (payout_from is not None and payout.gross_cents >= payout_from)
    )
