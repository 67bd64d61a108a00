"""Receipts of a settled season of real matches: all are good, and no digit may be another.

`ACCA_RECEIPTS=50000 pytest -s -o faulthandler_timeout=9999 …` makes so many, and tells figures.
"""

import os
import random
import time
from collections import Counter

import pytest
from oracle import season
from oracle.engine import by_market
from oracle.test_oracle_against_core import SEED, played
from oracle.test_season_settled import is_taken, tell
from receipts_seen import (
    altered_place,
    keyed,
    receipts_of,
    sealed,
    settle_all,
    with_digit_changed,
)
from season_written import begin_season, chunks, id_of, recoded
from ticket_lives import LONG_AGO

from acca.core.ticket_facts import Key
from acca.flows.apply_feed import apply_entries
from acca.store.results import Source
from acca.wire.receipt_proof import ReceiptRefused, prove

TICKETS = int(os.environ.get("ACCA_RECEIPTS", "500"))
MATCHES = 400
AT_ONCE = 500
__all__ = ["played"]


@pytest.fixture
def postgres_version():
    return 18


def make_season(played):
    matches = season.with_endings(played[:MATCHES], SEED)
    made = season.make_tickets(matches, by_market(), SEED, TICKETS + TICKETS // 10)
    tickets = recoded([ticket for ticket in made if is_taken(ticket)])
    return matches, tickets[:TICKETS]


async def live(database, played):
    """Write a season, tell its results with wrong ones among them, and settle it."""
    matches, tickets = make_season(played)
    lived = await begin_season(database, matches, tickets)
    await lived.site.wait(hours=3)
    for batch in tell(matches, lived.numbers, random.Random(SEED)):
        await apply_entries(database, lived.site.provider, batch, Source.FEED)
    await settle_all(database)
    await lived.site.wait(hours=73)
    await settle_all(database)
    return [Key(lived.site.operator, id_of(number)) for number in range(2, len(tickets) + 2)]


def refusal_of(body, keys):
    with pytest.raises(ReceiptRefused) as refused:
        prove(body, keys)
    return refused.value


def judge(receipt, known, dice, spent):
    """Sign a receipt, prove it, change a digit of it, and tell which place was refused."""
    body = spent.time("sign", lambda: sealed(receipt))
    assert receipt == spent.time("verify", lambda: prove(body, known)).receipt
    altered = with_digit_changed(body, dice)
    refused = spent.time("refuse", lambda: refusal_of(altered, known))
    place = altered_place(body, altered)
    assert refused.pointer, refused
    assert place is None or place.startswith(refused.pointer), (place, refused)
    return refused.pointer.split("/")[1], len(body)


class Spent(Counter):
    """Seconds by what they were spent on."""

    def time(self, name, work):
        begun = time.monotonic()
        done = work()
        self[name] += time.monotonic() - begun
        return done


async def test_every_receipt_of_a_season_is_good_and_none_with_another_digit(sandbox, played):
    keys = await live(sandbox, played)
    known, dice = keyed(LONG_AGO).published, random.Random(SEED)
    spent, seen, places, size = Spent(), Counter(), Counter(), 0
    for many in chunks(keys, AT_ONCE):
        begun = time.monotonic()
        receipts = await receipts_of(sandbox, many)
        spent["read"] += time.monotonic() - begun
        for receipt in receipts:
            place, length = judge(receipt, known, dice, spent)
            places[place] += 1
            size += length
            seen[receipt.ticket.type.value, receipt.end.result.value] += 1
    assert len(keys) == sum(seen.values())
    assert {"won", "lost", "void"} <= {result for _, result in seen}
    each = {name: f"{1000 * total / len(keys):.2f} ms" for name, total in spent.items()}
    print(len(keys), each, size // len(keys), seen, places)  # noqa: T201 - figures for who asks
