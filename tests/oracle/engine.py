"""The oracle's plain values as the engine's, and what the engine answers as the oracle's."""

from collections import defaultdict
from datetime import timedelta
from functools import cache

from oracle import markets, money, season

from acca.core.cards.jackpot import Jackpot, PrizeKind, Tier, VoidPolicy, VoidStep
from acca.core.cards.superbet import Prize, Superbet, VoidQuestion
from acca.core.finance import ExciseFormula, TaxTerms, WithholdingBase, charge_price, charge_stake
from acca.core.jackpot_judging import Decided, DrawDue, Refunded, Seen, judge_card
from acca.core.jackpot_settling import count_lines, prize_tiers, settle_jackpot, tally
from acca.core.markets.football import FOOTBALL
from acca.core.markets.settlement import settle
from acca.core.numbers import Rounding
from acca.core.public_draw import commit_to, hold_draw
from acca.core.score import Ending, Result, Score, Side
from acca.core.settling import Terms, VoidRefund, refund

BETS = {
    bet.id: season.Bet(bet.id, bet.market, bet.line, bet.code) for bet in FOOTBALL.bets.values()
}


SIDES = {"1": Side.HOME, "2": Side.AWAY, "none": Side.NONE, None: None}


def by_market():
    bets = defaultdict(list)
    for bet in BETS.values():
        bets[bet.market].append(bet)
    return bets


@cache
def result_of(ended):
    if ended.ft is None:
        return Result(Ending(ended.ending))
    periods = () if ended.ht is None else halves(ended)
    return Result(Ending(ended.ending), Score(ended.ft, periods, SIDES[ended.first]))


def halves(ended):
    """Name the finished halves: the first, and of a played match both."""
    second = markets.minus(ended.ft, ended.ht)
    return (ended.ht, second) if ended.ending == "played" else (ended.ht,)


@cache
def told_by_core(bet_id, ended):
    return settle(FOOTBALL, FOOTBALL.bets[bet_id], result_of(ended))


def as_triple(outcome):
    """Spell an outcome of the engine as the oracle's triple; a void leg has no result."""
    if outcome is None:
        return None
    won, void_halves, sharing = outcome
    return markets.Leg(won, markets.HALF * void_halves, markets.ONE / sharing)


def terms_of(ticket):
    profile = ticket.profile
    tax = TaxTerms(
        profile.ext_rate,
        ExciseFormula(profile.ext_formula),
        profile.wht_rate,
        WithholdingBase(profile.wht_base),
        profile.threshold,
        profile.on_excess,
        Rounding(profile.rounding),
    )
    charge = (charge_stake if ticket.names_stake else charge_price)(ticket.amount, tax)
    return Terms(charge, tax, ticket.cap, VoidRefund(ticket.void_refund))


def as_payment(settlement):
    if settlement is None:
        return None
    amounts = settlement.gross_cents, settlement.wht_cents, settlement.net_cents
    return money.Payment(settlement.result.value, *amounts, settlement.settled_odds)


def without_odds(settlement):
    """Spell what a ticket without odds pays: a superbet or a jackpot."""
    paid = as_payment(settlement)
    return paid and paid._replace(settled_odds=None)


def superbet_of(ticket):
    card = ticket.card
    prizes = [Prize(correct, amount) for correct, amount in enumerate(card.prizes, 1)]
    rule = VoidQuestion(card.void_rule)
    return Superbet(1, ticket.amount, card.questions, tuple(reversed(prizes)), rule)


def settle_round(card, tickets, endings, starts, numbers):
    """Return how the engine counts each event, and of each ticket the same as `expect_jackpots`."""
    body = jackpot_of(card, numbers)
    keys = (*card.events, *card.reserves)
    seen = [Seen(starts[key], starts[key], result_of(endings[key])) for key in keys]
    decided = judged_by_core(card, body, seen)
    terms = [terms_of(ticket) for ticket in tickets]
    if isinstance(decided, Refunded):
        return [], [(None, without_odds(refund(each))) for each in terms]
    assert isinstance(decided, Decided)
    lines = [count_lines(decided, *picks_of(ticket, numbers)) for ticket in tickets]
    stakes = [each.charge.stake_cents for each in terms]
    counted = tally(body, zip(stakes, lines, strict=True))
    prizes = prize_tiers(body, decided.prize_rate, counted, card.carried_in)
    return [place.how for place in decided.places], [
        (prizes.next_round_cents, without_odds(settle_jackpot(body, prizes, of, each)))
        for each, of in zip(terms, lines, strict=True)
    ]


def judged_by_core(card, body, seen):
    late = max(each.planned for each in seen) + timedelta(days=30)
    verdict = judge_card(body, seen, late)
    if not isinstance(verdict, DrawDue):
        return verdict
    return judge_card(body, seen, late, hold_draw(card.seed, card.code, *verdict))


def jackpot_of(card, numbers):
    has_draw = any(step.name == "public_draw" for step in card.steps)
    return Jackpot(
        card.line_price,
        10_000,
        tuple(map(tier_of, card.tiers)),
        tuple(numbers[event] for event in card.events),
        tuple(map(step_of, card.steps)),
        tuple(numbers[event] for event in card.reserves),
        highest_tier_only=not card.pays_all,
        carries_over=card.carries,
        commitment=commit_to(card.seed) if has_draw else None,
    )


def tier_of(tier):
    kind = PrizeKind(tier.kind)
    if kind is PrizeKind.SHARED_PERCENT_OF_POOL:
        return Tier(kind, 0, tier.amount)
    return Tier(kind, tier.amount)


def step_of(step):
    hours = 24 if step.name == "public_draw" else None
    factors = step.factors or None
    return VoidStep(VoidPolicy(step.name), step.threshold, hours, step.max_events, factors)


def picks_of(ticket, numbers):
    keys = (*ticket.card.events, *ticket.card.reserves)
    pairs = [(key, code) for key, codes in zip(keys, ticket.picks, strict=True) for code in codes]
    bets = [FOOTBALL.bet("MRFT", None, code).id for _, code in pairs]
    return [numbers[key] for key, _ in pairs], bets
