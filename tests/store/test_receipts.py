"""Receipts say what tickets say, whatever was told, corrected and closed before."""

import asyncio

import pytest
from receipts_seen import keyed, receipt_of, sealed, settle_all
from settling_made import (
    AWAY_WINS,
    CANCELLED,
    HOME_WINS,
    POSTPONED,
    acknowledge,
    begin,
    publish_card,
)
from ticket_lives import LONG_AGO, reserve, rows, state_of

from acca.core.finance import Payout
from acca.core.jackpot_judging import How
from acca.core.receipt import Stage
from acca.core.score import Ending, Result, Score
from acca.core.ticket import Status, TicketResult, TicketType
from acca.flows.close_tickets import close_tickets
from acca.flows.decide_approvals import Asked, decline
from acca.flows.expire_reservations import expire_reservations
from acca.flows.release_tickets import Waived, waive_clawback
from acca.flows.settle_jackpots import make_seed
from acca.store.settling import list_late
from acca.wire.receipt_proof import prove

TERMS = {"payout": Payout(2250, 0, 2250, 2250), "total_odds": 225}
ONE_LEG = {"payout": Payout(1500, 0, 1500, 1500), "total_odds": 150}
BIG_HOME_WIN = Result(Ending.PLAYED, Score((5, 0), ((2, 0), (3, 0))))
FIXED = [{"kind": "fixed_per_line", "amount": 500_000}, {"kind": "fixed_per_line", "amount": 9_000}]


@pytest.fixture
def postgres_version():
    return 18


@pytest.fixture
async def season(sandbox):
    return await begin(sandbox)


async def proven(database, ticket):
    """Read a ticket's receipt, prove it, and hold it against the ticket's state."""
    receipt = await receipt_of(database, ticket)
    state = await state_of(database, ticket)
    if receipt.stage is not Stage.CANCELLED:
        assert list(receipt.end[2:5]) == list(state[4:7])
        assert state.result is receipt.end.result
    assert state.status is receipt.ticket.status
    assert receipt == prove(sealed(receipt), keyed(LONG_AGO).published).receipt
    return receipt


async def test_an_open_ticket_shows_what_was_struck_though_a_result_is_known(season):
    ticket = await season.open(**TERMS)
    await season.wait(hours=3)
    await season.end(season.events[0])
    receipt = await proven(season.database, ticket)
    assert Stage.STRUCK is receipt.stage
    assert [None, None] == [leg.result for leg in receipt.legs]
    assert ("X0-HOME", "MRFT", "1") == receipt.legs[0][3:4] + receipt.legs[0][7:10:2]


async def test_a_settled_ticket_shows_the_versions_that_settled_it(season):
    ticket = await season.open(**TERMS)
    await season.wait(hours=3)
    for event in season.events[:2]:
        await season.end(event, version=10)
    await settle_all(season.database)
    receipt = await proven(season.database, ticket)
    assert (Stage.SETTLED, TicketResult.WON) == (receipt.stage, receipt.end.result)
    assert [1, 1] == [leg.result.version for leg in receipt.legs]
    again = await receipt_of(season.database, ticket)
    assert sealed(receipt) == sealed(again)


async def test_a_correction_that_is_not_settled_yet_is_not_in_the_receipt(season):
    ticket = await season.open(season.events[:1], **ONE_LEG)
    await season.wait(hours=3)
    await season.end(season.events[0])
    await settle_all(season.database)
    await season.wait(minutes=1)
    await season.end(season.events[0], AWAY_WINS, 11, corrects=True)
    assert 1 == (await proven(season.database, ticket)).legs[0].result.version
    await settle_all(season.database)
    receipt = await proven(season.database, ticket)
    assert (2, TicketResult.LOST) == (receipt.legs[0].result.version, receipt.end.result)


async def closed(season, ticket):
    await acknowledge(season.database, ticket)
    await season.wait(hours=25)
    await close_tickets(season.database)
    await acknowledge(season.database, ticket)
    await close_tickets(season.database)


