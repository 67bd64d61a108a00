"""Tickets are bought back: what is offered, what is paid, and what may not come between."""

import asyncio
import datetime as dt

import pytest
from feed_entries import head_told, odds_told, suspension_told
from settling_made import CANCELLED, acknowledge, begin, told
from ticket_lives import journal, state_of

from acca.core.finance import Payout
from acca.core.receipt_parts import Contradiction
from acca.core.receipt_sources import make_receipt
from acca.core.receipting import complete
from acca.core.refusals import (
    CashOutNotAvailable,
    CashOutValueChanged,
    FeatureOff,
    IdempotencyKeyReused,
    TicketNotFound,
)
from acca.core.ticket import Status, TicketResult
from acca.core.ticket_facts import Amounts, Ticket
from acca.flows.apply_feed import apply_entries
from acca.flows.cash_out import Asked, accept_cash_out, offer_cash_out
from acca.flows.close_tickets import close_tickets
from acca.store.receipts import read_sources
from acca.store.results import Source
from acca.store.rules import read_operator_rules
from acca.store.tickets import Claim

FEATURES = "reserve,paid,cash-out"


@pytest.fixture
async def season(sandbox):
    opened = await begin(sandbox, features=FEATURES, sms_url="https://sms.example/in")
    await opened.set(update_types="quickbet")
    return opened


async def asked(season, ticket):
    async with season.database.reader() as reader:
        rules = await read_operator_rules(reader, "site")
    return Asked(rules, ticket.facts.code)


def claim(number=1, body=b"1" * 32):
    return Claim(b"cash out" + number.to_bytes(24), body, dt.timedelta(minutes=5))


async def worth(season, ticket):
    return (await offer_cash_out(season.database, await asked(season, ticket))).offer.amounts


async def cash_out(season, ticket, net, number=1, **changes):
    return await accept_cash_out(
        season.database, await asked(season, ticket), net, claim(number, **changes)
    )


async def test_a_ticket_is_bought_back_for_what_was_offered(season):
    ticket = await season.open(msisdn="254700000001")
    amounts = await worth(season, ticket)
    assert 0 < amounts.net_cents < 1400
    done = await cash_out(season, ticket, amounts.net_cents)
    state = await state_of(season.database, ticket)
    assert done.ticket.state == state
    assert (Status.RESULTED, TicketResult.WON, True) == (state.status, state.result, state.sealed)
    assert amounts == (state.gross_cents, state.wht_cents, state.net_cents) == state.told
    actions = [entry[3] for entry in await journal(season.database, ticket)][2:]
    assert ["ticket_update", "ticket_win", "ticket_status"] == actions


async def test_no_result_touches_what_was_cashed_out(season):
    ticket = await season.open()
    _ = await cash_out(season, ticket, (await worth(season, ticket)).net_cents)
    before = await state_of(season.database, ticket)
    await season.wait(hours=3)
    for event in season.events[:2]:
        await season.end(event)
    await season.settle()
    assert before == await state_of(season.database, ticket)
    assert ["ticket_update", "ticket_win"] == await told(season.database, ticket)


async def test_it_is_closed_a_day_after_the_wallet_paid_it(season):
    ticket = await season.open()
    _ = await cash_out(season, ticket, (await worth(season, ticket)).net_cents)
    await acknowledge(season.database, ticket)
    await season.wait(hours=25)
    assert 1 == await close_tickets(season.database)
    assert (await state_of(season.database, ticket)).closing


async def test_two_at_once_are_one_cash_out(season):
    ticket = await season.open()
    net = (await worth(season, ticket)).net_cents
    answers = await asyncio.gather(
        *(cash_out(season, ticket, net, number) for number in range(1, 6)), return_exceptions=True
    )
    refused = [one for one in answers if isinstance(one, CashOutNotAvailable)]
    assert (1, 4) == (len(answers) - len(refused), len(refused))
    assert ["ticket_update", "ticket_win"] == await told(season.database, ticket)


async def test_the_same_request_again_gets_the_same_answer(season):
    ticket = await season.open()
    net = (await worth(season, ticket)).net_cents
    answers = await asyncio.gather(*(cash_out(season, ticket, net) for _ in range(4)))
    assert [False, True, True, True] == sorted(one.is_replay for one in answers)
    await acknowledge(season.database, ticket)
    await season.wait(hours=25)
    await close_tickets(season.database)
    again = await cash_out(season, ticket, net)
    first = next(one for one in answers if not one.is_replay)
    assert first.ticket.state[1:] == again.ticket.state[1:]
    with pytest.raises(IdempotencyKeyReused):
        await cash_out(season, ticket, net, body=b"2" * 32)


