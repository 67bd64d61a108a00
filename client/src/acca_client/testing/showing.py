"""Tickets of the double as the ticket object, and as what the wallet is told of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from acca_client.testing.finance import Taxes
from acca_client.testing.offer import (
    BETS,
    BONUS_PRIZES_CENTS,
    CURRENCY,
    PRIZE_CENTS,
    PRIZES,
    Offer,
    times,
)
from acca_client.testing.striking import Struck

_AMOUNTS = ("wht_amount", "wht", "ext_amount", "ext", "ext_type")


def amounts_of(struck: Struck, taxes: Taxes) -> dict[str, object]:
    """Tell the amounts that a ticket is struck with."""
    if struck.total_odds is None:
        return taxes.charge(struck.order.price_cents)
    return taxes.pay(struck.order.price_cents, struck.total_odds)


def show(
    named: Mapping[str, object],
    struck: Struck,
    amounts: Mapping[str, object],
    instants: tuple[datetime, datetime],
    offer: Offer,
) -> dict[str, object]:
    """Show a ticket; `named` holds id, code, status, result, user_id and how the `legs` ended."""
    order = struck.order
    is_superbet = order.type == "superbet"
    currency: dict[str, object] = {"currency": CURRENCY}
    return {
        "id": named["id"],
        "code": named["code"],
        "psp": order.psp,
        "price": amounts["price"],
        "stake": amounts["stake"],
        **({} if is_superbet else currency),
        "gross_payout": amounts["gross_payout"],
        "net_payout": amounts["net_payout"],
        **{name: amounts[name] for name in _AMOUNTS},
        **(currency if is_superbet else {}),
        "status": named["status"],
        "result": named["result"],
        "approved": True,
        "source": order.source,
        "type": order.type,
        "atag": order.atag,
        "rtag": order.rtag,
        "aff_instant_comm_amt": None,
        "aff_instant_comm_pct": None,
        "user_id": named["user_id"],
        **times("created", instants[0]),
        **times("updated", instants[1]),
        **_of_its_type(struck, str(named["legs"]), offer),
    }


def show_quote(struck: Struck, amounts: Mapping[str, object], max_cents: int) -> dict[str, object]:
    """Show what create would answer."""
    picked = {
        "events": [
            {"id": pick.event, "bet": pick.bet, "odds": odds}
            for pick, odds in zip(struck.order.picks, struck.odds, strict=True)
        ],
        "odds": struck.total_odds,
    }
    return {
        "price": amounts["price"],
        "stake": amounts["stake"],
        "currency": CURRENCY,
        "gross_payout": amounts["gross_payout"],
        "net_payout": amounts["net_payout"],
        **{name: amounts[name] for name in _AMOUNTS},
        "approved": True,
        "type": struck.order.type,
        **({"events": None, "odds": None} if struck.order.type == "superbet" else picked),
        "max_price": max_cents,
    }


def _of_its_type(struck: Struck, result: str, offer: Offer) -> dict[str, object]:
    order = struck.order
    results = _results(result, len(order.picks))
    if order.type == "superbet":
        return {
            "event": {**_event(order.picks[0].event, offer), "score": None},
            "bets": [
                {**_bet(pick.bet), "result": told}
                for pick, told in zip(order.picks, results, strict=True)
            ],
            "betcard_code": struck.card,
            "prizes": PRIZES,
        }
    events = [
        {**_event(pick.event, offer), **_bet(pick.bet), "odds": odds, "result": told, "score": None}
        for pick, odds, told in zip(order.picks, struck.odds, results, strict=True)
    ]
    if order.type == "jackpot":
        prizes = {"prize": PRIZE_CENTS, "bonus_prizes": BONUS_PRIZES_CENTS}
        return {"events": events, "betcard_code": struck.card, **prizes, "lines": struck.lines}
    settled = {"won": struck.total_odds, "lost": Decimal(0), "void": Decimal(1)}.get(result)
    odds = {"odds": struck.total_odds, "betcard_code": struck.card, "settled_odds": settled}
    return {"events": events, **odds}


def _results(result: str, count: int) -> Sequence[str]:
    """Tell how the bets ended: a lost ticket has lost by its first."""
    return ["lost"] + ["pending"] * (count - 1) if result == "lost" else [result] * count


def _event(event: int, offer: Offer) -> dict[str, object]:
    match = offer.matches[event]
    return {
        "id": event,
        **times("starts", match.starts),
        "sport": {"id": 1, "name": "Football"},
        "category": {"id": 2, "name": "Kenya"},
        "league": {"id": 3, "name": "Premier League"},
        "home_team": {"id": event * 10 + 1, "name": match.home},
        "away_team": {"id": event * 10 + 2, "name": match.away},
    }


def _bet(bet: int) -> dict[str, object]:
    shown = BETS[bet]
    return {
        "market": {"code": shown.market, "name": shown.market_name},
        "bet": {"code": shown.code, "name": shown.name},
        "line": None,
        "bet_id": bet,
    }
