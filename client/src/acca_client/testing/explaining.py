"""Tickets of the double in words: Acca's sentences, in English and for players alone."""

from collections.abc import Mapping

from acca_client.documents import Malformed
from acca_client.testing.book import Kept
from acca_client.testing.listing import Query
from acca_client.testing.offer import BETS, CURRENCY, ZONE, Offer

_SPOKEN = {"lang": "en", "audience": "player"}
_LEGS = {"pending": "is still open", "won": "won", "lost": "lost", "void": "is void"}
_SAID: Mapping[str, str] = {
    "reserved": "Your ticket of {price} is reserved, and not paid yet.",
    "cancelled": "Your ticket of {price} was cancelled; whatever was taken for it is given back.",
    "open": "{paid}; {by} you may win {gross}, {tax}, and would receive {net}.",
    "prize": "{paid}; what it may win is not known yet.",
    "won": "{paid}; {by} you won {gross}, {tax}, you receive {net}.",
    "lost": "{paid}: you receive nothing.",
    "void": "{paid}; your ticket is void: you get back {net}.",
    "cashed out": "{paid}; you cashed out for {gross}, {tax}, you receive {net}.",
}
_AMOUNTS = ("stake", "ext_amount", "gross_payout", "wht_amount", "price", "net_payout")


def explain(kept: Kept, offer: Offer, query: Query) -> dict[str, object]:
    """Explain a ticket; Malformed for a language or a reader that the double has no words for."""
    for name, spoken in _SPOKEN.items():
        if query.get(name, [spoken]) != [spoken]:
            raise Malformed(f"query.{name} has to be {spoken}: the double has no other words")
    case = _case_of(kept)
    stake, ext, gross, wht, price, net = (_amount(kept, name) for name in _AMOUNTS)
    odds = kept.struck.total_odds
    money = _SAID[case].format(
        price=f"{CURRENCY} {price}",
        paid=f"You paid {CURRENCY} {price}; {stake} was staked after excise duty of {ext}",
        by="by its prize" if odds is None else f"at total odds {odds:.2f}",
        gross=gross,
        tax="no withholding tax" if wht == "0.00" else f"withholding tax {wht}",
        net=f"{CURRENCY} {net}",
    )
    word = "OPEN" if case == "prize" else case.upper()
    sms = f"Ticket {kept.code} {word}, {CURRENCY} {price} paid, {CURRENCY} {net} to come"
    return {**_SPOKEN, "legs": _legs(kept, offer), "money": money, "sms": sms}


def _case_of(kept: Kept) -> str:
    if kept.is_cashed_out:
        return "cashed out"
    if kept.status in {"reserved", "cancelled"}:
        return kept.status
    if kept.result != "pending":
        return kept.result
    return "prize" if kept.struck.total_odds is None else "open"


def _legs(kept: Kept, offer: Offer) -> list[str]:
    """Tell of each bet by the result of the ticket: the double knows no result of a match."""
    picks = kept.struck.order.picks
    told = "no longer counts" if kept.is_cashed_out else _LEGS[kept.result]
    legs: list[str] = []
    for place, (pick, odds) in enumerate(zip(picks, kept.struck.odds, strict=True)):
        match = offer.matches[pick.event]
        at = "" if kept.struck.order.type == "superbet" else f" at {odds:.2f}"
        # As its legs are shown: a lost ticket has lost by its first.
        so = _LEGS["pending"] if told == "lost" and place else told
        starts = f"{match.starts.astimezone(ZONE):%Y-%m-%d %H:%M}"
        what = f"{match.home} - {match.away} starts {starts}"
        legs.append(f"{what}: your pick, {BETS[pick.bet].name}{at}, {so}.")
    return legs


def _amount(kept: Kept, name: str) -> str:
    cents = kept.amounts[name]
    assert isinstance(cents, int), "amounts are cents"
    return f"{cents // 100:,}.{cents % 100:02}"
