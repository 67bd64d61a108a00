"""Two real jackpots: scores as results, public draws as facts, tickets by their wrong picks."""

import csv
import itertools
from typing import NamedTuple

import pytest
from feed_entries import result_told
from oracle import season
from settling_made import begin, publish_card
from ticket_lives import state_of

from acca.core.finance import Payout
from acca.core.public_draw import Drawn, Sign
from acca.core.score import Ending, Result, Score
from acca.core.ticket import TicketType
from acca.flows import settle_tickets
from acca.flows.apply_feed import apply_entries
from acca.flows.settle_jackpots import advance_jackpots, enter_drawn, judge_jackpots
from acca.store.results import Source

FILE = season.DATA.parent / "sportpesa_mega_jackpot_public_draws.csv"
SIGNS = {"Home": "1", "Draw": "X", "Away": "2"}
BETS = {"1": 1, "X": 2, "2": 3}
PRIZES = [100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000]
"""For none, one, … five wrong."""


class Match(NamedTuple):
    """A match of a card: what counts by the file, the score, and what was drawn if it has none."""

    sign: str
    score: tuple[int, int] | None
    drawn: str | None


def read_rounds():
    with FILE.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [
        [match_of(row) for row in found]
        for _, found in itertools.groupby(rows, lambda row: row["jackpotId"])
    ]


def match_of(row):
    sign, score = SIGNS[row["resultPick"]], row["score"]
    if score.startswith("PD:"):
        return Match(sign, None, score.removeprefix("PD:"))
    home, away = map(int, score.split(":"))
    return Match(sign, (home, away), None)


@pytest.fixture(params=[0, 1], ids=["january", "march"])
def matches(request):
    if not FILE.is_file():
        pytest.skip(f"no real jackpots to settle: {FILE} not found; ACCA_DATA names another")
    return read_rounds()[request.param]


def other(sign):
    return next(each for each in "1X2" if each != sign)


def with_wrong(matches, number):
    """Pick what counts, but for the last `number` events."""
    right = len(matches) - number
    return [m.sign if place < right else other(m.sign) for place, m in enumerate(matches)]


async def pick(site, card, picks):
    legs = [(e, BETS[s]) for e, signs in zip(site.events, picks, strict=True) for s in signs]
    lines = 1
    for signs in picks:
        lines *= len(signs)
    return await site.open(
        [event for event, _ in legs],
        type=TicketType.JACKPOT,
        bets=tuple(bet for _, bet in legs),
        odds=(),
        total_odds=None,
        card=card,
        lines=lines,
        payout=Payout(0, 0, 0, 0),
    )


def expected(matches, picks):
    """Write out every line, and add up the prizes by its wrong picks."""
    total = 0
    for line in itertools.product(*picks):
        wrong = sum(sign != match.sign for sign, match in zip(line, matches, strict=True))
        total += PRIZES[wrong] if wrong < len(PRIZES) else 0
    return ("won", total) if total else ("lost", 0)


async def play(site, card, matches):
    await site.wait(hours=3)
    drawn = []
    for place, match in enumerate(matches):
        result = Result(Ending.CANCELLED)
        if match.score is not None:
            result = Result(Ending.PLAYED, Score(match.score))
        else:
            drawn.append(Drawn(place + 1, Sign(match.drawn), ""))
        told = [result_told(10, result, f"x{place}")]
        await apply_entries(site.database, site.provider, told, Source.FEED)
    await enter_drawn(site.database, "site", card, drawn, "a person")
    while (
        await settle_tickets.list_job(site.database)
        or await settle_tickets.settle_chunk(site.database)
        or await judge_jackpots(site.database)
        or await advance_jackpots(site.database)
    ):
        pass


async def test_tickets_reach_the_tiers_that_the_results_imply(sandbox, matches):
    assert (17, True) == (len(matches), any(match.drawn for match in matches))
    assert all(match.drawn in {None, match.sign} for match in matches)
    site = await begin(sandbox, count=len(matches))
    card = await publish_card(
        sandbox,
        {
            "type": "jackpot",
            "title": "Mega",
            "currency": "KES",
            "price": 1000,
            "max_lines": 1000,
            "tiers": [{"kind": "fixed_per_line", "amount": amount} for amount in PRIZES],
            "events": site.events,
            "void_steps": [{"policy": "refund_all", "threshold": 8}],
        },
    )
    singles = [with_wrong(matches, number) for number in range(8)]
    doubled = [
        [sign if place % 6 else sign + other(sign) for place, sign in enumerate(picks)]
        for picks in singles
    ]
    tripled = [["1X2" if place < 4 else sign for place, sign in enumerate(p)] for p in singles]
    chosen = [*singles, *doubled, *tripled]
    tickets = [await pick(site, card, picks) for picks in chosen]
    await play(site, card, matches)
    states = [await state_of(sandbox, ticket) for ticket in tickets]
    ends = [(state.result.value, state.gross_cents) for state in states]
    assert [expected(matches, picks) for picks in chosen] == ends
    assert {"won", "lost"} == {result for result, _ in ends}
