"""What follows from the inputs of a receipt: whoever makes one and whoever checks it asks here.

Rules are those that settle tickets; the steps are worked out beside them and have to agree.
"""

from collections.abc import Sequence
from fractions import Fraction

from acca.core.cashing_out import Bought, accepted, fair_value, price
from acca.core.finance import RATE_ONE, Charge, charge_price, charge_stake, pay_out
from acca.core.markets.market import Sport
from acca.core.markets.settlement import settle
from acca.core.markets.sports import SPORTS
from acca.core.numbers import Malformed
from acca.core.odds import total_odds
from acca.core.outcome import LEG_ONE, VOID, Outcome
from acca.core.receipt import FORMAT, CashOut, End, Leg, Receipt, Stage, Struck
from acca.core.receipt_jackpots import complete_jackpot, jackpot_steps, settle_jackpot_part
from acca.core.receipt_parts import Contradiction, NotDecided, Pointer
from acca.core.receipt_steps import (
    Steps,
    accumulator_steps,
    charge_steps,
    payout_steps,
    refund_step,
    tax_steps,
    total_odds_step,
)
from acca.core.receipt_superbets import complete_superbet, settle_superbet_part, superbet_steps
from acca.core.settling import Settlement, Terms, settle_accumulator
from acca.core.ticket import Status, TicketResult, TicketType

_STATUSES = {
    Stage.STRUCK: {Status.NEW, Status.RESERVED, Status.OPEN},
    Stage.SETTLED: {Status.RESULTED, Status.CLOSED},
    Stage.DECLINED: {Status.RESULTED, Status.CLOSED},
    Stage.CANCELLED: {Status.CANCELLED},
    Stage.CASHED_OUT: {Status.RESULTED, Status.CLOSED},
}
_WITHOUT_ODDS = {TicketType.SUPERBET, TicketType.JACKPOT}


def complete(given: Receipt) -> Receipt:
    """Work out all members of a receipt that follow from others, whatever stands there now.

    Contradiction where the inputs do not fit each other.
    """
    _require_form(given)
    charge, names_stake = _charge(given)
    known = given._replace(format=FORMAT, charge=charge, steps=())
    known = known._replace(
        legs=tuple(_complete_leg(known, place, leg) for place, leg in enumerate(given.legs))
    )
    known = known._replace(struck=_struck(known))
    known = known._replace(
        cash_out=_complete_cash_out(known),
        superbet=complete_superbet(known),
        jackpot=complete_jackpot(known),
    )
    steps = Steps(known.tax.rounding)
    charge_steps(steps, charge, known.tax, names_stake=names_stake)
    if known.struck is not None:
        _ = total_odds_step(steps, _odds(known))
    end = _end(known, steps)
    assert str(end.net_cents) == steps.made[-1].rounded or known.stage is Stage.STRUCK, (
        "the steps of a receipt lead to its amounts"
    )
    return known._replace(steps=tuple(steps.made), end=end)


def terms_of(receipt: Receipt) -> Terms:
    """Tell what decides the money at the end: the lower of the caps counts."""
    caps = [cap for cap in (receipt.cap_cents, receipt.day_cap_cents) if cap is not None]
    return Terms(receipt.charge, receipt.tax, min(caps, default=None), receipt.void_refund)


def _require_form(given: Receipt) -> None:
    ticket = given.ticket
    if given.format != FORMAT:
        raise Contradiction(("format",), f"is not {FORMAT}")
    if ticket.status not in _STATUSES[given.stage]:
        raise Contradiction(("ticket", "status"), f"is not that of stage {given.stage.value}")
    if not given.legs:
        raise Contradiction(("legs",), "has to hold a bet")
    for name, type_ in (("superbet", TicketType.SUPERBET), ("jackpot", TicketType.JACKPOT)):
        if (getattr(given, name) is None) == (ticket.type is type_):
            raise Contradiction((name,), f"does not fit a {ticket.type.value}")
    if (given.cash_out is None) == (given.stage is Stage.CASHED_OUT):
        raise Contradiction(("cash_out",), f"does not fit stage {given.stage.value}")