async def test_more_than_the_present_offer_is_refused_and_less_is_paid(season):
    ticket = await season.open()
    net = (await worth(season, ticket)).net_cents
    with pytest.raises(CashOutValueChanged):
        await cash_out(season, ticket, net + 1)
    assert Status.OPEN is (await state_of(season.database, ticket)).status
    _ = await cash_out(season, ticket, net - 5, 2)
    assert net - 5 == (await state_of(season.database, ticket)).net_cents


async def test_odds_that_fell_make_an_old_amount_too_much(season):
    ticket = await season.open()
    net = (await worth(season, ticket)).net_cents
    longer = odds_told(3, {1: 190, 2: 300, 3: 450}, "x0")
    await apply_entries(season.database, season.provider, [longer], Source.FEED)
    with pytest.raises(CashOutValueChanged):
        await cash_out(season, ticket, net)


async def test_after_the_kick_off_nothing_is_offered_until_the_match_is_priced_in_play(season):
    ticket = await season.open()
    await season.wait(hours=1, minutes=1)
    with pytest.raises(CashOutNotAvailable):
        await worth(season, ticket)
    starts = (await season_now(season)) - dt.timedelta(minutes=1)
    for number, event in enumerate(season.events[:2]):
        key = f"x{number}"
        live = head_told(4, key, starts=starts, live=True, home=f"{key}-home")
        await apply_entries(season.database, season.provider, [live], Source.FEED)
        assert event
    with pytest.raises(CashOutNotAvailable):
        await worth(season, ticket)
    for number in range(2):
        priced = odds_told(5, {1: 140, 2: 420, 3: 800}, f"x{number}")
        await apply_entries(season.database, season.provider, [priced], Source.FEED)
    assert 0 < (await worth(season, ticket)).net_cents


async def season_now(season):
    async with season.database.reader() as reader:
        row = await reader.row("SELECT business_now()")
    return row[0]


async def test_a_suspended_leg_stops_the_offer(season):
    ticket = await season.open()
    stop = suspension_told(3, event="x1", bet=1)
    await apply_entries(season.database, season.provider, [stop], Source.FEED)
    with pytest.raises(CashOutNotAvailable):
        await cash_out(season, ticket, 1)


async def test_a_decided_leg_makes_the_offer_certain_of_it(season):
    ticket = await season.open()
    before = await worth(season, ticket)
    await season.end(season.events[0], CANCELLED)
    after = await worth(season, ticket)
    assert after.net_cents > before.net_cents


async def test_a_ticket_whose_outcome_is_certain_is_settled_instead(season):
    ticket = await season.open()
    for event in season.events[:2]:
        await season.end(event, CANCELLED)
    with pytest.raises(CashOutNotAvailable):
        await cash_out(season, ticket, 1)


async def test_tickets_of_others_are_not_found(season):
    ticket = await season.open()
    named = (await asked(season, ticket))._replace(identifier="0" * 24)
    with pytest.raises(TicketNotFound):
        await offer_cash_out(season.database, named)


async def test_an_operator_without_the_feature_is_told_so(season):
    ticket = await season.open()
    await season.set(features="reserve,paid")
    with pytest.raises(FeatureOff):
        await worth(season, ticket)


async def test_a_margin_is_kept(season):
    ticket = await season.open()
    await season.set(cash_out_margin="0%")
    fair = await worth(season, ticket)
    await season.set(cash_out_margin="10%")
    less = await worth(season, ticket)
    assert Amounts(*fair).net_cents * 9 // 10 == pytest.approx(less.net_cents, abs=1)


async def test_its_receipt_tells_what_each_leg_was_worth_and_is_proven(season):
    ticket = await season.open(payout=Payout(2250, 0, 2250, 2250), total_odds=225)
    net = (await worth(season, ticket)).net_cents
    _ = await cash_out(season, ticket, net - 3)
    for event in season.events[:2]:
        await season.end(event, CANCELLED)
    await season.settle()
    async with season.database.snapshot() as reader:
        stands = Ticket(ticket.facts, await state_of(season.database, ticket))
        (source,) = await read_sources(reader, [stands])
    receipt = make_receipt(source)
    assert (TicketResult.WON, net - 3) == (receipt.end.result, receipt.end.net_cents)
    assert net == receipt.cash_out.offered_cents
    assert receipt == complete(receipt)
    richer = receipt.cash_out._replace(accepted_cents=net + 1)
    with pytest.raises(Contradiction):
        complete(receipt._replace(cash_out=richer))
