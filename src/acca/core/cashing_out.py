"""What a ticket is bought back for while its outcome is open (spec 6.8), exact to the one rounding.

fair   = stake * product of the factors of decided legs * product of the worths of open legs,
         in the proportion in which a cap cuts off the greatest payout
gross  = round( fair * (1 - margin) ), at most the gross payout that was struck
wht    = as for a win on gross; net = gross - wht is what is offered
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import prod
from typing import NamedTuple

from acca.core.finance import RATE_ONE, Charge, TaxTerms, withhold
from acca.core.numbers import round_ratio
from acca.core.odds import ONE
from acca.core.operator import OperatorSettings
from acca.core.outcome import LEG_ONE, Outcome
from acca.core.placing import EventSeen
from acca.core.probability.chances import Quoted
from acca.core.ticket import Status, TicketType
from acca.core.ticket_facts import Amounts, Facts, Ticket
from acca.core.worth import WORTH_ONE, worth_of

_PRICED = frozenset({TicketType.QUICKTIP, TicketType.SMARTBET, TicketType.QUICKBET})
_SCHEDULED, _LIVE = "scheduled", "live"


class Worth(NamedTuple):
    """What a leg is worth now on average and at most, as parts of a whole."""

    mean: int
    best: int
    whole: int


class Bought(NamedTuple):
    """What is bought back: what was paid, the cap of the payout, and the gross payout struck."""

    charge: Charge
    cap_cents: int | None
    gross_cents: int


class Offer(NamedTuple):
    """What a ticket is worth: leg by leg, its fair value before the margin, the amounts offered."""

    worths: tuple[Worth, ...]
    fair_cents: int
    margin_rate: int
    amounts: Amounts


class Market(NamedTuple):
    """What stands of the events of a ticket: how they are offered, and which bets moved in play.

    `fresh` are the bets of events under way whose odds were told since the start: those of before
    the match say nothing any more.
    """

    now: datetime
    events: Mapping[int, EventSeen]
    fresh: Mapping[int, frozenset[int]]


def may_be_cashed_out(ticket: Ticket, settings: OperatorSettings) -> bool:
    """Tell whether a ticket can be bought back at all, whatever it is worth."""
    facts, state = ticket
    return (
        state.status is Status.OPEN
        and state.approved
        and not state.sealed
        and not state.held
        and facts.type in _PRICED
        and facts.type in settings.update_types
    )


def offer(
    facts: Facts,
    outcomes: Sequence[Outcome | None],
    market: Market,
    terms: TaxTerms,
    margin_rate: int,
) -> Offer | None:
    """Say what a ticket is worth now; None where that cannot be told, or is nothing.

    Outcomes stand leg by leg, None while open. A ticket whose legs are all decided is settled, not
    bought back.
    """
    if None not in outcomes:
        return None
    legs = zip(facts.events, facts.bets, facts.odds, outcomes, strict=True)
    worths = tuple(_worth(leg, market) for leg in legs)
    bought = Bought(facts.charge, facts.cap_cents, facts.payout.gross_cents)
    offered = price(bought, worths, terms, margin_rate)
    return offered if offered.amounts.net_cents > 0 else None


def price(bought: Bought, worths: Sequence[Worth], terms: TaxTerms, margin_rate: int) -> Offer:
    """Work out an offer from what the legs are worth, whatever it comes to."""
    fair = fair_value(bought, worths)
    gross = round_ratio(fair[0] * (RATE_ONE - margin_rate), fair[1] * RATE_ONE, terms.rounding)
    gross = min(gross, bought.gross_cents)
    wht = withhold(gross, bought.charge, terms)
    amounts = Amounts(gross, wht, gross - wht)
    return Offer(tuple(worths), round_ratio(*fair, terms.rounding), margin_rate, amounts)


def accepted(offered: Offer, net_cents: int, charged: Charge, terms: TaxTerms) -> Amounts | None:
    """Find the amounts whose net is just what was accepted; None where the offer is lower now.

    The least gross that leaves so much: withholding takes at most a cent of each cent, so that
    every net up to the offered one is met, with or without tax.
    """
    gross, _, net = offered.amounts
    if net_cents > net:
        return None
    if not withhold(net_cents, charged, terms):
        return Amounts(net_cents, 0, net_cents)
    low, high = net_cents, gross
    while low < high:
        middle = (low + high) // 2
        enough = middle - withhold(middle, charged, terms) >= net_cents
        low, high = (low, middle) if enough else (middle + 1, high)
    return Amounts(low, low - net_cents, net_cents)


def describe(offered: Offer, net_cents: int) -> str:
    """Write what an offer was made of and what was taken, for the journal of its ticket."""
    worths = " ".join(f"{each.mean}/{each.best}/{each.whole}" for each in offered.worths)
    amounts = "/".join(map(str, offered.amounts))
    return f"{net_cents} {offered.fair_cents} {offered.margin_rate} {amounts} {worths}"


def read_description(text: str) -> tuple[Offer, int]:
    """Read what was written of an offer, and the net that was taken."""
    net, fair, margin, amounts, *worths = text.split(" ")
    offered = Offer(
        tuple(Worth(*map(int, each.split("/"))) for each in worths),
        int(fair),
        int(margin),
        Amounts(*map(int, amounts.split("/"))),
    )
    return offered, int(net)


def _worth(leg: tuple[int, int, int, Outcome | None], market: Market) -> Worth:
    event, bet, odds, outcome = leg
    if outcome is not None:
        factor = outcome.factor(odds)
        return Worth(factor, factor, LEG_ONE * outcome.dead_heat)
    mean = _open_worth(market, event, bet, odds)
    return Worth(mean or 0, odds * (WORTH_ONE // ONE), WORTH_ONE)


def _open_worth(market: Market, event: int, bet: int, odds: int) -> int | None:
    seen = market.events.get(event)
    if seen is None or seen.is_stopped or bet in seen.closed or bet not in seen.odds:
        return None
    if seen.state == _SCHEDULED and seen.starts > market.now:
        return worth_of(Quoted(seen.sport, seen.odds), bet, odds, live=False)
    if seen.state != _LIVE:
        return None
    fresh = market.fresh.get(event, frozenset())
    present = {each: price for each, price in seen.odds.items() if each in fresh}
    open_ = {each: price for each, price in present.items() if each not in seen.closed}
    return worth_of(Quoted(seen.sport, open_), bet, odds, live=True) if bet in open_ else None


def fair_value(bought: Bought, worths: Sequence[Worth]) -> tuple[int, int]:
    """Multiply the stake by what the legs are worth: an exact fraction of cents.

    Where a cap cuts off the greatest payout, it takes from the mean in the same proportion.
    """
    stake, cap = bought.charge.stake_cents, bought.cap_cents
    mean, most, whole = (prod(column) for column in zip(*worths, strict=True))
    if cap is None or stake * most <= cap * whole:
        return stake * mean, whole
    return cap * mean, most