def _charge(given: Receipt) -> tuple[Charge, bool]:
    """Tell what the price makes, or a stake that was named, and whether one was."""
    by_price = charge_price(given.charge.price_cents, given.tax)
    by_stake = charge_stake(given.charge.stake_cents, given.tax)
    if by_price != given.charge == by_stake:
        return by_stake, True
    return by_price, False


def _complete_leg(receipt: Receipt, place: int, leg: Leg) -> Leg:
    at: Pointer = ("legs", place)
    sport = SPORTS.get(leg.sport)
    if sport is None:
        raise Contradiction((*at, "sport"), "is not a sport")
    bet = sport.bets.get(leg.bet_id)
    if bet is None:
        raise Contradiction((*at, "bet_id"), f"is not a bet of {leg.sport}")
    if (leg.odds is None) != (receipt.ticket.type in _WITHOUT_ODDS):
        raise Contradiction((*at, "odds"), f"do not fit a {receipt.ticket.type.value}")
    is_told = leg.result is not None or leg.not_played
    if is_told and (receipt.jackpot is not None or receipt.stage is not Stage.SETTLED):
        raise Contradiction((*at, "result"), "stands where none counts")
    outcome = _outcome(at, leg, sport)
    return leg._replace(
        market=bet.market,
        line=bet.line,
        bet=bet.code,
        outcome=outcome,
        factor=factor_of(leg.odds, outcome),
    )


def _outcome(at: Pointer, leg: Leg, sport: Sport) -> Outcome | None:
    if leg.result is not None:
        require_result(sport, (*at, "result"), leg)
    if leg.not_played:
        return VOID
    if leg.result is None:
        return None
    return settle(sport, sport.bets[leg.bet_id], leg.result.result)


def require_result(sport: Sport, at: Pointer, leg: Leg) -> None:
    """Refuse a result that no event of the sport can have."""
    assert leg.result is not None, "only a result is checked"
    try:
        sport.check(leg.result.result)
    except Malformed as malformed:
        raise Contradiction(at, str(malformed)) from None


def factor_of(odds: int | None, outcome: Outcome | None) -> Fraction | None:
    """Tell the exact factor of a leg, None while it is open or where no odds pay."""
    if odds is None or outcome is None:
        return None
    return Fraction(outcome.factor(odds), LEG_ONE * outcome.dead_heat)


def _odds(receipt: Receipt) -> list[int]:
    return [leg.odds for leg in receipt.legs if leg.odds is not None]


def _struck(receipt: Receipt) -> Struck | None:
    if receipt.ticket.type in _WITHOUT_ODDS:
        return None
    total = total_odds(_odds(receipt), receipt.tax.rounding)
    gross, wht, net, uncapped = pay_out(receipt.charge, total, receipt.tax, receipt.cap_cents)
    return Struck(total, uncapped, gross, wht, net)


def _end(receipt: Receipt, steps: Steps) -> End:
    match receipt.stage:
        case Stage.STRUCK:
            return _end_struck(receipt, steps)
        case Stage.CANCELLED:
            _ = steps.count("net_cents", "0: a cancelled ticket takes and owes nothing", 0)
            return End(TicketResult.PENDING, None, 0, 0, 0)
        case Stage.DECLINED:
            price = receipt.charge.price_cents
            _ = steps.count("net_cents", "price_cents: declined, given back in full", price)
            return End(TicketResult.VOID, None, price, 0, price)
        case Stage.CASHED_OUT:
            return _end_cashed_out(receipt, steps)
        case Stage.SETTLED:
            return _end_settled(receipt, steps)


