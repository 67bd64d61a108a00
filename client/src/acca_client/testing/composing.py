"""The double's answers about cards: a wish, a jackpot filled, the calculator; simple rules."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import prod

from acca_client.documents import Malformed, Members, array, integer, parse, text
from acca_client.errors import NumberOfEventsWrong, WinOutOfReach
from acca_client.placing import Pick
from acca_client.testing.finance import Taxes, net_cents, total_odds
from acca_client.testing.listing import whole
from acca_client.testing.offer import JACKPOT_CENTS, LINES_MAX, RESULT_BETS, RISKS, Offer

_STRATEGIES = ("random", "weighted", "favourites", "outsiders")
_SEED = 7
_PRICE_MAX_CENTS = 10**12
_ODDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,2})?", re.ASCII)
_UNLIKELY = Decimal("0.9")


def compose(offer: Offer, taxes: Taxes, body: bytes) -> dict[str, object]:
    """Take the highest odds of the band, match by match, until the wish is reached."""
    wish = Members(parse(body), "body")
    stake, win = wish.take("stake", _amount), wish.take("win", _amount)
    risk = wish.take("risk", text)
    exclude = wish.maybe("exclude", array(integer)) or ()
    picks: list[Pick] = []
    amounts = taxes.charge(stake)
    for pick in _candidates(offer, _band(risk), exclude):
        picks.append(pick)
        amounts = taxes.pay(stake, total_odds([each.odds for each in picks]))
        if net_cents(amounts) >= win:
            break
    else:
        nearest = f"the nearest is {amounts['net_payout']}"
        no = f"No combination of events reaches the requested win; {nearest}"
        raise WinOutOfReach(220, no)
    odds = [each.odds for each in picks]
    return {
        "price": stake,
        "stake": amounts["stake"],
        "total_odds": total_odds(odds),
        **{name: amounts[name] for name in ("ext", "ext_amount", "wht", "wht_amount")},
        **{name: amounts[name] for name in ("gross_payout", "net_payout")},
        "risk": next((band for band in RISKS if _holds(band, odds)), risk),
        "events": [offer.leg(pick.event, pick.bet) for pick in picks],
        "probability": _percent(odds),
        "seed": wish.maybe("seed", integer) or _SEED,
    }


def fill(offer: Offer, body: bytes) -> dict[str, object]:
    """Fill the jackpot by its odds: outsiders are the highest, all others the lowest."""
    wish = Members(parse(body or b"{}"), "body")
    strategy = wish.maybe("strategy", text) or "weighted"
    if strategy not in _STRATEGIES:
        raise Malformed(f"body.strategy has to be one of {', '.join(_STRATEGIES)}")
    keep = dict(wish.maybe("keep", array(_read_kept)) or ())
    wanted = wish.maybe("lines", integer) or 1
    events = offer.events_of("jackpots")
    picked = {
        event: _ranked(offer, event, keep.get(event), is_reversed=strategy == "outsiders")
        for event in events
    }
    counts = _counts(wanted, len(events))
    chosen = {event: picked[event][:count] for event, count in zip(events, counts, strict=True)}
    return {
        "price": wanted * JACKPOT_CENTS,
        "lines": wanted,
        "probability": _percent([offer.matches[e].odds[bets[0]] for e, bets in chosen.items()]),
        "seed": wish.maybe("seed", integer) or _SEED,
        "events": [
            offer.choice(event, bets) if len(bets) > 1 else offer.leg(event, bets[0])
            for event, bets in chosen.items()
        ],
    }


def calculate(taxes: Taxes, query: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Tell what a ticket at given odds costs and pays."""
    price = whole(query, "price", 0, range(1, _PRICE_MAX_CENTS + 1))
    odds = [_odds(each, "query.odds") for each in query.get("odds", ())]
    if not price or not odds:
        raise Malformed(f"query.{'odds' if price else 'price'} is missing")
    amounts = taxes.pay(price, total_odds(odds))
    ext = {name: amounts[name] for name in ("ext", "ext_amount", "ext_type")}
    paid = {name: amounts[name] for name in ("wht", "wht_amount", "gross_payout", "net_payout")}
    head = {"price": price, "total_odds": total_odds(odds), "stake": amounts["stake"]}
    return {**head, **ext, **paid}


def _candidates(
    offer: Offer, band: tuple[Decimal, Decimal], exclude: Sequence[int]
) -> Iterator[Pick]:
    low, high = band
    for match in offer.matches.values():
        fitting = [(odds, bet) for bet, odds in match.odds.items() if low <= odds <= high]
        if fitting and match.id not in exclude and not match.is_closed:
            odds, bet = max(fitting)
            yield Pick(match.id, bet, odds)


def _band(risk: str) -> tuple[Decimal, Decimal]:
    low, _, high = risk.partition("-")
    return _odds(low, "body.risk"), _odds(high, "body.risk")


def _odds(spelled: str, place: str) -> Decimal:
    if _ODDS.fullmatch(spelled) is None or Decimal(spelled) < 1:
        raise Malformed(f"{place} has to be odds with at most 2 decimals")
    return Decimal(spelled)


def _holds(risk: str, odds: Sequence[Decimal]) -> bool:
    low, high = _band(risk)
    return low <= min(odds) and max(odds) <= high


def _percent(odds: Sequence[Decimal]) -> Decimal:
    """Tell how probable all are, roughly: a sample, and no model's word."""
    probable = Decimal(100)
    for each in odds:
        probable *= _UNLIKELY / each
    return round(probable, 2)


def _ranked(offer: Offer, event: int, first: int | None, *, is_reversed: bool) -> Sequence[int]:
    odds = offer.matches[event].odds
    ranked = sorted(RESULT_BETS, key=lambda bet: odds[bet], reverse=is_reversed)
    return ranked if first is None else [first, *(bet for bet in ranked if bet != first)]


def _counts(lines: int, events: int) -> list[int]:
    """Tell how many bets each match takes to make up the lines."""
    counts: list[int] = []
    left = lines
    for _ in range(events):
        count = next((each for each in (3, 2) if left % each == 0), 1)
        counts.append(count)
        left //= count
    if lines not in range(1, LINES_MAX + 1) or prod(counts) != lines:
        raise NumberOfEventsWrong(212, f"Number of events has to be between 1 and {LINES_MAX}")
    return counts


def _amount(token: object, place: str) -> int:
    value = integer(token, place)
    if value not in range(1, _PRICE_MAX_CENTS + 1):
        raise Malformed(f"{place} has to be from 1 to {_PRICE_MAX_CENTS}")
    return value


def _read_kept(token: object, place: str) -> tuple[int, int]:
    members = Members(token, place)
    return members.take("id", integer), members.take("bet", integer)
