import asyncio

import pytest
from settling_made import (
    AWAY_WINS,
    CANCELLED,
    HOME_WINS,
    POSTPONED,
    acknowledge,
    begin,
    opened,
    publish_card,
    rows_changed,
    told,
)
from ticket_lives import accept, agenda, journal, rows, save, state_of
from tickets_made import new_ticket

from acca.core.finance import Payout
from acca.core.ticket import Status, TicketResult, TicketType
from acca.core.ticket_facts import Task, Waiting
from acca.flows import settle_tickets
from acca.flows.judge_postponements import judge_postponements
from acca.flows.release_tickets import Released, ReleaseRefused, Way, release_ticket
from acca.store.clock import read_clock
from acca.store.settling import list_attention
from acca.store.showing import read_shown
from acca.store.tickets import get_tickets
from acca.wire.ticket_answers import answer_ticket

AS_STRUCK = Payout(2250, 0, 2250, 2250)


@pytest.fixture
async def season(sandbox):
    return await begin(sandbox)


async def end_of(database, ticket):
    state = await state_of(database, ticket)
    return state.status, state.result, state.net_cents


async def test_a_ticket_whose_legs_all_won_is_won(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK, total_odds=225)
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    assert (Status.OPEN, TicketResult.PENDING, 2250) == await end_of(sandbox, ticket)
    await season.end(season.events[1])
    await season.settle()
    assert (Status.RESULTED, TicketResult.WON, 2250) == await end_of(sandbox, ticket)
    assert ["ticket_win"] == await told(sandbox, ticket)
    assert [("pam", "deliver", 3, 3)] == await agenda(sandbox, ticket)


async def test_one_lost_leg_decides_at_once(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0], AWAY_WINS)
    await season.settle()
    assert (Status.RESULTED, TicketResult.LOST, 0) == await end_of(sandbox, ticket)
    assert ["ticket_lost"] == await told(sandbox, ticket)


async def test_a_void_ticket_carries_its_refund(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    for event in season.events[:2]:
        await season.end(event, CANCELLED)
    await season.settle()
    assert (Status.RESULTED, TicketResult.VOID, 1000) == await end_of(sandbox, ticket)
    assert ["ticket_void"] == await told(sandbox, ticket)


async def test_settling_again_changes_nothing(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0], AWAY_WINS)
    await season.settle()
    await season.end(season.events[1], AWAY_WINS)
    await season.settle()
    assert ["ticket_lost"] == await told(sandbox, ticket)


async def test_a_corrected_result_is_taken_back_and_told_anew(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    for event in season.events[:2]:
        await season.end(event)
    await season.settle()
    await season.end(season.events[0], AWAY_WINS, 11, corrects=True)
    await season.settle()
    assert (Status.RESULTED, TicketResult.LOST, 0) == await end_of(sandbox, ticket)
    await season.end(season.events[0], HOME_WINS, 12, corrects=True)
    await season.settle()
    assert (Status.RESULTED, TicketResult.WON, 2250) == await end_of(sandbox, ticket)
    assert [
        "ticket_win",
        "ticket_rollback",
        "ticket_lost",
        "ticket_rollback",
        "ticket_win",
    ] == await told(sandbox, ticket)
    details = [entry[5] for entry in await journal(sandbox, ticket)]
    assert details[3:] == ["result-changed"] * 4


async def test_a_correction_that_leaves_a_ticket_undecided_opens_it_again(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.end(season.events[0], CANCELLED)
    await season.end(season.events[1], CANCELLED)
    await season.settle()
    await season.end(season.events[0], POSTPONED, 11, corrects=True)
    await season.settle()
    assert (Status.OPEN, TicketResult.PENDING, 2250) == await end_of(sandbox, ticket)
    assert ["ticket_void", "ticket_rollback"] == await told(sandbox, ticket)


@pytest.mark.parametrize(
    ("settings", "expected", "status"),
    [
        ({}, [], Status.OPEN),
        ({"update_types": "quickbet"}, ["ticket_update", "ticket_win"], Status.RESULTED),
        ({"amounts_changed_quickbet": "void"}, ["ticket_void"], Status.RESULTED),
        ({"amounts_changed_quickbet": "fetch"}, ["ticket_win"], Status.RESULTED),
    ],
)
async def test_changed_amounts_are_told_as_the_operator_wants(
    sandbox, season, settings, expected, status
):
    await season.set(**settings)
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0], CANCELLED)
    await season.end(season.events[1])
    await season.settle()
    assert expected == await told(sandbox, ticket)
    state = await state_of(sandbox, ticket)
    assert (status, status is Status.OPEN) == (state.status, state.held)
    if status is Status.RESULTED:
        assert (TicketResult.WON, 1500) == (state.result, state.net_cents)