def _end_struck(receipt: Receipt, steps: Steps) -> End:
    if receipt.struck is None:
        return End(TicketResult.PENDING, None, 0, 0, 0)
    payout_steps(steps, receipt.struck.total_odds, terms_of(receipt), None)
    return End(TicketResult.PENDING, None, *receipt.struck[2:])


def _complete_cash_out(receipt: Receipt) -> CashOut | None:
    """Work out the fair value and the offer of what each leg was worth."""
    given = receipt.cash_out
    if given is None or receipt.struck is None:
        return given
    if len(given.worths) != len(receipt.legs):
        raise Contradiction(("cash_out", "worths"), "are not those of the legs")
    if any(not 0 < each.mean <= each.best or each.whole <= 0 for each in given.worths):
        raise Contradiction(("cash_out", "worths"), "are more than nothing, and at most the best")
    offered = price(_bought(receipt, receipt.struck), given.worths, receipt.tax, given.margin_rate)
    return given._replace(
        fair_value_cents=offered.fair_cents, offered_cents=offered.amounts.gross_cents
    )


def _bought(receipt: Receipt, struck: Struck) -> Bought:
    return Bought(receipt.charge, receipt.cap_cents, struck.gross_cents)


def _end_cashed_out(receipt: Receipt, steps: Steps) -> End:
    taken, struck = receipt.cash_out, receipt.struck
    assert taken is not None, "a cash-out is told with what was offered"
    if struck is None:
        raise Contradiction(("stage",), "is not one of a ticket without odds")
    fair = Fraction(*fair_value(_bought(receipt, struck), taken.worths))
    _ = steps.round("fair_value_cents", "stake_cents * product of worths, within the cap", fair)
    offered = Fraction(RATE_ONE - taken.margin_rate, RATE_ONE) * fair
    formula = "fair value * (1 - margin_rate), exactly, at most gross_cents as struck"
    _ = steps.round("offered_cents", formula, min(offered, Fraction(struck.gross_cents)))
    worths, charge = taken.worths, receipt.charge
    offer = price(_bought(receipt, struck), worths, receipt.tax, taken.margin_rate)
    paid = accepted(offer, taken.accepted_cents, charge, receipt.tax)
    if paid is None or taken.accepted_cents <= 0:
        raise Contradiction(("cash_out", "accepted_cents"), "is not within what was offered")
    formula = "the least that leaves accepted_cents after tax"
    _ = steps.count("gross_cents", formula, paid.gross_cents)
    tax_steps(steps, paid.gross_cents, charge, receipt.tax)
    return End(TicketResult.WON, None, *paid)


def _end_settled(receipt: Receipt, steps: Steps) -> End:
    terms = terms_of(receipt)
    apart = terms._replace(cap_cents=receipt.cap_cents)
    settled: Settlement | None
    if receipt.jackpot is not None:
        settled = settle_jackpot_part(receipt.jackpot, terms)
        jackpot_steps(steps, receipt.jackpot, apart, receipt.day_cap_cents)
    elif receipt.superbet is not None:
        settled = settle_superbet_part(receipt.superbet, receipt.legs, terms)
        superbet_steps(steps, receipt.superbet, apart, receipt.day_cap_cents)
    else:
        outcomes = [leg.outcome for leg in receipt.legs]
        settled = settle_accumulator(_odds(receipt), outcomes, terms)
        if settled is None:
            raise NotDecided(("legs",), "are not decided, so that nothing is settled")
        _accumulator_steps(steps, receipt.legs, apart, receipt.day_cap_cents)
    odds = None if receipt.struck is None else settled.settled_odds
    return End(settled.result, odds, *settled[2:5])


def _accumulator_steps(
    steps: Steps, legs: Sequence[Leg], terms: Terms, day_cap_cents: int | None
) -> None:
    if all(leg.outcome == VOID for leg in legs):
        refund_step(steps, terms)
    else:
        accumulator_steps(steps, [leg.factor for leg in legs], terms, day_cap_cents)