async def test_a_correction_after_the_close_leaves_the_receipt_as_it_was(season):
    ticket = await season.open(season.events[:1], **ONE_LEG)
    await season.wait(hours=3)
    await season.end(season.events[0])
    await settle_all(season.database)
    await closed(season, ticket)
    before = await proven(season.database, ticket)
    await season.end(season.events[0], AWAY_WINS, 11, corrects=True)
    await settle_all(season.database)
    async with season.database.reader() as reader:
        assert 1 == len(await list_late(reader, None, 10))
    after = await proven(season.database, ticket)
    assert before == after
    assert (1, TicketResult.WON) == (after.legs[0].result.version, after.end.result)


async def test_a_payout_that_is_held_keeps_the_receipt_of_what_paid_it(season):
    await season.set(clawback="hold")
    ticket = await season.open(season.events[:1], **ONE_LEG)
    await season.wait(hours=3)
    await season.end(season.events[0])
    await settle_all(season.database)
    await acknowledge(season.database, ticket)
    await season.wait(minutes=1)
    await season.end(season.events[0], AWAY_WINS, 11, corrects=True)
    await settle_all(season.database)
    named = "site", ticket.facts.key.id.hex(), "ann"
    before = await proven(season.database, ticket)
    assert (1, TicketResult.WON) == (before.legs[0].result.version, before.end.result)
    await waive_clawback(season.database, Waived(*named, "our mistake"))
    assert before == await proven(season.database, ticket)


async def test_a_correction_that_changes_no_amount_is_shown_as_it_is_known_now(season):
    ticket = await season.open(season.events[:1], **ONE_LEG)
    await season.wait(hours=3)
    await season.end(season.events[0])
    await settle_all(season.database)
    await season.end(season.events[0], BIG_HOME_WIN, 11, corrects=True)
    await settle_all(season.database)
    assert 2 == (await proven(season.database, ticket)).legs[0].result.version


async def test_amounts_that_no_facts_give_are_never_signed(season):
    ticket = await season.open(season.events[:1], payout=Payout(1600, 0, 1600, 1600))
    with pytest.raises(AssertionError, match="no facts lead to the amounts"):
        await receipt_of(season.database, ticket)


async def test_an_event_that_was_not_played_in_time_is_void_in_the_receipt(season):
    await season.set(update_types="quickbet")
    ticket = await season.open(**TERMS)
    await season.wait(hours=3)
    await season.end(season.events[0], POSTPONED)
    await season.end(season.events[1])
    await season.wait(hours=60)
    await settle_all(season.database)
    receipt = await proven(season.database, ticket)
    assert [True, False] == [leg.not_played for leg in receipt.legs]
    assert 1500 == receipt.end.net_cents


async def test_a_declined_ticket_shows_its_refund(season):
    ticket = await season.open(**TERMS)
    await rows_of_approval(season, ticket)
    asked = Asked("site", ticket.facts.code, "a trader")
    await decline(season.database, asked, "too-much-risk")
    receipt = await proven(season.database, ticket)
    assert (Stage.DECLINED, 1000) == (receipt.stage, receipt.end.net_cents)


async def rows_of_approval(season, ticket):
    async with season.database.writer() as writer:
        await writer.run(
            "UPDATE ticket_state SET approved = false WHERE id = $1", ticket.facts.key.id
        )


async def test_a_reserved_ticket_is_struck_and_an_expired_one_owes_nothing(season):
    now = (await rows(season.database, "SELECT business_now()"))[0][0]
    ticket = await reserve(season.database, season.operator, season.events[:1], now, **ONE_LEG)
    reserved = await proven(season.database, ticket)
    assert (Stage.STRUCK, Status.RESERVED) == (reserved.stage, reserved.ticket.status)
    await season.wait(minutes=1)
    assert 1 == await expire_reservations(season.database)
    cancelled = await proven(season.database, ticket)
    assert (Stage.CANCELLED, 0) == (cancelled.stage, cancelled.end.net_cents)


async def publish(season, **changes):
    card = {
        "type": "jackpot", "title": "Midweek", "currency": "KES", "price": 1000, "max_lines": 100,
        "tiers": FIXED, "events": season.events,
        "void_steps": [{"policy": "refund_all", "threshold": 1}], **changes,
    }  # fmt: skip
    return await publish_card(season.database, card)


