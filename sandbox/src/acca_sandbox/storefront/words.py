"""How amounts, odds, times and refusals are written for a player."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from acca_client.amounts import Amounts
from acca_client.cashing_out import CashOutOffer
from acca_client.errors import (
    AccaError,
    BetSuspended,
    CardClosed,
    CashOutNotAvailable,
    EventClosed,
    Invalid,
    NumberOfEventsWrong,
    PayoutTooHigh,
    PlatformDidNotAnswer,
    PriceOutOfRange,
    PrizesChanged,
    Refused,
    TicketDeclined,
    UserNotFound,
    WinOutOfReach,
)
from acca_client.tickets import Ticket

_ADVICE: Mapping[type[Refused], str] = {
    EventClosed: "A match has begun. Take it off your betslip.",
    BetSuspended: "A bet is suspended just now. Wait a moment, or pick another one.",
    CardClosed: "This card is closed. Choose another one.",
    CashOutNotAvailable: "Your ticket stands as it is.",
    PriceOutOfRange: "Change how much you pay.",
    PayoutTooHigh: "Pay less, or take a match off.",
    PrizesChanged: "The prizes have changed. Look at the card again.",
    NumberOfEventsWrong: "Pick more matches, or fewer.",
    TicketDeclined: "Your wallet declined it. Is there enough money in it?",
    PlatformDidNotAnswer: "Your wallet did not answer in time. Nothing was placed, try again.",
    UserNotFound: "You are signed out. Choose a player again.",
    WinOutOfReach: "Nothing on offer reaches that win. Wish for less, or let the odds be wider.",
}


def money(cents: int, currency: str = "KES") -> str:
    """Write an amount with its currency, thousands set apart."""
    units, rest = divmod(abs(cents), 100)
    spelled = f"{units:,}.{rest:02}" if rest else f"{units:,}"
    return f"{'-' if cents < 0 else ''}{currency} {spelled}"


def odds(value: Decimal | None) -> str:
    """Write odds with two decimals."""
    return "-" if value is None else f"{value:,.2f}"


def percent(value: Decimal) -> str:
    """Write a percentage without needless zeros."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return f"{text} %"


def when(instant: dt.datetime) -> str:
    """Write a time of day with its weekday, in the zone that the instant has."""
    return f"{instant:%a %d %b, %H:%M}"


def state(ticket: Ticket) -> str:
    """Name how a ticket stands: its result once it has one."""
    if ticket.is_cashed_out:
        return "cashed out"
    return ticket.status if ticket.result == "pending" else ticket.result


class Line(NamedTuple):
    """One amount of a ticket, with a sentence that explains it."""

    name: str
    amount: str
    why: str


def explain_ticket(ticket: Ticket) -> list[Line]:
    """Explain the amounts of a ticket; one that was cashed out pays by no odds."""
    amounts, currency = ticket.amounts, ticket.currency
    if not ticket.is_cashed_out:
        return explain(amounts, currency, ticket.odds)
    gross, wht = amounts.gross_payout_cents, amounts.wht_amount_cents
    net = money(amounts.net_payout_cents, currency)
    return [
        *explain(amounts, currency, None),
        Line("Cashed out for", money(gross, currency), "What your ticket was worth then."),
        *_explain_withholding(wht, currency, f", {percent(amounts.wht_percent)}"),
        Line("You receive", net, "Goes to your balance, whatever the results."),
    ]


def explain_offer(offer: CashOutOffer, currency: str) -> list[Line]:
    """Explain what a ticket is bought back for."""
    gross, net = offer.gross_payout_cents, money(offer.net_payout_cents, currency)
    return [
        Line(
            "Your ticket is worth",
            money(gross, currency),
            "By the odds of now, less what the shop keeps.",
        ),
        *_explain_withholding(offer.wht_amount_cents, currency),
        Line("You would receive", net, "Goes to your balance now, whatever the results."),
    ]


def tell_changed(was_cents: int, offer: CashOutOffer | None, currency: str) -> str:
    """Say that a ticket is worth another amount than was offered."""
    now = f", now it is {money(offer.amount_cents, currency)}" if offer else ""
    return f"The value has changed: it was {money(was_cents, currency)}{now}. Nothing was done."


def explain(amounts: Amounts, currency: str, total: Decimal | None) -> list[Line]:
    """Explain what a bet costs and pays, a plain sentence for each amount."""
    lines = [Line("You pay", money(amounts.price_cents, currency), "Leaves your balance now.")]
    if amounts.ext_amount_cents:
        excise = f"Excise duty, {percent(amounts.ext_percent)}"
        why = "A tax on every bet, which goes to the state."
        lines.append(Line(excise, money(-amounts.ext_amount_cents, currency), why))
        why = "What is left of your money to bet with."
        lines.append(Line("Your stake", money(amounts.stake_cents, currency), why))
    if total is not None:
        lines += _explain_win(amounts, currency, total)
    return lines


def _explain_win(amounts: Amounts, currency: str, total: Decimal) -> list[Line]:
    why = "What the bet pays before taxes if all of it is right."
    lines = [Line(f"Stake x odds {odds(total)}", money(amounts.gross_payout_cents, currency), why)]
    rate = f", {percent(amounts.wht_percent)}"
    lines += _explain_withholding(amounts.wht_amount_cents, currency, rate)
    net = money(amounts.net_payout_cents, currency)
    return [*lines, Line("You would receive", net, "Goes to your balance if you win.")]


def _explain_withholding(cents: int, currency: str, rate: str = "") -> list[Line]:
    if not cents:
        return []
    why = "A tax on the winnings alone, never on your own stake."
    return [Line(f"Withholding tax{rate}", money(-cents, currency), why)]


def advise(error: AccaError) -> str:
    """Say in words why something was not done, and what to do about it."""
    if isinstance(error, Invalid):
        return "; ".join(f"{each.msg}" for each in error.detail) or "That cannot be read."
    if isinstance(error, Refused):
        advice = _ADVICE.get(type(error), "")
        return f"{error.message.rstrip('.')}. {advice}".strip()
    return "Acca is not available now. Try again in a moment."
