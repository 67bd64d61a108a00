"""A season on real processes that are killed, a wallet that fails: in the end, what is due.

`ACCA_SEASON=50000/20 pytest -s -o faulthandler_timeout=9999 …` plays so many, so many kills.
"""

import os
import random
from itertools import pairwise

from acceptance.commands import ACCA
from oracle import season
from oracle.engine import by_market, result_of
from oracle.test_oracle_against_core import SEED, expect_jackpots, played
from oracle.test_season_settled import WRONG, amounts_of, expected_of, is_taken
from season_lived import live
from season_written import id_of, recoded, told
from ticket_lives import rows

from acca_sandbox.wallet.faults import Fault

__all__ = ["played"]
TICKETS, KILLS = map(int, os.environ.get("ACCA_SEASON", "200/3").split("/"))
MATCHES = 200 if TICKETS < 10_000 else 10_000
ACTIONS = ("ticket_update", "ticket_win", "ticket_lost", "ticket_void", "ticket_rollback")
FAULTS = [
    Fault(kind=kind, action=action, probability=probability, status=502)
    for action in ACTIONS
    for kind, probability in (("error", 0.03), ("cut", 0.02), ("drop", 0.03), ("duplicate", 0.03))
]


def tell(matches, numbers, dice):
    """Make the results of a season: shuffled, some twice, 3 % wrong first, in any batches."""
    moments = []
    for match in matches:
        key, result = f"x{numbers[match.key]}", result_of(match.ended)
        if dice.random() < 0.03 and match.ended.ending == "played":
            moments.append((dice.random() * 0.7, told(10, WRONG, key)))
            again = told(11, result, key, corrects=True)
            moments += [(0.7 + dice.random() * 0.3, again)] * dice.choice((1, 1, 2))
        else:
            moment = dice.random()
            moments.append((moment, told(10, result, key)))
            moments += [(moment + 0.2, told(10, result, key))] * (dice.random() < 0.1)
    ordered = [entry for _, entry in sorted(moments, key=lambda one: one[0])]
    cuts = sorted({0, len(ordered), *(dice.randrange(len(ordered)) for _ in range(60))})
    return [ordered[first:last] for first, last in pairwise(cuts)]


def make_season(played):
    matches = season.with_endings(played[:MATCHES], SEED)
    made = season.make_tickets(matches, by_market(), SEED, TICKETS)
    return matches, recoded([each for each in made if each.type == "jackpot" or is_taken(each)])


def expected(tickets, endings):
    """Tell of each ticket, by its place, what the oracle says of it; None while it is open."""
    by_card, places = {}, {}
    ends = {}
    for place, ticket in enumerate(tickets):
        if ticket.type == "jackpot":
            by_card.setdefault(ticket.card, []).append(ticket)
            places.setdefault(ticket.card, []).append(place)
        else:
            ends[place] = amounts_of(expected_of(ticket, endings))
    for card, of_card in by_card.items():
        _, settled = expect_jackpots(card, of_card, endings)
        ends |= {
            place: amounts_of(paid) for place, (_, paid) in zip(places[card], settled, strict=True)
        }
    return ends


async def ends_of(database):
    query = "SELECT id, result, gross_cents, wht_cents, net_cents FROM ticket_state"
    found = {id_: tuple(end) for id_, *end in await rows(database, query)}
    return {id_: None if end[0] == "pending" else end for id_, end in found.items()}


async def test_whatever_is_killed_the_season_ends_as_the_oracle_says(place, played):
    dice = random.Random(SEED)
    matches, tickets = make_season(played)
    async with live(place, ACCA.parent) as means:
        await means.begin(matches, tickets)
        batches = tell(matches, means.lived.numbers, dice)
        killed = await means.play(batches, KILLS, FAULTS, dice)
        await means.wait("73h")
        await means.wait("31d")
        ends = await means.read(ends_of)
        report = await means.report()
    due = expected(tickets, {match.key: match.ended for match in matches})
    pairs = [(tickets[n], due[n], ends[id_of(n + 2)]) for n in range(len(tickets))]
    assert [] == [pair for pair in pairs if pair[1] != pair[2]][:3]
    assert KILLS == sum(killed.values())
    assert report.audit_is_clean, report.audit
    assert [] == report.differences
    print(len(tickets), killed, report)  # noqa: T201 - figures for who asks for them