async def pick(season, card, bets):
    return await season.open(
        season.events[: len(bets)], type=TicketType.JACKPOT, bets=bets, odds=(), total_odds=None,
        card=card, lines=1, payout=Payout(0, 0, 0, 0),
    )  # fmt: skip


async def play(season, *results):
    await season.wait(hours=3)
    for event, result in zip(season.events, results, strict=True):
        await season.end(event, result)
    await settle_all(season.database)


async def test_a_jackpot_shows_its_round_and_a_later_one_after_a_correction(season):
    card = await publish(season, tiers=[{"kind": "shared_amount", "amount": 100_000}])
    one, other = [await pick(season, card, (bet, 1, 1, 1)) for bet in (1, 3)]
    assert Stage.STRUCK is (await proven(season.database, one)).stage
    await play(season, *[HOME_WINS] * 4)
    assert 100_000 == (await proven(season.database, one)).end.net_cents
    await season.wait(minutes=1)
    await season.end(season.events[0], AWAY_WINS, 11, corrects=True)
    before = await proven(season.database, one)
    assert (1, 100_000) == (before.jackpot.round.version, before.end.net_cents)
    await settle_all(season.database)
    after = await proven(season.database, one)
    assert (2, 0) == (after.jackpot.round.version, after.end.net_cents)
    assert 100_000 == (await proven(season.database, other)).end.net_cents


async def test_a_public_draw_shows_its_seed_only_once_it_has_drawn(sandbox, season):
    seed = bytes(range(32))
    commitment = await make_seed(sandbox, "site", seed, "test")
    steps = [{"policy": "public_draw", "after_hours": 24, "max_events": 2}]
    card = await publish(season, void_steps=steps, commitment=commitment)
    ticket = await pick(season, card, (1, 1, 1, 1))
    await play(season, POSTPONED, HOME_WINS, HOME_WINS, HOME_WINS)
    assert seed.hex().encode() not in sealed(await proven(sandbox, ticket))
    await season.wait(hours=25)
    await settle_all(sandbox)
    round_ = (await proven(sandbox, ticket)).jackpot.round
    assert seed.hex() == round_.seed
    assert (How.DRAWN, "2:2-1,3:2-1,4:2-1") == (
        round_.places[0].counts.how, round_.places[0].scores,
    )  # fmt: skip


async def test_a_jackpot_shows_what_the_round_before_had_carried_over(season):
    shared = {"tiers": [{"kind": "shared_amount", "amount": 100_000}], "carries_over": True}
    first = await publish(season, **shared, events=season.events[:2])
    second = await publish(season, **shared, events=season.events[2:])
    await pick(season, first, (3, 3))
    lucky = await season.open(
        season.events[2:], type=TicketType.JACKPOT, bets=(1, 1), odds=(), total_odds=None,
        card=second, lines=1, payout=Payout(0, 0, 0, 0),
    )  # fmt: skip
    await season.wait(hours=3)
    for event in season.events[:2]:
        await season.end(event)
    await settle_all(season.database)
    for event in season.events[2:]:
        await season.end(event)
    await settle_all(season.database)
    receipt = await proven(season.database, lucky)
    assert (100_000, 200_000) == (receipt.jackpot.round.carried_in_cents, receipt.end.net_cents)


async def test_a_refunded_jackpot_says_why(season):
    card = await publish(season)
    ticket = await pick(season, card, (1, 1, 1, 1))
    await play(season, HOME_WINS, CANCELLED, HOME_WINS, HOME_WINS)
    receipt = await proven(season.database, ticket)
    assert ("void-policy", 1000) == (receipt.jackpot.round.refund.value, receipt.end.net_cents)


async def test_a_snapshot_is_not_torn_by_what_is_written_meanwhile(season):
    count = "SELECT count(*) FROM result"
    async with season.database.snapshot() as reader:
        before = await reader.value(count)
        await season.wait(hours=3)
        await asyncio.gather(season.end(season.events[0]))
        assert before == await reader.value(count)
    assert [(1,)] == await rows(season.database, count)
