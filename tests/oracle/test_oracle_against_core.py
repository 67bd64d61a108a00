"""The engine's settlement agrees with a second, slow reckoning of the rules, to the cent."""

import random
from collections import Counter, defaultdict
from functools import cache

import pytest
from oracle import jackpots, markets, money, season
from oracle.engine import (
    BETS,
    as_payment,
    as_triple,
    by_market,
    result_of,
    settle_round,
    superbet_of,
    terms_of,
    told_by_core,
    without_odds,
)

from acca.core.jackpot_judging import How
from acca.core.markets.football import FOOTBALL
from acca.core.odds import total_odds
from acca.core.outcome import HALF_LOST, HALF_WON, VOID, WON, dead_heat
from acca.core.public_draw import draw
from acca.core.settling import settle_accumulator
from acca.core.superbet_settling import settle_superbet

SEED = 7


@pytest.fixture(scope="module")
def played():
    if not season.DATA.is_dir():
        pytest.skip(f"no real data to settle: {season.DATA} not found; ACCA_DATA names another")
    return season.read_season()


@pytest.fixture(scope="module")
def matches(played):
    return season.with_endings(played, SEED)


@pytest.fixture(scope="module")
def endings(matches):
    return {match.key: match.ended for match in matches}


@pytest.fixture(scope="module")
def tickets(matches):
    return season.make_tickets(matches, by_market(), SEED)


def by_type(tickets, *types):
    return [ticket for ticket in tickets if ticket.type in types]


@cache
def told_by_oracle(bet_id, ended):
    _, market, line, code = BETS[bet_id]
    return markets.outcome(ended, market, line, code, waited_out=False)


def outcomes_of(ticket, endings, told):
    return [told(bet, ended) for bet, ended in bets_with_endings(ticket, endings)]