async def test_a_held_ticket_is_released_in_the_way_that_staff_says(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0], CANCELLED)
    await season.end(season.events[1])
    await season.settle()
    asked = Released("site", ticket.facts.key.id.hex(), "ann", Way.UPDATE)
    released = await release_ticket(sandbox, asked)
    assert (Status.RESULTED, False) == (released.state.status, released.state.held)
    assert ["ticket_update", "ticket_win"] == await told(sandbox, ticket)
    assert [("pam", "deliver", 4, 5)] == await agenda(sandbox, ticket)
    assert "ann" == (await journal(sandbox, ticket))[-1][6]
    with pytest.raises(ReleaseRefused, match="not held: it is resulted"):
        await release_ticket(sandbox, asked)


async def test_a_held_ticket_whose_amounts_come_right_is_told_like_any_other(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.wait(hours=3)
    await season.end(season.events[0], CANCELLED)
    await season.end(season.events[1])
    await season.settle()
    await season.end(season.events[0], HOME_WINS, 11, corrects=True)
    await season.settle()
    assert ["ticket_win"] == await told(sandbox, ticket)
    assert not (await state_of(sandbox, ticket)).held


async def test_a_ticket_that_the_wallet_has_not_answered_waits_and_is_settled_then(sandbox, season):
    ticket = new_ticket(season.operator, season.events[:2])
    await accept(sandbox, ticket)
    for event in season.events[:2]:
        await season.end(event, CANCELLED)
    await season.settle()
    assert [] == await told(sandbox, ticket)
    await save(sandbox, opened(ticket))
    await rows_changed(sandbox, "UPDATE settlement_chunk SET due = statement_timestamp()")
    await season.settle()
    assert ["ticket_void"] == await told(sandbox, ticket)


async def test_a_ticket_that_opens_after_a_result_is_settled_at_once(sandbox, season):
    ticket = new_ticket(season.operator, season.events[:2])
    await accept(sandbox, ticket)
    for event in season.events[:2]:
        await season.end(event, CANCELLED)
    await season.settle()
    async with sandbox.reader() as reader:
        now = (await read_clock(reader)).now
    await save(sandbox, opened(ticket)._replace(waiting=Waiting(Task.SETTLE, now)))
    assert 1 == await settle_tickets.settle_opened(sandbox)
    assert ["ticket_void"] == await told(sandbox, ticket)
    assert 0 == await settle_tickets.settle_opened(sandbox)


async def test_a_postponed_event_is_void_once_the_window_of_the_operator_is_over(sandbox, season):
    await season.set(postponement_window="24h")
    ticket = await season.open(payout=AS_STRUCK)
    await season.end(season.events[0], POSTPONED)
    await season.end(season.events[1], CANCELLED)
    await season.settle()
    assert 0 == await judge_postponements(sandbox)
    await season.wait(hours=26)
    assert 1 == await judge_postponements(sandbox)
    assert 0 == await judge_postponements(sandbox)
    await season.settle()
    assert (Status.RESULTED, TicketResult.VOID, 1000) == await end_of(sandbox, ticket)
    await season.end(season.events[0], AWAY_WINS, 12)
    await season.settle()
    assert ["ticket_void"] == await told(sandbox, ticket)


async def test_an_event_that_is_played_within_the_window_counts(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.end(season.events[0], POSTPONED)
    await season.wait(hours=30)
    await season.end(season.events[0], AWAY_WINS, 12)
    await season.wait(hours=30)
    await judge_postponements(sandbox)
    await season.settle()
    assert (Status.RESULTED, TicketResult.LOST, 0) == await end_of(sandbox, ticket)


async def test_a_player_with_a_number_reads_of_an_outcome_after_the_wallet(sandbox):
    season = await begin(sandbox, sms_url="https://sms.example/")
    ticket = await season.open(payout=AS_STRUCK, msisdn="254700000001")
    await season.wait(hours=3)
    await season.end(season.events[0], AWAY_WINS)
    await season.settle()
    lanes = await rows(
        sandbox,
        "SELECT lane, due > business_now() + interval '13 days' FROM agenda ORDER BY lane",
    )
    assert [("pam", False), ("sms", True)] == lanes
    await acknowledge(sandbox, ticket)
    assert [("sms", True)] == await rows(
        sandbox, "SELECT lane, due <= business_now() FROM agenda WHERE lane = 'sms'"
    )


async def test_a_superbet_is_settled_by_the_prizes_of_its_card(sandbox, season):
    bets = [[1, 2, 3], [101, 111], [216, 217]]
    card = {
        "type": "superbet", "title": "A match", "currency": "KES",
        "event": season.events[0], "questions": bets,
        "price": 9000, "prizes": [{"correct": 3, "amount": 9900}, {"correct": 2, "amount": 7000}],
    }  # fmt: skip
    code = await publish_card(sandbox, card)
    facts = {
        "type": TicketType.SUPERBET,
        "events": (season.events[0],) * 3,
        "odds": (),
        "total_odds": None,
        "card": code,
        "payout": Payout(0, 0, 0, 0),
    }
    won, lost = [
        await season.open(**facts | {"bets": answers}) for answers in ((1, 101, 217), (2, 111, 216))
    ]
    await season.wait(hours=3)
    await season.end(season.events[0])
    await season.settle()
    # 2-1: home, both scored, over 2.5: the first ticket has two right, the second one.
    assert (Status.RESULTED, TicketResult.WON, 7000) == await end_of(sandbox, won)
    assert (Status.RESULTED, TicketResult.LOST, 0) == await end_of(sandbox, lost)
    assert ["ticket_win"] == await told(sandbox, won)


async def test_a_correction_that_commits_while_a_settler_waits_is_never_missed(sandbox):
    season = await begin(sandbox, count=20)
    tickets = [await season.open([event], payout=AS_STRUCK) for event in season.events]
    await season.wait(hours=3)
    for event, ticket in zip(season.events, tickets, strict=True):
        await season.end(event, HOME_WINS)
        while await settle_tickets.list_job(sandbox):
            pass
        async with sandbox.writer() as holder:
            held = holder.transaction()
            await held.start()
            query = "SELECT FROM ticket_state WHERE id = $1 FOR UPDATE"
            await holder.run(query, ticket.facts.key.id)
            settling = asyncio.create_task(settle_tickets.settle_chunk(sandbox))
            await wait_for_waiters(sandbox)
            await season.end(event, AWAY_WINS, 11, corrects=True)
            await held.rollback()
            await settling
        assert ["ticket_lost"] == await told(sandbox, ticket)
        await season.settle()
        assert ["ticket_lost"] == await told(sandbox, ticket)


async def wait_for_waiters(database):
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    for _ in range(400):
        if await rows(database, query) == [(1,)]:
            return
        await asyncio.sleep(0.005)
    pytest.fail("nobody waits")


@pytest.mark.parametrize("workers", [2, 4])
async def test_many_workers_settle_no_ticket_twice(sandbox, season, workers):
    tickets = [await season.open(payout=AS_STRUCK) for _ in range(300)]
    await season.wait(hours=3)
    for event in season.events[:2]:
        await season.end(event)

    async def work():
        while await settle_tickets.list_job(sandbox) or await settle_tickets.settle_chunk(sandbox):
            pass

    await asyncio.gather(*(work() for _ in range(workers)))
    await season.settle()
    wins = await rows(
        sandbox, "SELECT ticket, count(*) FROM journal WHERE action = 'ticket_win' GROUP BY ticket"
    )
    assert {(ticket.facts.key.id, 1) for ticket in tickets} == set(wins)
    assert [(0,)] == await rows(sandbox, "SELECT count(*) FROM settlement_chunk")


async def test_a_ticket_that_cannot_be_settled_is_marked_and_keeps_no_other_from_it(
    sandbox, season
):
    wrong = await season.open(payout=AS_STRUCK, tax_profile=999)
    right = await season.open(payout=AS_STRUCK)
    for event in season.events[:2]:
        await season.end(event, CANCELLED)
    with pytest.raises(settle_tickets.CannotSettle, match=wrong.facts.key.id.hex()):
        await season.settle()
    with pytest.raises(settle_tickets.CannotSettle):
        await season.settle()
    await season.settle()
    assert (Status.RESULTED, TicketResult.VOID, 1000) == await end_of(sandbox, right)
    async with sandbox.reader() as reader:
        (waiting,) = await list_attention(reader, "site", 10)
    assert (wrong.facts.key.id, False) == (waiting.ticket, waiting.held)


async def shown_status(database, ticket):
    async with database.reader() as reader:
        (found,) = (await get_tickets(reader, [ticket.facts.key])).values()
        (shown,) = await read_shown(reader, [found])
    return answer_ticket(found, shown).status


async def test_a_ticket_that_is_decided_and_not_settled_reads_as_calculating(sandbox, season):
    ticket = await season.open(payout=AS_STRUCK)
    await season.end(season.events[0], CANCELLED)
    assert Status.OPEN is await shown_status(sandbox, ticket)
    await season.wait(hours=3)
    await season.end(season.events[1])
    assert Status.CALCULATING is await shown_status(sandbox, ticket)
    await season.settle()
    # Held: its amounts changed, and the wallet takes no update.
    assert Status.CALCULATING is await shown_status(sandbox, ticket)
    await release_ticket(sandbox, Released("site", ticket.facts.key.id.hex(), "ann", Way.UPDATE))
    assert Status.RESULTED is await shown_status(sandbox, ticket)