def bets_with_endings(ticket, endings):
    events = ticket.events * (len(ticket.bets) // len(ticket.events))
    return zip(ticket.bets, [endings[event] for event in events], strict=True)


def charge_of(ticket):
    return money.charge(ticket.amount, ticket.profile, names_stake=ticket.names_stake)


def money_terms(ticket):
    return charge_of(ticket), ticket.profile, ticket.cap, ticket.void_refund


def differences(pairs):
    """Return the first of those that differ, each with what it is of, and how many there are."""
    different = [pair for pair in pairs if pair[1] != pair[2]]
    return len(different), different[:5]


def test_the_season_is_whole_and_in_order(played):
    assert 7_500 < len(played)
    assert sorted(match.kick_off for match in played) == [match.kick_off for match in played]
    assert len(played) == len({match.key for match in played})


def test_the_same_seed_makes_the_same_tickets(matches):
    made = season.make_tickets(matches, by_market(), SEED, 100)
    assert made == season.make_tickets(matches, by_market(), SEED, 100)
    assert made != season.make_tickets(matches, by_market(), SEED + 1, 100)


def test_every_ending_can_be(endings):
    for ended in set(endings.values()):
        FOOTBALL.check(result_of(ended))


def test_the_oracle_knows_every_market_of_the_table():
    assert set(markets.RULES) == {bet.market for bet in BETS.values()}


def test_every_bet_on_every_ending_has_the_same_outcome(endings):
    every = [(bet, ended) for ended in set(endings.values()) for bet in BETS]
    pairs = (
        ((BETS[bet], ended), told_by_oracle(bet, ended), as_triple(told_by_core(bet, ended)))
        for bet, ended in every
    )
    assert (0, []) == differences(pairs)


def test_tickets_are_charged_the_same(tickets):
    pairs = [(each, charge_of(each), tuple(terms_of(each).charge)) for each in tickets]
    assert season.TICKETS == len(pairs)
    assert (0, []) == differences(pairs)


@pytest.fixture(scope="module")
def accumulators(tickets, endings):
    """Settle every accumulator twice: the ticket, what the oracle says, what the engine says."""
    pairs, results = [], Counter()
    for ticket in by_type(tickets, *season.ACCUMULATORS):
        legs = zip(outcomes_of(ticket, endings, told_by_oracle), ticket.odds, strict=True)
        expected = money.settle_accumulator(list(legs), *money_terms(ticket))
        outcomes = outcomes_of(ticket, endings, told_by_core)
        settled = settle_accumulator(ticket.odds, outcomes, terms_of(ticket))
        pairs.append((ticket, expected, as_payment(settled)))
        results[expected and expected.result] += 1
    assert min(results[each] for each in ("won", "lost", "void", None)) > 500
    return pairs


def test_accumulators_settle_the_same(accumulators):
    pairs = [
        (ticket, expected and expected[:4], settled and settled[:4])
        for ticket, expected, settled in accumulators
    ]
    assert (0, []) == differences(pairs)


def rounds_away(expected):
    """Tell whether a ticket is lost only because its amount rounds to nothing."""
    return expected is not None and expected.result == "lost" and expected.settled_odds > 0


def test_accumulators_settle_at_the_same_odds(accumulators):
    pairs = [pair for pair in accumulators if not rounds_away(pair[1])]
    assert len(pairs) > 40_000
    assert (0, []) == differences(pairs)


def test_accumulators_whose_amount_rounds_to_nothing_keep_their_settled_odds(accumulators):
    pairs = [pair for pair in accumulators if rounds_away(pair[1])]
    assert (0, []) == differences(pairs)


def test_dead_heats_settle_the_same(tickets):
    dice = random.Random(SEED)
    outcomes = [WON, HALF_WON, VOID, HALF_LOST, *map(dead_heat, range(2, 6))]
    pairs = []
    for ticket in by_type(tickets, *season.ACCUMULATORS)[:5_000]:
        told = [dice.choice(outcomes) for _ in ticket.odds]
        legs = list(zip(map(as_triple, told), ticket.odds, strict=True))
        expected = money.settle_accumulator(legs, *money_terms(ticket))
        settled = as_payment(settle_accumulator(ticket.odds, told, terms_of(ticket)))
        pairs.append((ticket, expected[:4], settled[:4]))
    assert (0, []) == differences(pairs)


def test_superbets_settle_the_same(tickets, endings):
    pairs, results = [], Counter()
    for ticket in by_type(tickets, "superbet"):
        card = ticket.card
        table = dict(enumerate(card.prizes, 1))
        answers = outcomes_of(ticket, endings, told_by_oracle)
        expected = money.settle_superbet(answers, table, card.void_rule, *money_terms(ticket))
        outcomes = outcomes_of(ticket, endings, told_by_core)
        settled = settle_superbet(superbet_of(ticket), ticket.bets, outcomes, terms_of(ticket))
        pairs.append((ticket, expected, without_odds(settled)))
        results[card.void_rule, expected and expected.result] += 1
    assert (0, []) == differences(pairs)
    assert min(results[rule, each] for rule in season.VOID_RULES for each in ("won", "lost")) > 20


def test_jackpots_settle_the_same(tickets, matches, endings):
    by_card = defaultdict(list)
    for ticket in by_type(tickets, "jackpot"):
        by_card[ticket.card].append(ticket)
    starts = {match.key: match.kick_off for match in matches}
    numbers = {match.key: number for number, match in enumerate(matches, 1)}
    pairs, results, ways = [], Counter(), Counter()
    for card, of_card in by_card.items():
        judged, expected = expect_jackpots(card, of_card, endings)
        hows, settled = settle_round(card, of_card, endings, starts, numbers)
        ways.update(hows)
        pairs += zip(of_card, expected, settled, strict=True)
        results["refunded" if judged.is_refunded else "decided"] += 1
        results.update(paid.result for _, paid in expected)
    assert (0, []) == differences(pairs)
    assert min(results[each] for each in ("refunded", "decided")) > 5
    assert min(results[each] for each in ("won", "lost", "void")) > 100
    assert set(How) == set(ways)


def expect_jackpots(card, tickets, endings):
    """Return how the card is judged, and of each ticket what it pays with what is carried over."""
    judged = jackpots.judge(
        [endings[event] for event in card.events],
        card.steps,
        len(card.tiers),
        [endings[event] for event in card.reserves],
        card.seed,
        card.code,
    )
    if judged.is_refunded:
        return judged, [(None, refund_of(each)) for each in tickets]
    pool = sum(charge_of(ticket).stake for ticket in tickets)
    switches = {"carries": card.carries, "carried_in": card.carried_in}
    picks = [ticket.picks for ticket in tickets]
    booked = jackpots.book(picks, card.tiers, judged, pool, pays_all=card.pays_all, **switches)
    return judged, [
        (
            booked.carried,
            jackpots.settle_jackpot(
                each.picks, booked, judged, *money_terms(each)[:3], pays_all=card.pays_all
            ),
        )
        for each in tickets
    ]


def refund_of(ticket):
    return money.refund(charge_of(ticket), ticket.void_refund)


def test_public_draws_are_the_same():
    dice = random.Random(SEED)
    pairs = []
    for number in range(5_000):
        asked = dice.randbytes(32), f"card-{number}", dice.randint(1, 17), f"{number % 17}:1-0"
        pairs.append((asked, jackpots.draw(*asked), draw(*asked).value))
    assert {"1", "X", "2"} == {drawn for _, drawn, _ in pairs}
    assert (0, []) == differences(pairs)


def test_struck_totals_are_the_same(tickets):
    pairs = (
        (
            ticket,
            money.product_of(ticket.odds, ticket.profile.rounding),
            total_odds(ticket.odds, terms_of(ticket).tax.rounding),
        )
        for ticket in by_type(tickets, *season.ACCUMULATORS)
    )
    assert (0, []) == differences(pairs)
